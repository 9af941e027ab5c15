// What the simulated cameras see: short clips made by ffmpeg, cut where a recorder cuts them (a
// header, then about a second each). A run gets bytes of its own by filler that every player skips.
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Dice } from './chance'

export interface Clip {
  mime: string
  container: 'mp4' | 'webm'
  /** The first one carries the header as well. */
  slices: Buffer[]
}

const SECONDS = 24
const PICTURE = ['-f', 'lavfi', '-i', `testsrc2=size=160x120:rate=10:duration=${SECONDS}`]
const MP4 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-movflags',
  'empty_moov+default_base_moof', '-frag_duration', '1000000', '-f', 'mp4']
const WEBM = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-c:a', 'libopus', '-live', '1',
  '-cluster_time_limit', '1000', '-f', 'webm']

/** Makes the clips once and keeps them in `folder`. */
export async function makeClips(folder: string): Promise<Clip[]> {
  mkdirSync(folder, { recursive: true })
  const mp4 = await clipFile(join(folder, 'phone.mp4'), 440, MP4)
  const webm = await clipFile(join(folder, 'phone.webm'), 660, WEBM)
  return [
    { mime: 'video/mp4;codecs=avc1.42E01E,mp4a.40.2', container: 'mp4', slices: cutMp4(mp4) },
    { mime: 'video/webm;codecs=vp8,opus', container: 'webm', slices: cutWebm(webm) },
  ]
}

/** One slice of a run: the clip's bytes and `filler_bytes` of noise that belong to this run alone. */
export function slice(clip: Clip, at: number, filler_bytes: number, dice: Dice): Buffer | null {
  const picture = clip.slices[at]
  if (picture === undefined) return null
  const noise = dice.bytes(filler_bytes)
  return Buffer.concat([picture, clip.container === 'mp4' ? freeBox(noise) : voidElement(noise)])
}

async function clipFile(path: string, tone_hz: number, codecs: string[]): Promise<Buffer> {
  if (!existsSync(path)) {
    const sound = ['-f', 'lavfi', '-i', `sine=frequency=${tone_hz}:sample_rate=48000:duration=${SECONDS}`]
    const quality = ['-g', '10', '-b:v', '120k', '-b:a', '32k']
    const unfinished = `${path}.${process.pid}`
    await promisify(execFile)('ffmpeg', ['-y', '-loglevel', 'error', ...PICTURE, ...sound, ...quality, ...codecs, unfinished])
    renameSync(unfinished, path)
  }
  return readFileSync(path)
}

function cutMp4(file: Buffer): Buffer[] {
  const starts: number[] = []
  let end = 0
  for (let at = 0; at + 8 <= file.length; at += file.readUInt32BE(at)) {
    const type = file.toString('latin1', at + 4, at + 8)
    if (type === 'moof') starts.push(at)
    if (type === 'mdat') end = at + file.readUInt32BE(at)
  }
  return cutAt(file, starts, end)
}

function cutWebm(file: Buffer): Buffer[] {
  const cluster = Buffer.from('1f43b675', 'hex')
  const starts: number[] = []
  let end = 0
  for (let at = file.indexOf(cluster); at >= 0; at = file.indexOf(cluster, end)) {
    const { value, length } = vint(file, at + 4)
    starts.push(at)
    end = at + 4 + length + value
  }
  return cutAt(file, starts, end)
}

function cutAt(file: Buffer, starts: number[], end: number): Buffer[] {
  if (starts.length < 10) throw new Error('ffmpeg made a clip without fragments')
  return starts.map((start, at) => file.subarray(at === 0 ? 0 : start, starts[at + 1] ?? end))
}

function vint(file: Buffer, at: number): { value: number; length: number } {
  const length = Math.clz32(file[at] ?? 0) - 23
  let value = (file[at] ?? 0) & (0xff >> length)
  for (let next = 1; next < length; next += 1) value = value * 256 + (file[at + next] ?? 0)
  return { value, length }
}

function freeBox(noise: Uint8Array): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(8 + noise.length, 0)
  head.write('free', 4, 'latin1')
  return Buffer.concat([head, noise])
}

function voidElement(noise: Uint8Array): Buffer {
  const head = Buffer.alloc(9)
  head.writeUInt8(0xec, 0)
  head.writeUInt8(0x01, 1)
  head.writeUIntBE(noise.length, 3, 6)
  return Buffer.concat([head, noise])
}
