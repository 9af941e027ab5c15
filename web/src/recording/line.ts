// The state of the phone's line to the server, one for all parts: after a break only one request
// tries, later each time; being told "online" clears it.
import type { Chance, Clock, Connectivity } from './environment'
import { backoff } from './retry'

/** `online()` may lie: while it says no, one request tries this often all the same. */
const OFFLINE_PROBE_MS = 30_000

export class Line {
  readonly #clock: Clock
  readonly #chance: Chance
  readonly #connectivity: Connectivity
  #failures = 0
  #not_before = -Infinity
  #epoch = 0

  constructor(clock: Clock, chance: Chance, connectivity: Connectivity) {
    this.#clock = clock
    this.#chance = chance
    this.#connectivity = connectivity
  }

  /** Taken when a request starts and given back with its failure: those sent together fail as one. */
  get epoch(): number {
    return this.#epoch
  }

  get broken(): boolean {
    return this.#failures > 0
  }

  /** Requests that may be under way together. */
  width(full: number): number {
    return this.broken ? 1 : full
  }

  /** Milliseconds until the next request may start; 0 = now. */
  wait(): number {
    return this.waitAt(this.#clock.now())
  }

  /** The same, seen from a moment of the clock. */
  waitAt(now: number): number {
    return Math.max(0, this.#not_before - now)
  }

  worked(): void {
    this.#failures = 0
    this.#not_before = -Infinity
  }

  /** Returns the milliseconds until the next try. */
  failed(epoch: number, wait_ms: number | null): number {
    if (epoch === this.#epoch) {
      this.#epoch += 1
      this.#failures += 1
      const wait = wait_ms ?? backoff(this.#failures, this.#chance)
      this.#not_before = this.#clock.now() + (this.#connectivity.online() ? wait : OFFLINE_PROBE_MS)
    }
    return this.wait()
  }

  /** Back online, or the candidate asks: no more waiting. */
  clear(): void {
    this.#not_before = -Infinity
  }

  lostNetwork(): void {
    this.#failures = Math.max(1, this.#failures)
    this.#not_before = this.#clock.now() + OFFLINE_PROBE_MS
  }
}
