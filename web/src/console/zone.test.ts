import { describe, expect, it } from 'vitest'
import { clockTime, isZone, momentOf, shortTime, wallTime, zoneOffset } from './zone'

describe('the hour of the exam’s place', () => {
  it('reads the wall clock of Shanghai from a moment', () => {
    expect(wallTime(Date.UTC(2026, 10, 20, 10, 30), 'Asia/Shanghai')).toBe('2026-11-20 18:30')
  })

  it('turns what staff typed back into the same moment', () => {
    expect(momentOf('2026-11-20 18:30', 'Asia/Shanghai')).toBe(Date.UTC(2026, 10, 20, 10, 30))
  })

  it('writes midnight as 00, not 24', () => {
    expect(clockTime(Date.UTC(2026, 10, 20, 16, 0), 'Asia/Shanghai')).toBe('00:00:00')
  })

  it('follows summer time where the zone has it', () => {
    expect(momentOf('2026-07-01 09:00', 'Europe/Berlin')).toBe(Date.UTC(2026, 6, 1, 7, 0))
    expect(momentOf('2026-12-01 09:00', 'Europe/Berlin')).toBe(Date.UTC(2026, 11, 1, 8, 0))
  })

  it('refuses a day that does not exist and a zone nobody knows', () => {
    expect(momentOf('2026-02-31 09:00', 'Asia/Shanghai')).toBeNull()
    expect(momentOf('tomorrow', 'Asia/Shanghai')).toBeNull()
    expect(isZone('Asia/Shanghia')).toBe(false)
  })

  it('leaves out the year only when it is this year', () => {
    const now = Date.UTC(2026, 10, 20)
    expect(shortTime(Date.UTC(2026, 10, 21, 1, 0), 'Asia/Shanghai', now)).toBe('11-21 09:00')
    expect(shortTime(Date.UTC(2027, 0, 2, 1, 0), 'Asia/Shanghai', now)).toBe('2027-01-02 09:00')
  })

  it('says how far the zone is from UTC', () => {
    expect(zoneOffset('Asia/Shanghai', 0)).toBe('UTC+8')
    expect(zoneOffset('Asia/Kolkata', Date.UTC(2026, 0, 1))).toBe('UTC+5:30')
  })
})
