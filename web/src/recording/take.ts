// A take on the phone: start → positioning → beep → recording → finish, and on after an
// interruption or a kill in a new part. The server decides every rule; recording never waits for it.
import { Emitter } from './events'
import type { CommandBody, TakePlan, TakeRecord } from './journal'
import type { RecordingKit } from './kit'
import type { MediaSource } from './media-source'
import { chooseMime } from './mime'
import { PartRecorder } from './recorder'
import type { SittingGlimpse } from './take-api'
import type { TakeEvents, TakeState } from './take-state'
import { Refusal, type FinishedPart, type InterruptionAct, type PartGrant, type PartReason } from './types'

/** How often the automatic stop is looked at: grants and the server's clock may move it. */
const LOOK_EVERY_MS = 1_000

export type TakeSource = Pick<MediaSource, 'stream' | 'report'>

export class Take<V extends SittingGlimpse = SittingGlimpse> extends Emitter<TakeEvents<V>> {
  readonly key: string
  readonly #kit: RecordingKit<V>
  readonly #plan: TakePlan
  #state: TakeState = { name: 'starting' }
  #source: TakeSource | null = null
  #recorder: PartRecorder | null = null
  readonly #parts: FinishedPart[] = []
  #closes_at: number | null
  #beep_due: number | null = null
  #timer: unknown = null
  #unfollow: () => void = () => {}
  #ending: Promise<void> | null = null
  readonly #undo: (() => void)[] = []

  private constructor(kit: RecordingKit<V>, record: TakeRecord) {
    super()
    this.key = record.key
    this.#kit = kit
    this.#plan = record.plan
    this.#closes_at = record.plan.closes_at
    const { outbox, pulse } = kit
    this.#undo.push(
      outbox.on('view', ({ take_key, view }) => take_key === this.key && this.emit('view', view)),
      outbox.on('refused', ({ take_key, ...refused }) => take_key === this.key && this.emit('refused', refused)),
      pulse.on('answer', (answer) => answer.part_id === this.#recorder?.part.part_id && this.#told(answer)),
    )
  }

  /** Asks the server for a take and goes into positioning when it agrees. */
  static begin<V extends SittingGlimpse>(kit: RecordingKit<V>, plan: TakePlan, source: TakeSource): Take<V> {
    const record: TakeRecord = {
      key: kit.chance.uuid(),
      account_id: kit.account_id,
      plan,
      take_id: null,
      phase: 'starting',
      part_ids: [],
      max_ends_at: null,
      beeped: false,
      unused_part: null,
      ongoing: null,
    }
    const take = new Take(kit, record)
    void take.#begin(record, source)
    return take
  }

  /** Goes on with a take that `unfinishedTakes` found; call `resume` or `stop` when it is interrupted. */
  static async restore<V extends SittingGlimpse>(kit: RecordingKit<V>, record: TakeRecord): Promise<Take<V>> {
    const take = new Take(kit, record)
    for (const part_id of record.part_ids) {
      const part = await kit.store.part(part_id)
      if (part === null || part.last_index === 0) continue
      const { last_index, head, duration_ms } = part
      take.#parts.push({ part_id, last_index, head, duration_ms })
    }
    void take.#restored(record)
    return take
  }

  get state(): TakeState {
    return this.#state
  }

  /** null until the server has granted the take. */
  get take_id(): string | null {
    return this.#kit.book.get(this.key)?.take_id ?? null
  }

  /** Captured milliseconds of the whole take so far. */
  captured_ms(): number {
    return this.#before() + (this.#recorder?.captured_ms() ?? 0)
  }

  /** Captured time of the take behind which everything is delivered: 已安全送达. */
  safe_through_ms(): number {
    let safe = 0
    for (const part_id of this.#kit.book.get(this.key)?.part_ids ?? []) {
      const progress = this.#kit.uploader.progress(part_id)
      if (progress === null) {
        // Delivered before this run of the app.
        safe += this.#parts.find((part) => part.part_id === part_id)?.duration_ms ?? 0
        continue
      }
      safe += progress.safe_through_ms
      if (progress.delivered < progress.stored) break
    }
    return safe
  }

