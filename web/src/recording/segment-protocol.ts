// The segment protocol as one request each, and what its answers mean to a phone that never gives
// up. Only a problem document of our own server is believed as a final no: proxies, captive portals
// and half-started servers answer 404 and 413, too.
import type { Clock, Fetch } from './environment'
import { fromHex, toBase64 } from './hex'
import { retryAfter } from './retry'
import type { Range } from './segment-store'
import type { Problem, Schemas, SegmentRecord } from './types'

export type Verdict =
  | { verdict: 'delivered' }
  | { verdict: 'capability' }
  | { verdict: 'conflict' }
  | { verdict: 'defect'; status: number; code: string }
  | { verdict: 'stopped'; status: number; code: string; detail: string }
  /** The server is there but cannot now; ask again after `wait_ms` or the usual back-off. */
  | { verdict: 'later'; reason: 'server' | 'storage_full' | 'rate'; wait_ms: number | null }
  /** No answer: whether the segment arrived is unknown. */
  | { verdict: 'broken' }

export type Missing = Schemas['Arrived']

export class SegmentProtocol {
  constructor(
    readonly base_url: string,
    private readonly fetch: Fetch,
    private readonly clock: Clock,
  ) {}

  async put(segment: SegmentRecord, bytes: Uint8Array, capability: string, stop: AbortSignal): Promise<Verdict> {
    const url = `${this.base_url}/api/parts/${segment.part_id}/segments/${segment.index}`
    const init: RequestInit = {
      method: 'PUT',
      body: bytes as BodyInit,
      headers: {
        Authorization: `Bearer ${capability}`,
        'Content-Type': 'application/octet-stream',
        'Content-Digest': `sha-256=:${toBase64(fromHex(segment.digest))}:`,
        'Yikao-Seal': segment.head,
      },
    }
    const answer = await this.#ask(url, init, timeoutFor(bytes.length), stop, async (response) =>
      response.status === 204 ? ({ verdict: 'delivered' } as const) : refused(response),
    )
    return answer ?? { verdict: 'broken' }
  }

  /** What the server holds of the first `last` segments; a verdict when it does not say. */
  async missing(part_id: string, last: number, capability: string, stop: AbortSignal): Promise<Missing | Verdict> {
    const url = `${this.base_url}/api/parts/${part_id}/missing?last=${last}`
    const init = { headers: { Authorization: `Bearer ${capability}` } }
    const answer = await this.#ask(url, init, timeoutFor(0), stop, async (response) => {
      if (response.status !== 200) return refused(response)
      const body: unknown = await response.json()
      return isMissing(body) ? body : ({ verdict: 'broken' } as const)
    })
    return answer ?? { verdict: 'broken' }
  }

  async #ask<T>(
    url: string,
    init: RequestInit,
    timeout_ms: number,
    stop: AbortSignal,
    read: (response: Response) => Promise<T>,
  ): Promise<T | null> {
    if (stop.aborted) return null
    const control = new AbortController()
    const abort = () => control.abort()
    const timer = this.clock.setTimeout(abort, timeout_ms)
    stop.addEventListener('abort', abort)
    try {
      const fixed: RequestInit = { credentials: 'omit', redirect: 'error', cache: 'no-store', signal: control.signal }
      const { fetch } = this
      return await read(await fetch(url, { ...init, ...fixed }))
    } catch {
      return null
    } finally {
      this.clock.clearTimeout(timer)
      stop.removeEventListener('abort', abort)
    }
  }
}

/** Ten seconds, and the time 8 KB/s need: a slow line is not a broken one. */
export function timeoutFor(bytes: number): number {
  return 10_000 + Math.ceil(bytes / 8)
}

/** The problem document of an answer, or null when it is not one of ours. */
export async function problemOf(response: Response): Promise<Problem | null> {
  if (!(response.headers.get('content-type') ?? '').startsWith('application/problem+json')) return null
  const body: unknown = await response.json().catch(() => null)
  if (typeof body !== 'object' || body === null || typeof (body as Problem).code !== 'string') return null
  const { code, title = '', detail = '', remedy, params } = body as Problem
  return { code, status: response.status, title, detail, remedy, params }
}

async function refused(response: Response): Promise<Verdict> {
  const problem = await problemOf(response)
  if (problem === null) await response.body?.cancel().catch(() => undefined)
  const wait_ms = retryAfter(response.headers)
  const { status } = response
  if (status === 401) return { verdict: 'capability' }
  if (status === 429) return { verdict: 'later', reason: 'rate', wait_ms }
  if (status === 507) return { verdict: 'later', reason: 'storage_full', wait_ms }
  if (problem === null || status >= 500) return { verdict: 'later', reason: 'server', wait_ms }
  const { code, detail } = problem
  if (status === 404 || status === 410) return { verdict: 'stopped', status, code, detail }
  if (status === 409) return { verdict: 'conflict' }
  if (status === 413 || status === 422) return { verdict: 'defect', status, code }
  return { verdict: 'later', reason: 'server', wait_ms }
}

function isMissing(body: unknown): body is Missing {
  const { received, missing } = (body ?? {}) as Partial<Missing>
  return isRanges(received) && isRanges(missing)
}

function isRanges(value: unknown): value is Range[] {
  return (
    Array.isArray(value) &&
    value.every((range) => Array.isArray(range) && Number.isInteger(range[0]) && Number.isInteger(range[1]))
  )
}
