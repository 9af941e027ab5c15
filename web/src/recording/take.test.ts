// Takes in virtual time: from the start to the finish, through interruptions, lost answers and kills.
import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { beforeEach, describe, expect, it } from 'vitest'
import { memoryLocks, type Locks } from './environment'
import type { TakePlan } from './journal'
import { createRecordingKit, localFootage, unfinishedTakes, type RecordingKit } from './kit'
import { openBrowserStore } from './segment-store-idb'
import type { SittingGlimpse, TakeApi } from './take-api'
import { Take, type TakeSource } from './take'
import { FakePage, fakeRecorders, FakeStream, slice } from './testing/fake-recorder'
import { ACCOUNT, SITTING, SUBJECT, TAKE, partId } from './testing/footage'
import { VirtualClock } from './testing/virtual-clock-node'
import { Refusal, type DeviceState, type PartGrant } from './types'

const SERVER_START = 1_700_000_000_000

interface Call {
  name: string
  body: Record<string, unknown>
}

/** The server's side of a take, in memory; commands repeated under an id get the stored answer. */
class FakeServer {
  readonly calls: Call[] = []
  readonly bytes = new Map<string, number>()
  readonly answers = new Map<string, unknown>()
  /** How the next call goes wrong: before it is carried out, or with its answer lost. */
  trouble: (Refusal | 'unreachable' | 'answer lost')[] = []
  take: { state: string; max_ends_at: number | null } = { state: 'recording', max_ends_at: null }
  closes_at: number | null = null
  online = true
  #parts = 0

  constructor(readonly clock: VirtualClock) {}

  get now(): number {
    return SERVER_START + this.clock.now()
  }

  api(): TakeApi {
    const view = (name: string) => (_: string, body: object) => this.#answer(name, body, () => this.#view())
    const opened = (name: string) => (_: string, body: object) =>
      this.#answer(name, body, () => ({ sitting: this.#view(), take_id: TAKE, part: this.#grant() }))
    return {
      startTake: opened('start'), openPart: opened('part'), beep: view('beep'), finish: view('finish'),
      fail: view('fail'), interrupt: view('interrupt'),
    }
  }

  readonly fetch = async (url: string, init?: RequestInit): Promise<Response> => {
    if (!this.online) throw new TypeError('network')
    const [, , , part = '', what] = url.split(/[/?]/)
    if (what === 'segments') {
      this.bytes.set(part, (this.bytes.get(part) ?? 0) + (init?.body as Uint8Array).length)
      return new Response(null, { status: 204 })
    }
    if (what === 'missing') return Response.json({ received: [[1, 9_999]], missing: [], safe_through: 9_999 })
    const sitting = { version: 1, closes_at: this.closes_at, phase: 'open' }
    return Response.json({ acknowledgement: null, capability: null, sitting, take: this.take, server_time: this.now })
  }

  names(): string[] {
    return this.calls.map(({ name }) => name)
  }

  async #answer<T>(name: string, body: object, carryOut: () => T): Promise<T> {
    const { command_id } = body as { command_id: string }
    const trouble = this.online ? this.trouble.shift() : 'unreachable'
    if (trouble instanceof Refusal) throw trouble
    if (trouble === 'unreachable') throw new TypeError('network')
    if (!this.answers.has(command_id)) {
      this.calls.push({ name, body: body as Record<string, unknown> })
      this.answers.set(command_id, carryOut())
    }
    if (trouble === 'answer lost') throw new TypeError('network')
    return this.answers.get(command_id) as T
  }

  #view(): SittingGlimpse {
    return { version: this.calls.length, server_time: this.now }
  }

  #grant(): PartGrant {
    this.#parts += 1
    const id = partId(this.#parts)
    return { id, capability: `capability-${this.#parts}`, sitting_id: SITTING, owner_kind: 1, owner_id: TAKE }
  }
}

