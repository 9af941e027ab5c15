// One behaviour suite for both stores: the browser's (on an IndexedDB in memory) and Node's.
import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { NotDelivered, OutOfOrder, PartEnded, type RecordingStore } from './segment-store'
import { openBrowserStore } from './segment-store-idb'
import { openNodeStore } from './segment-store-node'
import { ACCOUNT, newPart, partId, sealed } from './testing/footage'
import type { CommandRecord } from './journal'

let folder = ''
const backends = [
  { name: 'the browser', reset: () => void (globalThis.indexedDB = new IDBFactory()), open: () => openBrowserStore() },
  {
    name: 'Node',
    reset: () => void (folder = mkdtempSync(join(tmpdir(), 'yikao-store-'))),
    open: () => openNodeStore(folder),
  },
]

describe.each(backends)('the store of $name', ({ reset, open }) => {
  let store: RecordingStore
  beforeEach(async () => {
    reset()
    store = await open()
  })

  async function reopened(): Promise<RecordingStore> {
    await store.close()
    return open()
  }

  it('keeps a segment and the head of the chain together, over a restart', async () => {
    const part = await newPart(1)
    const segments = await sealed(part, 3)
    await store.openPart(part)
    await store.append(part.part_id, segments.slice(0, 2))
    await store.append(part.part_id, segments.slice(2))
    const after = await reopened()
    expect(await after.part(part.part_id)).toMatchObject({
      last_index: 3, head: segments[2]?.head, duration_ms: 3_000, recording: 'running', delivery: { state: 'pending' },
    })
    expect(await after.bytes(part.part_id, 2)).toEqual(segments[1]?.bytes)
    expect((await after.segments(part.part_id)).map(({ index, head }) => [index, head])).toEqual(
      segments.map(({ index, head }) => [index, head]),
    )
  })

  it('stores no more than the segment of a view into a large slice', async () => {
    const part = await newPart(1)
    const [segment] = await sealed(part, 1)
    const around = new Uint8Array(5_000)
    const view = around.subarray(100, 100 + (segment?.length ?? 0))
    view.set(segment?.bytes ?? [])
    await store.openPart(part)
    await store.append(part.part_id, [{ ...segment!, bytes: view }])
    expect((await store.bytes(part.part_id, 1))?.buffer.byteLength).toBe(segment?.length)
  })

  it('takes segments only in order, and a refused one leaves no trace', async () => {
    const part = await newPart(1)
    const segments = await sealed(part, 3)
    await store.openPart(part)
    await store.append(part.part_id, segments.slice(0, 1))
    await expect(store.append(part.part_id, segments.slice(2))).rejects.toThrow(OutOfOrder)
    await expect(store.append(part.part_id, [segments[1]!, segments[1]!])).rejects.toThrow(OutOfOrder)
    expect(await store.part(part.part_id)).toMatchObject({ last_index: 1, head: segments[0]?.head })
    expect(await store.segments(part.part_id)).toHaveLength(1)
    expect(await store.bytes(part.part_id, 2)).toBeNull()
  })

  it('takes nothing after the part has ended', async () => {
    const part = await newPart(1)
    await store.openPart(part)
    await store.endPart(part.part_id)
    await expect(store.append(part.part_id, await sealed(part, 1))).rejects.toThrow(PartEnded)
  })

  it('opens a part once', async () => {
    const part = await newPart(1)
    await store.openPart(part)
    await store.append(part.part_id, await sealed(part, 1))
    expect(await store.openPart(part)).toMatchObject({ last_index: 1 })
  })

  it('remembers what is delivered, and what turned out to be missing', async () => {
    const part = await newPart(1)
    await store.openPart(part)
    await store.append(part.part_id, await sealed(part, 4))
    await store.markDelivered(part.part_id, [[1, 3]])
    await store.markMissing(part.part_id, [[2, 2]])
    const after = await reopened()
    expect((await after.segments(part.part_id)).map(({ delivered }) => delivered)).toEqual([true, false, true, false])
  })

  it('lists parts in the order they were opened, undelivered ones apart, each account its own', async () => {
    await store.openPart(await newPart(2))
    await store.openPart(await newPart(1))
    await store.openPart(await newPart(3, { account_id: '018f0000-0000-7000-8000-00000000000b' }))
    await store.change(partId(2), { delivery: { state: 'delivered' } })
    expect((await store.parts(ACCOUNT)).map(({ part_id }) => part_id)).toEqual([partId(2), partId(1)])
    expect((await store.undelivered(ACCOUNT)).map(({ part_id }) => part_id)).toEqual([partId(1)])
  })

  it('keeps two candidates on one phone apart: footage, commands and evidence, over a restart', async () => {
    const other = '018f0000-0000-7000-8000-00000000000b'
    const [mine, theirs] = [await newPart(1), await newPart(2, { account_id: other })]
    for (const part of [mine, theirs]) {
      await store.openPart(part)
      await store.append(part.part_id, await sealed(part, 2))
      const { part_id, account_id } = part
      await store.keep({ id: part_id, account_id, kind: 'pulse', part_id, signed: { kid: 'k', payload: '{}', signature: 's' } })
      await store.putCommand({ command_id: part_id, account_id, take_key: 't', order: 1, command: { kind: 'beep', take_id: 't', body: { part_id } } })
    }
    // What one candidate sends and clears away is no matter of the other.
    await store.change(mine.part_id, { delivery: { state: 'delivered' } })
    await store.clean(mine.part_id)
    await store.deleteCommand(mine.part_id)
    const after = await reopened()
    expect(await after.undelivered(ACCOUNT)).toEqual([])
    expect((await after.undelivered(other)).map(({ part_id }) => part_id)).toEqual([theirs.part_id])
    expect(await after.bytes(theirs.part_id, 2)).not.toBeNull()
    expect((await after.evidence(other)).map(({ id }) => id)).toEqual([theirs.part_id])
    expect((await after.commands(other)).map(({ command_id }) => command_id)).toEqual([theirs.part_id])
    expect(await after.commands(ACCOUNT)).toEqual([])
  })

  it('never cleans formal footage away before it is delivered', async () => {
    const part = await newPart(1)
    await store.openPart(part)
    await store.append(part.part_id, await sealed(part, 1))
    await store.change(part.part_id, { delivery: { state: 'stopped', status: 410, code: 'delivery.lapsed', detail: '' } })
    await expect(store.clean(part.part_id)).rejects.toThrow(NotDelivered)
    expect(await store.bytes(part.part_id, 1)).not.toBeNull()
  })

  it('cleans delivered footage away, over a restart, and keeps the evidence', async () => {
    const part = await newPart(1)
    const signed = { kid: 'k', payload: '{}', signature: 's' }
    await store.openPart(part)
    await store.append(part.part_id, await sealed(part, 1))
    await store.keep({ id: 'e1', account_id: ACCOUNT, kind: 'pulse', part_id: part.part_id, signed })
    await store.change(part.part_id, { delivery: { state: 'delivered' } })
    await store.clean(part.part_id)
    const after = await reopened()
    expect(await after.part(part.part_id)).toBeNull()
    expect(await after.bytes(part.part_id, 1)).toBeNull()
    expect(await after.evidence(ACCOUNT)).toMatchObject([{ id: 'e1', signed }])
  })

  it('lets practice footage go at any time', async () => {
    const part = await newPart(1, { kind: 'practice' })
    await store.openPart(part)
    await store.clean(part.part_id)
    expect(await store.parts(ACCOUNT)).toEqual([])
  })

  it('keeps commands in order until they are answered, over a restart', async () => {
    const command = (command_id: string, order: number): CommandRecord => ({
      command_id, account_id: ACCOUNT, take_key: 't', order, command: { kind: 'beep', take_id: 't', body: { part_id: 'p' } },
    })
    await store.putCommand(command('c', 3))
    await store.putCommand(command('a', 1))
    await store.putCommand(command('b', 2))
    await store.deleteCommand('b')
    const after = await reopened()
    expect((await after.commands(ACCOUNT)).map(({ command_id }) => command_id)).toEqual(['a', 'c'])
  })
})

describe('the store of Node after a kill', () => {
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'yikao-store-'))))

  async function withThreeSegments() {
    const part = await newPart(1)
    const segments = await sealed(part, 4)
    const store = await openNodeStore(folder)
    await store.openPart(part)
    await store.append(part.part_id, segments.slice(0, 3))
    await store.close()
    return { part, segments, path: join(folder, readdirSync(folder).find((name) => name.endsWith('.part')) ?? '') }
  }

  it('drops a segment that was cut in half, and the chain goes on before it', async () => {
    const { part, segments, path } = await withThreeSegments()
    truncateSync(path, readFileSync(path).length - 10)
    const store = await openNodeStore(folder)
    expect(await store.part(part.part_id)).toMatchObject({ last_index: 2, head: segments[1]?.head })
    await store.append(part.part_id, segments.slice(2))
    await store.close()
    expect(await (await openNodeStore(folder)).part(part.part_id)).toMatchObject({ last_index: 4, head: segments[3]?.head })
  })

  it('drops garbage behind the last whole segment', async () => {
    const { part, path } = await withThreeSegments()
    appendFileSync(path, Buffer.alloc(4_096))
    expect(await (await openNodeStore(folder)).part(part.part_id)).toMatchObject({ last_index: 3 })
  })
})