  /** Milliseconds until the beep while positioning, until the automatic stop while recording. */
  left_ms(): number | null {
    const { clock, server_clock, book } = this.#kit
    if (this.#beep_due !== null) return Math.max(0, this.#beep_due - clock.now())
    if (this.#state.name !== 'recording') return null
    const max_ends_at = book.get(this.key)?.max_ends_at ?? null
    const by_length = max_ends_at === null ? null : server_clock.left(max_ends_at)
    const by_close = this.#closes_at === null ? Infinity : (server_clock.left(this.#closes_at) ?? Infinity)
    return Math.min(by_length ?? Math.max(0, this.#plan.take_max_ms - this.captured_ms()), by_close)
  }

  /** The candidate is in place before the countdown is over. */
  inPlace(): void {
    if (this.#state.name === 'positioning' && this.#beep_due !== null) void this.#beep()
  }

  /** 完成录制: flushes, then tells the server which parts make the take; resolves with its answer. */
  stop(): Promise<void> {
    if (this.#state.name !== 'recording' && this.#state.name !== 'interrupted') return this.#ending ?? Promise.resolve()
    this.#ending ??= this.#finish()
    return this.#ending
  }

  /**
   * A new part on a live source: after an interruption, or (while recording) for another quality
   * or device, where the old recorder runs until the new one does. Rejects with the server's
   * `Refusal`; the take is then as before.
   */
  async resume(source: TakeSource, reason: PartReason): Promise<void> {
    const { name } = this.#state
    if (name !== 'interrupted' && name !== 'recording') return
    const before_beep = this.#state.name === 'interrupted' && this.#state.before_beep
    const grant = await this.#nextPart(source, reason)
    if (this.#state.name !== name) return
    this.#source = source
    if (before_beep) return this.#position(grant)
    const old = this.#recorder
    if (await this.#record(grant, old)) this.#recording()
  }

  /** Before the beep this gives the attempt back; after it the exam's policy decides. */
  async fail(cause: string): Promise<void> {
    if (['finished', 'lost', 'failed'].includes(this.#state.name)) return
    await this.#halt()
    const { take_id } = this
    await this.#kit.book.change(this.key, { phase: 'failed' })
    this.#over({ name: 'failed', cause, problem: null })
    if (take_id !== null) await this.#send({ kind: 'failure', take_id, body: { cause } })
  }

  /** The server's view says so: the recorder stops, what was recorded stays and is delivered. */
  async lose(cause: string): Promise<void> {
    await this.#halt()
    await this.#kit.book.change(this.key, { phase: 'lost' })
    this.#over({ name: 'lost', cause })
  }

  /** The newest close from a view (a grant moves it). */
  closesAt(server_time: number | null): void {
    this.#closes_at = server_time
  }

  async #begin(record: TakeRecord, source: TakeSource): Promise<void> {
    this.#source = source
    await this.#kit.book.put(record)
    const { sitting_id, subject_id, device, face_check_id = null } = this.#plan
    const mime = this.#mime()
    if (mime === null) return this.#over({ name: 'failed', cause: 'recorder.unsupported', problem: null })
    try {
      const body = { subject_id, face_check_id, media: source.report(mime), device }
      const { part } = await this.#kit.outbox.open(this.key, { kind: 'start_take', sitting_id, body }, this.key)
      this.#position(part)
    } catch (failure) {
      this.#refusedFor(failure)
    }
  }

  async #restored(record: TakeRecord): Promise<void> {
    const { book, outbox } = this.#kit
    if (record.phase === 'starting' || record.phase === 'finishing') await outbox.idle(this.key)
    const { phase, take_id, ongoing } = book.get(this.key) ?? record
    if (phase === 'finished' && take_id !== null) return this.#over({ name: 'finished', take_id, parts: this.#parts })
    if (phase === 'failed' || phase === 'lost') return this.#over({ name: 'lost', cause: 'take.over' })
    if (take_id === null) {
      await book.change(this.key, { phase: 'failed' })
      return this.#over({ name: 'failed', cause: 'take.not_started', problem: null })
    }
    if (phase === 'finishing') return void (this.#ending = this.#finish())
    if (phase === 'recording') {
      this.#beepAgain(record, take_id)
      const interrupted = ongoing ?? { act: 'reload' as const, began_at_captured_ms: this.#before() }
      void this.#tell(interrupted.act, interrupted.began_at_captured_ms, null)
    }
    this.#turn({ name: 'interrupted', act: ongoing?.act ?? 'reload', before_beep: phase === 'positioning' })
  }

  // Killed after the recorder ran and before the beep was written down as a command.
  #beepAgain({ beeped, part_ids: [part_id] }: TakeRecord, take_id: string): void {
    if (beeped || part_id === undefined || this.#kit.outbox.isPending(this.key, 'beep')) return
    void this.#send({ kind: 'beep', take_id, body: { part_id } })
  }

  async #nextPart(source: TakeSource, reason: PartReason): Promise<PartGrant> {
    const record = this.#kit.book.get(this.key)
    // A kill may fall between the part's first slice and the note that the part is in use.
    const unused = record?.unused_part
    if (unused && (await this.#kit.store.part(unused.id)) === null) return unused
    const mime = this.#mime()
    if (record?.take_id == null || mime === null) throw new Error('no take to resume')
    const last = this.#recorder === null ? this.#parts[this.#parts.length - 1] : undefined
    const body = { media: source.report(mime), reason, previous: last ?? null }
    return (await this.#kit.outbox.open(this.key, { kind: 'open_part', take_id: record.take_id, body })).part
  }

  #position(grant: PartGrant): void {
    const { clock, pulse, capabilities } = this.#kit
    void capabilities.replace(grant.id, grant.capability)
    this.#unfollow = pulse.follow(grant.id, () => ({ recorder: 'positioning', captured_ms: 0 }))
    this.#beep_due = clock.now() + this.#plan.position_ms
    this.#timer = clock.setTimeout(() => void this.#beep(), this.#plan.position_ms)
    this.#turn({ name: 'positioning', part_id: grant.id, left_ms: this.#plan.position_ms })
  }

  // The recorder runs before the beep sounds, and the beep does not wait for the server.
  async #beep(): Promise<void> {
    if (this.#beep_due === null) return
    this.#beep_due = null
    this.#kit.clock.clearTimeout(this.#timer)
    const record = this.#kit.book.get(this.key)
    if (!record?.unused_part || record.take_id === null) return
    const { take_id, unused_part } = record
    if (!(await this.#record(unused_part, null))) return this.fail('recorder.did_not_start')
    this.emit('beep', { part_id: unused_part.id })
    this.#recording()
    void this.#send({ kind: 'beep', take_id, body: { part_id: unused_part.id } })
  }

  /** False when the recorder does not run; an `old` one is then left running. */
  async #record(grant: PartGrant, old: PartRecorder | null): Promise<boolean> {
    const source = this.#source
    const mime = this.#mime()
    if (source === null || mime === null) return false
    const { subject_id, sitting_kind: kind, media, account_id } = this.#plan
    const { id: part_id, capability, sitting_id, owner_kind, owner_id } = grant
    const binding = { part_id, sitting_id, owner_kind, owner_id, account_id, subject_id, take_id: owner_id }
    const part = { ...binding, kind, mime, capability, started_captured_ms: Math.round(this.captured_ms()) }
    let recorder: PartRecorder
    try {
      recorder = await PartRecorder.start(this.#kit.recorder_environment, source.stream, media, part)
    } catch (failure) {
      console.error('the recorder did not start', failure)
      await this.#kit.book.change(this.key, { unused_part: null })
      return false
    }
    this.#unfollow()
    this.#unfollow = () => {}
    recorder.phase = 'recording'
    this.#recorder = recorder
    this.#listen(recorder)
    if (old !== null) this.#parts.push(await old.stop())
    const part_ids = [...(this.#kit.book.get(this.key)?.part_ids ?? []), part_id]
    await this.#kit.book.change(this.key, { phase: 'recording', part_ids, unused_part: null, ongoing: null })
    return true
  }

  #listen(recorder: PartRecorder): void {
    recorder.on('storage', (event) => this.emit('storage', event))
    recorder.on('interruption', (event) => {
      this.emit('interruption', event)
      void this.#kit.book.change(this.key, { ongoing: event })
    })
    recorder.on('interruption_over', ({ act, began_at_captured_ms, lasted_ms }) => {
      this.emit('interruption_over', { act, lasted_ms })
      void this.#kit.book.change(this.key, { ongoing: null })
      void this.#tell(act, began_at_captured_ms, lasted_ms)
    })
    recorder.on('died', ({ act, part }) => this.#recorder === recorder && this.#died(act, part))
  }

  #died(act: InterruptionAct, part: FinishedPart): void {
    this.#recorder = null
    this.#parts.push(part)
    this.#kit.clock.clearTimeout(this.#timer)
    void this.#tell(act, this.#before(), null)
    void this.#kit.book.change(this.key, { ongoing: null })
    if (this.#state.name === 'recording') this.#turn({ name: 'interrupted', act, before_beep: false })
  }

  #recording(): void {
    const part_id = this.#recorder?.part.part_id
    if (part_id === undefined) return
    this.#turn({ name: 'recording', part_id, ends_at: this.#kit.book.get(this.key)?.max_ends_at ?? null })
    this.#look()
  }

  #look(): void {
    const { clock } = this.#kit
    clock.clearTimeout(this.#timer)
    const left = this.left_ms()
    if (left === null) return
    if (left <= 0) void this.stop()
    else this.#timer = clock.setTimeout(() => this.#look(), Math.min(left, LOOK_EVERY_MS))
  }

  #told({ sitting, take }: { sitting: { closes_at: number | null }; take: { state: string; max_ends_at: number | null } | null }): void {
    this.#closes_at = sitting.closes_at ?? this.#closes_at
    if (take === null || this.#state.name !== 'recording') return
    if (take.state === 'lost') return void this.lose('take.lost')
    if (take.state === 'finished') return void this.stop()
    if (take.max_ends_at === null || take.max_ends_at === this.#state.ends_at) return
    void this.#kit.book.change(this.key, { max_ends_at: take.max_ends_at }).then(() => this.#recording())
  }

  async #finish(): Promise<void> {
    this.#turn({ name: 'finishing' })
    await this.#kit.book.change(this.key, { phase: 'finishing' })
    await this.#halt()
    const { take_id } = this
    if (take_id === null) return
    const parts = this.#parts.filter(({ last_index }) => last_index > 0)
    const refusal = await this.#send({ kind: 'finish', take_id, body: { parts } })
    if (refusal === null) return this.#over({ name: 'finished', take_id, parts })
    await this.#kit.book.change(this.key, { phase: 'lost' })
    this.#over({ name: 'lost', cause: refusal.problem.code })
  }

  /** The recorder ends, whatever the take was doing. */
  async #halt(): Promise<void> {
    this.#kit.clock.clearTimeout(this.#timer)
    this.#beep_due = null
    this.#unfollow()
    this.#unfollow = () => {}
    const recorder = this.#recorder
    if (recorder === null) return
    const part = await recorder.stop()
    if (this.#recorder !== recorder) return
    this.#recorder = null
    this.#parts.push(part)
  }

  async #tell(act: InterruptionAct, began_at_captured_ms: number, lasted_ms: number | null): Promise<void> {
    const { take_id } = this
    if (take_id === null) return
    await this.#send({ kind: 'interruption', take_id, body: { act, began_at_captured_ms, lasted_ms } })
    await this.#kit.book.change(this.key, { ongoing: null })
  }

  /** null when the server took it, its refusal when it did not. */
  async #send(command: Exclude<CommandBody, { kind: 'start_take' | 'open_part' }>): Promise<Refusal | null> {
    try {
      await this.#kit.outbox.send(this.key, command)
      return null
    } catch (failure) {
      if (failure instanceof Refusal) return failure
      throw failure
    }
  }

  #refusedFor(failure: unknown): void {
    const problem = failure instanceof Refusal ? failure.problem : null
    if (problem === null) console.error('the take did not start', failure)
    this.#over({ name: 'failed', cause: problem?.code ?? 'take.not_started', problem })
  }

  #over(state: TakeState): void {
    this.#kit.clock.clearTimeout(this.#timer)
    this.#turn(state)
    // Commands still under way (a failure, an interruption) are told for once more, then no one listens.
    void this.#kit.outbox.idle(this.key).then(() => this.#undo.splice(0).forEach((undo) => undo()))
  }

  #turn(state: TakeState): void {
    this.#state = state
    this.emit('state', state)
  }

  #before(): number {
    return this.#parts.reduce((sum, { duration_ms }) => sum + duration_ms, 0)
  }

  #mime(): string | null {
    return chooseMime(this.#plan.media, this.#kit.mimeSupported)
  }
}
