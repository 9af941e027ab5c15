/** Durations and sizes as staff read them in dense tables. All durations in ms. */

const two = (n: number): string => String(n).padStart(2, '0')

/** `1:02:03` or `2:03`; the sign is kept. For players and countdowns. */
export function stopwatch(ms: number): string {
  const sign = ms < 0 ? '−' : ''
  const seconds = Math.floor(Math.abs(ms) / 1000)
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor((seconds % 3600) / 60)
  const rest = two(seconds % 60)
  return hours > 0 ? `${sign}${hours}:${two(minutes)}:${rest}` : `${sign}${minutes}:${rest}`
}

/** A stopwatch with tenths, for the point in a recording. */
export function preciseStopwatch(ms: number): string {
  return `${stopwatch(ms)}.${Math.floor((Math.abs(ms) % 1000) / 100)}`
}

export type Urgency = 'calm' | 'soon' | 'last' | 'over'
export type Span = { amount: string; unit: 'none' | 's' | 'min' | 'h' }
export type TimeLeft = Span & { urgency: Urgency }

/** What is left until a close: minutes while there is time, seconds in the last five minutes. */
export function timeLeft(closesAt: number | null, now: number): TimeLeft | null {
  if (closesAt === null) return null
  const left = closesAt - now
  if (left <= 0) return { amount: '0:00', unit: 'none', urgency: 'over' }
  if (left < 5 * 60_000) return { amount: stopwatch(left), unit: 'none', urgency: 'last' }
  const minutes = Math.ceil(left / 60_000)
  const urgency = left < 15 * 60_000 ? 'soon' : 'calm'
  if (minutes < 60) return { amount: String(minutes), unit: 'min', urgency }
  return { amount: `${Math.floor(minutes / 60)}:${two(minutes % 60)}`, unit: 'h', urgency }
}

/** Compact age of a last contact, in the largest fitting unit. */
export function age(ms: number): Span {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  if (seconds < 60) return { amount: String(seconds), unit: 's' }
  if (seconds < 3600) return { amount: String(Math.floor(seconds / 60)), unit: 'min' }
  return { amount: String(Math.floor(seconds / 3600)), unit: 'h' }
}

export function gigabytes(bytes: number): string {
  return `${Math.round((bytes / 1e9) * 10) / 10} GB`
}
