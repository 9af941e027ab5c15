// Known answers, computed with another implementation of SHA-256 from the format's definition.
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { chainStart, seal } from './seal'

const binding = {
  sitting_id: '018f4e3a-1111-7abc-8def-0123456789ab',
  owner_kind: 1 as const,
  owner_id: '018f4e3a-2222-7abc-8def-0123456789ab',
  part_id: '018f4e3a-3333-7abc-8def-0123456789ab',
}

function raw(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex')
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes
}

function hash(...pieces: (Buffer | string)[]): Buffer {
  const all = createHash('sha256')
  for (const piece of pieces) all.update(piece)
  return all.digest()
}

describe('the seal chain', () => {
  it('begins with what the part belongs to', async () => {
    const expected = hash('yikao-seal-1', raw(binding.sitting_id), Buffer.of(1), raw(binding.owner_id), raw(binding.part_id))
    expect(await chainStart(binding)).toBe(expected.toString('hex'))
  })

  it('differs between a take and a subject run of the same ids', async () => {
    expect(await chainStart(binding)).not.toBe(await chainStart({ ...binding, owner_kind: 2 }))
  })

  it('covers head, index, length and bytes of every segment', async () => {
    const start = hash('begin')
    const first = hash(start, u64(1), u64(5), hash('mozar'))
    const second = hash(first, u64(2), u64(1), hash('t'))
    const one = await seal(start.toString('hex'), 1, Buffer.from('mozar'))
    const two = await seal(one.head, 2, Buffer.from('t'))
    expect(one).toEqual({ digest: hash('mozar').toString('hex'), head: first.toString('hex') })
    expect(two.head).toBe(second.toString('hex'))
  })

  it('tells the same bytes cut elsewhere apart', async () => {
    const start = hash('begin').toString('hex')
    const whole = await seal(start, 1, Buffer.from('mozart'))
    const cut = await seal((await seal(start, 1, Buffer.from('mozar'))).head, 2, Buffer.from('t'))
    expect(whole.head).not.toBe(cut.head)
  })

  it('refuses an id that is none', async () => {
    await expect(chainStart({ ...binding, part_id: 'part-1' })).rejects.toThrow(TypeError)
  })
})