const plan: TakePlan = {
  account_id: ACCOUNT, sitting_id: SITTING, sitting_kind: 'formal', subject_id: SUBJECT,
  position_ms: 10_000, take_max_ms: 60_000, closes_at: null,
  media: {
    width: 1280, height: 720, frame_rate: 30, video_bits_per_second: 2_000_000, audio_bits_per_second: 128_000,
    orientation: 'any', facing: 'front',
  },
  device: { user_agent: 'test', model: null },
}

let clock: VirtualClock
let server: FakeServer
let page: FakePage
let recorders: ReturnType<typeof fakeRecorders>
let kit: RecordingKit
let locks: Locks

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory()
  clock = new VirtualClock()
  server = new FakeServer(clock)
  await launch()
})

/** The app (again): everything in memory is new, the store is what was there. */
async function launch(): Promise<void> {
  page = new FakePage()
  recorders = fakeRecorders()
  locks = memoryLocks()
  const phone: DeviceState = { battery: null, storage: null, network: null, visibility: 'visible', microphone: null, phone_time_ms: 0 }
  kit = createRecordingKit({
    account_id: ACCOUNT, base_url: '', store: await openBrowserStore(), api: server.api(),
    renewCapability: async () => 'renewed', probe: async () => phone, clock, fetch: server.fetch,
    page, locks, createRecorder: recorders.create, mimeSupported: () => true,
  })
  await kit.start()
}

/** The tab is killed: nothing more of it happens. */
async function kill(): Promise<void> {
  await kit.close()
}

function source(): TakeSource {
  const report = (mime: string) => ({
    mime, width: 1280, height: 720, frame_rate: 30,
    audio: { echo_cancellation: false, noise_suppression: false, auto_gain_control: false, sample_rate: 48_000 },
  })
  return { stream: new FakeStream() as unknown as MediaStream, report }
}

function newest() {
  return recorders.made[recorders.made.length - 1]!
}

async function record(take: Take, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    await clock.advance(1_000)
    newest().give(slice(1_000, second))
  }
  const part = () => take.state.name === 'recording' && kit.uploader.progress(take.state.part_id)
  await clock.until(() => (part() || { stored: Infinity }).stored >= seconds)
}

async function beeped(changed: Partial<TakePlan> = {}): Promise<Take> {
  const take = Take.begin(kit, { ...plan, ...changed }, source())
  await clock.until(() => take.state.name === 'recording')
  return take
}

async function restored(): Promise<Take> {
  await launch()
  const [record] = await unfinishedTakes(kit, ACCOUNT)
  return Take.restore(kit, record!)
}

