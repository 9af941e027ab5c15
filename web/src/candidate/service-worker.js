// Keeps the built pages of the candidate's app on the phone, so that a reload without a network in mid-exam comes back
// with its footage. It never touches the API. The build fills in which files there are (vite.config.ts).
//
// A new version never takes over during a sitting: the app writes down until when one runs, and until then no other
// version is installed; the next visit tries again.
/* global self, caches */
const FILES = __FILES__
const SHELL = 'yikao-shell-__VERSION__'
const MEMORY = 'yikao-memory'
const SITTING = '/sitting-runs-until'

self.addEventListener('install', (event) => event.waitUntil(install()))
self.addEventListener('activate', (event) => event.waitUntil(forgetOlder()))
self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin) return
  if (request.mode === 'navigate') {
    if (isOurs(pathname)) event.respondWith(page(request))
  } else if (pathname.startsWith('/assets/') || FILES.includes(pathname)) {
    event.respondWith(file(request))
  }
})

async function install() {
  if (await sittingRuns()) throw new Error('a sitting runs: the version it began with stays')
  const shell = await caches.open(SHELL)
  await shell.addAll(FILES.map((path) => new Request(path, { cache: 'reload' })))
  await self.skipWaiting()
}

/** The version before stays: pages that are still open ask for its files. */
async function forgetOlder() {
  const shells = (await caches.keys()).filter((name) => name.startsWith('yikao-shell-') && name !== SHELL)
  for (const name of shells.slice(0, -1)) await caches.delete(name)
}

/** Every address of the app is one page; the console, the certificate's page and the API are not its business. */
function isOurs(pathname) {
  return !['/api', '/console', '/ca', '/healthz', '/metrics'].some((other) => pathname === other || pathname.startsWith(`${other}/`) || pathname.startsWith(`${other}.`))
}

async function page(request) {
  const shell = await caches.open(SHELL)
  return (await shell.match('/')) ?? fetch(request)
}

async function file(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request)
}

async function sittingRuns() {
  const memory = await caches.open(MEMORY)
  const until = Number(await (await memory.match(SITTING))?.text())
  return Date.now() < until
}
