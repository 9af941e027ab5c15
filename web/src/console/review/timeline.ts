/** Where a moment of the server's clock lies in a recording, and the other way round. All times in ms. */
import type { Mark, ReviewPart, TimelineEvent } from '@/api/console-types'
import type { SubjectRunView } from '@/api/types'

/** A part that can be laid along the clock: when it began, and how long it plays. */
export type PlacedPart = ReviewPart & { number: number; last_index: number | null }

/** Numbers the parts within their takes, and adds how many segments each has, where that is known. */
export function placeParts(parts: readonly ReviewPart[], subjects: readonly SubjectRunView[]): PlacedPart[] {
  const numbers = new Map<string | null, number>()
  const lengths = new Map(subjects.flatMap((subject) => subject.takes.flatMap((take) => take.parts))
    .map((part) => [part.id, part.last_index]))
  return parts.map((part) => {
    const number = (numbers.get(part.take_id) ?? 0) + 1
    numbers.set(part.take_id, number)
    return { ...part, number, last_index: lengths.get(part.id) ?? null }
  })
}

/** What happened and what was flagged, in the order of the clock. */
export function withMarks(timeline: readonly TimelineEvent[], marks: readonly Mark[]): TimelineEvent[] {
  const flags = marks.map(({ lasted_ms, ...mark }): TimelineEvent => ({ ...mark, actor: { kind: 'system' }, text_params: { lasted_ms } }))
  return [...timeline, ...flags].sort((one, other) => one.at - other.at)
}

export type Spot = { part_id: string; ms: number }

function within(part: PlacedPart, at: number): boolean {
  return at >= part.started_at && at <= part.started_at + (part.duration_ms ?? 0)
}

/** The point in a recording an event belongs to; null when nothing was being recorded then. */
export function spotOf(event: TimelineEvent, parts: readonly PlacedPart[]): Spot | null {
  const own = parts.find((part) => part.id === event.part_id)
  const covering = parts.filter((part) => within(part, event.at))
  const chosen = own ?? covering.find((part) => part.take_id === event.take_id) ?? covering[0]
  if (!chosen) return null
  return { part_id: chosen.id, ms: clamp(event.at - chosen.started_at, 0, chosen.duration_ms ?? Infinity) }
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high)
}

export type MarkTone = 'note' | 'warning' | 'danger'
export type Marker = { key: string; ms: number; tone: MarkTone; event: TimelineEvent }

const DANGER = /(lost|failed|missed|damaged|lapsed|conflict)/
const WARNING = /(interrupt|grace|resum|unwitnessed|late|gap|suspend|grant|reopen|mark|part_opened|several_faces|weak_match|not_same_person)/

export function toneOf(kind: string): MarkTone {
  if (DANGER.test(kind)) return 'danger'
  return WARNING.test(kind) ? 'warning' : 'note'
}

/** The events that fall into one part, in order, for the markers over its seek bar. */
export function markersOf(part: PlacedPart, timeline: readonly TimelineEvent[], parts: readonly PlacedPart[]): Marker[] {
  return timeline
    .map((event, index) => ({ event, index, spot: spotOf(event, parts) }))
    .filter((found) => found.spot?.part_id === part.id && found.event.kind !== 'pulse')
    .map(({ event, index, spot }) => ({ key: `${index}`, ms: spot?.ms ?? 0, tone: toneOf(event.kind), event }))
    .sort((a, b) => a.ms - b.ms)
}

/** The next mark after (or before) a point; marks closer than a quarter second count as the same place. */
export function neighbour(markers: readonly { ms: number }[], ms: number, direction: 1 | -1): number | null {
  const slack = 250
  const ahead = direction === 1
    ? markers.find((marker) => marker.ms > ms + slack)
    : [...markers].reverse().find((marker) => marker.ms < ms - slack)
  return ahead ? ahead.ms : null
}

export type Gap = { from_ms: number; to_ms: number }

/**
 * Gaps on the part's own time line. Segments of one part last about equally long; how long, the part's length tells,
 * or else a slice of a second is taken for one.
 */
export function gapsOf(part: PlacedPart): Gap[] {
  const length = part.duration_ms ?? 0
  const each = part.last_index ? length / part.last_index : 1000
  return part.gaps.map((gap) => ({
    from_ms: Math.round(clamp((gap.from_index - 1) * each, 0, length)), to_ms: Math.round(clamp(gap.to_index * each, 0, length)),
  }))
}
