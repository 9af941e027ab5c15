import { describe, expect, it } from 'vitest'
import type { ReviewPart, TimelineEvent } from '@/api/console-types'
import { gapsOf, markersOf, neighbour, placeParts, spotOf, toneOf, withMarks } from './timeline'

const BEEP = 1_700_000_000_000

function part(over: Partial<ReviewPart> = {}): ReviewPart {
  return {
    id: 'p1', take_id: 't1', camera: 'main', state: 'assembled', media_url: '/api/parts/p1/media',
    duration_ms: 60_000, gaps: [], late: null, offset_ms: 0, started_at: BEEP, ...over,
  }
}

function event(over: Partial<TimelineEvent>): TimelineEvent {
  return { at: BEEP, kind: 'interrupted', subject_id: null, take_id: null, part_id: null, actor: { kind: 'candidate' }, text_params: {}, ...over }
}

it('lays flags among what happened, where the clock puts them', () => {
  const timeline = [event({ at: BEEP, kind: 'beeped' }), event({ at: BEEP + 60_000, kind: 'take_finished' })]
  const gap = { at: BEEP + 20_000, kind: 'unwitnessed_gap' as const, subject_id: 's1', take_id: 't1', part_id: 'p1', lasted_ms: 15_000 }
  const merged = withMarks(timeline, [gap])
  expect(merged.map((one) => one.kind)).toEqual(['beeped', 'unwitnessed_gap', 'take_finished'])
  expect(merged[1]?.text_params).toEqual({ lasted_ms: 15_000 })
  expect(toneOf('unwitnessed_gap')).toBe('warning')
  expect(toneOf('late_seals')).toBe('warning')
})

describe('the point in a recording that an event belongs to', () => {
  it('is the time since the part began', () => {
    const parts = placeParts([part()], [])
    expect(spotOf(event({ at: BEEP + 12_500, part_id: 'p1' }), parts)).toEqual({ part_id: 'p1', ms: 12_500 })
  })

  it('is found by the clock when the event names no part', () => {
    const second = part({ id: 'p2', started_at: BEEP + 90_000 })
    const parts = placeParts([part(), second], [])
    expect(spotOf(event({ at: BEEP + 95_000 }), parts)).toEqual({ part_id: 'p2', ms: 5_000 })
  })

  it('is nowhere while nothing was being recorded', () => {
    const parts = placeParts([part()], [])
    expect(spotOf(event({ at: BEEP + 70_000 }), parts)).toBeNull()
  })
})

describe('markers over the seek bar', () => {
  const parts = placeParts([part(), part({ id: 'p2', started_at: BEEP + 90_000 })], [])

  it('shows only what happened in this part, in order, without pulses', () => {
    const timeline = [
      event({ at: BEEP + 30_000, kind: 'take_lost' }), event({ at: BEEP + 10_000 }),
      event({ at: BEEP + 11_000, kind: 'pulse' }), event({ at: BEEP + 95_000 }),
    ]
    const markers = markersOf(parts[0]!, timeline, parts)
    expect(markers.map((marker) => [marker.ms, marker.tone])).toEqual([[10_000, 'warning'], [30_000, 'danger']])
  })

  it('steps to the next and the previous mark, not to the one it stands on', () => {
    const markers = [{ ms: 10_000 }, { ms: 30_000 }]
    expect(neighbour(markers, 10_100, 1)).toBe(30_000)
    expect(neighbour(markers, 10_100, -1)).toBeNull()
    expect(neighbour(markers, 40_000, -1)).toBe(30_000)
  })
})

describe('gaps and tones', () => {
  const placed = (gap: { from_index: number; to_index: number }, last_index: number | null) =>
    ({ ...part({ gaps: [gap] }), number: 1, last_index })

  it('places a gap by its share of the segments, inside the part', () => {
    expect(gapsOf(placed({ from_index: 61, to_index: 66 }, 120))).toEqual([{ from_ms: 30_000, to_ms: 33_000 }])
  })

  it('takes a segment for a second while the number of segments is unknown', () => {
    expect(gapsOf(placed({ from_index: 6, to_index: 8 }, null))).toEqual([{ from_ms: 5_000, to_ms: 8_000 }])
    expect(gapsOf(placed({ from_index: 59, to_index: 90 }, null))).toEqual([{ from_ms: 58_000, to_ms: 60_000 }])
  })

  it('keeps the loud colour for losses', () => {
    expect([toneOf('take_lost'), toneOf('granted'), toneOf('submitted')]).toEqual(['danger', 'warning', 'note'])
  })
})
