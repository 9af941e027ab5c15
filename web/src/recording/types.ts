// The words the recording core shares: what a part, a segment and a command look like on the phone
// and on the wire. All durations and captured times are milliseconds, all sizes bytes.

export type SittingKind = 'practice' | 'mock' | 'formal'
/** 1 = main footage (belongs to a take), 2 = companion footage (belongs to a subject run). */
export type OwnerKind = 1 | 2
export type RecorderState = 'preparing' | 'positioning' | 'recording' | 'stopped' | 'failed'
export type InterruptionAct = 'left_page' | 'locked' | 'call' | 'track_ended' | 'reload' | 'recorder_error'
export type PartReason = 'reload' | 'recorder_restarted' | 'quality_changed' | 'phone_changed'

/** What a part's seal chain is bound to. */
export interface PartBinding {
  part_id: string
  sitting_id: string
  owner_kind: OwnerKind
  owner_id: string
}

/** The part as the server hands it out. */
export interface PartGrant {
  id: string
  capability: string
  sitting_id: string
  owner_kind: OwnerKind
  owner_id: string
}

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
export interface Signed {
  kid: string
  payload: string
  signature: string
}

export interface Evidence {
  id: string
  account_id: string
  kind: 'pulse' | 'receipt'
  part_id: string | null
  signed: Signed
}

/** RFC 9457 problem as the server sends it. */
export interface Problem {
  code: string
  status: number
  title: string
  detail: string
  remedy?: string
  params?: Record<string, unknown>
}

/** A definite no of the server; never thrown for networks, timeouts, 429 or 5xx. */
export class Refusal extends Error {
  constructor(readonly problem: Problem) {
    super(`${problem.code}: ${problem.detail}`)
    this.name = 'Refusal'
  }
}

export interface MediaProfile {
  width: number
  height: number
  frame_rate: number
  video_bits_per_second: number
  audio_bits_per_second: number
  orientation: 'landscape' | 'portrait' | 'any'
  facing: 'front' | 'back' | 'any'
}

/** What the phone really records, read back with `getSettings()`; null = the browser does not say. */
export interface MediaReport {
  mime: string
  width: number | null
  height: number | null
  frame_rate: number | null
  audio: {
    echo_cancellation: boolean | null
    noise_suppression: boolean | null
    auto_gain_control: boolean | null
    sample_rate: number | null
  }
}

export interface DeviceReport {
  user_agent: string
  model: string | null
}

/** What a pulse says about the phone; whatever the browser cannot tell is null. */
export interface DeviceState {
  battery: { level: number; charging: boolean } | null
  storage: { free_bytes: number } | null
  network: { online: boolean; kind: 'wifi' | 'cellular' | 'unknown' } | null
  visibility: 'visible' | 'hidden'
  microphone: { level_db: number; muted: boolean } | null
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

export interface FinishedPart {
  part_id: string
  last_index: number
  head: string
  duration_ms: number
}
