// The words the recording core shares: what a part, a segment and a command look like on the phone
// and on the wire. All durations and captured times are milliseconds, all sizes bytes.
import type { components } from '../api/generated'

export type Schemas = components['schemas']

export type SittingKind = Schemas['SittingKind']
/** 1 = main footage (belongs to a take), 2 = companion footage (belongs to a subject run). */
export type OwnerKind = Schemas['PartGrant']['owner_kind']
export type RecorderState = Schemas['Recorder']
export type InterruptionAct = Schemas['Act']
export type PartReason = Exclude<Schemas['PartReason'], 'start'>

/** What a part's seal chain is bound to. */
export interface PartBinding {
  part_id: string
  sitting_id: string
  owner_kind: OwnerKind
  owner_id: string
}

/** The part as the server hands it out. */
export type PartGrant = Pick<Schemas['PartGrant'], 'id' | 'capability' | 'sitting_id' | 'owner_kind' | 'owner_id'>

/** How far the delivery of a part is, as far as the phone knows. */
export type PartDelivery =
  | { state: 'pending' }
  | { state: 'delivered' }
  /** The server holds other bytes for a known index: a person decides, nothing is overwritten. */
  | { state: 'conflict'; index: number }
  /** The server will take no more of this part (`part.not_found`, `delivery.lapsed`). */
  | { state: 'stopped'; status: number; code: string; detail: string }

/** A segment the server refused as malformed; the bytes stay on the phone. */
export interface Defect {
  index: number
  status: number
  code: string
}

/** A part as kept on the phone: one run of a recorder. */
export interface PartRecord extends PartBinding {
  account_id: string
  subject_id: string
  /** `null` for companion footage. */
  take_id: string | null
  kind: SittingKind
  mime: string
  capability: string
  /** `running` until the recorder has flushed; after a kill, until the part is closed. */
  recording: 'running' | 'ended'
  /** Index of the last sealed segment; 0 = none yet. */
  last_index: number
  /** h[last_index] in hex. */
  head: string
  /** Captured time at the end of the last segment, from the start of this part. */
  duration_ms: number
  /** Captured time of the take at which this part begins. */
  started_captured_ms: number
  delivery: PartDelivery
  defects: Defect[]
  /** Order in which parts were opened on this phone; set by the store. */
  opened_order: number
}

/** A segment without its bytes. */
export interface SegmentRecord {
  part_id: string
  index: number
  length: number
  /** SHA-256 of the bytes, hex. */
  digest: string
  /** h[index], hex. */
  head: string
  /** Captured time of the slice the segment was cut from; all segments of a slice share it. */
  captured_from_ms: number
  captured_to_ms: number
  delivered: boolean
}

/** A segment on its way into the store; `bytes` is null where they were delivered from memory. */
export interface SealedSegment extends SegmentRecord {
  bytes: Uint8Array | null
}

/** A statement signed by the server, kept word for word. */
export type Signed = Schemas['Signed']

export interface Evidence {
  id: string
  account_id: string
  kind: 'pulse' | 'receipt'
  part_id: string | null
  signed: Signed
}

/** RFC 9457 problem as the server sends it. */
export type Problem = Pick<Schemas['ProblemBody'], 'code' | 'status' | 'title' | 'detail'> &
  Partial<Pick<Schemas['ProblemBody'], 'remedy' | 'params'>>

/** A definite no of the server; never thrown for networks, timeouts, 429 or 5xx. */
export class Refusal extends Error {
  constructor(readonly problem: Problem) {
    super(`${problem.code}: ${problem.detail}`)
    this.name = 'Refusal'
  }
}

export type MediaProfile = Schemas['MediaProfile']

/** What the phone really records, read back with `getSettings()`; null = the browser does not say. */
export type MediaReport = Required<Omit<Schemas['MediaReport'], 'audio'>> & { audio: Required<Schemas['AudioReport']> }

export type DeviceReport = Required<Schemas['DeviceReport']>

/** What a pulse says about the phone; whatever the browser cannot tell is null. */
export type DeviceState = Required<Pick<Schemas['Pulse'], 'battery' | 'storage' | 'network' | 'microphone'>> & {
  visibility: Schemas['Visibility']
  /** The phone's own date: reported so that a wrong one can be explained, never used for a rule. */
  phone_time_ms: number
}

/** Progress of one part; `safe_through_ms` is the captured time behind which everything is delivered. */
export interface PartProgress {
  part_id: string
  stored: number
  delivered: number
  captured_ms: number
  safe_through_ms: number
  queued_bytes: number
  recording: 'running' | 'ended'
  delivery: PartDelivery
}

export type FinishedPart = Schemas['PartEnd']
