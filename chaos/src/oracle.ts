// Compares what the phones recorded and were told with what the school can export. It knows the
// specification and the ledger, and uses none of the product's code.
import type { Bundle, BundlePart } from './bundle'
import { chainOf, isSigned, type Keys, type Signed } from './chain'
import type { Grant, Ledger, Piece, Run } from './ledger'

export interface Verdict {
  takes: number
  lost_segments: number
  damaged: number
  double_submissions: number
  /** One line for each thing counted, and for what else is wrong. */
  details: string[]
  findings: string[]
}

/** What a phone that dies may lose: its recorder's last slice, which is a second of its life. */
const LAST_SLICE_MS = 1_000

/** `bundles` by sitting; null = it could not be exported. */
export function judge(ledger: Ledger, bundles: ReadonlyMap<string, Bundle | null>, keys: Keys): Verdict {
  return new Judgement(ledger, bundles, keys).verdict()
}

class Judgement {
  readonly #lost = new Map<string, string>()
  readonly #damaged = new Map<string, string>()
  readonly #double = new Map<string, string>()
  readonly #heads = new Map<string, string[]>()

  constructor(
    private readonly ledger: Ledger,
    private readonly bundles: ReadonlyMap<string, Bundle | null>,
    private readonly keys: Keys,
  ) {}

  verdict(): Verdict {
    for (const promise of this.ledger.broken_promises) this.#lost.set(promise, 'acknowledged, then reported missing')
    for (const grant of this.ledger.grants.values()) this.#part(grant)
    this.#neverSent()
    for (const pulse of this.ledger.pulses) this.#pulse(pulse)
    for (const { receipt, subject_id } of this.ledger.submitted) this.#signature(receipt, `receipt for ${subject_id}`)
    for (const bundle of this.bundles.values()) {
      for (const [at, signed] of (bundle?.signed ?? []).entries()) this.#signature(signed, `statement ${at} of the bundle`)
    }
    this.#submissions()
    const all = [['lost', this.#lost], ['damaged', this.#damaged], ['double', this.#double]] as const
    return {
      takes: this.ledger.takes(),
      lost_segments: this.#lost.size,
      damaged: this.#damaged.size,
      double_submissions: this.#double.size,
      details: all.flatMap(([what, found]) => [...found].map(([where, why]) => `${what} ${where}: ${why}`)),
      findings: this.ledger.findings,
    }
  }

  #part(grant: Grant): void {
    const { part_id, sitting_id } = grant
    const run = this.ledger.run_of.get(part_id)
    const held = this.bundles.get(sitting_id)?.parts.get(part_id)
    for (const [index, { digest }] of this.ledger.acknowledged.get(part_id) ?? []) this.#expect(part_id, index, digest, held, 'acknowledged')
    if (run === undefined) return
    if (this.#isSubmitted(grant.take_id)) {
      const needed = surely(run)
      for (const [at, { digest }] of needed.entries()) this.#expect(part_id, at + 1, digest, held, 'in a submitted take')
    }
    this.#chain(grant, run, held)
  }

  /** Runs of submitted takes of which nothing reached the phone's store or the line. */
  #neverSent(): void {
    const sent = new Set(this.ledger.run_of.values())
    for (const [number, run] of this.ledger.runs.entries()) {
      if (sent.has(run) || !this.#isSubmitted(run.take_id())) continue
      for (const at of surely(run).keys()) this.#lost.set(`${run.phone} run ${number}/${at + 1}`, 'recorded for a submitted take, never stored or sent')
    }
  }

  #isSubmitted(take_id: string | null): boolean {
    return this.ledger.submitted.some((submitted) => submitted.take_id === take_id)
  }