describe('a healthy take', () => {
  it('is positioned, beeps when the recorder runs, is finished with index and head, and delivered', async () => {
    const take = Take.begin(kit, plan, source())
    const states: string[] = []
    take.on('state', ({ name }) => states.push(name))
    take.on('beep', () => states.push(`beep ${newest().state}`))
    await clock.until(() => take.state.name === 'positioning')
    expect(recorders.made).toHaveLength(0)
    expect(take.left_ms()).toBeGreaterThan(9_000)
    await clock.until(() => take.state.name === 'recording')
    await record(take, 5)
    void take.stop()
    await clock.until(() => take.state.name === 'finished')
    expect(states).toEqual(['positioning', 'beep recording', 'recording', 'finishing', 'finished'])
    expect(server.names()).toEqual(['start', 'beep', 'finish'])
    const part = await kit.store.part(partId(1))
    const { last_index, head, duration_ms } = part!
    expect(server.calls[2]?.body).toMatchObject({ parts: [{ part_id: partId(1), last_index, head, duration_ms }] })
    expect(last_index).toBe(5)
    expect(await kit.uploader.settled(partId(1))).toEqual({ state: 'delivered' })
    expect(take.safe_through_ms()).toBe(duration_ms)
    expect((await localFootage(kit.store, partId(1)))?.size).toBe(5_000)
  })

  it('may begin before the countdown is over', async () => {
    const take = Take.begin(kit, plan, source())
    await clock.until(() => take.state.name === 'positioning')
    take.inPlace()
    await clock.advance(500)
    expect(take.state.name).toBe('recording')
    await clock.advance(15_000)
    expect(server.names()).toEqual(['start', 'beep'])
  })

  it('stops by itself at its greatest length', async () => {
    const take = await beeped()
    const began = clock.now()
    await clock.until(() => take.state.name === 'finished')
    expect(clock.now() - began).toBeGreaterThanOrEqual(59_000)
    expect(clock.now() - began).toBeLessThan(63_000)
  })

  it('stops when the subject closes by the server clock, however long it might be', async () => {
    const take = await beeped({ closes_at: SERVER_START + 30_000 })
    await clock.until(() => take.state.name === 'finished')
    expect(clock.now()).toBeGreaterThanOrEqual(30_000)
    expect(clock.now()).toBeLessThan(33_000)
  })

  it('goes on when a grant moves the close', async () => {
    const take = await beeped({ closes_at: SERVER_START + 30_000 })
    server.closes_at = SERVER_START + 45_000
    await clock.until(() => take.state.name === 'finished')
    expect(clock.now()).toBeGreaterThanOrEqual(45_000)
  })

  it('ends when a pulse says that it is lost, and its footage still arrives', async () => {
    const take = await beeped()
    await record(take, 2)
    server.take = { state: 'lost', max_ends_at: null }
    await clock.until(() => take.state.name === 'lost')
    expect(await kit.store.part(partId(1))).toMatchObject({ recording: 'ended', last_index: 2 })
    expect(await kit.uploader.settled(partId(1))).toEqual({ state: 'delivered' })
  })
})

describe('a bad line', () => {
  it('never holds up the recording: commands wait, in order, under the same ids', async () => {
    const take = Take.begin(kit, plan, source())
    await clock.until(() => take.state.name === 'positioning')
    server.online = false
    await clock.until(() => take.state.name === 'recording')
    await record(take, 3)
    void take.stop()
    await clock.advance(5_000)
    expect(take.state.name).toBe('finishing')
    server.online = true
    await clock.until(() => take.state.name === 'finished')
    expect(server.names()).toEqual(['start', 'beep', 'finish'])
  })

  it('does not use up a second attempt when the answer to the start is lost', async () => {
    server.trouble = ['answer lost', 'unreachable']
    const take = Take.begin(kit, plan, source())
    await clock.until(() => take.state.name === 'positioning')
    expect(server.names()).toEqual(['start'])
  })

  it('does not take the time from an answer that was stored', async () => {
    server.trouble = ['answer lost', 'unreachable', 'unreachable', 'unreachable', 'unreachable', 'unreachable']
    const take = Take.begin(kit, plan, source())
    await clock.until(() => take.state.name === 'positioning')
    const known = kit.server_clock.now()
    expect(known === null || Math.abs(known - server.now) < 200).toBe(true)
  })
})

describe('a refusal', () => {
  it('of the start is final and says why', async () => {
    const problem = { code: 'take.no_attempt_left', status: 409, title: 'none left', detail: 'none left' }
    server.trouble = [new Refusal(problem)]
    const take = Take.begin(kit, plan, source())
    await clock.until(() => take.state.name === 'failed')
    expect(take.state).toEqual({ name: 'failed', cause: 'take.no_attempt_left', problem })
    expect(await unfinishedTakes(kit, ACCOUNT)).toEqual([])
    expect(await kit.store.commands(ACCOUNT)).toEqual([])
  })
})

describe('a recorder that does not start', () => {
  it('fails before the beep, so that the attempt is given back', async () => {
    const create = kit.recorder_environment.createRecorder
    kit.recorder_environment.createRecorder = (...given) => Object.assign(create(...given), { start: () => {} })
    const take = Take.begin(kit, plan, source())
    await clock.until(() => take.state.name === 'failed' && server.calls.length === 2)
    expect(server.calls[1]).toMatchObject({ name: 'fail', body: { cause: 'recorder.did_not_start' } })
  })
})

