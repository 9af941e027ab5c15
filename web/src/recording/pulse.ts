// The heartbeat of a camera: every 2 s while it records and every 15 s while anything is
// undelivered, the seals of what is still on the phone go out, and the server's signed answer is
// kept. So a segment's time is witnessed before its bytes get through.
import type { Capabilities } from './capabilities'
import type { Chance, Clock, Fetch, TimerId } from './environment'
import { Emitter } from './events'
import { timeoutFor } from './segment-protocol'
import type { RecordingStore } from './segment-store'
import type { ServerClock } from './server-clock'
import type { DeviceState, RecorderState, Schemas } from './types'
import type { Uploader } from './uploader'

export const RECORDING_EVERY_MS = 2_000
export const OTHERWISE_EVERY_MS = 15_000
/** Seals in one pulse: the newest commits to all before it, the rest date the footage more finely. */
export const SEALS_MAX = 64

/** What others hear of the server's answer. */
export type PulseAnswer = Pick<Schemas['PulseAnswer'], 'sitting' | 'take' | 'server_time'> & { part_id: string }

export interface PulseEvents {
  answer: PulseAnswer
  /** No answer for this long (monotonic ms since the last one, or since the part was first told of). */
  silence: { part_id: string; for_ms: number }
}

/** What a recorder tells the pulse of its part. */
export interface LivePart {
  recorder: RecorderState
  captured_ms: number
}

export interface PulseOptions {
  account_id: string
  base_url: string
  store: RecordingStore
  uploader: Uploader
  capabilities: Capabilities
  server_clock: ServerClock
  probe: () => Promise<DeviceState>
  clock: Clock
  fetch: Fetch
  chance: Chance
}

interface Heard {
  /** Newest index whose seal the server has acknowledged. */
  sealed: number
  at: number
}

export class Pulse extends Emitter<PulseEvents> {
  readonly #with: PulseOptions
  readonly #live = new Map<string, () => LivePart>()
  readonly #heard = new Map<string, Heard>()
  readonly #beating = new Set<string>()
  #timer: TimerId = null
  #halt: AbortController | null = null
  #rest_due = 0

  constructor(options: PulseOptions) {
    super()
    this.#with = options
  }

  start(): void {
    if (this.#halt !== null) return
    this.#halt = new AbortController()
    this.#tick()
  }

  stop(): void {
    this.#halt?.abort()
    this.#halt = null
    this.#with.clock.clearTimeout(this.#timer)
  }

  /** A camera runs: its part beats at once and then every 2 s, until the returned function is called. */
  follow(part_id: string, live: () => LivePart): () => void {
    this.#live.set(part_id, live)
    this.#tick()
    return () => {
      if (this.#live.get(part_id) === live) this.#live.delete(part_id)
      void this.#beat(part_id, live())
    }
  }

  #tick(): void {
    if (this.#halt === null) return
    const { clock, uploader } = this.#with
    clock.clearTimeout(this.#timer)
    this.#timer = clock.setTimeout(() => this.#tick(), RECORDING_EVERY_MS)
    for (const [part_id, live] of this.#live) void this.#beat(part_id, live())
    if (clock.now() < this.#rest_due) return
    this.#rest_due = clock.now() + OTHERWISE_EVERY_MS
    for (const part of uploader.open()) {
      if (!this.#live.has(part.part_id)) void this.#beat(part.part_id, { recorder: 'stopped', captured_ms: part.captured_ms })
    }
  }

  // Never two at a time for a part: on a line that takes longer than 2 s they would only pile up.
  async #beat(part_id: string, live: LivePart): Promise<void> {
    const halt = this.#halt
    if (halt === null || this.#beating.has(part_id)) return
    this.#beating.add(part_id)
    try {
      await this.#send(part_id, live, halt.signal)
    } catch {
      const { at } = this.#heardOf(part_id)
      if (!halt.signal.aborted) this.emit('silence', { part_id, for_ms: this.#with.clock.now() - at })
    } finally {
      this.#beating.delete(part_id)
    }
  }

  async #send(part_id: string, live: LivePart, stop: AbortSignal): Promise<void> {
    const { capabilities, clock, probe, uploader } = this.#with
    const { sealed } = this.#heardOf(part_id)
    const seals = uploader.seals(part_id, sealed, SEALS_MAX)
    const progress = uploader.progress(part_id)
    const queued_segments = progress === null ? 0 : progress.stored - progress.delivered
    const report: Schemas['Pulse'] = { seals, ...live, queued_segments, ...(await probe()) }
    const body = JSON.stringify(report)
    const capability = await capabilities.of(part_id)
    const sent_at = clock.now()
    const response = await this.#post(part_id, body, capability, stop)
    if (response.status === 401) {
      await capabilities.renewed(part_id, capability)
      throw new Error('capability renewed, next pulse uses it')
    }
    if (response.status !== 200) throw new Error(`pulse answered ${response.status}`)
    await this.#hear(part_id, seals[seals.length - 1]?.index ?? sealed, response, sent_at)
  }

  async #hear(part_id: string, sealed: number, response: Response, sent_at: number): Promise<void> {
    const { account_id, capabilities, chance, clock, server_clock, store } = this.#with
    const answer = (await response.json()) as Schemas['PulseAnswer']
    server_clock.observe(answer.server_time, sent_at, clock.now())
    this.#heard.set(part_id, { sealed, at: clock.now() })
    if (answer.capability) await capabilities.replace(part_id, answer.capability)
    if (answer.acknowledgement) {
      const signed = answer.acknowledgement
      // A full phone keeps its footage first; the server has the same word on record.
      await store.keep({ id: chance.uuid(), account_id, kind: 'pulse', part_id, signed }).catch(() => undefined)
    }
    const { sitting, take, server_time } = answer
    this.emit('answer', { part_id, sitting, take, server_time })
  }

  async #post(part_id: string, body: string, capability: string, stop: AbortSignal): Promise<Response> {
    const { base_url, clock, fetch } = this.#with
    const control = new AbortController()
    const abort = () => control.abort()
    const timer = clock.setTimeout(abort, timeoutFor(body.length))
    stop.addEventListener('abort', abort)
    try {
      return await fetch(`${base_url}/api/parts/${part_id}/pulses`, {
        method: 'POST',
        body,
        headers: { Authorization: `Bearer ${capability}`, 'Content-Type': 'application/json' },
        credentials: 'omit',
        redirect: 'error',
        cache: 'no-store',
        signal: control.signal,
      })
    } finally {
      clock.clearTimeout(timer)
      stop.removeEventListener('abort', abort)
    }
  }

  #heardOf(part_id: string): Heard {
    const heard = this.#heard.get(part_id) ?? { sealed: 0, at: this.#with.clock.now() }
    this.#heard.set(part_id, heard)
    return heard
  }
}
