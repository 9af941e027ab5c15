// What is inside the frame is what is sent.
import { expect, test } from 'vitest'
import { frameOf, framed } from './frame'

test('a card is cut out of the middle of an upright phone, wider than high, with a margin', () => {
  const box = framed({ width: 1080, height: 1920 }, { width: 390, height: 693 }, frameOf('card_front'))
  expect(box.width).toBeCloseTo(1080, -1)
  expect(box.width / box.height).toBeGreaterThan(1.3)
  expect(box.y + box.height / 2).toBeCloseTo(960, -1)
})

test('nothing is taken from beyond the camera’s picture', () => {
  const box = framed({ width: 640, height: 480 }, { width: 390, height: 844 }, frameOf('admission_ticket'))
  expect(box.x).toBeGreaterThanOrEqual(0)
  expect(box.x + box.width).toBeLessThanOrEqual(640)
  expect(box.height).toBeLessThanOrEqual(480)
})

test('only faces are taken with the camera on the screen’s side', () => {
  expect(frameOf('portrait').self).toBe(true)
  expect(frameOf('card_back').self).toBe(false)
})
