// Server time, codecs, media failures, pulses: the smaller pieces.
import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { describe, expect, it } from 'vitest'
import { Capabilities } from './capabilities'
import { alwaysOnline } from './environment'
import { constraintsFor, MediaFailure, openMedia } from './media-source'
import { chooseMime, recorderOptions } from './mime'
import { Pulse } from './pulse'
import { backoff, retryAfter } from './retry'
import { SegmentProtocol } from './segment-protocol'
import { openBrowserStore } from './segment-store-idb'
import { ServerClock } from './server-clock'
import { ACCOUNT, newPart, partId, sealed } from './testing/footage'
import { SegmentServer } from './testing/segment-server-node'
import { VirtualClock } from './testing/virtual-clock-node'
import type { DeviceState, MediaProfile } from './types'
import { Uploader } from './uploader'

const profile: MediaProfile = {
  width: 1280, height: 720, frame_rate: 30, video_bits_per_second: 2_000_000, audio_bits_per_second: 64_000,
  orientation: 'landscape', facing: 'back',
}

describe("the server's clock", () => {
  const START = 1_700_000_000_000

  it('is unknown before the server has spoken', () => {
    const server_clock = new ServerClock(new VirtualClock())
    expect([server_clock.now(), server_clock.left(START), server_clock.uncertainty_ms]).toEqual([null, null, Infinity])
  })

  it('runs on with the monotonic clock from the middle of the round trip', async () => {
    const clock = new VirtualClock()
    const server_clock = new ServerClock(clock)
    await clock.advance(400)
    server_clock.observe(START, 200, 400)
    expect(server_clock.now()).toBe(START + 100)
    await clock.advance(1_000)
    expect(server_clock.now()).toBe(START + 1_100)
    expect(server_clock.left(START + 2_000)).toBe(900)
    expect(server_clock.left(START)).toBe(0)
  })

  it('prefers a quick answer to a slow one', () => {
    const server_clock = new ServerClock(new VirtualClock())
    server_clock.observe(START, 0, 0)
    server_clock.observe(START + 900, 0, 2_000)
    expect(server_clock.now()).toBe(START)
  })

  it('follows the server when the phone slept and its own clock stood still', () => {
    const server_clock = new ServerClock(new VirtualClock())
    server_clock.observe(START, 0, 0)
    server_clock.observe(START + 60_000, 0, 200)
    expect(server_clock.now()).toBe(START + 60_000 - 100)
  })
})

describe('what is recorded in', () => {
  it('is MP4 with AAC where the phone can, at the level of the picture', () => {
    expect(chooseMime(profile, () => true)).toBe('video/mp4;codecs=avc1.42E01F,mp4a.40.2')
  })

  it('is MP4 with Opus before WebM', () => {
    expect(chooseMime(profile, (mime) => !mime.includes('mp4a'))).toBe('video/mp4;codecs=avc1.42E01F,opus')
    expect(chooseMime(profile, (mime) => mime.includes('webm'))).toBe('video/webm;codecs=vp9,opus')
    expect(chooseMime(profile, (mime) => mime.includes('vp8'))).toBe('video/webm;codecs=vp8,opus')
    expect(chooseMime(profile, () => false)).toBeNull()
  })

  it('has a key frame a second and never less than 128 kbit/s of sound', () => {
    expect(recorderOptions(profile, 'video/mp4')).toMatchObject({ videoKeyFrameIntervalDuration: 1_000, audioBitsPerSecond: 128_000 })
  })
})

describe('camera and microphone', () => {
  it('are asked for sound as music', () => {
    expect(constraintsFor(profile)).toMatchObject({
      video: { facingMode: { ideal: 'environment' } },
      audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false, sampleRate: { ideal: 48_000 } },
    })
  })

  it.each([
    ['NotAllowedError', 'denied'],
    ['NotReadableError', 'in_use'],
    ['NotFoundError', 'not_found'],
    ['SecurityError', 'insecure_context'],
    ['OddError', 'unknown'],
  ])('%s is explained as %s', async (name, reason) => {
    const refuse = () => Promise.reject(new DOMException('no', name))
    const failure = await openMedia(profile, refuse).catch((caught: unknown) => caught)
    expect(failure).toBeInstanceOf(MediaFailure)
    expect(failure).toMatchObject({ reason })
  })
})

