// One candidate with one phone: signs in, confirms, enters, records takes, chooses, submits and waits
// until everything is delivered. The app is killed on the way and started again on the same storage.
import { createRecordingKit, httpRenewal, httpTakeApi, unfinishedTakes, type Fetch, type RecordingKit } from '../../web/src/recording'
import { openNodeStore } from '../../web/src/recording/segment-store-node'
import { Api, No, type Enrolment, type Me, type SittingView, type SubjectView } from './api'
import { createRecorder } from './camera'
import type { Dice } from './chance'
import type { Clip } from './clips'
import type { Ledger } from './ledger'
import { Killed, Life } from './life'
import { Performance } from './performance'
import type { Wire } from './wire'

export interface PhoneOptions {
  name: string
  account: { phone: string; password: string }
  exam: string
  major: string
  session: string
  clip: Clip
  folder: string
  tempo: number
  wire: Wire
  dice: Dice
  ledger: Ledger
  /** Tries to submit every subject a second time, under another command id. */
  submits_twice: boolean
}

type Kit = RecordingKit<SittingView>

export class Phone {
  state = 'off'
  kills = 0
  readonly #with: PhoneOptions
  /** What the candidate and the app's own storage remember: command ids by what they are for. */
  readonly #commands = new Map<string, string>()
  readonly #takes_wanted = new Map<string, number>()
  #kills_left: number
  /** Takes that were killed before their first command was written down: there is nothing to go on with. */
  readonly #stillborn = new Set<string>()
  #stopped = false
  #life: Life | null = null
  #kit_now: Kit | null = null
  readonly #second_tries = new Set<string>()

  constructor(options: PhoneOptions) {
    this.#with = options
    this.#kills_left = options.dice.pick([0, 0, 1, 1, 2])
  }

  /** Resolves when all is submitted and delivered. */
  async run(): Promise<void> {
    while (!this.#stopped) {
      const life = new Life(this.#with.tempo)
      this.#life = life
      try {
        await this.#live(life)
        return
      } catch (failure) {
        if (!(failure instanceof Killed)) throw failure
        this.kills += 1
      } finally {
        if (life.alive) await life.kill()
      }
    }
  }

  /** Ends it for good, whatever it was doing. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#life?.kill()
  }

  /** For the report when it does not get through. */
  describe(): string {
    const open = this.#kit_now?.uploader.open() ?? []
    return `${this.#with.name} is ${this.state}; undelivered: ${JSON.stringify(open)}`
  }

  async #live(life: Life): Promise<void> {
    const { folder, ledger, wire } = this.#with
    const store = await openNodeStore(folder)
    try {
      const fetch = life.fetch(wire.fetch)
      const api = new Api(fetch, (ms) => life.pause(ms))
      const me = await life.during(this.#signIn(api))
      const sitting = await life.during(this.#enter(api))
      const kit = this.#kit(life, me.account_id, life.store(store, ledger), fetch)
      this.#kit_now = kit
      await life.during(kit.start())
      await this.#perform(life, api, kit, sitting)
      await this.#deliver(life, api, kit, sitting.id)
      kit.pulse.stop()
      kit.uploader.stop()
      kit.outbox.close()
    } finally {
      await life.kill()
      await store.close()
    }
  }

  #kit(life: Life, account_id: string, store: Kit['store'], fetch: Fetch): Kit {
    const { dice, clip } = this.#with
    const http = { base_url: '', fetch }
    const wrong_by_ms = dice.between(-86_400_000, 86_400_000)
    return createRecordingKit<SittingView>({
      account_id,
      base_url: '',
      store,
      api: httpTakeApi<SittingView>(http),
      renewCapability: httpRenewal(http),
      probe: async () => ({
        battery: null,
        storage: { free_bytes: 1e9 },
        network: { online: true, kind: 'unknown' },
        visibility: 'visible',
        microphone: null,
        phone_time_ms: Date.now() + wrong_by_ms,
      }),
      clock: life.clock(),
      fetch,
      chance: { uuid: () => dice.uuid(), fraction: () => dice.fraction() },
      createRecorder,
      mimeSupported: (mime) => mime === clip.mime,
    })
  }

  async #signIn(api: Api): Promise<Me> {
    this.state = 'signing in'
    try {
      return await api.get<Me>('/api/me')
    } catch (failure) {
      if (!(failure instanceof No)) throw failure
      const { phone, password } = this.#with.account
      await api.post('/api/logins', { account: phone, password, take_over: true })
      return await api.get<Me>('/api/me')
    }
  }

