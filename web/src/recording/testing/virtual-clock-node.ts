// Time for tests: stands still until it is told to move, and lets everything that is due happen.
import type { Clock, Fetch, TimerId } from '../environment'

const STEP_MS = 100

interface Timer {
  id: number
  due: number
  run: () => void
}

export class VirtualClock implements Clock {
  #now = 0
  #next = 1
  #timers: Timer[] = []
  #under_way = 0

  /** `fetch` whose requests time waits for: none times out because the test machine is busy. */
  readonly fetch: Fetch = async (url, init) => {
    this.#under_way += 1
    try {
      const response = await fetch(url, init)
      const body = response.status === 204 ? null : await response.arrayBuffer()
      const { status, headers } = response
      return new Response(body, { status, headers })
    } finally {
      this.#under_way -= 1
    }
  }

  now(): number {
    return this.#now
  }

  setTimeout(run: () => void, after_ms: number): TimerId {
    const id = this.#next
    this.#next += 1
    this.#timers.push({ id, due: this.#now + Math.max(0, after_ms), run })
    return id
  }

  clearTimeout(timer: TimerId): void {
    this.#timers = this.#timers.filter(({ id }) => id !== timer)
  }

  /** Moves on in small steps, timer by timer; what each one sets off happens before the next. */
  async advance(ms: number): Promise<void> {
    for (const end = this.#now + ms; this.#now < end; ) await this.#step(Math.min(end, this.#now + STEP_MS))
    await this.#settle()
  }

  /** Moves on in steps until `reached` (at most ten virtual minutes). */
  async until(reached: () => boolean): Promise<void> {
    for (let step = 0; step < 6_000 && !reached(); step += 1) {
      await this.#step(this.#now + STEP_MS)
    }
    if (!reached()) throw new Error('never came about')
  }

  async #step(end: number): Promise<void> {
    await this.#settle()
    for (let timer = this.#due(end); timer !== undefined; timer = this.#due(end)) {
      this.#now = Math.max(this.#now, timer.due)
      this.clearTimeout(timer.id)
      timer.run()
      await this.#settle()
    }
    this.#now = end
  }

  async #settle(): Promise<void> {
    do await settle()
    while (this.#under_way > 0)
  }

  #due(end: number): Timer | undefined {
    return this.#timers.filter(({ due }) => due <= end).sort((a, b) => a.due - b.due || a.id - b.id)[0]
  }
}

let hashing = 0

/** Counts what the thread pool hashes: Node does not list it among what is under way. */
function watchHashing(): void {
  const { subtle } = globalThis.crypto
  const digest = subtle.digest.bind(subtle)
  const counted: typeof subtle.digest = async (...given) => {
    hashing += 1
    return digest(...given).finally(() => (hashing -= 1))
  }
  Object.defineProperty(subtle, 'digest', { value: counted })
}

watchHashing()

/** Lets promises, hashing and storage that are under way come to rest, however busy the machine is. */
export async function settle(): Promise<void> {
  for (let quiet = 0; quiet < 12; quiet += 1) {
    await new Promise((resolve) => setImmediate(resolve))
    if (hashing > 0 || process.getActiveResourcesInfo().includes('FSReqPromise')) quiet = 0
  }
}
