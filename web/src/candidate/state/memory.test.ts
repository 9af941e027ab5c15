import { beforeEach, expect, it } from 'vitest'
import type { SittingView } from '@/api/types'
import { rememberAccount, rememberedAccount, rememberedSitting, rememberSitting } from './memory'
import { emptyStorage, kept } from '../../../mock/storage'

beforeEach(emptyStorage)

const sitting = (id: string, state: string) => ({ id, phase: { state } }) as unknown as SittingView

it('remembers the sitting that runs, and forgets it when it is over', () => {
  rememberSitting(sitting('first', 'open'))
  rememberSitting(sitting('second', 'open'))
  expect(rememberedSitting('first')).toBeNull()
  expect(rememberedSitting('second')?.id).toBe('second')
  rememberSitting(sitting('second', 'closed'))
  expect(rememberedSitting('second')).toBeNull()
})

it('forgets everything of whoever signs out', () => {
  rememberAccount('account')
  rememberSitting(sitting('first', 'open'))
  rememberAccount(null)
  expect(rememberedAccount()).toBeNull()
  expect(kept.size).toBe(0)
})

it('does without a browser that keeps nothing', () => {
  Object.assign(globalThis, { localStorage: { getItem: () => { throw new Error('no') }, setItem: () => { throw new Error('full') } } })
  rememberAccount('account')
  expect(rememberedAccount()).toBeNull()
})
