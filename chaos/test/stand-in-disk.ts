// The stand-in's disk: what was not synced is gone after a power cut, and syncing takes its time.
import { setTimeout as pause } from 'node:timers/promises'

/** What the stand-in does wrong, for the oracle to notice. */
export interface Wrongs {
  skip_sync?: boolean
  ack_early?: boolean
  double_submit?: boolean
  /** In the bundle alone: the n-th segment is left out, or one of its bits is turned. */
  export_drops?: number
  export_flips?: number
  /** Acknowledgements of pulses carry another hash, or a signature that is not the server's. */
  pulse_head?: boolean
  pulse_signature?: boolean
  /** Seals that were acknowledged are not in the bundle. */
  forgets_seals?: boolean
  /** A clock that is ahead shows in acknowledgements, in ms. */
  clock_ahead_ms?: number
}

export interface StoredSegment {
  bytes: Buffer
  digest: string
  head: string
}

const SYNC_MS = 4
const EARLY_SYNC_MS = 400

export class VolatileDisk {
  #synced = new Map<string, StoredSegment>()
  #written = new Map<string, StoredSegment>()

  constructor(private readonly wrongs: Wrongs) {}

  get(part_id: string, index: number): StoredSegment | undefined {
    const name = `${part_id}/${index}`
    return this.#written.get(name) ?? this.#synced.get(name)
  }

  /** Resolves when the stand-in may say that the segment is durable. */
  async put(part_id: string, index: number, segment: StoredSegment): Promise<void> {
    const written = this.#written
    written.set(`${part_id}/${index}`, segment)
    const synced = pause(this.wrongs.ack_early ? EARLY_SYNC_MS : SYNC_MS).then(() => {
      if (this.wrongs.skip_sync || written !== this.#written) return false
      this.#synced.set(`${part_id}/${index}`, segment)
      return true
    })
    if (this.wrongs.ack_early || this.wrongs.skip_sync) return
    if (!(await synced)) throw new Error('the power is cut')
  }

  cutPower(): void {
    this.#written = new Map()
  }
}
