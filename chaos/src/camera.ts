// A phone's camera and recorder, as far as the recording code can tell: real media bytes, handed out
// faster than life, into the ledger first. The camera can be taken away, and dies with the app.
import type { MediaReport, MediaSource } from '../../web/src/recording'
import type { CreateRecorder, MediaRecorderLike, StreamLike, TrackLike } from '../../web/src/recording/recorder'
import type { Dice } from './chance'
import { slice, type Clip } from './clips'
import type { Ledger, Run } from './ledger'
import type { Life } from './life'

export interface CameraOptions {
  phone: string
  clip: Clip
  /** Noise added to each slice, in bytes, least and most. */
  filler_bytes: [number, number]
  tempo: number
  dice: Dice
  ledger: Ledger
  life: Life
}

/** A camera that is switched on; one recorder runs on it. */
export class Camera {
  readonly source: MediaSource
  readonly tracks = [new Track('video'), new Track('audio')]
  recorder: FakeRecorder | null = null
  /** What it records for. */
  take: { readonly take_id: string | null } | null = null
  readonly #waiting: { slices: number; reached: () => void }[] = []

  constructor(readonly options: CameraOptions) {
    const stream: StreamLike = Object.assign(new CameraStream(this), {})
    this.source = {
      stream: stream as unknown as MediaStream,
      meter: null,
      report: (mime): MediaReport => ({
        mime,
        width: 160,
        height: 120,
        frame_rate: 10,
        audio: { echo_cancellation: false, noise_suppression: false, auto_gain_control: false, sample_rate: 48_000 },
      }),
      close: () => undefined,
    }
    options.life.whenKilled(() => this.recorder?.die())
  }

  /** Resolves once this many slices were recorded, or the clip is over. */
  recorded(slices: number): Promise<void> {
    return new Promise((reached) => {
      this.#waiting.push({ slices, reached })
      this.told()
    })
  }

  told(): void {
    const done = this.recorder?.slices ?? 0
    const over = done >= this.options.clip.slices.length
    for (const waiting of [...this.#waiting]) {
      if (done < waiting.slices && !over) continue
      this.#waiting.splice(this.#waiting.indexOf(waiting), 1)
      waiting.reached()
    }
  }

  /** The system takes the camera away: the tracks end, and the recorder with them. */
  takenAway(): void {
    for (const track of this.tracks) track.dispatchEvent(new Event('ended'))
    this.recorder?.stop()
  }
}

export const createRecorder: CreateRecorder = (stream) => {
  const { camera } = stream as CameraStream
  camera.recorder = new FakeRecorder(camera)
  return camera.recorder as unknown as MediaRecorderLike
}

class CameraStream implements StreamLike {
  constructor(readonly camera: Camera) {}
  getTracks(): TrackLike[] {
    return this.camera.tracks
  }
  getAudioTracks(): TrackLike[] {
    return this.camera.tracks.filter(({ kind }) => kind === 'audio')
  }
  getVideoTracks(): TrackLike[] {
    return this.camera.tracks.filter(({ kind }) => kind === 'video')
  }
}

class Track extends EventTarget implements TrackLike {
  readonly muted = false
  readonly enabled = true
  readonly readyState = 'live'
  constructor(readonly kind: string) {
    super()
  }
  stop(): void {}
  getSettings(): object {
    return {}
  }
}

export class FakeRecorder extends EventTarget {
  state: 'inactive' | 'recording' | 'paused' = 'inactive'
  slices = 0
  readonly mimeType: string
  #run: Run | null = null
  #timer: NodeJS.Timeout | undefined

  constructor(private readonly camera: Camera) {
    super()
    this.mimeType = camera.options.clip.mime
  }

  start(timeslice: number): void {
    const { ledger, phone, tempo } = this.camera.options
    this.state = 'recording'
    this.#run = ledger.begin(phone, () => this.camera.take?.take_id ?? null)
    this.#timer = setInterval(() => this.requestData(), timeslice / tempo)
    setImmediate(() => this.dispatchEvent(new Event('start')))
  }

  requestData(): void {
    if (this.state !== 'recording' || this.#run === null) return
    const { clip, dice, filler_bytes, ledger } = this.camera.options
    const bytes = slice(clip, this.slices, dice.between(...filler_bytes), dice)
    if (bytes === null) return
    this.slices += 1
    ledger.recorded(this.#run, bytes)
    const data = new Blob([new Uint8Array(bytes)], { type: clip.mime })
    this.dispatchEvent(Object.assign(new Event('dataavailable'), { data }))
    this.camera.told()
  }

  stop(): void {
    if (this.state === 'inactive') return
    this.requestData()
    clearInterval(this.#timer)
    this.state = 'inactive'
    setImmediate(() => this.dispatchEvent(new Event('stop')))
  }

  /** With the app: nothing is flushed, nobody is told; what it gave last may not be stored yet. */
  die(): void {
    if (this.#run !== null) this.#run.died_at ??= performance.now()
    clearInterval(this.#timer)
    this.state = 'inactive'
  }
}
