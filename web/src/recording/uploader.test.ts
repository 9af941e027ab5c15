// Delivery against a real HTTP server that misbehaves. The server's own copy is the judge.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Capabilities } from './capabilities'
import { alwaysOnline, type Chance, type Connectivity } from './environment'
import { SegmentProtocol } from './segment-protocol'
import { StorageFailure, type RecordingStore } from './segment-store'
import { openNodeStore } from './segment-store-node'
import { ACCOUNT, newPart, sealed } from './testing/footage'
import { cutMidBody, fallOver, problem, SegmentServer, type Mischief } from './testing/segment-server-node'
import { settle, VirtualClock } from './testing/virtual-clock-node'
import { Refusal } from './types'
import { Uploader, type UploaderEvents } from './uploader'

const chance: Chance = { uuid: () => 'unused', fraction: () => 0.5 }

let server: SegmentServer
let store: RecordingStore
let folder: string
let clock: VirtualClock
let uploader: Uploader
let told: { name: string; event: unknown }[]
let renewals: number
let states: Map<string, string>

beforeEach(async () => {
  server = await SegmentServer.start(['capability-1', 'capability-2'])
  folder = mkdtempSync(join(tmpdir(), 'yikao-uploader-'))
  store = await openNodeStore(folder)
  clock = new VirtualClock()
  renewals = 0
  uploader = uploading()
})

afterEach(async () => {
  uploader.stop()
  await server.stop()
  await store.close()
})

function uploading(differing: { renew?: () => Promise<string>; connectivity?: Connectivity; concurrency?: number } = {}) {
  const renew = differing.renew ?? (async () => {
    renewals += 1
    server.capabilities = new Set(['renewed'])
    return 'renewed'
  })
  const protocol = new SegmentProtocol(server.base_url, clock.fetch, clock)
  const capabilities = new Capabilities(store, renew)
  const { connectivity = alwaysOnline, concurrency } = differing
  const made = new Uploader({ account_id: ACCOUNT, store, protocol, capabilities, clock, chance, connectivity, concurrency })
  told = []
  states = new Map()
  made.on('progress', ({ part_id, delivery }) => states.set(part_id, delivery.state))
  const names: (keyof UploaderEvents)[] = ['conflict', 'defect', 'stopped', 'delivered', 'waiting', 'moving']
  for (const name of names) made.on(name, (event) => told.push({ name, event }))
  return made
}

/** A part with `count` segments in the store, its recorder done. */
async function recorded(number: number, count: number) {
  const part = await newPart(number)
  const segments = await sealed(part, count)
  await store.openPart(part)
  await store.append(part.part_id, segments)
  await store.endPart(part.part_id)
  return { part_id: part.part_id, segments }
}

/** As last told, which is after it was written down. */
function state(part_id: string) {
  return states.get(part_id)
}

function expectWhole(part_id: string, segments: { index: number; bytes: Uint8Array | null }[]): void {
  const held = server.held.get(part_id)
  expect(server.indexes(part_id)).toEqual(segments.map(({ index }) => index))
  expect(segments.every(({ index, bytes }) => held?.get(index)?.equals(bytes ?? new Uint8Array()))).toBe(true)
}

/** Refuses segment 2 with a problem, once. */
function refuseSecond(status: number, code: string): Mischief {
  return (request, response) => {
    if (!(request.method === 'PUT' && request.url?.endsWith('/segments/2'))) return false
    request.resume().on('end', () => problem(response, status, code))
    return true
  }
}

