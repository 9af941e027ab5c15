// The store in the browser: IndexedDB with strict durability. Segments are keyed by account, part
// and index; bytes lie beside them so that reading what is undelivered does not read the footage.
import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction, type StoreNames } from 'idb'
import type { CommandRecord, TakeRecord } from './journal'
import {
  advanced, freshPart, mayClean, NoSuchPart, NotDelivered, StorageFailure,
  type NewPart, type PartChange, type Range, type RecordingStore,
} from './segment-store'
import type { Evidence, PartRecord, SealedSegment, SegmentRecord } from './types'

type SegmentKey = [account_id: string, part_id: string, index: number]
type StoredSegment = SegmentRecord & { account_id: string }

interface Schema extends DBSchema {
  parts: { key: string; value: PartRecord; indexes: { by_account: [string, number] } }
  segments: { key: SegmentKey; value: StoredSegment }
  bytes: { key: SegmentKey; value: Uint8Array }
  takes: { key: string; value: TakeRecord; indexes: { by_account: string } }
  commands: { key: string; value: CommandRecord; indexes: { by_account: [string, number] } }
  evidence: { key: string; value: Evidence; indexes: { by_account: string } }
}

type Store = StoreNames<Schema>
type Writing = IDBPTransaction<Schema, Store[], 'readwrite'>

/** Opens the phone's store; rejects with `StorageFailure` where the browser has none (private mode). */
export async function openBrowserStore(name = 'yikao-recording'): Promise<RecordingStore> {
  const store = new BrowserStore(name)
  await store.connect()
  return store
}

class BrowserStore implements RecordingStore {
  readonly #name: string
  #connection: Promise<IDBPDatabase<Schema>> | null = null
  #closed = false

  constructor(name: string) {
    this.#name = name
  }

  async connect(): Promise<void> {
    await this.#read(async () => undefined)
  }

