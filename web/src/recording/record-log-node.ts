// An append-only file of records {JSON entry, optional bytes}. Whatever was answered as synced is
// there after a kill; what a kill cut in half is recognised by its checksum and dropped.
import { createHash } from 'node:crypto'
import { closeSync, existsSync, ftruncateSync, openSync, readFileSync, readSync } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'

export interface Position {
  at: number
  length: number
}

export interface LogRecord {
  entry: object
  body: Uint8Array | null
}

// entry length u32, body length u32, checksum of entry and body 8 bytes
const HEADER = 16

export class RecordLog {
  readonly #path: string
  #file: Promise<FileHandle> | null = null
  #end = 0
  #turn: Promise<unknown> = Promise.resolve()

  constructor(path: string) {
    this.#path = path
  }

  /** Hands out every whole record in order and cuts off what follows the last one. */
  replay(each: (entry: unknown, body: Position | null) => void): void {
    if (!existsSync(this.#path)) return
    const content = readFileSync(this.#path)
    let at = 0
    for (let next = recordEnd(content, at); next !== null; next = recordEnd(content, at)) {
      const entry_end = at + HEADER + content.readUInt32BE(at)
      const length = content.readUInt32BE(at + 4)
      each(JSON.parse(content.toString('utf8', at + HEADER, entry_end)), length === 0 ? null : { at: entry_end, length })
      at = next
    }
    this.#end = at
    if (at < content.length) cut(this.#path, at)
  }

  /** One write for all `records`, synced to the disk if asked; positions of their bodies. */
  append(records: LogRecord[], sync: boolean): Promise<(Position | null)[]> {
    const done = this.#turn.then(() => this.#append(records, sync))
    this.#turn = done.catch(() => undefined)
    return done
  }

  read(position: Position): Uint8Array {
    const bytes = Buffer.alloc(position.length)
    const file = openSync(this.#path, 'r')
    try {
      readSync(file, bytes, 0, position.length, position.at)
    } finally {
      closeSync(file)
    }
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  async close(): Promise<void> {
    await this.#turn
    const file = this.#file
    this.#file = null
    await (await file)?.close()
  }

  async #append(records: LogRecord[], sync: boolean): Promise<(Position | null)[]> {
    const created = this.#file === null && !existsSync(this.#path)
    this.#file ??= open(this.#path, created ? 'w+' : 'r+')
    const file = await this.#file
    const frames = records.map(frame)
    const whole = Buffer.concat(frames)
    await writeAll(file, whole, this.#end)
    if (sync) await file.datasync()
    if (created) await syncFolder(dirname(this.#path))
    const positions: (Position | null)[] = []
    for (const [at, { body }] of records.entries()) {
      this.#end += frames[at]?.length ?? 0
      const length = body?.length ?? 0
      positions.push(length === 0 ? null : { at: this.#end - length, length })
    }
    return positions
  }
}

function frame({ entry, body }: LogRecord): Buffer {
  const text = Buffer.from(JSON.stringify(entry))
  const bytes = body ?? new Uint8Array()
  const header = Buffer.alloc(HEADER)
  header.writeUInt32BE(text.length, 0)
  header.writeUInt32BE(bytes.length, 4)
  checksum(text, bytes).copy(header, 8)
  return Buffer.concat([header, text, bytes])
}

function checksum(text: Uint8Array, body: Uint8Array): Buffer {
  return createHash('sha256').update(text).update(body).digest().subarray(0, 8)
}

function recordEnd(content: Buffer, at: number): number | null {
  if (at + HEADER > content.length) return null
  const entry_end = at + HEADER + content.readUInt32BE(at)
  const end = entry_end + content.readUInt32BE(at + 4)
  if (entry_end === at + HEADER || end > content.length) return null
  const sum = checksum(content.subarray(at + HEADER, entry_end), content.subarray(entry_end, end))
  return sum.equals(content.subarray(at + 8, at + HEADER)) ? end : null
}

function cut(path: string, length: number): void {
  const file = openSync(path, 'r+')
  try {
    ftruncateSync(file, length)
  } finally {
    closeSync(file)
  }
}

async function writeAll(file: FileHandle, bytes: Buffer, at: number): Promise<void> {
  let done = 0
  while (done < bytes.length) done += (await file.write(bytes, done, bytes.length - done, at + done)).bytesWritten
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
