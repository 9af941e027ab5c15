// A finished take's footage for playing back: the phone's own copy, else what the server has assembled.
import { parts as api } from '@/api/candidate'
import type { TakeView } from '@/api/types'
import { localFootage, type RecordingStore } from '@/recording'

export interface Playable {
  part_id: string
  number: number
  url: string
  from: 'phone' | 'server'
}

/** One playable per part; empty when neither the phone nor the server can play it. Revoke with `release`. */
export async function footageOf(take: TakeView, store: RecordingStore | null): Promise<Playable[]> {
  const found = await Promise.all(take.parts.map((part) => playable(part.id, part.number, store)))
  return found.filter((each): each is Playable => each !== null)
}

export function release(playables: Playable[]): void {
  for (const each of playables) if (each.from === 'phone') URL.revokeObjectURL(each.url)
}

async function playable(part_id: string, number: number, store: RecordingStore | null): Promise<Playable | null> {
  const blob = store === null ? null : await localFootage(store, part_id).catch(() => null)
  if (blob !== null && blob.size > 0) return { part_id, number, url: URL.createObjectURL(blob), from: 'phone' }
  const url = api.mediaUrl(part_id)
  return (await answers(url)) ? { part_id, number, url, from: 'server' } : null
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { headers: { Range: 'bytes=0-0' }, credentials: 'same-origin' })
    return response.ok
  } catch {
    return false
  }
}

/** The picture a video shows now, small, as a data URL; null when there is none yet. */
export function pictureOf(video: HTMLVideoElement | null): string | null {
  if (video === null || video.videoWidth === 0) return null
  const canvas = document.createElement('canvas')
  canvas.width = 480
  canvas.height = Math.round((480 * video.videoHeight) / video.videoWidth)
  const context = canvas.getContext('2d')
  if (context === null) return null
  context.drawImage(video, 0, 0, canvas.width, canvas.height)
  return canvas.toDataURL('image/jpeg', 0.8)
}