  openPart(part: NewPart): Promise<PartRecord> {
    return this.#write(['parts'], async (tx) => {
      const known = await tx.objectStore('parts').get(part.part_id)
      if (known !== undefined) return known
      const of_account = tx.objectStore('parts').index('by_account')
      const newest = await of_account.openCursor(account(part.account_id), 'prev')
      const opened = freshPart(part, (newest?.value.opened_order ?? 0) + 1)
      await tx.objectStore('parts').put(opened)
      return opened
    })
  }

  part(part_id: string): Promise<PartRecord | null> {
    return this.#read(async (db) => (await db.get('parts', part_id)) ?? null)
  }

  parts(account_id: string): Promise<PartRecord[]> {
    return this.#read((db) => db.getAllFromIndex('parts', 'by_account', account(account_id)))
  }

  async undelivered(account_id: string): Promise<PartRecord[]> {
    return (await this.parts(account_id)).filter((part) => part.delivery.state !== 'delivered')
  }

  append(part_id: string, segments: SealedSegment[]): Promise<PartRecord> {
    return this.#write(['parts', 'segments', 'bytes'], async (tx) => {
      const part = advanced(await demanded(tx, part_id), segments)
      for (const { bytes, ...segment } of segments) {
        void tx.objectStore('segments').put({ ...segment, account_id: part.account_id })
        // A copy: cloning a view would store the whole slice under it.
        if (bytes !== null) void tx.objectStore('bytes').put(bytes.slice(), key(part, segment.index))
      }
      await tx.objectStore('parts').put(part)
      return part
    })
  }

  endPart(part_id: string): Promise<PartRecord> {
    return this.#update(part_id, (part) => ({ ...part, recording: 'ended' }))
  }

  change(part_id: string, change: PartChange): Promise<PartRecord> {
    return this.#update(part_id, (part) => ({ ...part, ...change }))
  }

  segments(part_id: string): Promise<SegmentRecord[]> {
    return this.#read(async (db) => {
      const part = await db.get('parts', part_id)
      if (part === undefined) return []
      const stored = await db.getAll('segments', every(part))
      return stored.map(({ account_id: _, ...segment }) => segment)
    })
  }

  bytes(part_id: string, index: number): Promise<Uint8Array | null> {
    return this.#read(async (db) => {
      const part = await db.get('parts', part_id)
      return part === undefined ? null : ((await db.get('bytes', key(part, index))) ?? null)
    })
  }

  markDelivered(part_id: string, ranges: Range[]): Promise<void> {
    return this.#mark(part_id, ranges, true)
  }

  markMissing(part_id: string, ranges: Range[]): Promise<void> {
    return this.#mark(part_id, ranges, false)
  }

  clean(part_id: string): Promise<void> {
    return this.#write(['parts', 'segments', 'bytes'], async (tx) => {
      const part = await tx.objectStore('parts').get(part_id)
      if (part === undefined) return
      if (!mayClean(part)) throw new NotDelivered(part_id)
      void tx.objectStore('segments').delete(every(part))
      void tx.objectStore('bytes').delete(every(part))
      await tx.objectStore('parts').delete(part_id)
    })
  }

  putTake(take: TakeRecord): Promise<void> {
    return this.#write(['takes'], async (tx) => void (await tx.objectStore('takes').put(take)))
  }

  takes(account_id: string): Promise<TakeRecord[]> {
    return this.#read((db) => db.getAllFromIndex('takes', 'by_account', account_id))
  }

  deleteTake(take_key: string): Promise<void> {
    return this.#write(['takes'], (tx) => tx.objectStore('takes').delete(take_key))
  }

  putCommand(command: CommandRecord): Promise<void> {
    return this.#write(['commands'], async (tx) => void (await tx.objectStore('commands').put(command)))
  }

  commands(account_id: string): Promise<CommandRecord[]> {
    return this.#read((db) => db.getAllFromIndex('commands', 'by_account', account(account_id)))
  }

  deleteCommand(command_id: string): Promise<void> {
    return this.#write(['commands'], (tx) => tx.objectStore('commands').delete(command_id))
  }

  keep(evidence: Evidence): Promise<void> {
    return this.#write(['evidence'], async (tx) => void (await tx.objectStore('evidence').put(evidence)))
  }

  evidence(account_id: string): Promise<Evidence[]> {
    return this.#read((db) => db.getAllFromIndex('evidence', 'by_account', account_id))
  }

  async close(): Promise<void> {
    this.#closed = true
    const connection = this.#connection
    this.#connection = null
    ;(await connection)?.close()
  }

  #mark(part_id: string, ranges: Range[], delivered: boolean): Promise<void> {
    return this.#write(['parts', 'segments'], async (tx) => {
      const part = await tx.objectStore('parts').get(part_id)
      if (part === undefined) return
      for (const [from, to] of ranges) {
        const segments = await tx.objectStore('segments').getAll(IDBKeyRange.bound(key(part, from), key(part, to)))
        for (const segment of segments) void tx.objectStore('segments').put({ ...segment, delivered })
      }
    })
  }

  #update(part_id: string, change: (part: PartRecord) => PartRecord): Promise<PartRecord> {
    return this.#write(['parts'], async (tx) => {
      const part = change(await demanded(tx, part_id))
      await tx.objectStore('parts').put(part)
      return part
    })
  }

  /** One transaction, on the disk when it resolves. */
  #write<T>(stores: Store[], work: (tx: Writing) => Promise<T>): Promise<T> {
    return this.#read(async (db) => {
      const tx = db.transaction(stores, 'readwrite', { durability: 'strict' })
      const committed = tx.done.then(
        () => null,
        (failure: unknown) => ({ failure }),
      )
      let result: T
      try {
        result = await work(tx)
      } catch (failure) {
        abort(tx)
        await committed
        throw tx.error ?? failure
      }
      const aborted = await committed
      if (aborted !== null) throw tx.error ?? aborted.failure
      return result
    })
  }

  // Phones drop the connection of a page in the background: one more try on a fresh connection.
  async #read<T>(work: (db: IDBPDatabase<Schema>) => Promise<T>): Promise<T> {
    try {
      return await work(await this.#connected())
    } catch (failure) {
      if (!lostConnection(failure)) throw explained(failure)
      this.#connection = null
    }
    try {
      return await work(await this.#connected())
    } catch (failure) {
      throw explained(failure)
    }
  }

  #connected(): Promise<IDBPDatabase<Schema>> {
    if (this.#closed) return Promise.reject(new StorageFailure('broken', 'closed'))
    this.#connection ??= openDB<Schema>(this.#name, 1, {
      upgrade: createStores,
      terminated: () => (this.#connection = null),
      blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
    }).catch((failure: unknown) => {
      this.#connection = null
      throw failure
    })
    return this.#connection
  }
}

function createStores(db: IDBPDatabase<Schema>): void {
  db.createObjectStore('parts', { keyPath: 'part_id' }).createIndex('by_account', ['account_id', 'opened_order'])
  db.createObjectStore('segments', { keyPath: ['account_id', 'part_id', 'index'] })
  db.createObjectStore('bytes')
  db.createObjectStore('takes', { keyPath: 'key' }).createIndex('by_account', 'account_id')
  db.createObjectStore('commands', { keyPath: 'command_id' }).createIndex('by_account', ['account_id', 'order'])
  db.createObjectStore('evidence', { keyPath: 'id' }).createIndex('by_account', 'account_id')
}

async function demanded(tx: Writing, part_id: string): Promise<PartRecord> {
  const part = await tx.objectStore('parts').get(part_id)
  if (part === undefined) throw new NoSuchPart(part_id)
  return part
}

function key(part: PartRecord, index: number): SegmentKey {
  return [part.account_id, part.part_id, index]
}

function every(part: PartRecord): IDBKeyRange {
  return IDBKeyRange.bound(key(part, 0), key(part, Infinity))
}

function account(account_id: string): IDBKeyRange {
  return IDBKeyRange.bound([account_id, 0], [account_id, Infinity])
}

function abort(tx: Writing): void {
  try {
    tx.abort()
  } catch {
    // Already over; `tx.error` says why.
  }
}

function lostConnection(failure: unknown): boolean {
  return failure instanceof DOMException && ['InvalidStateError', 'UnknownError'].includes(failure.name)
}

function explained(failure: unknown): unknown {
  if (!(failure instanceof DOMException)) return failure
  return new StorageFailure(failure.name === 'QuotaExceededError' ? 'full' : 'broken', failure)
}
