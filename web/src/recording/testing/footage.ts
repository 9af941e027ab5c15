// A part and its sealed segments, ready made for tests.
import { chainStart, seal } from '../seal'
import type { NewPart } from '../segment-store'
import type { SealedSegment } from '../types'
import { slice } from './fake-recorder'

export const ACCOUNT = '018f0000-0000-7000-8000-00000000000a'
export const SITTING = '018f0000-0000-7000-8000-000000000001'
export const TAKE = '018f0000-0000-7000-8000-000000000002'
export const SUBJECT = '018f0000-0000-7000-8000-000000000003'

export function partId(number: number): string {
  return `018f0000-0000-7000-8000-0000000001${String(number).padStart(2, '0')}`
}

export async function newPart(number: number, differing: Partial<NewPart> = {}): Promise<NewPart> {
  const binding = { part_id: partId(number), sitting_id: SITTING, owner_kind: 1 as const, owner_id: TAKE }
  return {
    ...binding,
    account_id: ACCOUNT,
    subject_id: SUBJECT,
    take_id: TAKE,
    kind: 'formal',
    mime: 'video/mp4',
    capability: `capability-${number}`,
    started_captured_ms: 0,
    head: await chainStart(binding),
    ...differing,
  }
}

/** `count` segments of one second each, as they follow `after` (its index and head). */
export async function sealed(part: NewPart, count: number, after = { index: 0, head: part.head }): Promise<SealedSegment[]> {
  const segments: SealedSegment[] = []
  let { index, head } = after
  for (let made = 0; made < count; made += 1) {
    index += 1
    const bytes = slice(1_000 + index, index)
    const fresh = await seal(head, index, bytes)
    head = fresh.head
    const captured = { captured_from_ms: (index - 1) * 1_000, captured_to_ms: index * 1_000 }
    segments.push({ part_id: part.part_id, index, length: bytes.length, ...fresh, ...captured, delivered: false, bytes })
  }
  return segments
}
