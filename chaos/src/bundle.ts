// Reads what `GET /api/console/sittings/{id}/bundle` exports, for the oracle alone: digests are taken
// of the bytes that are really in it, whatever its index says of them.
import { inflateRawSync } from 'node:zlib'
import { digestOf, type Signed } from './chain'

export interface BundleSegment {
  digest: string
  length: number
  /** h[index] as the server holds it; null where it says none. */
  head: string | null
  /** Server time of the earliest witnessed seal that covers it; null where it says none. */
  sealed_at: number | null
}

export interface BundlePart {
  part_id: string
  segments: Map<number, BundleSegment>
}

export interface Bundle {
  parts: Map<string, BundlePart>
  /** Live ones only: what staff superseded is not counted. */
  submissions: { subject_id: string; id: string }[]
  signed: Signed[]
}

interface Index {
  parts: {
    part_id: string
    file: string
    segments: { index: number; length: number; head?: string | null; sealed_at?: number | null }[]
  }[]
  submissions: { id: string; subject_id: string; superseded?: boolean }[]
  receipts?: Signed[]
  pulses?: Signed[]
}

export const INDEX = 'bundle.json'

export function readBundle(archive: Buffer): Bundle {
  const files = archive.readUInt32BE(0) === 0x504b0304 ? unzip(archive) : untar(archive)
  const text = files.get(INDEX)
  if (text === undefined) throw new Error(`no ${INDEX} in the bundle, only ${[...files.keys()].slice(0, 5).join(', ')}`)
  const index = JSON.parse(text.toString()) as Index
  return {
    parts: new Map(index.parts.map((part) => [part.part_id, readPart(part, files.get(part.file) ?? Buffer.alloc(0))])),
    submissions: index.submissions.filter(({ superseded }) => superseded !== true),
    signed: [...(index.receipts ?? []), ...(index.pulses ?? [])],
  }
}

// The file holds the segments' bytes in the order of the index; one that is cut short has fewer.
function readPart({ part_id, segments }: Index['parts'][number], bytes: Buffer): BundlePart {
  const found = new Map<number, BundleSegment>()
  let at = 0
  for (const { index, length, head = null, sealed_at = null } of segments) {
    const segment = bytes.subarray(at, at + length)
    at += length
    if (segment.length > 0) found.set(index, { digest: digestOf(segment), length: segment.length, head, sealed_at })
  }
  return { part_id, segments: found }
}

function untar(archive: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>()
  let long_name: string | null = null
  for (let at = 0; at + 512 <= archive.length; ) {
    const head = archive.subarray(at, at + 512)
    if (head.every((byte) => byte === 0)) break
    const size = tarNumber(head.subarray(124, 136))
    const body = archive.subarray(at + 512, at + 512 + size)
    const type = String.fromCharCode(head[156] ?? 0)
    const name = long_name ?? [tarText(head.subarray(345, 500)), tarText(head.subarray(0, 100))].filter(Boolean).join('/')
    long_name = type === 'L' ? tarText(body) : type === 'x' ? paxPath(body) : null
    if (type === '0' || type === '\0') files.set(name, body)
    at += 512 + Math.ceil(size / 512) * 512
  }
  return files
}

function tarText(field: Buffer): string {
  const end = field.indexOf(0)
  return field.toString('utf8', 0, end < 0 ? field.length : end)
}

function tarNumber(field: Buffer): number {
  if (((field[0] ?? 0) & 0x80) === 0) return parseInt(tarText(field).trim() || '0', 8)
  return Number(field.readBigUInt64BE(4))
}

function paxPath(body: Buffer): string | null {
  return /\d+ path=(.*)\n/.exec(body.toString())?.[1] ?? null
}

function unzip(archive: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>()
  const end = archive.lastIndexOf(Buffer.from('504b0506', 'hex'))
  if (end < 0) throw new Error('the bundle was cut short')
  let at = archive.readUInt32LE(end + 16)
  while (archive.readUInt32BE(at) === 0x504b0102) {
    const [method, size] = [archive.readUInt16LE(at + 10), archive.readUInt32LE(at + 20)]
    const [name_length, extra, comment] = [28, 30, 32].map((field) => archive.readUInt16LE(at + field)) as [number, number, number]
    const local = archive.readUInt32LE(at + 42)
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28)
    const packed = archive.subarray(start, start + size)
    files.set(archive.toString('utf8', at + 46, at + 46 + name_length), method === 0 ? packed : inflateRawSync(packed))
    at += 46 + name_length + extra + comment
  }
  return files
}
