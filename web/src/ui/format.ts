// Times, durations and sizes as people read them. Durations are ms, sizes bytes.

const MINUTE = 60_000

/** `07:05`, or `1:07:05` from an hour on; never negative. */
export function clockText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const two = (value: number) => String(value).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor(seconds / 60) % 60
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${two(minutes)}:${two(seconds % 60)}`
}

export interface Remaining {
  /** In the last five minutes seconds matter; before, they only make people nervous. */
  unit: 'seconds' | 'minutes' | 'hours' | 'days'
  days: number
  hours: number
  minutes: number
  text: string
}

/** How a countdown is shown: minutes rounded up, seconds only in the last five. */
export function remaining(ms: number): Remaining {
  const left = Math.max(0, ms)
  const all = Math.ceil(left / MINUTE)
  const days = Math.floor(all / 1440)
  const hours = Math.floor(all / 60) % 24
  const unit = left <= 5 * MINUTE ? 'seconds' : all < 60 ? 'minutes' : days === 0 ? 'hours' : 'days'
  return { unit, days, hours, minutes: all % 60, text: clockText(Math.ceil(left / 1000) * 1000) }
}

/** A moment of server time in an exam's zone (IANA), which is named where clocks show another time than here; or in the phone's. */
export function momentText(at: number, locale: string, zone?: string): string {
  return new Intl.DateTimeFormat(locale, {
    month: 'numeric',
    day: 'numeric',
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
    timeZone: zone,
    timeZoneName: zone !== undefined && clockIn(zone, at) !== clockIn(undefined, at) ? 'short' : undefined,
  }).format(at)
}

/** The hour and minute of a moment in an exam's zone. */
export function hourText(at: number, locale: string, zone?: string): string {
  return new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hour12: false, timeZone: zone }).format(at)
}

function clockIn(timeZone: string | undefined, at: number): string {
  return new Intl.DateTimeFormat('en', { day: 'numeric', hour: '2-digit', minute: '2-digit', timeZone }).format(at)
}

export function dayText(at: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'long', day: 'numeric' }).format(at)
}

/** Whole numbers below ten of a unit get one decimal: 1.2 GB, 340 MB. */
export function bytesText(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** step
  return `${value < 10 && step > 0 ? value.toFixed(1) : Math.round(value)} ${units[step]}`
}
