// What a phone's browser can tell about the phone, for the pulse. What it cannot tell stays null:
// unknown never refuses anything (battery and network kind on iPhones).
import type { LevelMeter, MediaSource } from './media-source'
import type { DeviceState } from './types'

interface BatteryLike {
  level: number
  charging: boolean
}

interface BrowserExtras {
  getBattery?: () => Promise<BatteryLike>
  connection?: { type?: string }
}

/** The probe of the page; `source` gives the microphone in use, if any. */
export function browserProbe(source: () => MediaSource | null): () => Promise<DeviceState> {
  const extras = navigator as Navigator & BrowserExtras
  return async () => ({
    battery: await battery(extras),
    storage: await freeSpace(),
    network: { online: navigator.onLine, kind: networkKind(extras.connection?.type) },
    visibility: document.visibilityState === 'hidden' ? 'hidden' : 'visible',
    microphone: microphone(source()),
    phone_time_ms: Date.now(),
  })
}

async function battery(extras: BrowserExtras): Promise<DeviceState['battery']> {
  const found = await extras.getBattery?.().catch(() => null)
  return found ? { level: found.level, charging: found.charging } : null
}

async function freeSpace(): Promise<DeviceState['storage']> {
  const estimate = await navigator.storage?.estimate().catch(() => null)
  if (estimate?.quota === undefined || estimate.usage === undefined) return null
  return { free_bytes: Math.max(0, estimate.quota - estimate.usage) }
}

function networkKind(type: string | undefined): 'wifi' | 'cellular' | 'unknown' {
  return type === 'wifi' || type === 'cellular' ? type : 'unknown'
}

function microphone(source: MediaSource | null): DeviceState['microphone'] {
  const track = source?.stream.getAudioTracks()[0]
  if (track === undefined) return null
  const meter: LevelMeter | null = source?.meter ?? null
  return meter === null ? null : { level_db: meter.level_db(), muted: track.muted }
}
