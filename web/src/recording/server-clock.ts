// The server's time on the phone: anchored to the monotonic clock, never to the phone's date
// (one clock: the server's). Each answer that carries `server_time` is a sample whose error is at
// most half its round trip.
import type { Clock } from './environment'

/** Monotonic clocks of phones drift by less than this. */
const DRIFT = 100e-6

export class ServerClock {
  readonly #clock: Clock
  #anchor: { server_time: number; at: number; error_ms: number } | null = null

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** `sent_at` and `received_at` are `clock.now()` around the request that brought `server_time`. */
  observe(server_time: number, sent_at: number, received_at: number): void {
    const at = (sent_at + received_at) / 2
    const error_ms = (received_at - sent_at) / 2
    if (error_ms < 0 || !Number.isFinite(server_time)) return
    if (this.#anchor === null || error_ms <= this.#errorAt(at) || this.#contradicts(server_time, at, error_ms)) {
      this.#anchor = { server_time, at, error_ms }
    }
  }

  /** Server time now in ms since the epoch, or null before the first answer. */
  now(): number | null {
    return this.#anchor === null ? null : this.#at(this.#clock.now())
  }

  /** Milliseconds left until the server time `until`, at least 0; null before the first answer. */
  left(until: number): number | null {
    const now = this.now()
    return now === null ? null : Math.max(0, until - now)
  }

  /** How far `now()` may be off; infinite before the first answer. */
  get uncertainty_ms(): number {
    return this.#anchor === null ? Infinity : this.#errorAt(this.#clock.now())
  }

  // A sample outside what both errors allow: the monotonic clock stood still while the phone slept.
  #contradicts(server_time: number, at: number, error_ms: number): boolean {
    return Math.abs(server_time - (this.#at(at) ?? server_time)) > error_ms + this.#errorAt(at)
  }

  #at(monotonic: number): number | null {
    return this.#anchor === null ? null : Math.round(this.#anchor.server_time + monotonic - this.#anchor.at)
  }

  #errorAt(monotonic: number): number {
    return this.#anchor === null ? Infinity : this.#anchor.error_ms + Math.abs(monotonic - this.#anchor.at) * DRIFT
  }
}
