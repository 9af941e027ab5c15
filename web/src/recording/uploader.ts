// Delivers segments: any number of parts, mostly the oldest first, a few requests at a time, again
// and again until the server has them. Works from the store alone, so that it goes on after a
// reload with no recorder present. What the server says decides what is delivered.
import type { Capabilities } from './capabilities'
import type { Chance, Clock, Connectivity } from './environment'
import { Emitter } from './events'
import { Line } from './line'
import { isOver, isSettled, isWhole, PartOutcomes, type PartEvents } from './part-outcomes'
import { PartQueue } from './part-queue'
import { backoff } from './retry'
import type { SegmentProtocol, Verdict } from './segment-protocol'
import { StorageFailure, type SegmentStore } from './segment-store'
import { Refusal, type PartDelivery, type PartProgress, type PartRecord, type SealedSegment, type SegmentRecord } from './types'

export type WaitReason = 'offline' | 'server' | 'storage_full' | 'rate' | 'login' | 'local_storage'

export interface UploaderEvents extends PartEvents {
  /** Nothing moves for now; `login` = the capability cannot be renewed without signing in again. */
  waiting: { reason: WaitReason; retry_in_ms: number }
  moving: Record<string, never>
}

export interface UploaderOptions {
  account_id: string
  store: SegmentStore
  protocol: SegmentProtocol
  capabilities: Capabilities
  clock: Clock
  chance: Chance
  connectivity: Connectivity
  /** Requests at a time; 3 unless told. */
  concurrency?: number
}

export class Uploader extends Emitter<UploaderEvents> {
  readonly #with: Required<UploaderOptions>
  readonly #line: Line
  readonly #outcomes: PartOutcomes
  readonly #queues = new Map<string, PartQueue>()
  /** Bytes that local storage did not take, by part and index. */
  readonly #held = new Map<string, Map<number, Uint8Array>>()
  #flying = 0
  #halt: AbortController | null = null
  #wake: unknown = null
  #waiting = false
  #unsubscribe: () => void = () => {}

  constructor(options: UploaderOptions) {
    super()
    this.#with = { ...options, concurrency: options.concurrency ?? 3 }
    this.#line = new Line(options.clock, options.chance, options.connectivity)
    this.#outcomes = new PartOutcomes(options.store, (name, event) => this.emit(name, event as never))
  }

