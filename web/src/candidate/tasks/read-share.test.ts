// The ring of a text that is read.
import { expect, test } from 'vitest'
import { readShare } from './read-share'

test('a ring fills as the reading time goes by', () => {
  expect([30_000, 15_000, 0].map((left) => readShare(left, 30_000))).toEqual([0, 0.5, 1])
})

test('nothing is full before reading has begun, and without a shortest time all is', () => {
  expect(readShare(null, 30_000)).toBe(0)
  expect(readShare(0, 0)).toBe(1)
  expect(readShare(40_000, 30_000)).toBe(0)
})
