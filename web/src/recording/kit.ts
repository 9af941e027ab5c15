// All of the recording core of one account, put together with the platform's defaults.
import { Capabilities } from './capabilities'
import {
  alwaysOnline, alwaysVisible, memoryLocks, platformChance, platformClock, platformFetch,
  type Chance, type Clock, type Connectivity, type Fetch, type Locks, type Page,
} from './environment'
import type { TakeRecord } from './journal'
import { Outbox } from './outbox'
import { Pulse } from './pulse'
import { browserRecorder, partLock, type CreateRecorder, type RecorderEnvironment } from './recorder'
import { SegmentProtocol } from './segment-protocol'
import type { RecordingStore } from './segment-store'
import { ServerClock } from './server-clock'
import type { SittingGlimpse, TakeApi } from './take-api'
import { TakeBook } from './take-book'
import type { DeviceState } from './types'
import { Uploader } from './uploader'

export interface RecordingKitOptions<V extends SittingGlimpse> {
  account_id: string
  /** '' for the page's own origin; paths begin with /api. */
  base_url: string
  store: RecordingStore
  api: TakeApi<V>
  /** `POST /api/parts/{part}/capability`; throws `Refusal` for 401 and 404. */
  renewCapability(part_id: string): Promise<string>
  probe(): Promise<DeviceState>
  clock?: Clock
  fetch?: Fetch
  chance?: Chance
  connectivity?: Connectivity
  page?: Page
  locks?: Locks
  createRecorder?: CreateRecorder
  mimeSupported?: (mime: string) => boolean
  /** Upload requests at a time; 3 unless told. */
  concurrency?: number
}

export interface RecordingKit<V extends SittingGlimpse = SittingGlimpse> {
  readonly account_id: string
  readonly store: RecordingStore
  readonly clock: Clock
  readonly chance: Chance
  readonly server_clock: ServerClock
  readonly capabilities: Capabilities
  readonly uploader: Uploader
  readonly pulse: Pulse
  readonly outbox: Outbox<V>
  readonly book: TakeBook
  /** What a `PartRecorder` needs; companion cameras record with it, too. */
  readonly recorder_environment: RecorderEnvironment
  mimeSupported(mime: string): boolean
  /** Ends parts a kill left open, then sends what is unanswered and undelivered until `close`. */
  start(): Promise<void>
  /** Stops all traffic and closes the store; everything is kept. */
  close(): Promise<void>
}

export function createRecordingKit<V extends SittingGlimpse>(options: RecordingKitOptions<V>): RecordingKit<V> {
  const { account_id, base_url, store, api, probe, concurrency } = options
  const clock = options.clock ?? platformClock
  const fetch = options.fetch ?? platformFetch
  const chance = options.chance ?? platformChance
  const connectivity = options.connectivity ?? alwaysOnline
  const locks = options.locks ?? memoryLocks()
  const server_clock = new ServerClock(clock)
  const capabilities = new Capabilities(store, (part_id) => options.renewCapability(part_id))
  const protocol = new SegmentProtocol(base_url, fetch, clock)
  const uploader = new Uploader({ account_id, store, protocol, capabilities, clock, chance, connectivity, concurrency })
  const pulse = new Pulse({ account_id, base_url, store, uploader, capabilities, server_clock, probe, clock, fetch, chance })
  const book = new TakeBook(store)
  const outbox = new Outbox<V>({ account_id, store, book, api, clock, server_clock, chance, connectivity })
  const createRecorder = options.createRecorder ?? browserRecorder
  const page = options.page ?? alwaysVisible
  return {
    account_id, store, clock, chance, server_clock, capabilities, uploader, pulse, outbox, book,
    recorder_environment: { store, uploader, pulse, clock, page, locks, createRecorder },
    mimeSupported: options.mimeSupported ?? ((mime) => MediaRecorder.isTypeSupported(mime)),
    async start() {
      await endOrphans(store, account_id, locks)
      await book.load(account_id)
      await outbox.resume()
      await uploader.start()
      pulse.start()
    },
    async close() {
      pulse.stop()
      uploader.stop()
      outbox.close()
      await store.close()
    },
  }
}

/** Takes a kill left behind, oldest first; each is either `Take.restore`d or left to the server. */
export async function unfinishedTakes(
  kit: Pick<RecordingKit, 'book'>,
  account_id: string,
): Promise<TakeRecord[]> {
  await kit.book.load(account_id)
  return kit.book.unfinished().filter((take) => take.account_id === account_id)
}

/** The phone's own copy of a part, for playing back before submission; null once it is cleaned away. */
export async function localFootage(store: RecordingStore, part_id: string): Promise<Blob | null> {
  const part = await store.part(part_id)
  if (part === null) return null
  const pieces: BlobPart[] = []
  for (let index = 1; index <= part.last_index; index += 1) {
    const bytes = await store.bytes(part_id, index)
    // Delivered from memory: what follows would not play.
    if (bytes === null) break
    pieces.push(bytes as BlobPart)
  }
  return new Blob(pieces, { type: part.mime })
}

// A part that is still `running` while nobody holds its lock was cut off: it ends at its last stored segment.
async function endOrphans(store: RecordingStore, account_id: string, locks: Locks): Promise<void> {
  for (const part of await store.parts(account_id)) {
    if (part.recording === 'ended') continue
    const release = await locks.tryHold(partLock(part.part_id))
    if (release === null) continue
    await store.endPart(part.part_id).finally(release)
  }
}
