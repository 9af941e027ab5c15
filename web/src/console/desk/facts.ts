/** What a review asks for, beside what holds: the words that staff compare. */
import type { DeskReviewDetail } from '@/api/desk'

type Person = DeskReviewDetail['candidate']
export type Wanted = { name: string; value: string; holds: string | null }

const ORDER = ['reason', 'name', 'document_type', 'document_number', 'province', 'season', 'class', 'candidate_number', 'school_roll']
/** Ids of pictures that stand among the pictures already. */
const SHOWN_ELSEWHERE = ['ticket', 'portrait']

export function wantedOf(values: Record<string, string>, person: Person): Wanted[] {
  const place = (name: string): number => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length)
  return Object.entries(values)
    .filter(([name]) => !SHOWN_ELSEWHERE.includes(name))
    .sort(([one], [other]) => place(one) - place(other))
    .map(([name, value]) => ({ name, value: name === 'school_roll' ? rollText(value) : value, holds: heldOf(name, person) }))
    .map((wanted) => ({ ...wanted, holds: wanted.holds === wanted.value ? null : wanted.holds }))
}

function heldOf(name: string, person: Person): string | null {
  if (!person.name) return null
  switch (name) {
    case 'name': return person.name
    case 'document_type': return person.document_type
    case 'document_number': return person.document_number
    case 'province': return person.province
    default: return null
  }
}

/** A 学籍 is kept as one value: school, stage, number. */
function rollText(value: string): string {
  try {
    const { school, stage, number } = JSON.parse(value) as { school?: string; stage?: string; number?: string }
    return [school, stage, number].filter(Boolean).join(' · ')
  } catch {
    return value
  }
}
