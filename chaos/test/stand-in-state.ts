// What the stand-in knows besides segments: commands and their answers survive a power cut, as in a
// database. It has the few rules that phones run into, and no others.
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import type { Seed } from '../src/installation'
import type { Wrongs } from './stand-in-disk'

export interface Part {
  id: string
  take_id: string
  sitting_id: string
}

export interface Take {
  id: string
  subject_id: string
  state: 'positioning' | 'recording' | 'finished' | 'lost'
  parts: Part[]
  finished: { part_id: string; last_index: number }[]
}

export interface Sitting {
  id: string
  phone: string
  version: number
  takes: Take[]
  submissions: { id: string; subject_id: string; take_id: string }[]
}

export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
  ) {
    super(code)
  }
}

const ATTEMPTS = 3

export class State {
  readonly seed: Seed
  readonly sittings = new Map<string, Sitting>()
  readonly parts = new Map<string, Part>()
  readonly seals = new Map<string, { index: number; head: string; witnessed_at: number }[]>()
  readonly answers = new Map<string, { status: number; body: unknown }>()
  readonly #keys = generateKeyPairSync('ed25519')
  readonly #stranger = generateKeyPairSync('ed25519')

  constructor(candidates: number, readonly wrongs: Wrongs) {
    const account = (number: number) => ({ phone: `1380000${1000 + number}`, password: 'a long password' })
    this.seed = {
      staff: account(999),
      candidates: Array.from({ length: candidates }, (_, number) => account(number)),
      exam: randomUUID(),
      major: randomUUID(),
      session: randomUUID(),
      subjects: [randomUUID(), randomUUID()],
    }
  }

  get public_key(): string {
    return this.#keys.publicKey.export({ format: 'jwk' }).x ?? ''
  }

  signed(statement: object, honest = true): { kid: string; payload: string; signature: string } {
    const payload = JSON.stringify(statement)
    const { privateKey } = honest ? this.#keys : this.#stranger
    return { kid: '1', payload, signature: sign(null, Buffer.from(`yikao-signed-1\n${payload}`), privateKey).toString('base64url') }
  }

  enter(phone: string): Sitting {
    const known = [...this.sittings.values()].find((sitting) => sitting.phone === phone)
    if (known !== undefined) return known
    const sitting: Sitting = { id: randomUUID(), phone, version: 1, takes: [], submissions: [] }
    this.sittings.set(sitting.id, sitting)
    return sitting
  }

  startTake(sitting_id: string, subject_id: string): { sitting: Sitting; take: Take; part: Part } {
    const sitting = this.sitting(sitting_id)
    const before = sitting.takes.filter((take) => take.subject_id === subject_id)
    if (before.some(({ state }) => state === 'recording' || state === 'positioning')) throw new Refused(409, 'take.another_open')
    if (before.length >= ATTEMPTS) throw new Refused(409, 'take.no_attempt_left')
    const take: Take = { id: randomUUID(), subject_id, state: 'positioning', parts: [], finished: [] }
    sitting.takes.push(take)
    return { sitting, take, part: this.addPart(take.id) }
  }

  addPart(take_id: string): Part {
    const { sitting, take } = this.take(take_id)
    if (take.state === 'finished' || take.state === 'lost') throw new Refused(409, 'take.over')
    const part: Part = { id: randomUUID(), take_id, sitting_id: sitting.id }
    take.parts.push(part)
    this.parts.set(part.id, part)
    return part
  }

  finish(take_id: string, parts: Take['finished']): Sitting {
    const { sitting, take } = this.take(take_id)
    if (take.state === 'lost') throw new Refused(409, 'take.over')
    Object.assign(take, { state: 'finished', finished: parts })
    return sitting
  }

  submit(sitting_id: string, subject_id: string, take_id: string): { sitting: Sitting; receipt: object } {
    const sitting = this.sitting(sitting_id)
    if (this.take(take_id).take.state !== 'finished') throw new Refused(409, 'take.not_finished')
    const submitted = sitting.submissions.some((submission) => submission.subject_id === subject_id)
    if (submitted && !this.wrongs.double_submit) throw new Refused(409, 'subject.submitted')
    const submission = { id: randomUUID(), subject_id, take_id }
    sitting.submissions.push(submission)
    return { sitting, receipt: this.signed({ kind: 'submission', ...submission }) }
  }

  sitting(id: string): Sitting {
    const sitting = this.sittings.get(id)
    if (sitting === undefined) throw new Refused(404, 'sitting.not_found')
    return sitting
  }

  take(id: string): { sitting: Sitting; take: Take } {
    for (const sitting of this.sittings.values()) {
      const take = sitting.takes.find((one) => one.id === id)
      if (take !== undefined) return { sitting, take }
    }
    throw new Refused(404, 'take.not_found')
  }

  view(sitting: Sitting, complete: (take: Take) => boolean): object {
    sitting.version += 1
    const subjects = this.seed.subjects.map((subject_id) => {
      const takes = sitting.takes.filter((take) => take.subject_id === subject_id)
      const submission = sitting.submissions.find((one) => one.subject_id === subject_id)
      const chosen = takes.find(({ id }) => id === submission?.take_id)
      const delivery = { state: chosen !== undefined && complete(chosen) ? 'complete' : 'pending', at: null }
      const media = { width: 160, height: 120, frame_rate: 10, video_bits_per_second: 1, audio_bits_per_second: 1, orientation: 'any', facing: 'any' }
      return {
        subject_id, media, state: submission === undefined ? 'open' : 'submitted', closes_at: null, take_max_ms: 600_000, position_ms: 500,
        attempts: { allowed: ATTEMPTS, used: takes.length, left: ATTEMPTS - takes.length },
        takes: takes.map(({ id, state }) => ({ id, state, lost_cause: null, parts: [] })),
        submission: submission === undefined ? null : { ...submission, delivery },
      }
    })
    const { id, version } = sitting
    return { id, version, server_time: Date.now(), kind: 'formal', phase: { state: 'open', outcome: null }, subjects }
  }
}
