// The current capability of each part, shared by uploads and pulses: renewed once however many
// requests found it expired, and kept in the store so that it survives a reload.
import type { SegmentStore } from './segment-store'

export type RenewCapability = (part_id: string) => Promise<string>

export class Capabilities {
  readonly #store: SegmentStore
  readonly #renew: RenewCapability
  readonly #current = new Map<string, string>()
  readonly #renewing = new Map<string, Promise<string>>()

  constructor(store: SegmentStore, renew: RenewCapability) {
    this.#store = store
    this.#renew = renew
  }

  async of(part_id: string): Promise<string> {
    const known = this.#current.get(part_id)
    if (known !== undefined) return known
    const stored = (await this.#store.part(part_id))?.capability ?? ''
    return this.#current.get(part_id) ?? this.#remember(part_id, stored)
  }

  /** A newer one arrived by itself (every pulse brings one). */
  async replace(part_id: string, capability: string): Promise<void> {
    if (this.#current.get(part_id) === capability) return
    this.#remember(part_id, capability)
    await this.#store.change(part_id, { capability }).catch(() => undefined)
  }

  /**
   * The one to use instead of `refused`: what came in the meantime, or a renewed one.
   * Rejects with what `renew` rejects with.
   */
  renewed(part_id: string, refused: string): Promise<string> {
    const current = this.#current.get(part_id)
    if (current !== undefined && current !== refused) return Promise.resolve(current)
    const running = this.#renewing.get(part_id)
    if (running !== undefined) return running
    const renewing = this.#renew(part_id)
      .then(async (capability) => {
        await this.replace(part_id, capability)
        return capability
      })
      .finally(() => this.#renewing.delete(part_id))
    this.#renewing.set(part_id, renewing)
    return renewing
  }

  #remember(part_id: string, capability: string): string {
    this.#current.set(part_id, capability)
    return capability
  }
}
