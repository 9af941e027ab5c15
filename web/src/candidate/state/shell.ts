// The app itself, kept on the phone by its service worker, and the word to it that a sitting runs.
const MEMORY = 'yikao-memory'
const SITTING = '/sitting-runs-until'
/** What a view of a sitting may be late by when the phone writes down how long it runs. */
const MARGIN_MS = 60_000

/** Without a service worker (plain HTTP, an untrusted certificate) the app works; only a reload needs the network. */
export async function keepShell(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  await navigator.serviceWorker.register('/service-worker.js', { updateViaCache: 'none' }).catch(() => undefined)
}

/** Until a sitting is over no other version of the app takes over. The phone's clock is asked for a span alone. */
export async function sittingRunsFor(left_ms: number): Promise<void> {
  if (!('caches' in window)) return
  const until = left_ms > 0 ? Date.now() + left_ms + MARGIN_MS : 0
  const memory = await caches.open(MEMORY)
  await memory.put(SITTING, new Response(String(until)))
}
