// Durations in the reader's language: minutes and hours, seconds only when they matter.
import { useI18n } from 'vue-i18n'
import { clockText, hourText, momentText, remaining } from '@/ui/format'

export function useDurations() {
  const { t, locale } = useI18n()

  /** A rule's length, exact enough to plan by: 90 s, 15 min, 2 h 30 min. */
  function lengthText(ms: number): string {
    if (ms < 120_000 && ms % 60_000 !== 0) return t('unit.seconds', { n: Math.round(ms / 1000) })
    const minutes = Math.round(ms / 60_000)
    return minutes < 120 ? t('unit.minutes', { n: minutes }) : hoursAndMinutes(Math.floor(minutes / 60), minutes % 60)
  }

  /** What is left: days, hours or minutes; a clock in the last five minutes. */
  function leftText(ms: number): string {
    const left = remaining(ms)
    if (left.unit === 'seconds') return left.text
    if (left.unit === 'days') return t('unit.days_hours', { d: left.days, h: left.hours })
    return left.unit === 'minutes' ? t('unit.minutes', { n: left.minutes }) : hoursAndMinutes(left.hours, left.minutes)
  }

  const hoursAndMinutes = (h: number, m: number) => (m === 0 ? t('unit.hours', { h }) : t('unit.hours_minutes', { h, m }))
  const moment = (at: number, zone?: string) => momentText(at, locale.value, zone)

  /** A slot: its beginning, and the hour of its end. */
  const slotText = (slot: { starts_at: number; ends_at: number }, zone: string) =>
    `${moment(slot.starts_at, zone)} – ${hourText(slot.ends_at, locale.value, zone)}`

  return { lengthText, leftText, moment, slotText, clockText }
}
