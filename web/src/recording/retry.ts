// When to try again: exponential back-off with jitter, and what `Retry-After` asks for.
import type { Chance } from './environment'

const FIRST_MS = 500
const LONGEST_MS = 30_000
/** A server asking for more than this is asked again all the same. */
const RETRY_AFTER_MAX_MS = 300_000

/** Milliseconds before attempt `failures + 1`; half of it is chance, so that phones do not march in step. */
export function backoff(failures: number, chance: Chance): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 10))
  return full / 2 + (full / 2) * chance.fraction()
}

/** `Retry-After` in milliseconds; a date is read against the same answer's `Date`, never the phone's. */
export function retryAfter(headers: Headers): number | null {
  const value = headers.get('retry-after')
  if (value === null) return null
  if (/^\d+$/.test(value.trim())) return Math.min(RETRY_AFTER_MAX_MS, Number(value) * 1000)
  const wait = Date.parse(value) - Date.parse(headers.get('date') ?? '')
  return Number.isFinite(wait) ? Math.min(RETRY_AFTER_MAX_MS, Math.max(0, wait)) : null
}
