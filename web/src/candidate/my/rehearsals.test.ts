import { describe, expect, it } from 'vitest'
import type { PartRecord, RecordingStore } from '@/recording'
import { clearRehearsals, rehearsalBytes } from './rehearsals'

type Brief = Pick<PartRecord, 'part_id' | 'kind' | 'recording'> & { delivery: { state: string } }

const part = (part_id: string, kind: PartRecord['kind'], recording: PartRecord['recording'] = 'ended', state = 'not_sent'): Brief =>
  ({ part_id, kind, recording, delivery: { state } })

/** A phone with footage of 100 bytes a part. */
function phone(parts: Brief[]) {
  const cleaned: string[] = []
  const store = {
    parts: () => Promise.resolve(parts),
    segments: () => Promise.resolve([{ length: 60 }, { length: 40 }]),
    clean: (id: string) => Promise.resolve(void cleaned.push(id)),
  }
  return { store: store as unknown as RecordingStore, cleaned }
}

describe('making room on the phone', () => {
  it('counts and clears practice and mocks that are over, and never formal footage', async () => {
    const { store, cleaned } = phone([
      part('practice', 'practice'), part('mock', 'mock'), part('formal', 'formal'), part('running', 'practice', 'running'), part('on its way', 'mock', 'ended', 'pending'),
    ])
    expect(await rehearsalBytes(store, 'a')).toBe(200)
    await clearRehearsals(store, 'a')
    expect(cleaned).toEqual(['practice', 'mock'])
  })
})
