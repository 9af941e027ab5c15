import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Policy } from '@/api/types'

const probed = { storage: null as { free_bytes: number } | null, battery: null as { level: number; charging: boolean } | null }
vi.mock('../device/probe', () => ({ probeDevice: () => Promise.resolve(probed), listenTo: () => {} }))
vi.mock('../device/wake-lock', () => ({ canKeepAwake: () => false, keepAwake: () => Promise.resolve(false), letSleep: () => {} }))
vi.stubGlobal('navigator', {})
const { batteryFinding, storageFinding } = await import('./checks')

const policy = { storage_min_bytes: 10_000_000_000, battery_min: 0.5 } as Policy
const gigabytes = (bytes: number): string => `${bytes / 1e9} GB`

describe('what the device check says of room and power', () => {
  beforeEach(() => Object.assign(probed, { storage: null, battery: null }))

  it('tells how much room there is and how much the exam needs', async () => {
    probed.storage = { free_bytes: 9_000_000_000 }
    expect(await storageFinding(policy, gigabytes)).toEqual({ state: 'bad', words: 'storage_bad', values: { free: '9 GB', need: '10 GB' } })
    probed.storage = { free_bytes: 10_000_000_000 }
    expect((await storageFinding(policy, gigabytes)).state).toBe('good')
  })

  it('asks for the charger below what the exam needs, unless it is plugged in', async () => {
    probed.battery = { level: 0.4, charging: false }
    expect(await batteryFinding(policy)).toEqual({ state: 'bad', words: 'battery_bad', values: { level: 40, need: 50 } })
    probed.battery = { level: 0.4, charging: true }
    expect(await batteryFinding(policy)).toEqual({ state: 'good', words: 'battery_charging', values: { level: 40 } })
  })

  it('calls nothing bad that the phone does not tell', async () => {
    expect((await storageFinding(policy, gigabytes)).state).toBe('unknown')
    expect((await batteryFinding(policy)).state).toBe('unknown')
  })
})
