// The store under Node: an append-only log per part and one for the journal, synced before an
// append is answered; a torn tail is cut off when the folder is opened again. Simulated phones
// record with exactly this, killed and restarted.
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { CommandRecord, TakeRecord } from './journal'
import { RecordLog, type Position } from './record-log-node'
import {
  advanced, freshPart, mayClean, NoSuchPart, NotDelivered, StorageFailure,
  type NewPart, type PartChange, type Range, type RecordingStore,
} from './segment-store'
import type { Evidence, PartRecord, SealedSegment, SegmentRecord } from './types'

type PartEntry =
  | { part: PartRecord; segment?: SegmentRecord }
  | { delivered: boolean; ranges: Range[] }

type JournalEntry =
  | { take: TakeRecord }
  | { take_gone: string }
  | { command: CommandRecord }
  | { command_gone: string }
  | { evidence: Evidence }

interface OpenPart {
  record: PartRecord
  log: RecordLog
  /** Segment i at i - 1. */
  segments: { segment: SegmentRecord; bytes: Position | null }[]
  turn: Promise<unknown>
}

/** Opens (or creates) the folder of one phone. */
export async function openNodeStore(folder: string): Promise<RecordingStore> {
  return new NodeStore(folder)
}

class NodeStore implements RecordingStore {
  readonly #folder: string
  readonly #journal: RecordLog
  readonly #parts = new Map<string, OpenPart>()
  readonly #takes = new Map<string, TakeRecord>()
  readonly #commands = new Map<string, CommandRecord>()
  readonly #evidence = new Map<string, Evidence>()

  constructor(folder: string) {
    this.#folder = folder
    mkdirSync(folder, { recursive: true })
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.part'))) this.#reopen(join(folder, name))
    this.#journal = new RecordLog(join(folder, 'journal'))
    this.#journal.replay((entry) => this.#apply(entry as JournalEntry))
  }

