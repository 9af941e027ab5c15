/**
 * Which sittings a proctor should look at first. It sorts and colours what cameras report; it decides nothing:
 * a quiet phone is a reason to look, never a reason to act (design §1.6).
 */
import type { CameraReport, SittingRow } from '@/api/console-types'

export type AlarmReason =
  | 'recorder_failed' | 'silent' | 'offline' | 'battery' | 'queue' | 'damaged' | 'suspended' | 'closing'

export type Alarm = { level: 0 | 1 | 2 | 3; reasons: AlarmReason[] }

/** A recording camera reports every 2 s, another every 15 s; three missed reports are silence. */
const SILENT_RECORDING_MS = 6_000
const SILENT_OTHERWISE_MS = 45_000
const LOW_BATTERY = 0.2
/** About a minute of footage waiting on the phone. */
const LONG_QUEUE = 60
const CLOSING_MS = 15 * 60_000

const LEVELS: Record<AlarmReason, 1 | 2 | 3> = {
  recorder_failed: 3, silent: 3, damaged: 3, offline: 2, battery: 2, queue: 2, suspended: 1, closing: 1,
}

export function isUnderWay(row: SittingRow): boolean {
  return ['open', 'reopened', 'suspended'].includes(row.phase.state)
}

/** Only a camera that should be reporting can be silent. */
export function isSilent(camera: CameraReport, now: number): boolean {
  if (camera.recorder === 'stopped') return false
  const quiet = now - camera.last_contact_at
  return quiet > (camera.recorder === 'recording' ? SILENT_RECORDING_MS : SILENT_OTHERWISE_MS)
}

function cameraReasons(camera: CameraReport, now: number): AlarmReason[] {
  const found: AlarmReason[] = []
  if (camera.recorder === 'failed') found.push('recorder_failed')
  if (isSilent(camera, now)) found.push('silent')
  if (camera.network?.online === false) found.push('offline')
  if (camera.battery && camera.battery.level < LOW_BATTERY && !camera.battery.charging) found.push('battery')
  if (camera.queued_segments > LONG_QUEUE) found.push('queue')
  return found
}

export function alarmOf(row: SittingRow, now: number): Alarm {
  const reasons = new Set<AlarmReason>()
  if (row.subjects.some((subject) => subject.delivery === 'damaged')) reasons.add('damaged')
  if (isUnderWay(row)) {
    for (const camera of row.cameras) cameraReasons(camera, now).forEach((reason) => reasons.add(reason))
    if (row.phase.state === 'suspended') reasons.add('suspended')
    if (row.closes_at !== null && row.closes_at - now < CLOSING_MS && row.closes_at > now) reasons.add('closing')
  }
  const list = [...reasons].sort((a, b) => LEVELS[b] - LEVELS[a])
  const first = list[0]
  return { level: first ? LEVELS[first] : 0, reasons: list }
}

/** Worst alarm first; among equals what is under way, then what closes soonest, then by name. */
export function byAlarm(rows: readonly SittingRow[], now: number): SittingRow[] {
  const level = new Map(rows.map((row) => [row.sitting_id, alarmOf(row, now).level]))
  return [...rows].sort((a, b) =>
    (level.get(b.sitting_id) ?? 0) - (level.get(a.sitting_id) ?? 0)
    || Number(isUnderWay(b)) - Number(isUnderWay(a))
    || (a.closes_at ?? Infinity) - (b.closes_at ?? Infinity)
    || a.candidate_name.localeCompare(b.candidate_name, 'zh-CN'))
}
