import { describe, expect, it } from 'vitest'
import { urgencyOf } from './service'

const NOW = 1_800_000_000_000
const MINUTE = 60_000
const review = (over: Partial<Parameters<typeof urgencyOf>[0]>) =>
  ({ state: 'open', due_at: NOW + 120 * MINUTE, alarm_at: null, ...over }) as Parameters<typeof urgencyOf>[0]

describe('the service clock', () => {
  it('puts a candidate in an open exam first, and alarms after the target time', () => {
    expect(urgencyOf(review({ alarm_at: NOW + MINUTE }), NOW)).toBe('exam')
    expect(urgencyOf(review({ alarm_at: NOW }), NOW)).toBe('alarm')
  })

  it('tells what is late from what soon will be', () => {
    expect(urgencyOf(review({}), NOW)).toBe('calm')
    expect(urgencyOf(review({ due_at: NOW + 10 * MINUTE }), NOW)).toBe('soon')
    expect(urgencyOf(review({ due_at: NOW }), NOW)).toBe('late')
  })

  it('rests while the candidate has to give more, and when all is said', () => {
    expect(urgencyOf(review({ state: 'need_more', due_at: NOW - MINUTE }), NOW)).toBe('calm')
    expect(urgencyOf(review({ state: 'decided', alarm_at: NOW - MINUTE }), NOW)).toBe('calm')
  })
})
