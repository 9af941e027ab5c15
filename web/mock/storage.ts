// A browser's `localStorage` where there is no browser.

/** What it keeps, for tests to look into. */
export const kept = new Map<string, string>()

/** An empty one, in the place of the last. */
export function emptyStorage(): void {
  kept.clear()
  Object.assign(globalThis, {
    localStorage: {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
      key: (at: number) => [...kept.keys()][at] ?? null,
      get length() {
        return kept.size
      },
    },
  })
}
