// The one way to the server: cookie, CSRF header, language, problems, and retries that cannot do a thing twice.
import { problemOf, Refused, Unreachable } from './problem'
import { VERSION } from './version'

export interface Ask {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Sent as JSON; `raw` goes as it is. */
  body?: unknown
  raw?: BodyInit
  headers?: Record<string, string>
  signal?: AbortSignal
  /** How often an unanswered question is asked again, in ms between the tries; [] never. */
  retryAfter?: readonly number[]
}

const PATIENCE: readonly number[] = [400, 1000, 2500]
const GATEWAY_TROUBLE = [502, 503, 504]

let language = 'zh-CN'
let onSignedOut: () => void = () => {}
let onTime: (server_time: number, sent_at: number, received_at: number) => void = () => {}

/** Sets the language in which the server words its refusals. */
export function speak(locale: string): void {
  language = locale
}

/** Called whenever the server no longer knows the login. */
export function whenSignedOut(callback: () => void): void {
  onSignedOut = callback
}

/** Called with every answer's `server_time` and the monotonic ms (`performance.now()`) around its request. */
export function whenTold(callback: typeof onTime): void {
  onTime = callback
}

/** A fresh version-4 UUID; `crypto.randomUUID` is missing on older iPhones and plain-HTTP pages. */
export function newCommandId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** Asks a question that changes nothing: repeated freely when no answer comes. */
export function get<T>(path: string, ask: Ask = {}): Promise<T> {
  return send<T>(path, { retryAfter: PATIENCE, ...ask })
}

/**
 * Gives a command under one command id, so that a repetition after a lost answer gets the stored one.
 * Pass `command_id` in `body` to repeat a command given before a reload.
 */
export function command<T>(path: string, body: object = {}, ask: Ask = {}): Promise<T> {
  const withId = { command_id: newCommandId(), ...body }
  return send<T>(path, { method: 'POST', retryAfter: PATIENCE, ...ask, body: withId })
}

/** Sends one request. Throws `Refused` for the server's no, `Unreachable` when no answer came. */
export async function send<T>(path: string, ask: Ask = {}): Promise<T> {
  const waits = ask.retryAfter ?? []
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await once<T>(path, ask)
    } catch (error) {
      const wait = waits[attempt]
      if (wait === undefined || !isWorthRepeating(error) || ask.signal?.aborted) throw error
      await pause(wait)
    }
  }
}

async function once<T>(path: string, ask: Ask): Promise<T> {
  const sent_at = performance.now()
  const response = await reach(path, ask)
  const received_at = performance.now()
  if (!response.ok) {
    const problem = await problemOf(response)
    if (response.status === 401 && problem.code.startsWith('login.')) onSignedOut()
    throw new Refused(problem)
  }
  if (response.status === 204) return undefined as T
  const answer = (await response.json()) as T & { server_time?: number }
  if (typeof answer?.server_time === 'number') onTime(answer.server_time, sent_at, received_at)
  return answer
}

async function reach(path: string, ask: Ask): Promise<Response> {
  const json: Record<string, string> = ask.body === undefined ? {} : { 'Content-Type': 'application/json' }
  try {
    return await fetch(`/api${path}`, {
      method: ask.method ?? 'GET',
      credentials: 'same-origin',
      cache: 'no-store',
      headers: { Accept: 'application/json', 'Accept-Language': language, 'Yikao-Client': `web/${VERSION}`, ...json, ...ask.headers },
      body: ask.raw ?? (ask.body === undefined ? undefined : JSON.stringify(ask.body)),
      signal: ask.signal,
    })
  } catch (error) {
    if (ask.signal?.aborted) throw error
    throw new Unreachable(error)
  }
}

function isWorthRepeating(error: unknown): boolean {
  return error instanceof Unreachable || (error instanceof Refused && GATEWAY_TROUBLE.includes(error.status))
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
