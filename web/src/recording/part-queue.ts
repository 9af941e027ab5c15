// One part's segments as the uploader sees them: which are delivered, on their way, or still to
// send, and how far the part is safe. No IO: the store and the server are asked elsewhere.
import type { Range } from './segment-store'
import type { Defect, PartProgress, PartRecord, SegmentRecord } from './types'

type State = 'waiting' | 'flying' | 'delivered' | 'aside'

interface Queued {
  segment: SegmentRecord
  state: State
}

export class PartQueue {
  record: PartRecord
  /** An answer was lost: what the server holds must be asked before anything else is sent. */
  unsure: boolean
  /** The server is being asked what it holds. */
  asking = false
  /** Refused capabilities in a row, and the last of them. */
  refused = 0
  refused_capability: string | null = null
  /** Monotonic time before which nothing of this part is sent. */
  not_before = 0
  /** Times the server said that bytes arrived damaged, per segment. */
  readonly damaged = new Map<number, number>()
  readonly #segments: Queued[] = []
  readonly #count: Record<State, number> = { waiting: 0, flying: 0, delivered: 0, aside: 0 }
  #safe = 0
  #next = 0
  #queued_bytes = 0

  constructor(record: PartRecord, segments: SegmentRecord[], unsure: boolean) {
    this.record = record
    this.unsure = unsure
    for (const segment of segments) this.add(segment)
    // Whatever the server says it holds there, it is not ours.
    for (const { index, status } of record.defects) if (status === 409) this.setAside(index)
  }

  /** Segments come in order of index; one known already is ignored. */
  add(segment: SegmentRecord): void {
    if (segment.index !== this.#segments.length + 1) return
    const state = segment.delivered ? 'delivered' : 'waiting'
    this.#segments.push({ segment, state })
    this.#count[state] += 1
    if (!segment.delivered) this.#queued_bytes += segment.length
  }

  get last_index(): number {
    return this.#segments.length
  }

  count(state: State): number {
    return this.#count[state]
  }

  get undelivered(): number {
    return this.#segments.length - this.#count.delivered
  }

  isDelivered(index: number): boolean {
    return this.#segments[index - 1]?.state === 'delivered'
  }

  /** The oldest segment to send, taken as flying; null when there is none. */
  take(): SegmentRecord | null {
    if (this.#count.waiting === 0) return null
    while (this.#segments[this.#next]?.state !== 'waiting') this.#next += 1
    const queued = this.#segments[this.#next]
    if (queued === undefined) return null
    this.#turn(queued, 'flying')
    return queued.segment
  }

  putBack(index: number): void {
    const queued = this.#segments[index - 1]
    if (queued?.state !== 'flying') return
    this.#turn(queued, 'waiting')
    this.#next = Math.min(this.#next, index - 1)
  }

  /** Refused for what it is: kept, and not sent again by this run of the app. */
  setAside(index: number): void {
    const queued = this.#segments[index - 1]
    if (queued !== undefined && queued.state !== 'delivered') this.#turn(queued, 'aside')
  }

  /** True when this was news. A segment set aside stays so: the server's may be another. */
  deliver(index: number): boolean {
    const queued = this.#segments[index - 1]
    if (queued === undefined || queued.state === 'delivered' || queued.state === 'aside') return false
    this.#turn(queued, 'delivered')
    this.#queued_bytes -= queued.segment.length
    return true
  }

  /** Takes the server's word on what it holds; returns how that differs from what was believed. */
  reconcile(received: Range[]): { gained: Range[]; lost: Range[] } {
    const held = new Set(received.flatMap(([from, to]) => this.#each(from, to)))
    const gained = [...held].filter((index) => this.deliver(index))
    const lost = this.#each(1, this.#segments.length).filter((index) => !held.has(index) && this.#lose(index))
    this.unsure = false
    return { gained: ranges(gained), lost: ranges(lost) }
  }

  /** Seals of undelivered segments above an index, in order: the newest `count` of them. */
  seals(above: number, count: number): { index: number; head: string }[] {
    const seals: { index: number; head: string }[] = []
    for (let at = this.#segments.length - 1; at >= above && seals.length < count; at -= 1) {
      const queued = this.#segments[at]
      if (queued === undefined || queued.state === 'delivered') continue
      seals.unshift({ index: queued.segment.index, head: queued.segment.head })
    }
    return seals
  }

  progress(): PartProgress {
    return {
      part_id: this.record.part_id,
      stored: this.#segments.length,
      delivered: this.#count.delivered,
      captured_ms: this.#segments[this.#segments.length - 1]?.segment.captured_to_ms ?? 0,
      safe_through_ms: this.#safeThrough(),
      queued_bytes: this.#queued_bytes,
      recording: this.record.recording,
      delivery: this.record.delivery,
    }
  }

  /** The part's defects with a new one, without those that got through after all. */
  defects(fresh: Defect): Defect[] {
    const others = this.record.defects.filter(({ index }) => index !== fresh.index && !this.isDelivered(index))
    return [...others, fresh]
  }

  // A slice is safe only as a whole: half of one does not play.
  #safeThrough(): number {
    while (this.#segments[this.#safe]?.state === 'delivered') this.#safe += 1
    const first_open = this.#segments[this.#safe]
    if (first_open !== undefined) return first_open.segment.captured_from_ms
    return this.#segments[this.#segments.length - 1]?.segment.captured_to_ms ?? 0
  }

  #lose(index: number): boolean {
    const queued = this.#segments[index - 1]
    if (queued?.state !== 'delivered') return false
    this.#turn(queued, 'waiting')
    this.#queued_bytes += queued.segment.length
    this.#next = Math.min(this.#next, index - 1)
    this.#safe = Math.min(this.#safe, index - 1)
    return true
  }

  #turn(queued: Queued, state: State): void {
    this.#count[queued.state] -= 1
    this.#count[state] += 1
    queued.state = state
  }

  #each(from: number, to: number): number[] {
    const last = Math.min(to, this.#segments.length)
    return Array.from({ length: Math.max(0, last - from + 1) }, (_, at) => from + at)
  }
}

/** Sorted indexes as inclusive ranges. */
export function ranges(indexes: number[]): Range[] {
  const found: Range[] = []
  for (const index of indexes) {
    const last = found[found.length - 1]
    if (last !== undefined && last[1] + 1 === index) last[1] = index
    else found.push([index, index])
  }
  return found
}
