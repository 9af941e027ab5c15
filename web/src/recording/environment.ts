// The few things the recording core takes from its surroundings, each injectable, with the defaults
// of the platform (browser or Node). Nothing here is touched while a module loads.

export type TimerId = unknown

/** Monotonic milliseconds and timers; never the phone's date. */
export interface Clock {
  now(): number
  setTimeout(run: () => void, after_ms: number): TimerId
  clearTimeout(timer: TimerId): void
}

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>

/** Chance and names: UUIDs for commands, a fraction in [0, 1) for jitter. */
export interface Chance {
  uuid(): string
  fraction(): number
}

/** `navigator.onLine` and its events; `online()` may be wrong in either direction. */
export interface Connectivity {
  online(): boolean
  subscribe(listener: (online: boolean) => void): () => void
}

/** The page around a recorder: hidden, shown, going away. */
export interface Page {
  visibility(): 'visible' | 'hidden'
  subscribe(listener: (event: 'hidden' | 'visible' | 'pagehide') => void): () => void
}

/** Mutual exclusion across tabs; `null` = someone else holds it. The returned function lets go. */
export interface Locks {
  tryHold(name: string): Promise<(() => void) | null>
}

export const platformClock: Clock = {
  now: () => performance.now(),
  setTimeout: (run, after_ms) => globalThis.setTimeout(run, after_ms),
  clearTimeout: (timer) => globalThis.clearTimeout(timer as ReturnType<typeof globalThis.setTimeout>),
}

export const platformFetch: Fetch = (url, init) => globalThis.fetch(url, init)

export const platformChance: Chance = {
  uuid: () => globalThis.crypto.randomUUID(),
  fraction: () => Math.random(),
}

export const alwaysOnline: Connectivity = { online: () => true, subscribe: () => () => {} }

export const alwaysVisible: Page = { visibility: () => 'visible', subscribe: () => () => {} }

export function browserConnectivity(): Connectivity {
  return {
    online: () => navigator.onLine,
    subscribe(listener) {
      const up = () => listener(true)
      const down = () => listener(false)
      window.addEventListener('online', up)
      window.addEventListener('offline', down)
      return () => {
        window.removeEventListener('online', up)
        window.removeEventListener('offline', down)
      }
    },
  }
}

export function browserPage(): Page {
  return {
    visibility: () => (document.visibilityState === 'hidden' ? 'hidden' : 'visible'),
    subscribe(listener) {
      const turned = () => listener(document.visibilityState === 'hidden' ? 'hidden' : 'visible')
      const gone = () => listener('pagehide')
      document.addEventListener('visibilitychange', turned)
      window.addEventListener('pagehide', gone)
      return () => {
        document.removeEventListener('visibilitychange', turned)
        window.removeEventListener('pagehide', gone)
      }
    },
  }
}

/** Locks within this process: for Node, and for browsers without the Web Locks API. */
export function memoryLocks(): Locks {
  const held = new Set<string>()
  return {
    async tryHold(name) {
      if (held.has(name)) return null
      held.add(name)
      return () => void held.delete(name)
    },
  }
}

export function browserLocks(): Locks {
  if (!('locks' in navigator)) return memoryLocks()
  return {
    tryHold: (name) =>
      new Promise((answer, reject) => {
        navigator.locks
          .request(name, { ifAvailable: true }, (lock) => {
            if (lock === null) return answer(null)
            return new Promise<void>((release) => answer(() => release()))
          })
          .catch(reject)
      }),
  }
}
