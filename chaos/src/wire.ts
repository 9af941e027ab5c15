// A phone's line to the server: it delays, repeats and loses what passes, and writes down what was
// sent and answered. The server's address can be changed under it.
import { setTimeout as pause } from 'node:timers/promises'
import type { Dice } from './chance'
import type { Signed } from './chain'
import type { Ledger } from './ledger'

/** How bad the line is; probabilities per request. Shared by all phones, calmed at the end. */
export interface Weather {
  delayed: number
  repeated: number
  answer_lost: number
}

export const STORM: Readonly<Weather> = { delayed: 0.25, repeated: 0.12, answer_lost: 0.03 }
const DELAY_MS: [number, number] = [5, 400]
/** The double of a request can arrive long after the answer was used. */
const DOUBLE_LATE_MS: [number, number] = [0, 2_500]

interface Sent {
  method: string
  path: string
  body: Uint8Array
  headers: Headers
}

interface PartGrant {
  id: string
  capability: string
  sitting_id: string
  owner_kind: number
  owner_id: string
}

export interface WireOptions {
  phone: string
  origin: string
  weather: Weather
  dice: Dice
  ledger: Ledger
}

export class Wire {
  /** Where the phone finds the server; changed when it moves to another node. */
  origin: string
  readonly #cookies = new Map<string, string>()
  readonly #with: WireOptions
  readonly #doubles = new Set<Promise<unknown>>()

  constructor(options: WireOptions) {
    this.origin = options.origin
    this.#with = options
  }

  /** Paths only: the origin is the wire's own. Failures are what `fetch` throws. */
  readonly fetch = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const { dice, weather } = this.#with
    const sent = this.#sent(path, init)
    if (dice.happens(weather.delayed)) await pause(dice.between(...DELAY_MS))
    if (init.signal?.aborted) throw new TypeError('given up')
    // A sign-in that comes twice is another device's; what a network repeats of one, it repeats inside TLS.
    const repeats = sent.method !== 'GET' && path !== '/api/logins'
    if (repeats && dice.happens(weather.repeated)) this.#double(sent)
    const response = await this.#pass(sent, init.signal ?? null)
    this.#keepCookies(response.headers)
    if (dice.happens(weather.answer_lost)) throw new TypeError('the answer was lost')
    return response
  }

  /** Resolves when no double is still on its way. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#doubles)
  }

  #sent(path: string, init: RequestInit): Sent {
    const headers = new Headers(init.headers)
    const cookies = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    if (cookies !== '' && !headers.has('authorization')) headers.set('cookie', cookies)
    const { body } = init
    const bytes = typeof body === 'string' ? Buffer.from(body) : ((body as Uint8Array | null | undefined) ?? new Uint8Array())
    return { method: init.method ?? 'GET', path, body: bytes, headers }
  }

  #double(sent: Sent): void {
    const late = this.#with.dice.between(...DOUBLE_LATE_MS)
    const double = pause(late).then(() => this.#pass(sent, null)).catch(() => undefined)
    this.#doubles.add(double)
    void double.then(() => this.#doubles.delete(double))
  }

  async #pass(sent: Sent, signal: AbortSignal | null): Promise<Response> {
    const { method, path, headers, body } = sent
    const note = this.#watch(sent)
    const carried = method === 'GET' ? {} : { body: new Uint8Array(body) }
    const response = await fetch(this.origin + path, { method, headers, signal, redirect: 'error', ...carried })
    const text = await response.text()
    note(response.status, text)
    const empty = response.status === 204 || response.status === 304
    return new Response(empty ? null : text, { status: response.status, headers: response.headers })
  }

  /** As a browser keeps them: each under its name. */
  #keepCookies(headers: Headers): void {
    for (const cookie of headers.getSetCookie()) {
      const [, name, value] = /^([^=;]+)=([^;]*)/.exec(cookie) ?? []
      if (name !== undefined && value !== undefined) this.#cookies.set(name, value)
    }
  }

  /** What to write down when the answer is there. */
  #watch(sent: Sent): (status: number, text: string) => void {
    const { method, path } = sent
    const segment = /^\/api\/parts\/([^/]+)\/segments\/(\d+)$/.exec(path)
    if (segment !== null) return this.#watchSegment(segment[1] ?? '', Number(segment[2]), sent.body)
    const missing = /^\/api\/parts\/([^/]+)\/missing\?last=(\d+)$/.exec(path)
    if (missing !== null) return this.#watchMissing(missing[1] ?? '', Number(missing[2]))
    if (/^\/api\/parts\/[^/]+\/pulses$/.test(path)) return (status, text) => this.#pulse(status, text)
    if (method === 'POST' && /^\/api\/(sittings|takes)\/[^/]+\/(takes|parts)$/.test(path)) return (status, text) => this.#grant(status, text)
    if (method === 'POST' && path.endsWith('/submissions')) return (status, text) => this.#submission(sent, status, text)
    return () => undefined
  }

  #watchSegment(part_id: string, index: number, body: Uint8Array) {
    const { ledger } = this.#with
    const digest = ledger.sent(part_id, index, body)
    return (status: number) => {
      if (status === 204) ledger.acknowledge(part_id, index, { digest, length: body.length })
    }
  }

  #watchMissing(part_id: string, last: number) {
    const { ledger } = this.#with
    const promised = ledger.promises(part_id)
    return (status: number, text: string) => {
      if (status === 200) ledger.reported(part_id, promised, (JSON.parse(text) as { received: [number, number][] }).received, last)
    }
  }

  #pulse(status: number, text: string): void {
    if (status !== 200) return
    const { acknowledgement } = JSON.parse(text) as { acknowledgement: Signed | null }
    if (acknowledgement !== null) this.#with.ledger.pulse(acknowledgement)
  }

  #grant(status: number, text: string): void {
    if (status !== 201) return
    const { take_id, part } = JSON.parse(text) as { take_id: string; part: PartGrant }
    const { id: part_id, capability, sitting_id, owner_kind, owner_id } = part
    this.#with.ledger.granted({ phone: this.#with.phone, take_id, part_id, sitting_id, owner_kind, owner_id, capability })
  }

  #submission({ path, body }: Sent, status: number, text: string): void {
    if (status !== 201) return
    const { subject_id, take_id, command_id } = JSON.parse(Buffer.from(body).toString()) as Record<'subject_id' | 'take_id' | 'command_id', string>
    const { receipt } = JSON.parse(text) as { receipt: Signed }
    const sitting_id = path.split('/')[3] ?? ''
    this.#with.ledger.submit({ phone: this.#with.phone, sitting_id, subject_id, take_id, command_id, receipt })
  }
}