  #expect(part_id: string, index: number, digest: string, held: BundlePart | undefined, why: string): void {
    const segment = held?.segments.get(index)
    const where = `${part_id}/${index}`
    if (segment === undefined) this.#lost.set(where, `${why}, missing in the bundle`)
    else if (segment.digest !== digest) this.#damaged.set(where, `${why}, other bytes in the bundle`)
  }

  /** Every segment that is there is what the camera gave, and every seal is the right one. */
  #chain(grant: Grant, run: Run, held: BundlePart | undefined): void {
    const heads = this.#headsOf(grant, run)
    for (const [index, { digest }] of held?.segments ?? []) {
      if (run.pieces[index - 1]?.digest !== digest) this.#damaged.set(`${grant.part_id}/${index}`, 'not what the camera recorded')
    }
    for (const { index, head } of [...(held?.seals ?? []), ...(held?.last ? [held.last] : [])]) {
      if (head !== heads[index]) this.#damaged.set(`seal ${grant.part_id}/${index}`, 'another hash than the camera\'s bytes give')
    }
  }

  #pulse(pulse: Signed): void {
    const said = JSON.parse(pulse.payload) as { part: string; index: number; head: string; server_time: number }
    const where = `pulse ${said.part}/${said.index}`
    if (!this.#signature(pulse, where)) return
    const grant = this.ledger.grants.get(said.part)
    const run = this.ledger.run_of.get(said.part)
    // Of a run that never left the phone there is nothing to compare with.
    if (grant === undefined || run === undefined || said.index === 0) return
    if (this.#headsOf(grant, run)[said.index] !== said.head) return void this.#damaged.set(where, 'acknowledges another hash')
    const late_ms = this.#witnessedAt(grant, said.index) - said.server_time
    if (late_ms > 0) this.#damaged.set(where, `acknowledged before the bundle's seals say that it was witnessed, by ${late_ms} ms`)
  }

  /** When a segment was first covered by a seal, by the bundle: footage is dated by it. */
  #witnessedAt({ sitting_id, part_id }: Grant, index: number): number {
    const seals = this.bundles.get(sitting_id)?.parts.get(part_id)?.seals ?? []
    return Math.min(...seals.filter((seal) => seal.index >= index).map(({ witnessed_at }) => witnessed_at))
  }

  #headsOf(grant: Grant, run: Run): string[] {
    const heads = this.#heads.get(grant.part_id) ?? chainOf(grant, run.pieces)
    this.#heads.set(grant.part_id, heads)
    return heads
  }

  #signature(signed: Signed, where: string): boolean {
    const valid = isSigned(signed, this.keys)
    if (!valid) this.#damaged.set(where, 'the signature does not verify')
    return valid
  }

  /** By what phones were told, and by what the bundle holds. */
  #submissions(): void {
    const told = this.ledger.submitted.map(({ sitting_id, subject_id, command_id }) => [`${sitting_id}/${subject_id}`, command_id] as const)
    const held = [...this.bundles].flatMap(([sitting_id, bundle]) =>
      (bundle?.submissions ?? []).map(({ subject_id, id }) => [`${sitting_id}/${subject_id}`, id] as const),
    )
    for (const [source, pairs] of [['accepted', told], ['live in the bundle', held]] as const) {
      const seen = new Map<string, Set<string>>()
      for (const [subject, id] of pairs) seen.set(subject, (seen.get(subject) ?? new Set()).add(id))
      for (const [subject, ids] of seen) if (ids.size > 1) this.#double.set(subject, `${ids.size} submissions ${source}`)
    }
    for (const subject of new Set(told.map(([subject]) => subject))) {
      if (held.every(([other]) => other !== subject)) this.ledger.find(`submission ${subject} was accepted and is not in the bundle`)
    }
  }
}

/** The pieces that may not be missing: all, but for what an app was given just before it died. */
function surely({ pieces, died_at }: Run): Piece[] {
  if (died_at === null) return pieces
  const last = pieces.findLastIndex(({ kept, recorded_at }) => kept || recorded_at < died_at - LAST_SLICE_MS)
  return pieces.slice(0, last + 1)
}
