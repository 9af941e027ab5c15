// Time for tests: stands still until it is told to move, and lets everything that is due happen.
import type { Clock, TimerId } from '../environment'

interface Timer {
  id: number
  due: number
  run: () => void
}

export class VirtualClock implements Clock {
  #now = 0
  #next = 1
  #timers: Timer[] = []

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

  /** Moves on, timer by timer; what each one sets off happens before the next. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    await settle()
    for (let timer = this.#due(end); timer !== undefined; timer = this.#due(end)) {
      this.#now = Math.max(this.#now, timer.due)
      this.clearTimeout(timer.id)
      timer.run()
      await settle()
    }
    this.#now = end
    await settle()
  }

  /** Moves on in steps until `reached` (at most ten virtual minutes). */
  async until(reached: () => boolean): Promise<void> {
    for (let step = 0; step < 6_000 && !reached(); step += 1) {
      await new Promise((resolve) => setTimeout(resolve, 1))
      if (!reached()) await this.advance(100)
    }
    if (!reached()) throw new Error('never came about')
  }

  #due(end: number): Timer | undefined {
    return this.#timers.filter(({ due }) => due <= end).sort((a, b) => a.due - b.due || a.id - b.id)[0]
  }
}

/** Lets promises, storage and local requests that are under way get on. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}
