// The stand-in's bundle, in the product's layout, with the wrongs it was told to do.
import { fileOf, MANIFEST } from '../src/bundle'
import type { StoredSegment, VolatileDisk, Wrongs } from './stand-in-disk'
import type { Sitting, State } from './stand-in-state'

/** More segments than any part of a run has. */
const LAST = 200

export function packBundle({ takes, submissions }: Sitting, disk: VolatileDisk, state: State): Buffer {
  const files: [string, Buffer][] = []
  const parts = takes.flatMap((take) => take.parts).map(({ id }) => {
    const held = segmentsOf(disk, id, state.wrongs)
    files.push([fileOf(id), Buffer.concat(held.map(({ bytes }) => bytes))])
    const segments = held.map(({ index, bytes }) => ({ index, bytes: bytes.length }))
    return { id, last: null, segments, seals: state.wrongs.forgets_seals ? [] : (state.seals.get(id) ?? []), acknowledgements: [] }
  })
  const events = submissions.map(({ id, subject_id, take_id }) => ({ kind: 'submitted', data: { submission_id: id, subject_id, take_id } }))
  const manifest = Buffer.from(JSON.stringify({ parts, receipts: [], events }))
  return Buffer.concat([entry(MANIFEST, manifest), ...files.map(([name, bytes]) => entry(name, bytes)), Buffer.alloc(1024)])
}

function segmentsOf(disk: VolatileDisk, part_id: string, wrongs: Wrongs): (StoredSegment & { index: number })[] {
  const held: (StoredSegment & { index: number })[] = []
  for (let index = 1; index <= LAST; index += 1) {
    const segment = disk.get(part_id, index)
    if (segment === undefined || wrongs.export_drops === index) continue
    held.push({ ...segment, index, bytes: wrongs.export_flips === index ? flipped(segment.bytes) : segment.bytes })
  }
  return held
}

function flipped(bytes: Buffer): Buffer {
  const wrong = Buffer.from(bytes)
  wrong[0] = (wrong[0] ?? 0) ^ 1
  return wrong
}

function entry(name: string, bytes: Buffer): Buffer {
  const head = Buffer.alloc(512)
  head.write(name, 0)
  head.write(bytes.length.toString(8).padStart(11, '0'), 124)
  head.write('0', 156)
  return Buffer.concat([head, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)])
}
