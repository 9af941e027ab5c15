// The measurements of the device check: each ends in good, bad with what to do, or unknown — which refuses nothing.
import { server } from '@/api/candidate'
import type { Policy } from '@/api/types'
import { chooseMime, MediaFailure, openMedia, type MediaReport, type MediaSource } from '@/recording'
import { probeDevice } from '../device/probe'
import { canKeepAwake, keepAwake, letSleep } from '../device/wake-lock'

/** What was found; `values` go into the words of the finding. */
export type Finding =
  | { state: 'running' }
  | { state: 'good'; words: string; values?: Record<string, string | number> }
  | { state: 'unknown'; words?: string }
  | { state: 'bad'; words: string; values?: Record<string, string | number> }

export type Check = 'camera' | 'microphone' | 'sound' | 'storage' | 'battery' | 'network' | 'screen' | 'recorder'
export const CHECKS: readonly Check[] = ['camera', 'microphone', 'sound', 'recorder', 'storage', 'battery', 'network', 'screen']

const SLOW_MS = 800
/** Louder than this has been heard. */
export const HEARD_ABOVE_DB = -45

export async function openCamera(policy: Policy): Promise<{ source: MediaSource } | { cause: string }> {
  try {
    return { source: await openMedia(policy.media) }
  } catch (failure) {
    return { cause: failure instanceof MediaFailure ? failure.reason : 'unknown' }
  }
}

export function cameraFinding({ width, height, frame_rate }: MediaReport): Finding {
  if (width === null || height === null) return { state: 'unknown' }
  return { state: 'good', words: 'camera_good', values: { width, height, rate: Math.round(frame_rate ?? 0) } }
}

export function soundFinding({ audio }: MediaReport, name: (key: string) => string, comma: string): Finding {
  const switches = ['echo_cancellation', 'noise_suppression', 'auto_gain_control'] as const
  const on = switches.filter((each) => audio[each] === true)
  if (on.length > 0) return { state: 'bad', words: 'sound_treated', values: { which: on.map(name).join(comma) } }
  return switches.some((each) => audio[each] === null) ? { state: 'unknown' } : { state: 'good', words: 'sound_good' }
}

export function recorderFinding(policy: Policy): Finding {
  if (typeof MediaRecorder !== 'function') return { state: 'bad', words: 'recorder_bad' }
  const mime = chooseMime(policy.media, (each) => MediaRecorder.isTypeSupported(each))
  return mime === null ? { state: 'bad', words: 'recorder_bad' } : { state: 'good', words: 'recorder_good' }
}

export async function storageFinding(policy: Policy, size: (bytes: number) => string): Promise<Finding> {
  const { storage } = await probeDevice()
  if (storage === null) return { state: 'unknown' }
  await navigator.storage?.persist?.().catch(() => false)
  const values = { free: size(storage.free_bytes), need: size(policy.storage_min_bytes) }
  const enough = storage.free_bytes >= policy.storage_min_bytes
  return enough ? { state: 'good', words: 'storage_good', values } : { state: 'bad', words: 'storage_bad', values }
}

/** `battery_min` is a fraction, as levels are. */
export async function batteryFinding(policy: Policy): Promise<Finding> {
  const { battery } = await probeDevice()
  if (battery === null) return { state: 'unknown', words: 'battery_unknown' }
  const level = Math.round(battery.level * 100)
  const need = Math.round(policy.battery_min <= 1 ? policy.battery_min * 100 : policy.battery_min)
  if (level < need && !battery.charging) return { state: 'bad', words: 'battery_bad', values: { level, need } }
  return { state: 'good', words: battery.charging ? 'battery_charging' : 'battery_good', values: { level } }
}

/** The best of three round trips: what the line can do, not what one hiccup did. */
export async function networkFinding(): Promise<Finding> {
  try {
    const times = [await roundTrip(), await roundTrip(), await roundTrip()]
    const ms = Math.round(Math.min(...times))
    return ms > SLOW_MS ? { state: 'bad', words: 'network_slow', values: { ms } } : { state: 'good', words: 'network_good', values: { ms } }
  } catch {
    return { state: 'bad', words: 'network_bad' }
  }
}

export async function screenFinding(): Promise<Finding> {
  if (!canKeepAwake()) return { state: 'unknown', words: 'screen_unknown' }
  const held = await keepAwake()
  letSleep()
  return held ? { state: 'good', words: 'screen_good' } : { state: 'unknown', words: 'screen_unknown' }
}

async function roundTrip(): Promise<number> {
  const from = performance.now()
  await server()
  return performance.now() - from
}