describe('an interruption', () => {
  it('that ends is reported once, with its length, and the recording goes on', async () => {
    const take = await beeped()
    await record(take, 2)
    page.turn('hidden')
    await clock.advance(3_000)
    page.turn('visible')
    await clock.until(() => server.names().includes('interrupt'))
    expect(server.calls[2]?.body).toMatchObject({ act: 'left_page', lasted_ms: 3_000 })
    expect(take.state.name).toBe('recording')
  })

  it('that kills the recorder is resumed in a new part of the same take', async () => {
    const take = await beeped()
    await record(take, 3)
    newest().break()
    await clock.until(() => take.state.name === 'interrupted')
    const first = await kit.store.part(partId(1))
    await take.resume(source(), 'recorder_restarted')
    expect(take.state.name).toBe('recording')
    expect(server.calls.find(({ name }) => name === 'part')?.body).toMatchObject({
      reason: 'recorder_restarted', previous: { part_id: partId(1), last_index: 3, head: first?.head, duration_ms: first?.duration_ms },
    })
    await record(take, 2)
    void take.stop()
    await clock.until(() => take.state.name === 'finished')
    expect(server.names()).toEqual(['start', 'beep', 'interrupt', 'part', 'finish'])
    expect(server.calls[4]?.body).toMatchObject({ parts: [{ part_id: partId(1), last_index: 3 }, { part_id: partId(2), last_index: 2 }] })
    expect((await kit.store.part(partId(2)))?.started_captured_ms).toBe(first?.duration_ms)
  })

  it('is none when only the quality changes, and the old recorder runs until the new one does', async () => {
    const take = await beeped()
    await record(take, 2)
    const old = newest()
    const changed = take.resume(source(), 'quality_changed')
    expect(old.state).toBe('recording')
    await changed
    expect([old.state, newest().state]).toEqual(['inactive', 'recording'])
    void take.stop()
    await clock.until(() => take.state.name === 'finished')
    expect(server.names()).toEqual(['start', 'beep', 'part', 'finish'])
  })
})

