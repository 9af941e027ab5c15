// Acts that cost the same are said in one line, others in lines of their own.
import { expect, test } from 'vitest'
import type { InterruptionRule } from '@/api/types'
import { interruptionLines } from './interruption-words'

const never: InterruptionRule = { allowed: 0, resume_within_ms: 0, effect: 'lose_take' }
const once: InterruptionRule = { allowed: 1, resume_within_ms: 30_000, effect: 'lose_take' }
const rules = { left_page: never, locked: never, call: never, track_ended: never, reload: never, recorder_error: never }

test('one rule for all acts is one line', () => {
  expect(interruptionLines(rules)).toHaveLength(1)
})

test('a reload that is forgiven once is a line of its own', () => {
  const lines = interruptionLines({ ...rules, reload: once, recorder_error: once })
  expect(lines.map(({ allowed, acts }) => [allowed, acts])).toEqual([
    [0, ['left_page', 'locked', 'call', 'track_ended']],
    [1, ['reload', 'recorder_error']],
  ])
})

test('what is only noted does not depend on how often', () => {
  const noted: InterruptionRule = { allowed: 3, resume_within_ms: 5_000, effect: 'note' }
  expect(interruptionLines({ ...rules, call: noted, locked: { ...noted, allowed: 1 } })[1]?.acts).toEqual(['locked', 'call'])
})
