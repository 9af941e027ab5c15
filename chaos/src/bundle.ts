// Reads what `GET /api/console/sittings/{id}/bundle` exports, for the oracle alone: digests are taken
// of the bytes that are really in it, whatever its index says of them.
import { inflateRawSync } from 'node:zlib'
import { digestOf, type Signed } from './chain'

export interface BundleSegment {
  digest: string
  length: number
}

export interface Seal {
  index: number
  head: string
}

export interface BundlePart {
  segments: Map<number, BundleSegment>
  /** What the part ends with, if the recorder finished. */
  last: Seal | null
  /** Server time at which each seal was witnessed. */
  seals: (Seal & { witnessed_at: number })[]
}

export interface Bundle {
  parts: Map<string, BundlePart>
  /** Live ones only: what was before a reopening by staff is not counted. */
  submissions: { subject_id: string; id: string }[]
  /** Receipts and acknowledged pulses. */
  signed: Signed[]
}

interface Manifest {
  parts: {
    id: string
    last: Seal | null
    segments: { index: number; bytes: number }[]
    seals: (Seal & { witnessed_at: number })[]
    acknowledgements: Signed[]
  }[]
  receipts: Signed[]
  events: { kind: string; data: { subject_id?: string; submission_id?: string } | null }[]
}

export const MANIFEST = 'bundle.json'

export function fileOf(part_id: string): string {
  return `parts/${part_id}.original`
}

export function readBundle(archive: Buffer): Bundle {
  const files = archive.readUInt32BE(0) === 0x504b0304 ? unzip(archive) : untar(archive)
  const text = files.get(MANIFEST)
  if (text === undefined) throw new Error(`no ${MANIFEST} in the bundle, only ${[...files.keys()].slice(0, 5).join(', ')}`)
  const manifest = JSON.parse(text.toString()) as Manifest
  return {
    parts: new Map(manifest.parts.map((part) => [part.id, readPart(part, files.get(fileOf(part.id)) ?? Buffer.alloc(0))])),
    submissions: liveSubmissions(manifest.events),
    signed: [...manifest.receipts, ...manifest.parts.flatMap(({ acknowledgements }) => acknowledgements)],
  }
}

// The file holds the segments' bytes in the order of the manifest; one that is cut short has fewer.
function readPart({ last, seals, segments }: Manifest['parts'][number], bytes: Buffer): BundlePart {
  const found = new Map<number, BundleSegment>()
  let at = 0
  for (const { index, bytes: length } of segments) {
    const segment = bytes.subarray(at, at + length)
    at += length
    if (segment.length > 0) found.set(index, { digest: digestOf(segment), length: segment.length })
  }
  return { segments: found, last, seals }
}

function liveSubmissions(events: Manifest['events']): Bundle['submissions'] {
  const live: Bundle['submissions'] = []
  for (const { kind, data } of events) {
    const { subject_id = '', submission_id = '' } = data ?? {}
    if (kind === 'submitted') live.push({ subject_id, id: submission_id })
    if (kind === 'reopened') live.splice(0, live.length, ...live.filter((one) => one.subject_id !== subject_id))
  }
  return live
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