describe('delivery', () => {
  it('brings everything over, verifies it with the server, and writes that down', async () => {
    const { part_id, segments } = await recorded(1, 5)
    await uploader.start()
    await clock.until(() => state(part_id) === 'delivered')
    expectWhole(part_id, segments)
    expect(uploader.progress(part_id)).toMatchObject({ stored: 5, delivered: 5, safe_through_ms: 5_000, queued_bytes: 0 })
    expect(await store.part(part_id)).toMatchObject({ delivery: { state: 'delivered' } })
    expect(server.seen[server.seen.length - 1]).toBe(`GET /api/parts/${part_id}/missing?last=5`)
  })

  it('survives cut connections, a falling server and answers that never came', async () => {
    const { part_id, segments } = await recorded(1, 8)
    const storedButCut: Mischief = (request, response) => {
      if (request.method !== 'PUT' || !request.url?.endsWith('/3')) return false
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
        server.held.set(part_id, (server.held.get(part_id) ?? new Map()).set(3, Buffer.concat(chunks)))
        response.destroy()
      })
      return true
    }
    server.mischief = [cutMidBody, fallOver, cutMidBody, storedButCut, fallOver, fallOver]
    await uploader.start()
    await clock.until(() => state(part_id) === 'delivered')
    expectWhole(part_id, segments)
    expect(server.mischief).toEqual([])
  })

  it('does not send again what arrived although its answer was lost', async () => {
    const { part_id, segments } = await recorded(1, 3)
    server.held.set(part_id, new Map(segments.slice(0, 2).map(({ index, bytes }) => [index, Buffer.from(bytes ?? [])])))
    await uploader.start()
    await clock.until(() => state(part_id) === 'delivered')
    expect(server.seen.filter((seen) => seen.startsWith('PUT'))).toEqual([`PUT /api/parts/${part_id}/segments/3`])
  })

  it('sends again what the server no longer has, although it had said 204', async () => {
    const { part_id, segments } = await recorded(1, 3)
    await store.markDelivered(part_id, [[1, 3]])
    server.held.set(part_id, new Map([[1, Buffer.from(segments[0]?.bytes ?? [])]]))
    await uploader.start()
    await clock.until(() => state(part_id) === 'delivered')
    expectWhole(part_id, segments)
  })

  it('believes only 204: a captive portal that says 200 has delivered nothing', async () => {
    const { part_id, segments } = await recorded(1, 2)
    const portal: Mischief = (request, response) => {
      request.resume()
      response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome to the airport</h1>')
      return true
    }
    server.mischief = [portal, portal, portal]
    await uploader.start()
    await clock.until(() => state(part_id) === 'delivered')
    expectWhole(part_id, segments)
  })

  it('is not stopped by a 404 or 413 of somebody in between', async () => {
    const { part_id, segments } = await recorded(1, 2)
    const proxy = (status: number): Mischief => (request, response) => {
      request.resume()
      response.writeHead(status, { 'content-type': 'text/html' }).end('nginx')
      return true
    }
    server.mischief = [proxy(404), proxy(413), proxy(502)]
    await uploader.start()
    await clock.until(() => state(part_id) === 'delivered')
    expectWhole(part_id, segments)
  })

  it('is resumed after a restart with no recorder present', async () => {
    const { part_id, segments } = await recorded(1, 4)
    server.mischief = [cutMidBody, fallOver, fallOver]
    await uploader.start()
    await settle()
    uploader.stop()
    await store.close()
    store = await openNodeStore(folder)
    uploader = uploading()
    await uploader.start()
    await clock.until(() => state(part_id) === 'delivered')
    expectWhole(part_id, segments)
  })

  it('follows a part while it is being recorded', async () => {
    const part = await newPart(1)
    const segments = await sealed(part, 3)
    uploader.opened(await store.openPart(part))
    await uploader.start()
    await store.append(part.part_id, segments.slice(0, 2))
    uploader.stored(part.part_id, segments.slice(0, 2))
    await clock.until(() => uploader.progress(part.part_id)?.delivered === 2)
    expect(uploader.progress(part.part_id)).toMatchObject({ safe_through_ms: 2_000, recording: 'running' })
    await store.append(part.part_id, segments.slice(2))
    uploader.stored(part.part_id, segments.slice(2))
    uploader.ended(await store.endPart(part.part_id))
    await clock.until(() => state(part.part_id) === 'delivered')
    expectWhole(part.part_id, segments)
  })

  it('delivers from memory what local storage did not take', async () => {
    const part = await newPart(1)
    const segments = await sealed(part, 2)
    uploader.opened(await store.openPart(part))
    await uploader.start()
    uploader.hold(part.part_id, segments)
    await clock.until(() => uploader.progress(part.part_id)?.delivered === 2)
    expectWhole(part.part_id, segments)
  })
})

