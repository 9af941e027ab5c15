// What the phones recorded and what the server told them, written down by the simulator itself: at
// the camera (before the recording code sees a byte) and on the wire. The oracle believes only this.
import { digestOf, type Binding, type Signed } from './chain'

/** The contract's largest segment, in bytes. */
const SEGMENT_BYTES = 262_144
const CLOCK_TOLERANCE_MS = 1_500
const LISTED = 5

/** A piece of a slice, as it must arrive as a segment: piece n of a run is segment n of its part. */
export interface Piece {
  digest: string
  length: number
  /** When the camera handed it out, ms by this process's monotonic clock. */
  recorded_at: number
  /** The phone's own storage has confirmed it. */
  kept: boolean
}

/** One run of one camera's recorder. */
export interface Run {
  phone: string
  /** The take that the simulator recorded it for; null while the server has not granted it. */
  take_id: () => string | null
  pieces: Piece[]
  /** When the app died, be it in the run or after it: a slice of just before may be gone. */
  died_at: number | null
}

export interface Grant extends Binding {
  phone: string
  take_id: string
  capability: string
}

export interface Acknowledged {
  digest: string
  length: number
  /** Date of this machine, in ms. */
  at: number
}

export interface Submitted {
  phone: string
  sitting_id: string
  subject_id: string
  take_id: string
  command_id: string
  receipt: Signed
}

export class Ledger {
  readonly runs: Run[] = []
  readonly grants = new Map<string, Grant>()
  readonly run_of = new Map<string, Run>()
  /** By part and index. */
  readonly acknowledged = new Map<string, Map<number, Acknowledged>>()
  readonly pulses: Signed[] = []
  readonly submitted: Submitted[] = []
  /** "part/index" that was acknowledged and later reported missing. */
  readonly broken_promises = new Set<string>()
  /** Things that are wrong and in none of the three numbers. */
  readonly findings: string[] = []
  readonly #found = new Map<string, number>()
  readonly #recorded = new Map<string, { run: Run; at: number }>()
  readonly #stray = new Set<string>()

  begin(phone: string, take_id: Run['take_id']): Run {
    const run: Run = { phone, take_id, pieces: [], died_at: null }
    this.runs.push(run)
    return run
  }

  /** The camera hands out a slice. */
  recorded(run: Run, slice: Uint8Array): void {
    for (let from = 0; from < slice.length; from += SEGMENT_BYTES) {
      const bytes = slice.subarray(from, from + SEGMENT_BYTES)
      const digest = digestOf(bytes)
      this.#recorded.set(digest, { run, at: run.pieces.length })
      run.pieces.push({ digest, length: bytes.length, recorded_at: performance.now(), kept: false })
    }
  }

  /** The phone's store has answered that these bytes are safe on the phone. */
  kept(part_id: string, index: number, bytes: Uint8Array): void {
    const found = this.#locate(part_id, index, digestOf(bytes))
    if (found !== null) found.kept = true
  }

  granted(grant: Grant): void {
    this.grants.set(grant.part_id, grant)
  }

  /** Seen leaving the phone. */
  sent(part_id: string, index: number, bytes: Uint8Array): string {
    const digest = digestOf(bytes)
    this.#locate(part_id, index, digest)
    return digest
  }

  acknowledge(part_id: string, index: number, segment: { digest: string; length: number }): void {
    const known = this.acknowledged.get(part_id) ?? new Map<number, Acknowledged>()
    this.acknowledged.set(part_id, known)
    if (!known.has(index)) known.set(index, { ...segment, at: Date.now() })
  }

  /** A pulse's acknowledgement. A clock that runs ahead on a node must not show: all answer in one time. */
  pulse(signed: Signed): void {
    this.pulses.push(signed)
    const ahead_ms = (JSON.parse(signed.payload) as { server_time: number }).server_time - Date.now()
    if (ahead_ms > CLOCK_TOLERANCE_MS) this.find(`a pulse is acknowledged ${ahead_ms} ms in the future`, 'future')
  }

  /** The same command answered again is one submission. */
  submit(submission: Submitted): void {
    if (this.submitted.some(({ command_id }) => command_id === submission.command_id)) return
    this.submitted.push(submission)
  }

  /** Indexes that were acknowledged before a question about them is asked. */
  promises(part_id: string): number[] {
    return [...(this.acknowledged.get(part_id)?.keys() ?? [])]
  }

  /** What was acknowledged since a date: the parts, and the highest of their indexes. */
  acknowledgedSince(date_ms: number): { part_id: string; last: number }[] {
    const recent = [...this.acknowledged].filter(([, known]) => [...known.values()].some(({ at }) => at >= date_ms))
    return recent.map(([part_id, known]) => ({ part_id, last: Math.max(...known.keys()) }))
  }

  /** The server's answer to that question. */
  reported(part_id: string, promised: number[], received: [number, number][], last: number): void {
    for (const index of promised.filter((index) => index <= last)) {
      if (!received.some(([from, to]) => from <= index && index <= to)) this.broken_promises.add(`${part_id}/${index}`)
    }
  }

  /** Said often, it is listed a few times only: `kind` is what it has in common with others. */
  find(text: string, kind = text): void {
    const times = (this.#found.get(kind) ?? 0) + 1
    this.#found.set(kind, times)
    if (times <= LISTED) this.findings.push(text)
  }

  /** Takes of which a camera recorded something. */
  takes(): number {
    return new Set([...this.run_of.keys()].map((part_id) => this.grants.get(part_id)?.take_id ?? part_id)).size
  }

  #locate(part_id: string, index: number, digest: string): Piece | null {
    const found = this.#recorded.get(digest)
    const bound = this.run_of.get(part_id)
    if (found === undefined || found.at !== index - 1 || (bound !== undefined && bound !== found.run)) {
      if (!this.#stray.has(part_id)) this.find(`part ${part_id}: the phone sends a segment ${index} that no camera recorded there`)
      this.#stray.add(part_id)
      return null
    }
    this.run_of.set(part_id, found.run)
    return found.run.pieces[found.at] ?? null
  }
}
