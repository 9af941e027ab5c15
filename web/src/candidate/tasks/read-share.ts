/** How much of the shortest reading time is over, 0 to 1; nothing while it has not begun. */
export function readShare(left_ms: number | null, min_ms: number | null): number {
  if (left_ms === null) return 0
  if (min_ms === null || min_ms <= 0) return 1
  return Math.min(1, Math.max(0, 1 - left_ms / min_ms))
}
