import { expect, test } from 'vitest'
import { birthDateOf } from './birth-date'

test('a date is read however it is typed', () => {
  const first_of_may = { year: 2009, month: 5, day: 1 }
  for (const typed of ['2009-05-01', '20090501', '2009.5.1', '2009/05/01', '2009年5月1日']) {
    expect(birthDateOf(typed), typed).toEqual(first_of_may)
  }
})

test('what is no day of the calendar is none', () => {
  for (const typed of ['', '2009', '2009-02-30', '2009-13-01', '1.5.2009']) expect(birthDateOf(typed), typed).toBeNull()
})