  /** Reads what is undelivered from the store and goes on with it. */
  async start(): Promise<void> {
    if (this.#halt !== null) return
    this.#halt = new AbortController()
    this.#unsubscribe = this.#with.connectivity.subscribe((online) => (online ? this.retryNow() : this.#offline()))
    for (const part of await this.#with.store.undelivered(this.#with.account_id)) {
      if (this.#queues.has(part.part_id)) continue
      const segments = await this.#with.store.segments(part.part_id)
      this.#queues.set(part.part_id, new PartQueue(part, segments, segments.length > 0))
    }
    this.#pump()
  }

  /** Ends what is under way; nothing is lost, `start` goes on. */
  stop(): void {
    this.#halt?.abort()
    this.#halt = null
    this.#unsubscribe()
    this.#with.clock.clearTimeout(this.#wake)
  }

  /** Forgets every back-off and tries now. */
  retryNow(): void {
    this.#line.clear()
    for (const queue of this.#queues.values()) queue.not_before = 0
    this.#pump()
  }

  /** A recorder begins a part. */
  opened(part: PartRecord): void {
    if (!this.#queues.has(part.part_id)) this.#queues.set(part.part_id, new PartQueue(part, [], false))
  }

  /** Segments are in the store. */
  stored(part_id: string, segments: SegmentRecord[]): void {
    for (const segment of segments) this.#held.get(part_id)?.delete(segment.index)
    this.#add(part_id, segments)
  }

  /** Local storage did not take them: they are delivered from memory. */
  hold(part_id: string, segments: SealedSegment[]): void {
    const held = this.#held.get(part_id) ?? new Map<number, Uint8Array>()
    this.#held.set(part_id, held)
    for (const { index, bytes } of segments) if (bytes !== null && !this.isDelivered(part_id, index)) held.set(index, bytes)
    this.#add(part_id, segments)
  }

  /** The recorder has flushed: the part can become complete. */
  ended(part: PartRecord): void {
    const queue = this.#queues.get(part.part_id)
    if (queue === undefined) return
    queue.record = { ...queue.record, recording: 'ended' }
    this.#outcomes.progress(queue)
    this.#pump()
  }

  isDelivered(part_id: string, index: number): boolean {
    return this.#queues.get(part_id)?.isDelivered(index) ?? false
  }

  progress(part_id: string): PartProgress | null {
    return this.#queues.get(part_id)?.progress() ?? null
  }

  /** Parts that still have something to deliver, oldest first. */
  open(): PartProgress[] {
    return [...this.#queues.values()].filter(({ record }) => !isOver(record.delivery)).map((queue) => queue.progress())
  }

  /** Seals of undelivered segments above an index: the newest `count`, in order. */
  seals(part_id: string, above: number, count: number): { index: number; head: string }[] {
    return this.#queues.get(part_id)?.seals(above, count) ?? []
  }

  /** Resolves when the part is delivered or stopped, or when only refused segments are left. */
  settled(part_id: string): Promise<PartDelivery> {
    return new Promise((resolve) => {
      const look = (): boolean => {
        const queue = this.#queues.get(part_id)
        if (queue !== undefined && !isSettled(queue)) return false
        resolve(queue?.record.delivery ?? { state: 'delivered' })
        return true
      }
      if (look()) return
      const off = this.on('progress', (progress) => progress.part_id === part_id && look() && off())
    })
  }

  #add(part_id: string, segments: SegmentRecord[]): void {
    const queue = this.#queues.get(part_id)
    if (queue === undefined) return
    for (const segment of segments) queue.add(segment)
    this.#outcomes.progress(queue)
    this.#pump()
  }

  #pump(): void {
    if (this.#halt === null) return
    // One moment for what is chosen and what is waited for: a wait that ended in between would be nobody's.
    const now = this.#with.clock.now()
    while (this.#line.waitAt(now) === 0 && this.#flying < this.#line.width(this.#with.concurrency)) {
      const work = this.#choose(now)
      if (work === null) break
      this.#flying += 1
      void work(this.#halt.signal).finally(() => {
        this.#flying -= 1
        this.#pump()
      })
    }
    this.#sleep(now)
  }

  // The last lane serves the newest part first, so that a long backlog does not keep what is being
  // recorded on the phone.
  #choose(now: number): ((stop: AbortSignal) => Promise<void>) | null {
    const queues = [...this.#queues.values()].filter((queue) => !isOver(queue.record.delivery) && queue.not_before <= now)
    if (this.#flying === this.#with.concurrency - 1) queues.reverse()
    for (const queue of queues) {
      if (queue.asking) continue
      if (queue.unsure || isWhole(queue)) {
        if (queue.count('flying') === 0) return (stop) => this.#ask(queue, stop)
        continue
      }
      const segment = queue.take()
      if (segment !== null) return (stop) => this.#send(queue, segment, stop)
    }
    return null
  }

  #sleep(now = this.#with.clock.now()): void {
    const { clock } = this.#with
    clock.clearTimeout(this.#wake)
    const parts = [...this.#queues.values()].filter(({ record }) => !isOver(record.delivery))
    const waits = parts.map((queue) => Math.max(this.#line.waitAt(now), queue.not_before - now)).filter((wait) => wait > 0)
    if (waits.length > 0) this.#wake = clock.setTimeout(() => this.#pump(), Math.min(...waits))
  }

  async #send(queue: PartQueue, segment: SegmentRecord, stop: AbortSignal): Promise<void> {
    const { capabilities, protocol, store } = this.#with
    const { part_id, index } = segment
    const epoch = this.#line.epoch
    try {
      const bytes = this.#held.get(part_id)?.get(index) ?? (await store.bytes(part_id, index))
      if (bytes === null) return await this.#outcomes.defective(queue, { index, status: 0, code: 'phone.bytes_missing' })
      const capability = await capabilities.of(part_id)
      const verdict = await protocol.put(segment, bytes, capability, stop)
      if (verdict.verdict !== 'delivered') return await this.#judge(queue, segment, verdict, capability, epoch)
      this.#works(queue)
      this.#held.get(part_id)?.delete(index)
      await this.#outcomes.arrived(queue, index)
    } catch (failure) {
      this.#stumbled(queue, failure)
    } finally {
      queue.putBack(index)
    }
  }

  async #ask(queue: PartQueue, stop: AbortSignal): Promise<void> {
    const { capabilities, protocol } = this.#with
    const { part_id } = queue.record
    const epoch = this.#line.epoch
    queue.asking = true
    try {
      if (queue.last_index === 0) return await this.#complete(queue)
      const capability = await capabilities.of(part_id)
      const answer = await protocol.missing(part_id, queue.last_index, capability, stop)
      if ('verdict' in answer) return await this.#judge(queue, null, answer, capability, epoch)
      this.#works(queue)
      const { gained, lost } = queue.reconcile(answer.received)
      await this.#outcomes.reconciled(queue, gained, lost)
      if (isWhole(queue)) await this.#complete(queue)
    } catch (failure) {
      this.#stumbled(queue, failure)
    } finally {
      queue.asking = false
    }
  }

  async #complete(queue: PartQueue): Promise<void> {
    this.#held.delete(queue.record.part_id)
    await this.#outcomes.complete(queue)
  }

  async #judge(queue: PartQueue, segment: SegmentRecord | null, verdict: Verdict, used: string, epoch: number): Promise<void> {
    switch (verdict.verdict) {
      case 'capability':
        return this.#renew(queue, used, epoch)
      case 'stopped':
        this.#works(queue)
        return this.#outcomes.stopped(queue, verdict.status, verdict.code, verdict.detail)
      case 'conflict':
        this.#works(queue)
        return segment === null ? undefined : this.#outcomes.conflicting(queue, segment.index)
      case 'defect':
        this.#works(queue)
        return segment === null ? void this.#postpone(queue) : this.#outcomes.refused(queue, segment.index, verdict.status, verdict.code)
      case 'later':
        queue.unsure ||= queue.last_index > 0
        return this.#wait(verdict.reason, this.#line.failed(epoch, verdict.wait_ms))
      default:
        queue.unsure ||= queue.last_index > 0
        return this.#wait('offline', this.#line.failed(epoch, null))
    }
  }

  async #renew(queue: PartQueue, used: string, epoch: number): Promise<void> {
    if (queue.refused_capability !== used) queue.refused += 1
    queue.refused_capability = used
    if (queue.refused > 1) this.#postpone(queue)
    try {
      const fresh = await this.#with.capabilities.renewed(queue.record.part_id, used)
      if (fresh === used) this.#postpone(queue, 1)
    } catch (failure) {
      if (!(failure instanceof Refusal)) return this.#wait('offline', this.#line.failed(epoch, null))
      const { status, code, detail } = failure.problem
      if (status === 404 || status === 410) return this.#outcomes.stopped(queue, status, code, detail)
      this.#wait('login', this.#postpone(queue, 1))
    }
  }

  #works(queue: PartQueue): void {
    this.#line.worked()
    queue.refused = 0
    if (!this.#waiting) return
    this.#waiting = false
    this.emit('moving', {})
  }

  /** The part alone waits; returns for how long. */
  #postpone(queue: PartQueue, more_failures = 0): number {
    queue.refused += more_failures
    const wait = backoff(Math.max(1, queue.refused), this.#with.chance)
    queue.not_before = this.#with.clock.now() + wait
    return wait
  }

  #stumbled(queue: PartQueue, failure: unknown): void {
    const wait = this.#postpone(queue, 1)
    if (failure instanceof StorageFailure) this.#wait('local_storage', wait)
    else console.error('delivery stumbled', failure)
  }

  #wait(reason: WaitReason, retry_in_ms: number): void {
    if (this.#halt === null) return
    this.#waiting = true
    this.emit('waiting', { reason, retry_in_ms })
  }

  #offline(): void {
    this.#line.lostNetwork()
    this.#wait('offline', this.#line.wait())
    this.#sleep()
  }
}
