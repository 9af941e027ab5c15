// Gets the newest version of the app: the service worker is asked for it, and the page is loaded again.
const PATIENCE_MS = 10_000
const MEMORY = 'yikao-memory'
const SITTING = '/sitting-runs-until'

export async function renew(): Promise<void> {
  await newestWorkers().catch(() => undefined)
  window.location.reload()
}

/** A version that is let in nowhere is of no use to a sitting that runs; its footage stays on the phone. */
async function newestWorkers(): Promise<void> {
  if (!('serviceWorker' in navigator) || !('caches' in window)) return
  await (await caches.open(MEMORY)).delete(SITTING)
  const workers = await navigator.serviceWorker.getRegistrations()
  await Promise.all(
    workers.map(async (worker) => {
      await worker.update()
      await settled(worker)
    }),
  )
}

function settled(worker: ServiceWorkerRegistration): Promise<void> {
  const next = worker.installing ?? worker.waiting
  if (next === null) return Promise.resolve()
  return new Promise((done) => {
    const timer = setTimeout(done, PATIENCE_MS)
    next.addEventListener('statechange', () => {
      if (next.state !== 'activated' && next.state !== 'redundant') return
      clearTimeout(timer)
      done()
    })
  })
}
