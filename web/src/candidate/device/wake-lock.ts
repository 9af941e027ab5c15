// Keeps the screen on while a take runs, where the browser can: a phone that locks itself interrupts.

interface Sentinel {
  release(): Promise<void>
}
type WithWakeLock = Navigator & { wakeLock?: { request(kind: 'screen'): Promise<Sentinel> } }

let held: Sentinel | null = null
let wanted = false

export function canKeepAwake(): boolean {
  return (navigator as WithWakeLock).wakeLock !== undefined
}

export async function keepAwake(): Promise<boolean> {
  wanted = true
  return acquire()
}

export function letSleep(): void {
  wanted = false
  void held?.release()
  held = null
}

async function acquire(): Promise<boolean> {
  try {
    held = (await (navigator as WithWakeLock).wakeLock?.request('screen')) ?? null
    return held !== null
  } catch {
    return false
  }
}

// The browser lets go whenever the page is hidden.
document.addEventListener('visibilitychange', () => {
  if (wanted && document.visibilityState === 'visible') void acquire()
})
