// What this phone can tell about itself for a pulse; what it cannot is null, never a guess.
import type { DeviceState, LevelMeter } from '@/recording'

interface BatteryManager {
  level: number
  charging: boolean
}
type Network = { type?: string }
type WiderNavigator = Navigator & { getBattery?: () => Promise<BatteryManager>; connection?: Network }

let microphone: { meter: LevelMeter; stream: MediaStream } | null = null

/** The microphone that is open now, so that pulses and warnings can speak of it. */
export function listenTo(source: { meter: LevelMeter | null; stream: MediaStream } | null): void {
  microphone = source === null || source.meter === null ? null : { meter: source.meter, stream: source.stream }
}

export async function probeDevice(): Promise<DeviceState> {
  return {
    battery: await battery(),
    storage: await freeSpace(),
    network: { online: navigator.onLine, kind: networkKind() },
    visibility: document.visibilityState === 'hidden' ? 'hidden' : 'visible',
    microphone: soundNow(),
    phone_time_ms: Date.now(),
  }
}

export async function battery(): Promise<DeviceState['battery']> {
  const ask = (navigator as WiderNavigator).getBattery
  if (ask === undefined) return null
  try {
    const { level, charging } = await ask.call(navigator)
    return { level, charging }
  } catch {
    return null
  }
}

export async function freeSpace(): Promise<DeviceState['storage']> {
  if (navigator.storage?.estimate === undefined) return null
  try {
    const { quota, usage } = await navigator.storage.estimate()
    return quota === undefined ? null : { free_bytes: Math.max(0, quota - (usage ?? 0)) }
  } catch {
    return null
  }
}

function networkKind(): 'wifi' | 'cellular' | 'unknown' {
  const kind = (navigator as WiderNavigator).connection?.type
  return kind === 'wifi' || kind === 'cellular' ? kind : 'unknown'
}

function soundNow(): DeviceState['microphone'] {
  if (microphone === null) return null
  const track = microphone.stream.getAudioTracks()[0]
  return { level_db: microphone.meter.level_db(), muted: track === undefined || track.muted || !track.enabled }
}
