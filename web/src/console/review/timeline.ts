/** Where a moment of the server's clock lies in a recording, and the other way round. All times in ms. */
import type { ReviewPart, SittingReview, TimelineEvent } from '@/api/console-types'

/** A part that can be laid along the clock: when it began, and how long it plays. */
export type PlacedPart = ReviewPart & { began_at: number | null; number: number }

const PART_BEGINS = new Set(['take_started', 'part_opened'])

/** When the part's first frame was filmed, as nearly as the server knows. */
function beganAt(part: ReviewPart, timeline: readonly TimelineEvent[]): number | null {
  if (part.started_at !== undefined && part.started_at !== null) return part.started_at
  const own = timeline.filter((event) => event.part_id === part.id)
  const first = own.find((event) => PART_BEGINS.has(event.kind)) ?? own[0]
    ?? timeline.find((event) => event.take_id === part.take_id && PART_BEGINS.has(event.kind))
  return first ? first.at : null
}

export function placeParts(review: Pick<SittingReview, 'parts' | 'timeline'>): PlacedPart[] {
  const numbers = new Map<string, number>()
  return review.parts.map((part) => {
    const number = (numbers.get(part.take_id) ?? 0) + 1
    numbers.set(part.take_id, number)
    return { ...part, number, began_at: beganAt(part, review.timeline) }
  })
}

export type Spot = { part_id: string; ms: number }

function within(part: PlacedPart, at: number): boolean {
  if (part.began_at === null) return false
  return at >= part.began_at && at <= part.began_at + (part.duration_ms ?? 0)
}

/** The point in a recording an event belongs to; null when nothing was being recorded then. */
export function spotOf(event: TimelineEvent, parts: readonly PlacedPart[]): Spot | null {
  const own = parts.find((part) => part.id === event.part_id)
  const covering = parts.filter((part) => within(part, event.at))
  const chosen = own ?? covering.find((part) => part.take_id === event.take_id) ?? covering[0]
  if (!chosen || chosen.began_at === null) return null
  return { part_id: chosen.id, ms: clamp(event.at - chosen.began_at, 0, chosen.duration_ms ?? Infinity) }
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high)
}

export type MarkTone = 'note' | 'warning' | 'danger'
export type Marker = { key: string; ms: number; tone: MarkTone; event: TimelineEvent }

const DANGER = /(lost|failed|missed|damaged|lapsed|conflict)/
const WARNING = /(interrupt|grace|resum|unwitnessed|late|gap|suspend|grant|reopen|mark|part_opened)/

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

/** Gaps on the part's own time line. Without times from the server a gap is placed by index: a segment is about a second. */
export function gapsOf(part: ReviewPart): Gap[] {
  const length = part.duration_ms ?? 0
  return part.gaps.map((gap) => ({
    from_ms: clamp(gap.from_ms ?? (gap.from_index - 1) * 1000, 0, length),
    to_ms: clamp(gap.to_ms ?? gap.to_index * 1000, 0, length),
  }))
}
