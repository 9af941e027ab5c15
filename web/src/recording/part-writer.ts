// A slice's way into safety: split, seal, store, hand to the uploader — strictly in order. When the
// phone's storage takes no more, segments stay in memory and are delivered from there; storage is
// tried again with every slice, so that the stored chain never has a hole.
import type { Clock, TimerId } from './environment'
import { chainStart, seal } from './seal'
import {
  freshPart, StorageFailure, type NewPart, type SegmentStore,
} from './segment-store'
import { split } from './split'
import type { FinishedPart, PartRecord, SealedSegment } from './types'
import type { Uploader } from './uploader'

/** What storage is offered at once when it is tried again; 16 segments are at most 4 MiB. */
const OFFERED_AT_ONCE = 16
const TRY_STORAGE_EVERY_MS = 5_000

export interface WriterOptions {
  store: SegmentStore
  uploader: Pick<Uploader, 'opened' | 'stored' | 'hold' | 'ended' | 'isDelivered'>
  clock: Clock
  /** Told when storage begins to fail (`failure`), and when all is stored again (null). */
  onStorage: (failure: StorageFailure | null, held_bytes: number) => void
}

export class PartWriter {
  readonly #with: WriterOptions
  readonly #new: NewPart
  #part: PartRecord
  #opened = false
  #turn: Promise<unknown> = Promise.resolve()
  /** Sealed, but not in local storage. */
  #unstored: SealedSegment[] = []
  #timer: TimerId = null
  #ended = false

  private constructor(options: WriterOptions, part: NewPart) {
    this.#with = options
    this.#new = part
    this.#part = freshPart(part, Number.MAX_SAFE_INTEGER)
  }

  static async open(options: WriterOptions, part: Omit<NewPart, 'head'>): Promise<PartWriter> {
    const writer = new PartWriter(options, { ...part, head: await chainStart(part) })
    await writer.#offer()
    options.uploader.opened(writer.#part)
    return writer
  }

  get part(): PartRecord {
    return this.#part
  }

  /** Resolves when the slice is stored, or held in memory because storage fails. */
  write(slice: Blob, captured_from_ms: number, captured_to_ms: number): Promise<void> {
    return this.#inTurn(async () => {
      const bytes = new Uint8Array(await slice.arrayBuffer())
      const sealed: SealedSegment[] = []
      for (const piece of split(bytes)) sealed.push(await this.#seal(piece, captured_from_ms, captured_to_ms))
      if (sealed.length === 0) return
      this.#unstored.push(...sealed)
      await this.#offer()
      const unstored = sealed.filter((segment) => this.#unstored.includes(segment))
      if (unstored.length > 0) this.#with.uploader.hold(this.#part.part_id, unstored)
    })
  }

  /** No further slice: index and head of the last segment are final. */
  end(): Promise<FinishedPart> {
    return this.#inTurn(async () => {
      this.#ended = true
      await this.#offer()
      this.#part = { ...this.#part, recording: 'ended' }
      this.#with.uploader.ended(this.#part)
      const { part_id, last_index, head, duration_ms } = this.#part
      return { part_id, last_index, head, duration_ms }
    })
  }

  async #seal(bytes: Uint8Array, captured_from_ms: number, captured_to_ms: number): Promise<SealedSegment> {
    const { part_id, last_index, head } = this.#part
    const index = last_index + 1
    const sealed = await seal(head, index, bytes)
    this.#part = { ...this.#part, last_index: index, head: sealed.head, duration_ms: captured_to_ms }
    return { part_id, index, length: bytes.length, ...sealed, captured_from_ms, captured_to_ms, delivered: false, bytes }
  }

  /** Gives local storage what it has not taken yet, oldest first, until it refuses. */
  async #offer(): Promise<void> {
    const { store, uploader, onStorage } = this.#with
    const { part_id } = this.#new
    const failing = this.#timer !== null
    this.#with.clock.clearTimeout(this.#timer)
    this.#timer = null
    try {
      if (!this.#opened) this.#part = { ...this.#part, opened_order: (await store.openPart(this.#new)).opened_order }
      this.#opened = true
      while (this.#unstored.length > 0) {
        const offered = this.#unstored.slice(0, OFFERED_AT_ONCE).map((segment) => this.#asDelivered(segment))
        await store.append(part_id, offered)
        this.#unstored.splice(0, offered.length)
        uploader.stored(part_id, offered.map(({ bytes: _, ...segment }) => segment))
      }
      if (this.#ended) await store.endPart(part_id)
      if (failing) onStorage(null, 0)
    } catch (failure) {
      this.#timer = this.#with.clock.setTimeout(() => void this.#inTurn(() => this.#offer()), TRY_STORAGE_EVERY_MS)
      const held_bytes = this.#unstored.reduce((sum, { bytes }) => sum + (bytes?.length ?? 0), 0)
      onStorage(failure instanceof StorageFailure ? failure : new StorageFailure('broken', failure), held_bytes)
    }
  }

  // Once the server has it, only the seal still needs room on the phone.
  #asDelivered(segment: SealedSegment): SealedSegment {
    const delivered = this.#with.uploader.isDelivered(segment.part_id, segment.index)
    if (delivered) segment.bytes = null
    return { ...segment, delivered }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work)
    this.#turn = done.catch(() => undefined)
    return done
  }
}
