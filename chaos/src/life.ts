// One life of a phone's app, from start to kill: whatever the app holds of the outside world goes
// dead at once, and its promises are never answered. Time runs faster in it.
import type { Clock, Fetch, RecordingStore, SealedSegment } from '../../web/src/recording'
import type { Ledger } from './ledger'

/** The app was killed: thrown into the story that was going on. */
export class Killed extends Error {
  constructor() {
    super('the app was killed')
    this.name = 'Killed'
  }
}

const NEVER = new Promise<never>(() => {})

export class Life {
  #alive = true
  #kill: (reason: Killed) => void = () => {}
  readonly #killed: Promise<never>
  readonly #writing = new Set<Promise<unknown>>()
  readonly #last_acts: (() => void)[] = []

  constructor(private readonly tempo: number) {
    this.#killed = new Promise((_, reject) => (this.#kill = reject))
    this.#killed.catch(() => undefined)
  }

  get alive(): boolean {
    return this.#alive
  }

  /** What the story waits for, unless the app is killed first. */
  during<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#killed])
  }

  pause(ms: number): Promise<void> {
    return this.during(new Promise((resolve) => setTimeout(resolve, ms)))
  }

  whenKilled(act: () => void): void {
    this.#last_acts.push(act)
  }

  /** Kills the app; resolves when what it had under way on the disk is over. */
  async kill(): Promise<void> {
    this.#alive = false
    for (const act of this.#last_acts) act()
    this.#kill(new Killed())
    await Promise.allSettled(this.#writing)
  }

  clock(): Clock {
    return {
      now: () => performance.now() * this.tempo,
      setTimeout: (run, after_ms) => setTimeout(() => this.#alive && run(), after_ms / this.tempo),
      clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
    }
  }

  fetch(wire: Fetch): Fetch {
    return async (url, init) => {
      if (!this.#alive) return NEVER
      try {
        return await this.#answer(await wire(url, init))
      } catch (failure) {
        await this.#answer(null)
        throw failure
      }
    }
  }

  /** The store of this life: what it confirms goes into the ledger. */
  store(store: RecordingStore, ledger: Ledger): RecordingStore {
    return new Proxy(store, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name, target)
        if (typeof method !== 'function') return method
        return (...given: unknown[]) => this.#write(name, () => Reflect.apply(method, target, given) as Promise<unknown>, given, ledger)
      },
    })
  }

  async #write(name: string | symbol, work: () => Promise<unknown>, given: unknown[], ledger: Ledger): Promise<unknown> {
    if (!this.#alive) return NEVER
    const writing = work()
    this.#writing.add(writing)
    try {
      const answer = await writing
      if (name === 'append') noteKept(ledger, given as [string, SealedSegment[]])
      return await this.#answer(answer)
    } catch (failure) {
      await this.#answer(null)
      throw failure
    } finally {
      this.#writing.delete(writing)
    }
  }

  #answer<T>(answer: T): T | Promise<never> {
    return this.#alive ? answer : NEVER
  }
}

function noteKept(ledger: Ledger, [part_id, segments]: [string, SealedSegment[]]): void {
  for (const { index, bytes } of segments) if (bytes !== null) ledger.kept(part_id, index, bytes)
}
