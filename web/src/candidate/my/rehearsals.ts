// Practice and mock footage on this phone: may be cleared to make room (A29). Formal footage is never touched here.
import type { PartRecord, RecordingStore } from '@/recording'

export async function rehearsalBytes(store: RecordingStore, account_id: string): Promise<number> {
  const sizes = await Promise.all((await clearable(store, account_id)).map((part) => bytesOf(store, part)))
  return sizes.reduce((sum, size) => sum + size, 0)
}

export async function clearRehearsals(store: RecordingStore, account_id: string): Promise<void> {
  for (const part of await clearable(store, account_id)) await store.clean(part.part_id)
}

async function clearable(store: RecordingStore, account_id: string): Promise<PartRecord[]> {
  const parts = await store.parts(account_id)
  return parts.filter((part) => part.kind !== 'formal' && part.recording === 'ended' && part.delivery.state !== 'pending')
}

async function bytesOf(store: RecordingStore, part: PartRecord): Promise<number> {
  return (await store.segments(part.part_id)).reduce((sum, segment) => sum + segment.length, 0)
}
