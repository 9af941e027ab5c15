// A recorder's slices on their way into safety, and what interrupts it.
import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { beforeEach, describe, expect, it } from 'vitest'
import { memoryLocks } from './environment'
import { chainStart, seal } from './seal'
import { SEGMENT_BYTES_MAX } from './split'
import { PartRecorder, partLock, type RecorderEnvironment, type RecorderEvents } from './recorder'
import { StorageFailure, type RecordingStore } from './segment-store'
import { openBrowserStore } from './segment-store-idb'
import { FakePage, fakeRecorders, FakeStream, slice, type FakeRecorder } from './testing/fake-recorder'
import { newPart, partId } from './testing/footage'
import { settle, VirtualClock } from './testing/virtual-clock-node'
import type { MediaProfile, SealedSegment } from './types'

const profile: MediaProfile = {
  width: 1280, height: 720, frame_rate: 30, video_bits_per_second: 2_000_000, audio_bits_per_second: 64_000,
  orientation: 'landscape', facing: 'front',
}

let store: RecordingStore
let clock: VirtualClock
let page: FakePage
let stream: FakeStream
let locks: ReturnType<typeof memoryLocks>
let fake: FakeRecorder
let told: { name: string; event: object }[]
let delivered: Set<number>
let uploaded: { stored: number[]; held: SealedSegment[]; ended: boolean }

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory()
  store = await openBrowserStore()
  clock = new VirtualClock()
  page = new FakePage()
  stream = new FakeStream()
  locks = memoryLocks()
  told = []
  delivered = new Set()
  uploaded = { stored: [], held: [], ended: false }
})

async function recording(): Promise<PartRecorder> {
  const recorders = fakeRecorders()
  const uploader = {
    opened: () => {},
    stored: (_: string, segments: { index: number }[]) => void uploaded.stored.push(...segments.map(({ index }) => index)),
    hold: (_: string, segments: SealedSegment[]) => void uploaded.held.push(...segments),
    ended: () => void (uploaded.ended = true),
    isDelivered: (_: string, index: number) => delivered.has(index),
  } as unknown as RecorderEnvironment['uploader']
  const environment = { store, uploader, pulse: { follow: () => () => {} }, clock, page, locks, createRecorder: recorders.create }
  const { head: _, ...part } = await newPart(1)
  const recorder = await PartRecorder.start(environment, stream, profile, part)
  const names: (keyof RecorderEvents)[] = ['interruption', 'interruption_over', 'storage', 'died']
  for (const name of names) recorder.on(name, (event) => told.push({ name, event }))
  fake = recorders.made[0]!
  return recorder
}

async function give(bytes: Uint8Array, after_ms = 1_000): Promise<void> {
  await clock.advance(after_ms)
  fake.give(bytes)
  await settle()
}

function failStore(reason: 'full' | 'broken'): () => void {
  const append = store.append.bind(store)
  store.append = async () => Promise.reject(new StorageFailure(reason, null))
  return () => void (store.append = append)
}

describe('a recorder', () => {
  it('seals and stores every slice in order, however large', async () => {
    const recorder = await recording()
    const large = slice(SEGMENT_BYTES_MAX + 10, 1)
    await give(large)
    await give(slice(500, 2))
    const finished = await recorder.stop()
    const start = await chainStart(await newPart(1))
    const one = await seal(start, 1, large.subarray(0, SEGMENT_BYTES_MAX))
    const two = await seal(one.head, 2, large.subarray(SEGMENT_BYTES_MAX))
    const three = await seal(two.head, 3, slice(500, 2))
    expect(finished).toEqual({ part_id: partId(1), last_index: 3, head: three.head, duration_ms: 2_000 })
    expect(await store.part(partId(1))).toMatchObject({ last_index: 3, head: three.head, recording: 'ended' })
    const times = (await store.segments(partId(1))).map((segment) => [segment.captured_from_ms, segment.captured_to_ms])
    expect(times).toEqual([[0, 1_000], [0, 1_000], [1_000, 2_000]])
    expect(uploaded).toMatchObject({ stored: [1, 2, 3], held: [], ended: true })
  })

  it('keeps the order when a slice is slow to read', async () => {
    const recorder = await recording()
    const slow = { arrayBuffer: () => settle().then(() => slice(10, 1).buffer as ArrayBuffer) }
    fake.fire('dataavailable', { data: slow })
    fake.give(slice(20, 2))
    await recorder.stop()
    expect((await store.segments(partId(1))).map(({ length }) => length)).toEqual([10, 20])
  })

  it('flushes what the recorder still holds when it is stopped, and stops once', async () => {
    const recorder = await recording()
    fake.last_slice = slice(77, 9)
    const [first, again] = await Promise.all([recorder.stop(), recorder.stop()])
    expect(first).toMatchObject({ last_index: 1 })
    expect(again).toBe(first)
    fake.give(slice(5, 1))
    await settle()
    expect(await store.part(partId(1))).toMatchObject({ last_index: 1 })
  })

  it('holds its part against other tabs while it runs', async () => {
    const recorder = await recording()
    expect(await locks.tryHold(partLock(partId(1)))).toBeNull()
    await recorder.stop()
    expect(await locks.tryHold(partLock(partId(1)))).not.toBeNull()
  })

  it('is told of as not started when it does not start', async () => {
    const recorders = fakeRecorders()
    const create: RecorderEnvironment['createRecorder'] = (...given) => {
      const made = recorders.create(...given)
      made.start = () => {}
      return made
    }
    const uploader = { opened: () => {}, stored: () => {}, hold: () => {}, ended: () => {}, isDelivered: () => false }
    const pulse = { follow: () => () => {} }
    const environment = { store, uploader, pulse, clock, page, locks, createRecorder: create } as unknown as RecorderEnvironment
    const { head: _, ...part } = await newPart(1)
    let failure: unknown = null
    PartRecorder.start(environment, stream, profile, part).catch((caught: unknown) => (failure = caught))
    await clock.until(() => failure !== null)
    expect(failure).toEqual(new Error('the recorder did not start'))
    expect(await locks.tryHold(partLock(partId(1)))).not.toBeNull()
  })
})

