import { describe, expect, it } from 'vitest'
import type { TimelineEvent } from '@/api/console-types'
import { actorOf, eventDetails } from './eventText'

const words: Record<string, string> = { 'param.cause': 'cause', 'param.act': 'act', 'value.call': 'call', 'param.extra_ms': 'granted', 'param.reason': 'reason', 'param.closes_at': 'closes' }
const named = (key: string, code: string): string => words[`${key}.${code}`] ?? code

function event(text_params: Record<string, unknown>): TimelineEvent {
  return { at: 0, kind: 'granted', subject_id: null, take_id: null, part_id: null, actor: { kind: 'staff', role: 'proctor' }, text_params }
}

describe('what the timeline says of an event', () => {
  it('puts codes into words and keeps a reason as it was written', () => {
    expect(eventDetails(event({ cause: 'interrupted', act: 'call' }), named, 'UTC')).toBe('act call · cause interrupted')
    expect(eventDetails(event({ reason: 'call' }), named, 'UTC')).toBe('reason call')
  })

  it('tells spans as time and moments by the clock of the zone', () => {
    expect(eventDetails(event({ extra_ms: 600_000, closes_at: 0 }), named, 'Asia/Shanghai')).toBe('granted 10:00 · closes 08:00:00')
  })

  it('leaves out what only machines need', () => {
    expect(eventDetails(event({ silent_at: 5, deliver_until: 7, counted: false }), named, 'UTC')).toBe('')
  })

  it('names a person before a role, a role before a kind', () => {
    expect(actorOf(event({}))).toBe('proctor')
    expect(actorOf({ ...event({}), actor: { kind: 'staff', role: 'proctor', name: '李老师' } })).toBe('李老师')
  })
})
