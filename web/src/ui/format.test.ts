// Countdowns as people read them: minutes until the last five, never a jump below zero.
import { expect, test } from 'vitest'
import { bytesText, clockText, remaining } from './format'

const MINUTE = 60_000

test('a countdown shows whole minutes, rounded up', () => {
  expect(remaining(13 * MINUTE + 1)).toMatchObject({ unit: 'minutes', minutes: 14 })
})

test('the last five minutes show seconds', () => {
  expect(remaining(5 * MINUTE)).toMatchObject({ unit: 'seconds', text: '05:00' })
  expect(remaining(61_500)).toMatchObject({ unit: 'seconds', text: '01:02' })
})

test('two hours are hours, two days are days', () => {
  expect(remaining(120 * MINUTE)).toMatchObject({ unit: 'hours', hours: 2, minutes: 0 })
  expect(remaining(50 * 60 * MINUTE)).toMatchObject({ unit: 'days', days: 2, hours: 2 })
})

test('nothing is left after the end', () => {
  expect(remaining(-1)).toMatchObject({ unit: 'seconds', text: '00:00' })
})

test('a clock shows hours only when there are any', () => {
  expect(clockText(65_999)).toBe('01:05')
  expect(clockText(3_665_000)).toBe('1:01:05')
})

test('sizes are read at a glance', () => {
  expect(bytesText(0)).toBe('0 B')
  expect(bytesText(1_240_000)).toBe('1.2 MB')
  expect(bytesText(34_000_000)).toBe('34 MB')
})
