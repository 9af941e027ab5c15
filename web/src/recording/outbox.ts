// Commands on their way to the server: each is written down under its id before it is sent, is
// repeated under the same id until there is an answer — also after a kill — and the commands of a
// take go one after another.
import type { Chance, Clock, Connectivity } from './environment'
import { Emitter } from './events'
import type { CommandBody, CommandRecord } from './journal'
import { backoff } from './retry'
import type { JournalStore } from './segment-store'
import type { ServerClock } from './server-clock'
import type { SittingGlimpse, TakeApi, TakeOpened } from './take-api'
import type { TakeBook } from './take-book'
import { Refusal, type Problem } from './types'

export interface OutboxEvents<V> {
  view: { take_key: string; view: V }
  refused: { take_key: string; command: CommandBody['kind']; problem: Problem }
  /** Not answered yet; `login` = somebody has to sign in again first. */
  waiting: { take_key: string; reason: 'network' | 'login'; retry_in_ms: number }
}

export interface OutboxOptions<V extends SittingGlimpse> {
  account_id: string
  store: JournalStore
  book: TakeBook
  api: TakeApi<V>
  clock: Clock
  server_clock: ServerClock
  chance: Chance
  connectivity: Connectivity
}

/** An answer that takes longer is waited for under the same id, again. */
const PATIENCE_MS = 20_000

type Opens = Extract<CommandBody, { kind: 'start_take' | 'open_part' }>

export class Outbox<V extends SittingGlimpse> extends Emitter<OutboxEvents<V>> {
  readonly #with: OutboxOptions<V>
  readonly #turns = new Map<string, Promise<unknown>>()
  readonly #pending = new Map<string, CommandRecord>()
  readonly #impatient = new Set<() => void>()
  #order = 0
  #closed = false

  constructor(options: OutboxOptions<V>) {
    super()
    this.#with = options
    options.connectivity.subscribe((online) => online && this.retryNow())
  }

  /** Takes up what a kill left unanswered. */
  async resume(): Promise<void> {
    for (const command of await this.#with.store.commands(this.#with.account_id)) {
      this.#order = Math.max(this.#order, command.order)
      void this.#enqueue(command, null).catch(() => undefined)
    }
  }

  /**
   * Resolves with the answer once its effect is written down, however long that takes; rejects
   * with `Refusal` alone. A `command_id` may be given where it is also a take's key.
   */
  open(take_key: string, command: Opens, command_id?: string): Promise<TakeOpened<V>> {
    return this.#accept(take_key, command, command_id) as Promise<TakeOpened<V>>
  }

  send(take_key: string, command: Exclude<CommandBody, Opens>): Promise<V> {
    return this.#accept(take_key, command) as Promise<V>
  }

  /** Resolves when no command of the take is on its way. */
  async idle(take_key: string): Promise<void> {
    for (let turn = this.#turns.get(take_key); turn !== undefined; ) {
      await turn
      const newer = this.#turns.get(take_key)
      turn = newer === turn ? undefined : newer
    }
  }

