// A hint while a document number is typed; whether it is accepted, the server says.

/** What people type for the last digit of an ID card (C9), and the spaces they paste. */
export function tidyNumber(typed: string): string {
  return typed.replace(/[\s-]/g, '').replace(/[xXｘＸ×✕]/g, 'X').toUpperCase()
}

export type NumberHint = { state: 'empty' } | { state: 'short'; missing: number } | { state: 'good' | 'bad' }

/** Checks the shape of an 18-digit ID card number by its last digit (GB 11643). */
export function idCardHint(number: string): NumberHint {
  if (number === '') return { state: 'empty' }
  if (/^\d{1,17}$/.test(number)) return { state: 'short', missing: 18 - number.length }
  if (!/^\d{17}[\dX]$/.test(number)) return { state: 'bad' }
  return { state: number.charAt(17) === checkDigit(number) ? 'good' : 'bad' }
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

function checkDigit(number: string): string {
  const sum = WEIGHTS.reduce((total, weight, place) => total + weight * Number(number.charAt(place)), 0)
  return '10X98765432'.charAt(sum % 11)
}