  async #enter(api: Api): Promise<SittingView> {
    this.state = 'entering'
    const { exam, major, session } = this.#with
    const confirmed = await api.post<Enrolment>(`/api/exams/${exam}/majors/${major}/enrolments`, this.#command('confirm'))
    const enrolment = await api.get<Enrolment>(`/api/enrolments/${confirmed.id}`)
    const known = enrolment.sessions.find(({ id }) => id === session)?.sitting_id
    if (known) return api.get<SittingView>(`/api/sittings/${known}`)
    return api.post<SittingView>(`/api/enrolments/${confirmed.id}/sittings`, this.#command('enter', { session_id: session }))
  }

  async #perform(life: Life, api: Api, kit: Kit, sitting: SittingView): Promise<void> {
    for (const { subject_id } of sitting.subjects) {
      for (;;) {
        this.state = 'performing'
        const view = await life.during(api.get<SittingView>(`/api/sittings/${sitting.id}`))
        const subject = view.subjects.find((one) => one.subject_id === subject_id)
        if (subject === undefined || subject.state === 'submitted') break
        if (await this.#goesOn(life, kit, subject)) continue
        if (this.#hasEnough(subject)) {
          await life.during(this.#submit(api, view.id, subject))
          break
        }
        if (subject.attempts.left === 0) {
          this.#with.ledger.find(`${this.#with.name}: no take of ${subject_id} can be submitted: ${JSON.stringify(subject.takes)}`)
          break
        }
        await this.#record(life, kit, view, subject)
      }
      if (this.#with.submits_twice) await life.during(this.#submitAgain(api, sitting.id, subject_id))
    }
  }

  /** Goes on with a take that a kill cut off; false when there is none. */
  async #goesOn(life: Life, kit: Kit, subject: SubjectView): Promise<boolean> {
    const takes = await life.during(unfinishedTakes(kit, kit.account_id))
    const record = takes.find(({ key, plan }) => plan.subject_id === subject.subject_id && !this.#stillborn.has(key))
    if (record === undefined) return false
    const last = await this.#performance(life, kit).goOn(record)
    if (last.name === 'failed' && last.cause === 'take.not_started') this.#stillborn.add(record.key)
    return true
  }

  async #record(life: Life, kit: Kit, view: SittingView, subject: SubjectView): Promise<void> {
    this.state = 'recording'
    const { closes_at, media, position_ms, subject_id, take_max_ms } = subject
    const device = { user_agent: 'Yikao chaos', model: this.#with.name }
    const { account_id } = kit
    const plan = { account_id, sitting_id: view.id, sitting_kind: view.kind, subject_id, position_ms, take_max_ms, closes_at, media, device }
    await this.#performance(life, kit).begin(plan)
  }

  #performance(life: Life, kit: Kit): Performance {
    const { clip, dice, ledger, name, tempo } = this.#with
    const killed = this.#kills_left > 0 && dice.happens(0.5)
    if (killed) this.#kills_left -= 1
    const camera = { phone: name, clip, filler_bytes: fillerOf(dice), tempo, dice, ledger, life }
    return new Performance({ life, kit, dice, camera, killed, find: (text) => ledger.find(`${name}: ${text}`) })
  }

  #hasEnough({ subject_id, attempts, takes }: SubjectView): boolean {
    const wanted = this.#takes_wanted.get(subject_id) ?? this.#with.dice.pick([1, 2, 2, 3])
    this.#takes_wanted.set(subject_id, wanted)
    const finished = takes.some(({ state }) => state === 'finished')
    return finished && (takes.length >= wanted || attempts.left === 0)
  }

  async #submit(api: Api, sitting_id: string, { subject_id, takes }: SubjectView): Promise<void> {
    this.state = 'submitting'
    const finished = takes.filter(({ state }) => state === 'finished')
    const take_id = this.#with.dice.pick(finished).id
    await api.post(`/api/sittings/${sitting_id}/submissions`, this.#command(`submit ${subject_id}`, { subject_id, take_id }))
  }

  /** Another command for a subject that is submitted: to be refused, whatever its answer. */
  async #submitAgain(api: Api, sitting_id: string, subject_id: string): Promise<void> {
    if (this.#second_tries.has(subject_id)) return
    this.#second_tries.add(subject_id)
    const view = await api.get<SittingView>(`/api/sittings/${sitting_id}`)
    const takes = view.subjects.find((one) => one.subject_id === subject_id)?.takes.filter(({ state }) => state === 'finished') ?? []
    if (takes.length === 0) return
    const take_id = this.#with.dice.pick(takes).id
    const body = this.#command(`submit again ${subject_id}`, { subject_id, take_id })
    await api.post(`/api/sittings/${sitting_id}/submissions`, body).catch((no: unknown) => {
      if (!(no instanceof No)) throw no
    })
  }

  async #deliver(life: Life, api: Api, kit: Kit, sitting_id: string): Promise<void> {
    this.state = 'delivering'
    if (this.#kills_left > 0) setTimeout(() => void life.kill(), this.#with.dice.between(0, 300))
    this.#kills_left = 0
    for (const { part_id } of await life.during(kit.store.undelivered(kit.account_id))) {
      const delivery = await life.during(kit.uploader.settled(part_id))
      if (delivery.state !== 'delivered') this.#with.ledger.find(`${this.#with.name}: part ${part_id} ends as ${JSON.stringify(delivery)}`)
    }
    this.state = 'waiting for delivery'
    for (;;) {
      const view = await life.during(api.get<SittingView>(`/api/sittings/${sitting_id}`))
      const deliveries = view.subjects.map(({ submission }) => submission?.delivery.state ?? 'none')
      if (!deliveries.includes('pending')) break
      await life.pause(300)
    }
    this.state = 'done'
  }

  #command(purpose: string, body: object = {}): object & { command_id: string } {
    const command_id = this.#commands.get(purpose) ?? this.#with.dice.uuid()
    this.#commands.set(purpose, command_id)
    return { command_id, ...body }
  }
}

/** Most phones hand out small slices; some hand out ones that must be cut. */
function fillerOf(dice: Dice): [number, number] {
  return dice.happens(0.1) ? [250_000, 400_000] : [16, 4_000]
}
