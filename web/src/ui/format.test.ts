// Countdowns as people read them: minutes until the last five, never a jump below zero.
import { expect, test } from 'vitest'
import { bytesText, clockText, remaining, momentText } from './format'

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

test('a moment is that of the exam\'s place, which is named where it is another time', () => {
  const noon = Date.UTC(2027, 0, 11, 4)
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone
  expect(momentText(noon, 'en', 'Asia/Shanghai')).toContain('12:00')
  expect(momentText(noon, 'en', 'Pacific/Kiritimati')).toContain('18:00 GMT+14')
  expect(momentText(noon, 'en', here)).toBe(momentText(noon, 'en'))
})
