// The hint beside an ID card number, by the standard's own example.
import { expect, test } from 'vitest'
import { idCardHint, tidyNumber } from './id-number'

test('the example of the standard checks out', () => {
  expect(idCardHint('11010519491231002X')).toEqual({ state: 'good' })
})

test('one wrong digit shows', () => {
  expect(idCardHint('11010519491231003X')).toEqual({ state: 'bad' })
})

test('an unfinished number says how much is missing', () => {
  expect(idCardHint('110105')).toEqual({ state: 'short', missing: 12 })
})

test('an X may be typed in any of its forms', () => {
  expect(tidyNumber('1101051949 1231002ｘ')).toBe('11010519491231002X')
  expect(tidyNumber('11010519491231002×')).toBe('11010519491231002X')
})
