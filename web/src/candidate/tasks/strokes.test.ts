// A signature by hand, from pointer to field.
import { expect, test } from 'vitest'
import { drawnTo, pathOf, pointAt, withoutDots } from './strokes'

const box = { left: 10, top: 20, width: 500, height: 200 }

test('a pointer is found on the field, and outside of it at its edge', () => {
  expect(pointAt(260, 120, box)).toEqual([500, 200])
  expect(pointAt(-50, 900, box)).toEqual([0, 400])
})

test('a stroke grows by points that say something new', () => {
  const begun = drawnTo([[]], [100, 100])
  expect(drawnTo(begun, [102, 101])).toEqual(begun)
  expect(drawnTo(begun, [150, 100])).toEqual([[[100, 100], [150, 100]]])
})

test('there is an end to what is kept', () => {
  const long = [Array.from({ length: 3900 }, (_, at): [number, number] => [at % 1000, 0])]
  expect(drawnTo(long, [500, 300])).toBe(long)
})

test('a resting finger leaves nothing', () => {
  expect(withoutDots([[[1, 1]], [[1, 1], [9, 9]]])).toEqual([[[1, 1], [9, 9]]])
})

test('a stroke is drawn as a path', () => {
  expect(pathOf([[0, 0], [10, 20]])).toBe('M0 0L10 20')
})