describe('a capability that has expired', () => {
  it('is renewed once for all requests that met it, and kept', async () => {
    const { part_id, segments } = await recorded(1, 6)
    server.capabilities = new Set(['another'])
    await uploader.start()
    await clock.until(() => state(part_id) === 'delivered')
    expectWhole(part_id, segments)
    expect(renewals).toBe(1)
    expect(await store.part(part_id)).toMatchObject({ capability: 'renewed' })
  })

  it('waits for somebody to sign in, and goes on then', async () => {
    const { part_id, segments } = await recorded(1, 2)
    let signed_in = false
    let asked = 0
    uploader = uploading({
      renew: async () => {
        asked += 1
        if (!signed_in) throw new Refusal({ code: 'login.required', status: 401, title: '', detail: '' })
        server.capabilities = new Set(['renewed'])
        return 'renewed'
      },
    })
    server.capabilities = new Set()
    await uploader.start()
    await clock.advance(120_000)
    expect(told).toContainEqual({ name: 'waiting', event: expect.objectContaining({ reason: 'login' }) })
    expect(asked).toBeLessThan(15)
    signed_in = true
    uploader.retryNow()
    await clock.until(() => state(part_id) === 'delivered')
    expectWhole(part_id, segments)
  })

  it('is not renewed in a loop when the new one is refused, too', async () => {
    await recorded(1, 1)
    uploader = uploading({ renew: async () => `fresh-${(renewals += 1)}` })
    server.capabilities = new Set()
    await uploader.start()
    await clock.advance(60_000)
    expect(renewals).toBeGreaterThan(2)
    expect(renewals).toBeLessThan(12)
  })
})

describe('a definite no', () => {
  it('409: the part is in conflict, nothing is overwritten, the rest still arrives', async () => {
    const { part_id } = await recorded(1, 3)
    // Not known before: the question of what is missing must not hide the conflict.
    server.mischief = [refuseSecond(409, 'segment.conflict')]
    await uploader.start()
    await clock.until(() => told.some(({ name }) => name === 'conflict'))
    expect(await uploader.settled(part_id)).toEqual({ state: 'conflict', index: 2 })
    expect(server.indexes(part_id)).toEqual([1, 3])
    expect(server.seen.filter((seen) => seen.endsWith('/segments/2'))).toHaveLength(1)
    expect(told).toContainEqual({ name: 'conflict', event: { part_id, index: 2 } })
    expect(await store.part(part_id)).toMatchObject({ delivery: { state: 'conflict', index: 2 } })
  })

  it('409: stays a conflict after a restart, though the server says it holds that index', async () => {
    const { part_id } = await recorded(1, 2)
    server.mischief = [refuseSecond(409, 'segment.conflict')]
    await uploader.start()
    await clock.until(() => state(part_id) === 'conflict' && server.indexes(part_id).length === 1)
    uploader.stop()
    await settle()
    server.held.get(part_id)?.set(2, Buffer.from('somebody else'))
    uploader = uploading()
    await uploader.start()
    await clock.advance(60_000)
    expect(uploader.progress(part_id)).toMatchObject({ delivered: 1, delivery: { state: 'conflict' } })
  })

  it.each([
    [413, 'segment.too_large'],
    [422, 'segment.seal_invalid'],
  ])('%i: is reported as a defect and the bytes are kept', async (status, code) => {
    const { part_id, segments } = await recorded(1, 3)
    server.mischief = [refuseSecond(status, code)]
    await uploader.start()
    await clock.until(() => told.some(({ name }) => name === 'defect') && server.indexes(part_id).length === 2)
    expect(await store.part(part_id)).toMatchObject({ delivery: { state: 'pending' }, defects: [{ index: 2, status, code }] })
    expect(await store.bytes(part_id, 2)).toEqual(segments[1]?.bytes)
  })

  it('422 digest mismatch: the line may have damaged it, so the same bytes go again', async () => {
    const { part_id, segments } = await recorded(1, 3)
    server.mischief = [refuseSecond(422, 'segment.digest_mismatch')]
    await uploader.start()
    await clock.until(() => state(part_id) === 'delivered')
    expectWhole(part_id, segments)
  })

  it('410: the part stops with its reason, other parts go on', async () => {
    const lapsed = await recorded(1, 2)
    const other = await recorded(2, 2)
    const lapse: Mischief = (request, response) => {
      if (!request.url?.includes(lapsed.part_id)) return false
      request.resume().on('end', () => problem(response, 410, 'delivery.lapsed'))
      return true
    }
    server.mischief = [lapse]
    await uploader.start()
    await clock.until(() => state(other.part_id) === 'delivered' && state(lapsed.part_id) === 'stopped')
    expect(await store.part(lapsed.part_id)).toMatchObject({ delivery: { state: 'stopped', status: 410, code: 'delivery.lapsed' } })
    expect(server.indexes(lapsed.part_id)).toEqual([])
    expectWhole(other.part_id, other.segments)
  })
})