describe('after a kill', () => {
  it('while recording, the part ends at its last stored segment and the take goes on in a new one', async () => {
    await record(await beeped(), 4)
    await kill()
    const take = await restored()
    await clock.until(() => take.state.name === 'interrupted')
    expect(take.state).toEqual({ name: 'interrupted', act: 'reload', before_beep: false })
    const first = await kit.store.part(partId(1))
    expect(first).toMatchObject({ recording: 'ended', last_index: 4 })
    await take.resume(source(), 'reload')
    await record(take, 2)
    void take.stop()
    await clock.until(() => take.state.name === 'finished')
    expect(server.names()).toEqual(['start', 'beep', 'interrupt', 'part', 'finish'])
    expect(server.calls[2]?.body).toMatchObject({ act: 'reload', began_at_captured_ms: first?.duration_ms, lasted_ms: null })
    expect(server.calls[4]?.body).toMatchObject({ parts: [{ last_index: 4 }, { last_index: 2 }] })
  })

  it('footage delivered before it still counts as safe', async () => {
    const first = await beeped()
    await record(first, 4)
    await clock.until(() => first.safe_through_ms() >= 4_000)
    await kill()
    await launch()
    await kit.uploader.settled(partId(1))
    await kill()
    const take = await restored()
    await clock.until(() => take.state.name === 'interrupted')
    expect(kit.uploader.progress(partId(1))).toBeNull()
    expect(take.safe_through_ms()).toBe((await kit.store.part(partId(1)))?.duration_ms)
  })

  it('while the page was hidden, the act that is told is the one that began', async () => {
    await record(await beeped(), 2)
    page.turn('hidden')
    await clock.advance(500)
    await kill()
    const take = await restored()
    await clock.until(() => server.names().includes('interrupt'))
    expect(take.state).toMatchObject({ act: 'left_page' })
    expect(server.calls[2]?.body).toMatchObject({ act: 'left_page' })
  })

  it('while the start was under way, the same command is repeated and no second take is started', async () => {
    server.trouble = ['answer lost']
    Take.begin(kit, plan, source())
    await clock.until(() => server.names().includes('start'))
    server.online = false
    await clock.advance(1_000)
    await kill()
    server.online = true
    const take = await restored()
    await clock.until(() => take.state.name === 'interrupted')
    expect(take.state).toMatchObject({ before_beep: true })
    await take.resume(source(), 'reload')
    await clock.until(() => server.names().length > 1)
    expect(server.names()).toEqual(['start', 'beep'])
  })

  it('at the very moment of the beep, the beep is told all the same', async () => {
    const first = Take.begin(kit, plan, source())
    first.on('beep', () => void kill())
    await clock.advance(12_000)
    expect(server.names()).toEqual(['start'])
    await restored()
    await clock.until(() => server.names().includes('interrupt'))
    expect(server.names()).toEqual(['start', 'beep', 'interrupt'])
  })

  it('between finish and its answer, finish is repeated and the take is over', async () => {
    const take = await beeped()
    await record(take, 2)
    server.trouble = ['answer lost', 'unreachable', 'unreachable', 'unreachable']
    void take.stop()
    await clock.until(() => server.names().includes('finish'))
    await kill()
    server.trouble = ['unreachable', 'unreachable']
    const after = await restored()
    await clock.until(() => after.state.name === 'finished')
    expect(server.names()).toEqual(['start', 'beep', 'finish'])
    expect(await unfinishedTakes(kit, ACCOUNT)).toEqual([])
  })

  it.each([100, 300, 5_000, 9_900, 10_100, 10_500, 11_100, 12_700, 15_300])(
    'at %i ms there is one take, one beep, and in the end all that was stored',
    async (at) => {
      const first = Take.begin(kit, plan, source())
      server.trouble = ['unreachable']
      await clock.advance(at)
      recorders.made.forEach((recorder) => recorder.give(slice(500, at)))
      await clock.advance(100)
      await kill()
      expect(first.state.name).not.toBe('finished')
      const take = await restored()
      await clock.until(() => take.state.name === 'interrupted')
      await take.resume(source(), 'reload')
      await clock.until(() => take.state.name === 'recording')
      await record(take, 2)
      void take.stop()
      await clock.until(() => take.state.name === 'finished')
      const count = (name: string) => server.names().filter((one) => one === name).length
      expect([count('start'), count('beep'), count('finish'), count('fail')]).toEqual([1, 1, 1, 0])
      const parts = (await kit.store.parts(ACCOUNT)).filter(({ last_index }) => last_index > 0)
      expect(server.calls.find(({ name }) => name === 'finish')?.body.parts).toEqual(
        parts.map(({ part_id, last_index, head, duration_ms }) => ({ part_id, last_index, head, duration_ms })),
      )
    },
  )

  it('what was not delivered goes out, although nobody goes on with the take', async () => {
    const take = await beeped()
    server.online = false
    await record(take, 3)
    await kill()
    server.online = true
    await launch()
    await clock.until(() => kit.uploader.progress(partId(1))?.delivery.state === 'delivered')
    expect(kit.uploader.progress(partId(1))).toMatchObject({ stored: 3, delivered: 3, recording: 'ended' })
  })

  it('leaves a part alone that another tab is recording', async () => {
    await record(await beeped(), 1)
    const other = createRecordingKit({
      account_id: ACCOUNT, base_url: '', store: await openBrowserStore(), api: server.api(), renewCapability: async () => '',
      probe: async () => Promise.reject(new Error('unused')), clock, fetch: server.fetch, locks, mimeSupported: () => true,
    })
    await other.start()
    expect(await other.store.part(partId(1))).toMatchObject({ recording: 'running' })
    await other.close()
  })
})
