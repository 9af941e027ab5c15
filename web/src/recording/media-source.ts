// Camera and microphone: sound as music (no echo cancellation, noise suppression or gain control),
// read back as the phone really delivers it, and failures named by their cause. The picture is
// recorded as it is: never mirrored, and no preview should be.
import type { MediaProfile, MediaReport } from './types'

export type MediaCause = 'insecure_context' | 'denied' | 'in_use' | 'not_found' | 'unsupported' | 'unknown'

export class MediaFailure extends Error {
  constructor(
    readonly reason: MediaCause,
    readonly origin: unknown,
  ) {
    super(`camera or microphone: ${reason}`)
    this.name = 'MediaFailure'
  }
}

export interface MediaSource {
  stream: MediaStream
  meter: LevelMeter | null
  /** What is really recorded under this mime type; null fields = the browser does not say. */
  report(mime: string): MediaReport
  close(): void
}

/** The part of `navigator.mediaDevices` that is needed, injectable. */
export type GetUserMedia = (constraints: MediaStreamConstraints) => Promise<MediaStream>

/** Opens camera and microphone for a profile; rejects with `MediaFailure`. */
export async function openMedia(profile: MediaProfile, getUserMedia = browserMedia()): Promise<MediaSource> {
  if (getUserMedia === null) throw new MediaFailure(insecure() ? 'insecure_context' : 'unsupported', null)
  let stream: MediaStream
  try {
    stream = await getUserMedia(constraintsFor(profile))
  } catch (failure) {
    throw new MediaFailure(causeOf(failure), failure)
  }
  const meter = LevelMeter.on(stream)
  return {
    stream,
    meter,
    report: (mime) => reportOf(stream, mime),
    close() {
      meter?.close()
      for (const track of stream.getTracks()) track.stop()
    },
  }
}

/** All wishes, no demands: a phone that cannot meet one still records, and says so in its report. */
export function constraintsFor(profile: MediaProfile): MediaStreamConstraints {
  const facing = { front: 'user', back: 'environment', any: undefined }[profile.facing]
  return {
    video: {
      width: { ideal: profile.width },
      height: { ideal: profile.height },
      frameRate: { ideal: profile.frame_rate },
      ...(facing === undefined ? {} : { facingMode: { ideal: facing } }),
    },
    audio: {
      echoCancellation: false,
      noiseSuppression: false,
      autoGainControl: false,
      sampleRate: { ideal: 48_000 },
      channelCount: { ideal: 2 },
    },
  }
}

export function reportOf(stream: MediaStream, mime: string): MediaReport {
  const video = stream.getVideoTracks()[0]?.getSettings() ?? {}
  const audio = stream.getAudioTracks()[0]?.getSettings() ?? {}
  return {
    mime,
    width: video.width ?? null,
    height: video.height ?? null,
    frame_rate: video.frameRate ?? null,
    audio: {
      // Newer browsers may name a kind of cancellation instead of saying true.
      echo_cancellation: audio.echoCancellation === undefined ? null : Boolean(audio.echoCancellation),
      noise_suppression: audio.noiseSuppression ?? null,
      auto_gain_control: audio.autoGainControl ?? null,
      sample_rate: audio.sampleRate ?? null,
    },
  }
}

/** How loud it is, without sending the sound anywhere. */
export class LevelMeter {
  readonly #context: AudioContext
  readonly #analyser: AnalyserNode
  readonly #samples: Float32Array<ArrayBuffer>

  private constructor(context: AudioContext, stream: MediaStream) {
    this.#context = context
    this.#analyser = context.createAnalyser()
    this.#analyser.fftSize = 2048
    this.#samples = new Float32Array(this.#analyser.fftSize)
    context.createMediaStreamSource(stream).connect(this.#analyser)
  }

  /** null where there is no sound to measure or no way to. */
  static on(stream: MediaStream): LevelMeter | null {
    if (stream.getAudioTracks().length === 0 || !('AudioContext' in globalThis)) return null
    try {
      return new LevelMeter(new AudioContext(), stream)
    } catch {
      return null
    }
  }

  /** dBFS (root mean square of the last moments), -100 … 0. */
  level_db(): number {
    this.#analyser.getFloatTimeDomainData(this.#samples)
    let squares = 0
    for (const sample of this.#samples) squares += sample * sample
    const level = 10 * Math.log10(squares / this.#samples.length + 1e-10)
    return Math.min(0, Math.max(-100, level))
  }

  close(): void {
    void this.#context.close().catch(() => undefined)
  }
}

function causeOf(failure: unknown): MediaCause {
  const name = failure instanceof Error || failure instanceof DOMException ? failure.name : ''
  if (name === 'NotAllowedError') return 'denied'
  if (name === 'SecurityError') return 'insecure_context'
  if (name === 'NotReadableError' || name === 'AbortError') return 'in_use'
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'not_found'
  return 'unknown'
}

function insecure(): boolean {
  return globalThis.isSecureContext === false
}

function browserMedia(): GetUserMedia | null {
  const devices = globalThis.navigator?.mediaDevices as MediaDevices | undefined
  return devices === undefined ? null : (constraints) => devices.getUserMedia(constraints)
}
