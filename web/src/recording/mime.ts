// Which container and codecs to record in: the first the phone supports, MP4 before WebM so that
// what a judge plays is what was recorded; and the recorder's options.
import type { MediaProfile } from './types'

export interface RecorderOptions extends MediaRecorderOptions {
  videoKeyFrameIntervalDuration: number
}

const AUDIO_BITS_MIN = 128_000

/** In order of preference; the H.264 level follows the picture's size, baseline 3.0 last. */
export function mimeCandidates(profile: MediaProfile): string[] {
  const lines = Math.min(profile.width, profile.height)
  const level = lines <= 480 ? '42E01E' : lines <= 720 ? '42E01F' : '42E028'
  const avc = [...new Set([level, '42E01E'])]
  return [
    ...avc.map((codec) => `video/mp4;codecs=avc1.${codec},mp4a.40.2`),
    ...avc.map((codec) => `video/mp4;codecs=avc1.${codec},opus`),
    'video/webm;codecs=vp9,opus',
    'video/webm;codecs=vp8,opus',
  ]
}

/** null when the phone records in none of them. */
export function chooseMime(profile: MediaProfile, supported: (mime: string) => boolean): string | null {
  return mimeCandidates(profile).find(supported) ?? null
}

/** A key frame a second: without it MP4 fragments come seconds late and a cut costs more. */
export function recorderOptions(profile: MediaProfile, mime: string): RecorderOptions {
  return {
    mimeType: mime,
    videoBitsPerSecond: profile.video_bits_per_second,
    audioBitsPerSecond: Math.max(AUDIO_BITS_MIN, profile.audio_bits_per_second),
    videoKeyFrameIntervalDuration: 1_000,
  }
}