  async openPart(part: NewPart): Promise<PartRecord> {
    const known = this.#parts.get(part.part_id)
    if (known !== undefined) return { ...known.record }
    const order = Math.max(0, ...[...this.#parts.values()].map(({ record }) => record.opened_order)) + 1
    const record = freshPart(part, order)
    const log = new RecordLog(this.#path(part.part_id))
    await written(() => log.append([{ entry: { part: record }, body: null }], true))
    this.#parts.set(part.part_id, { record, log, segments: [], turn: Promise.resolve() })
    return { ...record }
  }

  async part(part_id: string): Promise<PartRecord | null> {
    const open = this.#parts.get(part_id)
    return open === undefined ? null : { ...open.record }
  }

  async parts(account_id: string): Promise<PartRecord[]> {
    return [...this.#parts.values()]
      .map(({ record }) => ({ ...record }))
      .filter((part) => part.account_id === account_id)
      .sort((a, b) => a.opened_order - b.opened_order)
  }

  async undelivered(account_id: string): Promise<PartRecord[]> {
    return (await this.parts(account_id)).filter((part) => part.delivery.state !== 'delivered')
  }

  append(part_id: string, segments: SealedSegment[]): Promise<PartRecord> {
    return this.#inTurn(part_id, async (open) => {
      const records: { entry: PartEntry & { part: PartRecord; segment: SegmentRecord }; body: Uint8Array | null }[] = []
      let part = advanced(open.record, [])
      for (const sealed of segments) {
        const { bytes, ...segment } = sealed
        part = advanced(part, [sealed])
        records.push({ entry: { part, segment }, body: bytes })
      }
      const positions = await written(() => open.log.append(records, true))
      records.forEach(({ entry }, at) => open.segments.push({ segment: entry.segment, bytes: positions[at] ?? null }))
      open.record = part
      return { ...part }
    })
  }

  endPart(part_id: string): Promise<PartRecord> {
    return this.#update(part_id, { recording: 'ended' })
  }

  change(part_id: string, change: PartChange): Promise<PartRecord> {
    return this.#update(part_id, change)
  }

  async segments(part_id: string): Promise<SegmentRecord[]> {
    return (this.#parts.get(part_id)?.segments ?? []).map(({ segment }) => ({ ...segment }))
  }

  async bytes(part_id: string, index: number): Promise<Uint8Array | null> {
    const open = this.#parts.get(part_id)
    const position = open?.segments[index - 1]?.bytes ?? null
    return open === undefined || position === null ? null : open.log.read(position)
  }

  markDelivered(part_id: string, ranges: Range[]): Promise<void> {
    return this.#mark(part_id, ranges, true)
  }

  markMissing(part_id: string, ranges: Range[]): Promise<void> {
    return this.#mark(part_id, ranges, false)
  }

  async clean(part_id: string): Promise<void> {
    const open = this.#parts.get(part_id)
    if (open === undefined) return
    if (!mayClean(open.record)) throw new NotDelivered(part_id)
    this.#parts.delete(part_id)
    await open.log.close()
    rmSync(this.#path(part_id), { force: true })
  }

  putTake = (take: TakeRecord) => this.#note({ take })
  deleteTake = (key: string) => this.#note({ take_gone: key })
  putCommand = (command: CommandRecord) => this.#note({ command })
  deleteCommand = (command_id: string) => this.#note({ command_gone: command_id })
  keep = (evidence: Evidence) => this.#note({ evidence })

  async takes(account_id: string): Promise<TakeRecord[]> {
    return structuredClone([...this.#takes.values()].filter((take) => take.account_id === account_id))
  }

  async commands(account_id: string): Promise<CommandRecord[]> {
    const pending = [...this.#commands.values()].filter((command) => command.account_id === account_id)
    return structuredClone(pending.sort((a, b) => a.order - b.order))
  }

  async evidence(account_id: string): Promise<Evidence[]> {
    return structuredClone([...this.#evidence.values()].filter((one) => one.account_id === account_id))
  }

  async close(): Promise<void> {
    await Promise.all([...this.#parts.values()].map(({ log }) => log.close()))
    await this.#journal.close()
  }

  async #note(entry: JournalEntry): Promise<void> {
    await written(() => this.#journal.append([{ entry, body: null }], !('evidence' in entry)))
    this.#apply(structuredClone(entry))
  }

  #apply(entry: JournalEntry): void {
    if ('take' in entry) this.#takes.set(entry.take.key, entry.take)
    else if ('take_gone' in entry) this.#takes.delete(entry.take_gone)
    else if ('command' in entry) this.#commands.set(entry.command.command_id, entry.command)
    else if ('command_gone' in entry) this.#commands.delete(entry.command_gone)
    else this.#evidence.set(entry.evidence.id, entry.evidence)
  }

  #reopen(path: string): void {
    const log = new RecordLog(path)
    const segments: OpenPart['segments'] = []
    let record: PartRecord | null = null
    log.replay((written_entry, body) => {
      const entry = written_entry as PartEntry
      if ('part' in entry) {
        record = entry.part
        if (entry.segment !== undefined) segments.push({ segment: entry.segment, bytes: body })
      } else flag(segments, entry.ranges, entry.delivered)
    })
    if (record !== null) this.#parts.set((record as PartRecord).part_id, { record, log, segments, turn: Promise.resolve() })
  }

  #update(part_id: string, change: Partial<PartRecord>): Promise<PartRecord> {
    return this.#inTurn(part_id, async (open) => {
      const record = { ...open.record, ...structuredClone(change) }
      await written(() => open.log.append([{ entry: { part: record }, body: null }], true))
      open.record = record
      return { ...record }
    })
  }

  // Not synced: what a kill takes back is asked of the server again.
  async #mark(part_id: string, ranges: Range[], delivered: boolean): Promise<void> {
    const open = this.#parts.get(part_id)
    if (open === undefined) return
    flag(open.segments, ranges, delivered)
    await written(() => open.log.append([{ entry: { delivered, ranges }, body: null }], false))
  }

  /** A part's changes happen one after another, each on top of what is written. */
  async #inTurn<T>(part_id: string, work: (open: OpenPart) => Promise<T>): Promise<T> {
    const open = this.#open(part_id)
    const done = open.turn.then(() => work(open))
    open.turn = done.catch(() => undefined)
    return done
  }

  #open(part_id: string): OpenPart {
    const open = this.#parts.get(part_id)
    if (open === undefined) throw new NoSuchPart(part_id)
    return open
  }

  #path(part_id: string): string {
    return join(this.#folder, `${part_id}.part`)
  }
}

function flag(segments: OpenPart['segments'], ranges: Range[], delivered: boolean): void {
  for (const [from, to] of ranges) {
    for (const { segment } of segments.slice(from - 1, to)) segment.delivered = delivered
  }
}

async function written<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (failure) {
    throw new StorageFailure((failure as { code?: string }).code === 'ENOSPC' ? 'full' : 'broken', failure)
  }
}