describe('waiting', () => {
  // 503: storage hangs behind the server, and no more may wait there.
  it.each([
    [429, 'rate.limited'],
    [503, 'storage.busy'],
  ])('honours Retry-After of a %i', async (status, code) => {
    const { part_id } = await recorded(1, 1)
    server.mischief = [
      (request, response) => {
        request.resume().on('end', () => problem(response, status, code, { 'retry-after': '20' }))
        return true
      },
    ]
    await uploader.start()
    await clock.until(() => told.some(({ name }) => name === 'waiting'))
    const asked = server.seen.length
    await clock.advance(19_000)
    expect(server.seen).toHaveLength(asked)
    await clock.until(() => state(part_id) === 'delivered')
  })

  it('asks one at a time while the server is down, less and less often', async () => {
    const { part_id } = await recorded(1, 9)
    server.mischief = Array.from({ length: 500 }, () => (request, response) => {
      request.resume().on('end', () => problem(response, 503, 'server.busy'))
      return true
    })
    await uploader.start()
    await clock.advance(300_000)
    expect(server.seen.length).toBeGreaterThan(5)
    expect(server.seen.length).toBeLessThan(30)
    server.mischief = []
    uploader.retryNow()
    await clock.until(() => state(part_id) === 'delivered')
  })

  it('holds still offline and goes on at once when the line is back', async () => {
    const { part_id } = await recorded(1, 2)
    let online = true
    let turn: (online: boolean) => void = () => {}
    uploader = uploading({ connectivity: { online: () => online, subscribe: (listener) => ((turn = listener), () => {}) } })
    online = false
    server.mischief = Array.from({ length: 50 }, () => cutMidBody)
    await uploader.start()
    turn(false)
    await settle()
    const asked = server.seen.length
    await clock.advance(25_000)
    expect(server.seen.length).toBe(asked)
    server.mischief = []
    online = true
    turn(true)
    await clock.until(() => state(part_id) === 'delivered')
  })

  it('gives the part being recorded a lane of its own beside a long backlog', async () => {
    await recorded(1, 40)
    const live = await newPart(2)
    const segments = await sealed(live, 1)
    uploader.opened(await store.openPart(live))
    await store.append(live.part_id, segments)
    uploader.stored(live.part_id, segments)
    await uploader.start()
    await clock.until(() => server.indexes(live.part_id).length === 1)
    const puts = server.seen.filter((seen) => seen.startsWith('PUT'))
    expect(puts.findIndex((put) => put.includes(live.part_id))).toBeLessThan(5)
  })

  it('tries again when local storage fails to give the bytes', async () => {
    const { part_id, segments } = await recorded(1, 1)
    const read = store.bytes.bind(store)
    let failing = true
    store.bytes = async (part, index) => {
      if (failing) throw new StorageFailure('broken', null)
      return read(part, index)
    }
    await uploader.start()
    await clock.until(() => told.some(({ name }) => name === 'waiting'))
    expect(told).toContainEqual({ name: 'waiting', event: expect.objectContaining({ reason: 'local_storage' }) })
    failing = false
    await clock.until(() => state(part_id) === 'delivered')
    expectWhole(part_id, segments)
  })
})
