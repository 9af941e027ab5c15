import { describe, expect, it } from 'vitest'
import { age, preciseStopwatch, stopwatch, timeLeft } from './amounts'

describe('time left on a sitting', () => {
  it('counts minutes while there is time', () => {
    expect(timeLeft(42 * 60_000, 0)).toEqual({ amount: '42', unit: 'min', urgency: 'calm' })
    expect(timeLeft(125 * 60_000, 0)).toEqual({ amount: '2:05', unit: 'h', urgency: 'calm' })
  })

  it('turns to seconds in the last five minutes', () => {
    expect(timeLeft(4 * 60_000 + 59_000, 0)).toEqual({ amount: '4:59', unit: 'none', urgency: 'last' })
  })

  it('stays at zero after the close', () => {
    expect(timeLeft(1000, 5000)).toEqual({ amount: '0:00', unit: 'none', urgency: 'over' })
  })

  it('is silent where no close is known', () => {
    expect(timeLeft(null, 0)).toBeNull()
  })
})

describe('points in a recording', () => {
  it('shows hours only when there are hours', () => {
    expect(stopwatch(123_000)).toBe('2:03')
    expect(stopwatch(3_723_000)).toBe('1:02:03')
  })

  it('keeps the sign of what came before the beep', () => {
    expect(stopwatch(-5_000)).toBe('−0:05')
  })

  it('shows tenths for marks', () => {
    expect(preciseStopwatch(61_450)).toBe('1:01.4')
  })
})

describe('age of a last contact', () => {
  it('is told in the largest fitting unit', () => {
    expect([age(4_200), age(190_000), age(7_300_000)]).toEqual([{ amount: '4', unit: 's' }, { amount: '3', unit: 'min' }, { amount: '2', unit: 'h' }])
  })
})
