/** Whether the question shows after a key was pressed: Q opens and hides it, Escape hides it, every other key is not ours. */
export function shownAfter(key: string, shown: boolean): boolean {
  if (key === 'Escape') return false
  return key.toLowerCase() === 'q' ? !shown : shown
}