  /** Whether such a command of the take is still unanswered. */
  isPending(take_key: string, kind: CommandBody['kind']): boolean {
    return [...this.#pending.values()].some((one) => one.take_key === take_key && one.command.kind === kind)
  }

  retryNow(): void {
    for (const wake of [...this.#impatient]) wake()
  }

  /** Sends nothing more; what is unanswered stays written down. */
  close(): void {
    this.#closed = true
    this.retryNow()
  }

  #accept(take_key: string, command: CommandBody, command_id = this.#with.chance.uuid()): Promise<TakeOpened<V> | V> {
    this.#order += 1
    const record = { command_id, account_id: this.#with.account_id, take_key, order: this.#order, command }
    const written = this.#with.store.putCommand(record).catch((failure: unknown) => {
      console.error('command not written down', failure)
    })
    return this.#enqueue(record, written)
  }

  #enqueue(record: CommandRecord, written: Promise<void> | null): Promise<TakeOpened<V> | V> {
    this.#pending.set(record.command_id, record)
    const before = this.#turns.get(record.take_key) ?? Promise.resolve()
    const answered = Promise.all([before, written]).then(() => this.#repeat(record, written !== null))
    const done = () => void this.#pending.delete(record.command_id)
    this.#turns.set(record.take_key, answered.then(done, done))
    return answered
  }

  async #repeat(record: CommandRecord, fresh: boolean): Promise<TakeOpened<V> | V> {
    for (let failures = 1; ; failures += 1) {
      if (this.#closed) return new Promise(() => {})
      try {
        const answer = await this.#asked(record, fresh && failures === 1)
        await this.#settle(record, answer)
        this.emit('view', { take_key: record.take_key, view: viewOf(answer) })
        return answer
      } catch (failure) {
        const login = failure instanceof Refusal && failure.problem.status === 401
        if (failure instanceof Refusal && !login) throw await this.#refused(record, failure)
        const retry_in_ms = backoff(failures, this.#with.chance)
        this.emit('waiting', { take_key: record.take_key, reason: login ? 'login' : 'network', retry_in_ms })
        await this.#pause(retry_in_ms)
      }
    }
  }

  // Only a command's first sending tells the time: the answer to a repeated one is a stored one.
  async #asked(record: CommandRecord, first: boolean): Promise<TakeOpened<V> | V> {
    const { clock, server_clock } = this.#with
    const sent_at = clock.now()
    const answer = await this.#patiently(this.#send(record))
    if (first) server_clock.observe(viewOf(answer).server_time, sent_at, clock.now())
    return answer
  }

  #patiently<T>(asked: Promise<T>): Promise<T> {
    const { clock } = this.#with
    return new Promise((resolve, reject) => {
      const timer = clock.setTimeout(() => reject(new Error('no answer in time')), PATIENCE_MS)
      asked.then(resolve, reject).finally(() => clock.clearTimeout(timer))
    })
  }

  #send({ command, command_id }: CommandRecord): Promise<TakeOpened<V> | V> {
    const { api } = this.#with
    switch (command.kind) {
      case 'start_take':
        return api.startTake(command.sitting_id, { command_id, ...command.body })
      case 'open_part':
        return api.openPart(command.take_id, { command_id, ...command.body })
      case 'beep':
        return api.beep(command.take_id, { command_id, ...command.body })
      case 'finish':
        return api.finish(command.take_id, { command_id, ...command.body })
      case 'failure':
        return api.fail(command.take_id, { command_id, ...command.body })
      case 'interruption':
        return api.interrupt(command.take_id, { command_id, ...command.body })
    }
  }

  // The effect first, then the command goes: a kill in between repeats it and gets the same answer.
  async #settle({ command, command_id, take_key }: CommandRecord, answer: TakeOpened<V> | V): Promise<void> {
    const { book, store } = this.#with
    if ('part' in answer) await book.change(take_key, { take_id: answer.take_id, unused_part: answer.part })
    if (command.kind === 'start_take') await book.change(take_key, { phase: 'positioning' })
    if (command.kind === 'beep') await book.change(take_key, { beeped: true })
    if (command.kind === 'finish') await book.change(take_key, { phase: 'finished' })
    if (command.kind === 'failure') await book.change(take_key, { phase: 'failed' })
    await store.deleteCommand(command_id).catch(() => undefined)
  }

  async #refused({ command, command_id, take_key }: CommandRecord, refusal: Refusal): Promise<Refusal> {
    if (command.kind === 'start_take') await this.#with.book.change(take_key, { phase: 'failed' })
    await this.#with.store.deleteCommand(command_id).catch(() => undefined)
    this.emit('refused', { take_key, command: command.kind, problem: refusal.problem })
    return refusal
  }

  #pause(ms: number): Promise<void> {
    const { clock } = this.#with
    return new Promise((resolve) => {
      const wake = () => {
        clock.clearTimeout(timer)
        this.#impatient.delete(wake)
        resolve()
      }
      const timer = clock.setTimeout(wake, ms)
      this.#impatient.add(wake)
    })
  }
}

function viewOf<V extends SittingGlimpse>(answer: TakeOpened<V> | V): V {
  return 'part' in answer && 'sitting' in answer ? answer.sitting : (answer as V)
}
