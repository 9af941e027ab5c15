/** Wall-clock time in an exam's own zone: staff read and type the hour of the exam's place, the wire carries epoch ms. */

type Parts = { year: number; month: number; day: number; hour: number; minute: number; second: number }

const formatters = new Map<string, Intl.DateTimeFormat>()

function formatter(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone, hourCycle: 'h23',
    year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
  })
  formatters.set(zone, made)
  return made
}

export function isZone(zone: string): boolean {
  try {
    formatter(zone)
    return true
  } catch {
    return false
  }
}

function partsAt(at: number, zone: string): Parts {
  const found: Record<string, number> = {}
  for (const part of formatter(isZone(zone) ? zone : 'UTC').formatToParts(at)) found[part.type] = Number(part.value)
  return found as Parts
}

const two = (n: number): string => String(n).padStart(2, '0')

/** `2026-11-20 18:30` in the zone, the form the date fields use. */
export function wallTime(at: number, zone: string): string {
  const p = partsAt(at, zone)
  return `${p.year}-${two(p.month)}-${two(p.day)} ${two(p.hour)}:${two(p.minute)}`
}

/** `18:30:05` in the zone. */
export function clockTime(at: number, zone: string): string {
  const p = partsAt(at, zone)
  return `${two(p.hour)}:${two(p.minute)}:${two(p.second)}`
}

/** `11-20 18:30`, or with the year when it is not this year's. */
export function shortTime(at: number, zone: string, now: number): string {
  const full = wallTime(at, zone)
  return full.slice(0, 4) === wallTime(now, zone).slice(0, 4) ? full.slice(5) : full
}

/** How far the zone's wall clock runs ahead of UTC at that moment, in ms. */
function aheadOfUtc(at: number, zone: string): number {
  const p = partsAt(at, zone)
  return Date.UTC(p.year, p.month - 1, p.day, p.hour, p.minute, p.second) - Math.floor(at / 1000) * 1000
}

/**
 * The moment at which the zone's clock shows `YYYY-MM-DD HH:mm`; null when it is no date.
 * An hour that a change of summer time skips becomes the hour after it.
 */
export function momentOf(wall: string, zone: string): number | null {
  const found = /^(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2})/.exec(wall)
  if (!found || !isZone(zone)) return null
  const [year, month, day, hour, minute] = found.slice(1).map(Number) as [number, number, number, number, number]
  const asUtc = Date.UTC(year, month - 1, day, hour, minute)
  if (Number.isNaN(asUtc) || new Date(asUtc).getUTCDate() !== day) return null
  const guess = asUtc - aheadOfUtc(asUtc, zone)
  return asUtc - aheadOfUtc(guess, zone)
}

/** `UTC+8`, so that nobody mistakes the exam's hour for the hour of their own desk. */
export function zoneOffset(zone: string, at: number): string {
  const minutes = Math.round(aheadOfUtc(at, zone) / 60000)
  const hours = Math.trunc(Math.abs(minutes) / 60)
  const rest = Math.abs(minutes) % 60
  return `UTC${minutes < 0 ? '−' : '+'}${hours}${rest ? `:${two(rest)}` : ''}`
}