describe('waiting before another try', () => {
  it('grows, with chance in it, and stays bounded', () => {
    const least = { uuid: () => '', fraction: () => 0 }
    const most = { uuid: () => '', fraction: () => 1 }
    expect([backoff(1, least), backoff(1, most), backoff(3, most), backoff(99, most)]).toEqual([250, 500, 2_000, 30_000])
  })

  it("reads Retry-After in seconds, or as a date against the answer's own", () => {
    expect(retryAfter(new Headers({ 'retry-after': '7' }))).toBe(7_000)
    const date = new Headers({ 'retry-after': 'Thu, 20 Nov 2025 10:00:09 GMT', date: 'Thu, 20 Nov 2025 10:00:00 GMT' })
    expect(retryAfter(date)).toBe(9_000)
    expect(retryAfter(new Headers({ 'retry-after': 'soon' }))).toBeNull()
  })
})

describe('a pulse', () => {
  const phone: DeviceState = {
    battery: null, storage: null, network: null, visibility: 'visible', microphone: null, phone_time_ms: 1,
  }

  async function camera() {
    const server = await SegmentServer.start(['capability-1'])
    const clock = new VirtualClock()
    globalThis.indexedDB = new IDBFactory()
    const store = await openBrowserStore()
    const chance = { uuid: () => globalThis.crypto.randomUUID(), fraction: () => 0.5 }
    const capabilities = new Capabilities(store, async () => 'capability-1')
    const protocol = new SegmentProtocol(server.base_url, clock.fetch, clock)
    // Never started: nothing is delivered, so every seal stays queued.
    const uploader = new Uploader({ account_id: ACCOUNT, store, protocol, capabilities, clock, chance, connectivity: alwaysOnline })
    const server_clock = new ServerClock(clock)
    const pulse = new Pulse({
      account_id: ACCOUNT, base_url: server.base_url, store, uploader, capabilities, server_clock,
      probe: async () => phone, clock, fetch: clock.fetch, chance,
    })
    const part = await newPart(1)
    const segments = await sealed(part, 3)
    uploader.opened(await store.openPart(part))
    await store.append(part.part_id, segments)
    uploader.stored(part.part_id, segments)
    return { server, clock, store, pulse, server_clock, segments, end: async () => (pulse.stop(), await server.stop(), await store.close()) }
  }

  it('beats every 2 s while recording, each seal once, and keeps the signed answers', async () => {
    const { server, clock, store, pulse, server_clock, segments, end } = await camera()
    pulse.start()
    const leave = pulse.follow(partId(1), () => ({ recorder: 'recording', captured_ms: 3_000 }))
    await clock.until(() => server.pulses.length >= 1)
    await clock.advance(10_000)
    leave()
    expect(server.pulses.length).toBeGreaterThanOrEqual(5)
    expect(server.pulses.length).toBeLessThanOrEqual(8)
    expect(server.pulses.flatMap(({ body }) => body.seals)).toEqual(segments.map(({ index, head }) => ({ index, head })))
    expect((await store.evidence(ACCOUNT))[0]).toMatchObject({ kind: 'pulse', part_id: partId(1), signed: { kid: 'k1' } })
    expect(server_clock.now()).toBeGreaterThan(1_700_000_000_000)
    await end()
  })

  it('beats every 15 s while something is undelivered and nothing records', async () => {
    const { server, clock, pulse, end } = await camera()
    pulse.start()
    await clock.advance(46_000)
    expect(server.pulses.map(({ body }) => body.recorder)).toEqual(['stopped', 'stopped', 'stopped'])
    await end()
  })

  it('repeats seals that were not acknowledged, and tells of the silence', async () => {
    const { server, clock, pulse, segments, end } = await camera()
    const silences: number[] = []
    pulse.on('silence', ({ for_ms }) => silences.push(for_ms))
    server.mischief = [(request) => (request.socket.destroy(), true)]
    pulse.start()
    pulse.follow(partId(1), () => ({ recorder: 'recording', captured_ms: 3_000 }))
    await clock.until(() => server.pulses.length === 1)
    expect(silences).toHaveLength(1)
    expect(server.pulses[0]?.body.seals).toHaveLength(segments.length)
    await end()
  })
})
