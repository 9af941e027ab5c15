// What becomes of a part by the server's word, written down and told: delivered, in conflict,
// defective, stopped. A store that cannot take the note does not undo it: after a reload the server
// is asked again.
import type { PartQueue } from './part-queue'
import type { PartChange, Range, SegmentStore } from './segment-store'
import type { Defect, PartDelivery, PartProgress } from './types'

export interface PartEvents {
  progress: PartProgress
  delivered: { part_id: string }
  conflict: { part_id: string; index: number }
  /** `phone.bytes_missing`: the phone itself no longer has them. */
  defect: { part_id: string; defect: Defect }
  stopped: { part_id: string; delivery: PartDelivery & { state: 'stopped' } }
}

/** A digest mismatch may be the line's fault: this many times the same bytes are sent again. */
const DAMAGED_MAX = 3

export class PartOutcomes {
  constructor(
    private readonly store: SegmentStore,
    private readonly tell: <Name extends keyof PartEvents>(name: Name, event: PartEvents[Name]) => void,
  ) {}

  progress(queue: PartQueue): void {
    this.tell('progress', queue.progress())
  }

  async arrived(queue: PartQueue, index: number): Promise<void> {
    if (!queue.deliver(index)) return
    this.progress(queue)
    await this.#note(this.store.markDelivered(queue.record.part_id, [[index, index]]))
  }

  async reconciled(queue: PartQueue, gained: Range[], lost: Range[]): Promise<void> {
    const { part_id } = queue.record
    this.progress(queue)
    if (gained.length > 0) await this.#note(this.store.markDelivered(part_id, gained))
    if (lost.length > 0) await this.#note(this.store.markMissing(part_id, lost))
  }

  /** A 413 or 422: kept on the phone, not sent again by this run of the app. */
  async refused(queue: PartQueue, index: number, status: number, code: string): Promise<void> {
    const times = (queue.damaged.get(index) ?? 0) + 1
    queue.damaged.set(index, times)
    if (code === 'segment.digest_mismatch' && times <= DAMAGED_MAX) return
    await this.defective(queue, { index, status, code })
  }

  async defective(queue: PartQueue, defect: Defect): Promise<void> {
    queue.setAside(defect.index)
    await this.#change(queue, { defects: queue.defects(defect) })
    this.tell('defect', { part_id: queue.record.part_id, defect })
  }

  /** A 409: never overwritten, a person decides. The rest of the part still goes out. */
  async conflicting(queue: PartQueue, index: number): Promise<void> {
    queue.setAside(index)
    const defects = queue.defects({ index, status: 409, code: 'segment.conflict' })
    await this.#change(queue, { delivery: { state: 'conflict', index }, defects })
    this.tell('conflict', { part_id: queue.record.part_id, index })
  }

  async stopped(queue: PartQueue, status: number, code: string, detail: string): Promise<void> {
    const delivery = { state: 'stopped', status, code, detail } as const
    await this.#change(queue, { delivery })
    this.tell('stopped', { part_id: queue.record.part_id, delivery })
  }

  async complete(queue: PartQueue): Promise<void> {
    await this.#change(queue, { delivery: { state: 'delivered' }, defects: [] })
    this.tell('delivered', { part_id: queue.record.part_id })
  }

  async #change(queue: PartQueue, change: PartChange): Promise<void> {
    queue.record = { ...queue.record, ...change }
    await this.#note(this.store.change(queue.record.part_id, change))
    this.progress(queue)
  }

  async #note(written: Promise<unknown>): Promise<void> {
    await written.catch((failure: unknown) => console.error('not noted on the phone', failure))
  }
}

export function isOver(delivery: PartDelivery): boolean {
  return delivery.state === 'delivered' || delivery.state === 'stopped'
}

/** Everything is with the server as far as the phone knows; the server has the last word. */
export function isWhole(queue: PartQueue): boolean {
  return queue.record.recording === 'ended' && queue.undelivered === 0
}

/** Nothing further will happen to the part by itself. */
export function isSettled(queue: PartQueue): boolean {
  if (isOver(queue.record.delivery)) return true
  return queue.record.recording === 'ended' && queue.count('aside') > 0 && queue.count('aside') === queue.undelivered
}
