// A date of birth as people type it on a phone: 2009-05-01, 20090501, 2009.5.1.
import type { Schemas } from '@/api/types'

export function birthDateOf(typed: string): Schemas['BirthDate'] | null {
  const parts = /^(\d{4})(\d{2})(\d{2})$/.exec(typed.trim()) ?? /^(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})\D?$/.exec(typed.trim())
  if (parts === null) return null
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])]
  const date = new Date(Date.UTC(year, month - 1, day))
  const exists = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  return exists ? { year, month, day } : null
}
