// What the phone keeps: parts, their sealed segments, and a journal of takes, commands and evidence.
// Everything a kill may not take away is here, and a segment is here before anything else is done with it.
import type { Evidence, PartDelivery, PartRecord, SealedSegment, SegmentRecord } from './types'
import type { CommandRecord, TakeRecord } from './journal'

/** Inclusive index ranges, as in `GET missing`. */
export type Range = [from: number, to: number]

export type NewPart = Omit<
  PartRecord,
  'recording' | 'last_index' | 'head' | 'duration_ms' | 'delivery' | 'defects' | 'opened_order'
> & { /** h[0] in hex. */ head: string }

/** The part's fields that may change after it was opened, other than by `append`. */
export type PartChange = Partial<Pick<PartRecord, 'capability' | 'delivery' | 'defects'>>

export interface SegmentStore {
  /** Opens a part, or returns the known one of the same id. */
  openPart(part: NewPart): Promise<PartRecord>
  part(part_id: string): Promise<PartRecord | null>
  /** All parts of an account, in the order they were opened. */
  parts(account_id: string): Promise<PartRecord[]>
  /** Parts that are not delivered, in the order they were opened. */
  undelivered(account_id: string): Promise<PartRecord[]>
  /**
   * Stores segments and the chain's head in one transaction, durable when it resolves.
   * Rejects with `OutOfOrder` unless the first index is `last_index + 1` and the rest follow on,
   * with `PartEnded` after `endPart`, and with `StorageFailure` when the phone does not take it.
   */
  append(part_id: string, segments: SealedSegment[]): Promise<PartRecord>
  /** No further segment: the part's last index and head are final. */
  endPart(part_id: string): Promise<PartRecord>
  change(part_id: string, change: PartChange): Promise<PartRecord>
  /** All segments of a part without bytes, by index. */
  segments(part_id: string): Promise<SegmentRecord[]>
  bytes(part_id: string, index: number): Promise<Uint8Array | null>
  markDelivered(part_id: string, ranges: Range[]): Promise<void>
  /** The server turned out not to have them. */
  markMissing(part_id: string, ranges: Range[]): Promise<void>
  /**
   * Removes a part and its bytes. Formal footage goes only once it is delivered: otherwise
   * rejects with `NotDelivered` and removes nothing. Evidence stays.
   */
  clean(part_id: string): Promise<void>
}

/** Small documents beside the footage. */
export interface JournalStore {
  putTake(take: TakeRecord): Promise<void>
  takes(account_id: string): Promise<TakeRecord[]>
  deleteTake(key: string): Promise<void>
  putCommand(command: CommandRecord): Promise<void>
  /** Commands without an answer, in the order they were made. */
  commands(account_id: string): Promise<CommandRecord[]>
  deleteCommand(command_id: string): Promise<void>
  keep(evidence: Evidence): Promise<void>
  evidence(account_id: string): Promise<Evidence[]>
}

export interface RecordingStore extends SegmentStore, JournalStore {
  close(): Promise<void>
}

export class StorageFailure extends Error {
  constructor(
    /** `full`: the quota is used up; `broken`: the store failed in another way. */
    readonly reason: 'full' | 'broken',
    readonly origin: unknown,
  ) {
    super(`local storage is ${reason}`)
    this.name = 'StorageFailure'
  }
}

export class OutOfOrder extends Error {
  constructor(expected: number, got: number) {
    super(`segment ${expected} is next, not ${got}`)
    this.name = 'OutOfOrder'
  }
}

export class PartEnded extends Error {
  constructor(part_id: string) {
    super(`part ${part_id} takes no further segment`)
    this.name = 'PartEnded'
  }
}

export class NoSuchPart extends Error {
  constructor(part_id: string) {
    super(`part ${part_id} is not on this phone`)
    this.name = 'NoSuchPart'
  }
}

export class NotDelivered extends Error {
  constructor(part_id: string) {
    super(`formal part ${part_id} is not delivered and stays`)
    this.name = 'NotDelivered'
  }
}

/** The record a new part starts with. */
export function freshPart(part: NewPart, opened_order: number): PartRecord {
  return {
    ...part,
    recording: 'running',
    last_index: 0,
    duration_ms: 0,
    delivery: { state: 'pending' } satisfies PartDelivery,
    defects: [],
    opened_order,
  }
}

/** The part after `segments`; throws when they do not continue it. */
export function advanced(part: PartRecord, segments: SealedSegment[]): PartRecord {
  if (part.recording === 'ended') throw new PartEnded(part.part_id)
  let { last_index, head, duration_ms } = part
  for (const segment of segments) {
    if (segment.index !== last_index + 1) throw new OutOfOrder(last_index + 1, segment.index)
    last_index = segment.index
    head = segment.head
    duration_ms = segment.captured_to_ms
  }
  return { ...part, last_index, head, duration_ms }
}

export function mayClean(part: PartRecord): boolean {
  return part.kind !== 'formal' || part.delivery.state === 'delivered'
}
