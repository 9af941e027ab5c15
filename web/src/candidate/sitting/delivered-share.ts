// How much of a take the server has: by the phone's own count where it has the part, else by the server's.
import type { PartView } from '@/api/types'

interface Counted {
  stored: number
  delivered: number
}

/** 0 to 1 over all parts; nothing counted yet is 0. */
export function deliveredShare(parts: readonly PartView[], local: Record<string, Counted | undefined>): number {
  const counts = parts.map((part) => countOf(part, local[part.id]))
  const stored = counts.reduce((sum, each) => sum + each.stored, 0)
  const delivered = counts.reduce((sum, each) => sum + each.delivered, 0)
  return stored === 0 ? 0 : Math.min(1, delivered / stored)
}

function countOf(part: PartView, local: Counted | undefined): Counted {
  if (part.complete) return { stored: Math.max(1, part.received), delivered: Math.max(1, part.received) }
  return local ?? { stored: part.last_index ?? part.received + 1, delivered: part.received }
}
