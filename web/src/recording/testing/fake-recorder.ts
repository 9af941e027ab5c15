// A MediaRecorder, its stream and its page for tests: slices come when the test gives them.
import type { Page } from '../environment'
import type { CreateRecorder, MediaRecorderLike, StreamLike, TrackLike } from '../recorder'

type Listener = (event: never) => void

class Listeners {
  readonly #listeners = new Map<string, Set<Listener>>()

  addEventListener(name: string, listener: Listener): void {
    const listeners = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, listeners.add(listener))
  }

  removeEventListener(name: string, listener: Listener): void {
    this.#listeners.get(name)?.delete(listener)
  }

  fire(name: string, event: object = {}): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) listener(event as never)
  }
}

export class FakeRecorder extends Listeners {
  state: MediaRecorderLike['state'] = 'inactive'
  requested = 0
  /** What the recorder still holds when it is stopped. */
  last_slice: Uint8Array | null = null

  start(): void {
    this.state = 'recording'
    queueMicrotask(() => this.fire('start'))
  }

  stop(): void {
    this.state = 'inactive'
    queueMicrotask(() => {
      if (this.last_slice !== null) this.give(this.last_slice)
      this.fire('stop')
    })
  }

  requestData(): void {
    this.requested += 1
  }

  give(slice: Uint8Array): void {
    this.fire('dataavailable', { data: new Blob([slice as BlobPart]) })
  }

  break(): void {
    this.state = 'inactive'
    this.fire('error')
    queueMicrotask(() => {
      if (this.last_slice !== null) this.give(this.last_slice)
      this.fire('stop')
    })
  }
}

export class FakeTrack extends Listeners {
  constructor(readonly kind: 'audio' | 'video') {
    super()
  }
}

export class FakeStream {
  readonly audio = new FakeTrack('audio')
  readonly video = new FakeTrack('video')

  getTracks(): TrackLike[] {
    return [this.audio, this.video] as unknown as TrackLike[]
  }
}

export class FakePage implements Page {
  #visibility: 'visible' | 'hidden' = 'visible'
  readonly #listeners = new Set<(event: 'hidden' | 'visible' | 'pagehide') => void>()

  visibility(): 'visible' | 'hidden' {
    return this.#visibility
  }

  subscribe(listener: (event: 'hidden' | 'visible' | 'pagehide') => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  turn(event: 'hidden' | 'visible' | 'pagehide'): void {
    if (event !== 'pagehide') this.#visibility = event
    for (const listener of [...this.#listeners]) listener(event)
  }
}

/** Makes fake recorders and remembers them, newest last. */
export function fakeRecorders(): { made: FakeRecorder[]; create: CreateRecorder } {
  const made: FakeRecorder[] = []
  const create = (_stream: StreamLike) => {
    const recorder = new FakeRecorder()
    made.push(recorder)
    return recorder as unknown as MediaRecorderLike
  }
  return { made, create }
}

/** Bytes that differ from slice to slice. */
export function slice(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => (at * 31 + seed * 97 + (at >> 8)) % 256)
}
