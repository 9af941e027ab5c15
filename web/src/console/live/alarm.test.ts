import { describe, expect, it } from 'vitest'
import type { CameraReport, SittingRow } from '@/api/console-types'
import { alarmOf, byAlarm } from './alarm'

const NOW = 1_000_000_000

function camera(over: Partial<CameraReport> = {}): CameraReport {
  return {
    part_id: 'p', camera: 'main', recorder: 'recording', battery: { level: 0.8, charging: false }, network: { online: true, kind: 'wifi' },
    queued_segments: 2, last_contact_at: NOW - 1_000, ...over,
  }
}

function phase(state: SittingRow['phase']['state']): SittingRow['phase'] {
  return { state, entered_at: NOW - 600_000, closes_at: null, outcome: null, deliver_until: null }
}

function sitting(over: Partial<SittingRow> = {}): SittingRow {
  return {
    sitting_id: 's', candidate_name: '李明', major: '声乐', kind: 'formal', phase: phase('open'), entered_at: NOW - 600_000,
    closes_at: NOW + 3_600_000, subjects: [], cameras: [camera()], ...over,
  }
}

describe('alarm of a sitting', () => {
  it('is quiet while all goes well', () => {
    expect(alarmOf(sitting(), NOW)).toEqual({ level: 0, reasons: [] })
  })

  it('is loudest when a recording phone has gone silent', () => {
    const quiet = sitting({ cameras: [camera({ last_contact_at: NOW - 9_000 })] })
    expect(alarmOf(quiet, NOW)).toEqual({ level: 3, reasons: ['silent'] })
  })

  it('gives an idle phone longer before it counts as silent', () => {
    const idle = sitting({ cameras: [camera({ recorder: 'positioning', last_contact_at: NOW - 9_000 })] })
    expect(alarmOf(idle, NOW).level).toBe(0)
  })

  it('does not expect reports from a camera that has stopped', () => {
    const stopped = sitting({ cameras: [camera({ recorder: 'stopped', last_contact_at: NOW - 900_000 })] })
    expect(alarmOf(stopped, NOW).level).toBe(0)
  })

  it('ignores a low battery that is charging, and one the phone cannot tell', () => {
    const charging = camera({ battery: { level: 0.1, charging: true } })
    expect(alarmOf(sitting({ cameras: [charging, camera({ battery: null })] }), NOW).level).toBe(0)
    expect(alarmOf(sitting({ cameras: [camera({ battery: { level: 0.1, charging: false } })] }), NOW).reasons).toEqual(['battery'])
  })

  it('keeps silent about the cameras of a closed sitting, but not about damaged footage', () => {
    const closed = sitting({
      phase: phase('closed'), cameras: [camera({ recorder: 'failed' })],
      subjects: [{ subject_id: 'song', name: '声乐', attempts_allowed: 3, state: 'submitted', attempts_used: 1, delivery: 'damaged' }],
    })
    expect(alarmOf(closed, NOW).reasons).toEqual(['damaged'])
  })

  it('puts the worst first, then what closes soonest', () => {
    const calm = sitting({ sitting_id: 'calm', closes_at: NOW + 3_000_000 })
    const soon = sitting({ sitting_id: 'soon', closes_at: NOW + 2_000_000 })
    const failed = sitting({ sitting_id: 'failed', cameras: [camera({ recorder: 'failed' })] })
    const closed = sitting({ sitting_id: 'closed', phase: phase('closed'), closes_at: NOW - 1 })
    expect(byAlarm([closed, calm, soon, failed], NOW).map((row) => row.sitting_id)).toEqual(['failed', 'soon', 'calm', 'closed'])
  })
})
