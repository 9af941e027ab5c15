// What this page noted lately, kept in memory alone: pages shown, errors, network. It leaves the phone only when
// somebody sends it to the desk with a message.
const KEPT = 200
const lines: string[] = []

export function note(what: string): void {
  lines.push(`${new Date().toISOString()} ${what}`.slice(0, 300))
  if (lines.length > KEPT) lines.shift()
}

/** Begins to note what a person at the desk would ask for. */
export function startNoting(): void {
  window.addEventListener('error', (event) => note(`error ${event.message}`))
  window.addEventListener('unhandledrejection', (event) => note(`error ${String(event.reason)}`))
  window.addEventListener('online', () => note('online'))
  window.addEventListener('offline', () => note('offline'))
  document.addEventListener('visibilitychange', () => note(document.visibilityState))
}

/** The device and the last lines, newest last. */
export function deviceLog(): string {
  const { width, height } = window.screen
  const about = [navigator.userAgent, `${width}×${height}`, navigator.language, navigator.onLine ? 'online' : 'offline']
  return [...about, ...lines].join('\n')
}
