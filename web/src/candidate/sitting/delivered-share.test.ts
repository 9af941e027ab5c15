// How far a take is delivered, as the candidate sees it.
import { expect, test } from 'vitest'
import { deliveredShare } from './delivered-share'

const part = { id: 'p', number: 1, last_index: 10, received: 4, complete: false, duration_ms: null }

test('the phone that recorded counts by its own store', () => {
  expect(deliveredShare([part], { p: { stored: 10, delivered: 5 } })).toBe(0.5)
})

test('another phone shows what the server has received', () => {
  expect(deliveredShare([part], {})).toBe(0.4)
})

test('a part still being recorded elsewhere is never all delivered', () => {
  expect(deliveredShare([{ ...part, last_index: null }], {})).toBe(0.8)
})

test('a complete part counts as delivered whatever the phone still believes', () => {
  expect(deliveredShare([{ ...part, received: 10, complete: true }], { p: { stored: 10, delivered: 9 } })).toBe(1)
})

test('nothing known yet is nothing delivered', () => {
  expect(deliveredShare([], {})).toBe(0)
})
