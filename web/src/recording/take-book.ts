// Takes as the phone remembers them: one copy in memory, written down with every change.
import type { TakeRecord } from './journal'
import type { JournalStore } from './segment-store'

export class TakeBook {
  readonly #store: JournalStore
  readonly #takes = new Map<string, TakeRecord>()

  constructor(store: JournalStore) {
    this.#store = store
  }

  async load(account_id: string): Promise<void> {
    for (const take of await this.#store.takes(account_id)) {
      if (!this.#takes.has(take.key)) this.#takes.set(take.key, take)
    }
  }

  get(key: string): TakeRecord | null {
    return this.#takes.get(key) ?? null
  }

  /** Neither finished, lost nor failed; in the order of their ids, which is that of time. */
  unfinished(): TakeRecord[] {
    return [...this.#takes.values()].filter(({ phase }) => !['finished', 'lost', 'failed'].includes(phase))
  }

  /** A phone without room goes on from memory: the server knows the take, too. */
  async put(take: TakeRecord): Promise<void> {
    this.#takes.set(take.key, take)
    await this.#store.putTake(take).catch((failure: unknown) => console.error('take not written down', failure))
  }

  async change(key: string, change: Partial<TakeRecord>): Promise<void> {
    const take = this.#takes.get(key)
    if (take !== undefined) await this.put({ ...take, ...change })
  }
}