describe('a phone whose storage is full', () => {
  it('hands slices over from memory, says so, and stores them in order once there is room', async () => {
    const recorder = await recording()
    await give(slice(100, 1))
    await clock.until(() => uploaded.stored.length === 1)
    const mend = failStore('full')
    await give(slice(200, 2))
    await give(slice(300, 3))
    await clock.until(() => uploaded.held.length === 2)
    expect(uploaded.held.map(({ index, length }) => [index, length])).toEqual([[2, 200], [3, 300]])
    expect(told).toContainEqual({ name: 'storage', event: { failure: expect.objectContaining({ reason: 'full' }), held_bytes: 500 } })
    mend()
    await give(slice(400, 4))
    await recorder.stop()
    expect((await store.segments(partId(1))).map(({ index, length }) => [index, length])).toEqual([[1, 100], [2, 200], [3, 300], [4, 400]])
    expect(told[told.length - 1]).toEqual({ name: 'storage', event: { failure: null, held_bytes: 0 } })
  })

  it('needs no room for bytes that were delivered meanwhile', async () => {
    const recorder = await recording()
    const mend = failStore('full')
    await give(slice(200, 1))
    await clock.until(() => uploaded.held.length === 1)
    delivered.add(1)
    mend()
    await recorder.stop()
    expect(await store.segments(partId(1))).toMatchObject([{ index: 1, delivered: true }])
    expect(await store.bytes(partId(1), 1)).toBeNull()
  })

  it('finishes with the true last index, and goes on trying to store', async () => {
    const recorder = await recording()
    const mend = failStore('broken')
    await give(slice(200, 1))
    expect(await recorder.stop()).toMatchObject({ last_index: 1 })
    expect(await store.part(partId(1))).toMatchObject({ last_index: 0, recording: 'running' })
    mend()
    await clock.until(() => uploaded.stored.length === 1)
    await settle()
    expect(await store.part(partId(1))).toMatchObject({ last_index: 1, recording: 'ended' })
  })
})

describe('an interruption', () => {
  it('of the page is told at once, the recorder is asked for what it has, and its length is known after', async () => {
    await recording()
    await give(slice(10, 1), 3_000)
    page.turn('hidden')
    expect(fake.requested).toBe(1)
    await clock.advance(4_000)
    page.turn('visible')
    expect(told).toEqual([
      { name: 'interruption', event: { act: 'left_page', began_at_captured_ms: 3_000 } },
      { name: 'interruption_over', event: { act: 'left_page', began_at_captured_ms: 3_000, lasted_ms: 4_000 } },
    ])
  })

  it('by a reload is one act, although the page is hidden as it goes', async () => {
    await recording()
    page.turn('pagehide')
    page.turn('hidden')
    expect(told.map(({ event }) => event)).toEqual([{ act: 'reload', began_at_captured_ms: 0 }])
  })

  it('by a call mutes the microphone', async () => {
    await recording()
    stream.audio.fire('mute')
    await clock.advance(1_500)
    stream.audio.fire('unmute')
    expect(told.map(({ event }) => event)).toMatchObject([{ act: 'call' }, { act: 'call', lasted_ms: 1_500 }])
  })

  it('is one act when hiding the page mutes its camera', async () => {
    await recording()
    page.turn('hidden')
    stream.video.fire('mute')
    expect(told).toHaveLength(1)
  })

  it('by the end of a track ends the part with all that was captured', async () => {
    await recording()
    await give(slice(10, 1))
    fake.last_slice = slice(20, 2)
    stream.video.fire('ended')
    await clock.until(() => told.some(({ name }) => name === 'died'))
    expect(told).toMatchObject([
      { name: 'interruption', event: { act: 'track_ended', began_at_captured_ms: 1_000 } },
      { name: 'died', event: { act: 'track_ended', part: { last_index: 2 } } },
    ])
  })

  it('by the recorder breaking keeps its last slice, which comes after the error', async () => {
    await recording()
    await give(slice(10, 1))
    fake.last_slice = slice(20, 2)
    fake.break()
    await clock.until(() => told.some(({ name }) => name === 'died'))
    expect(await store.part(partId(1))).toMatchObject({ last_index: 2, recording: 'ended' })
    expect(told).toMatchObject([{ event: { act: 'recorder_error' } }, { event: { act: 'recorder_error' } }])
  })
})
