// What the staff routes send and take, in the words of the wire. Shapes shared with the candidate's app are in types.ts.
import type { Action, InterruptionAct, InterruptionRule, Policy, SittingKind, SittingView } from './types'

export type SchoolBrief = { id: string; name: string; roles?: string[] }
export type Preset = { id: string; title_zh: string; title_en: string; description?: string | null }

export type ExamState = 'draft' | 'open' | 'closed'
export type ExamBrief = {
  id: string
  title: string
  state: ExamState
  zone: string
  opens_at: number | null
  closes_at: number | null
  counts?: { roster?: number; enrolments?: number; sittings?: number; sitting_now?: number; submitted?: number }
}

/** Some settings of a policy, as one level of the exam states them; what is absent is inherited. */
export type Overrides = { [Setting in Exclude<keyof Policy, 'interruption'>]?: unknown } & {
  interruption?: Partial<Record<InterruptionAct, InterruptionRule>>
}

export type SubjectBody = {
  id: string
  name: string
  form: 'video'
  compulsory: boolean
  content: string
  requirements: string
  notes: string
  settings: Overrides
}
export type MajorBody = {
  id: string
  name: string
  notes: string
  settings: Overrides
  electives: { pick_min: number; pick_max: number } | null
  order: 'free' | 'fixed'
  subjects: SubjectBody[]
}
export type SessionBody = {
  id: string
  kind: SittingKind
  title: string
  opens_at: number
  closes_at: number
  latest_entry_at: number | null
  majors: string[] | null
  capacity: number | null
  settings?: Overrides
}
export type RevisionBody = {
  preset?: string
  title: string
  zone: string
  terms: Record<string, string>
  support: Record<string, string>
  settings: Overrides
  majors: MajorBody[]
  sessions: SessionBody[]
}

export type Level = 'preset' | 'exam' | 'major' | 'subject' | 'session'
export type ResolvedValue = { setting: string; value: unknown; from: Level }
export type ResolvedSubject = { subject_id: string; values: ResolvedValue[] }
export type Finding = {
  severity: 'error' | 'warning'
  code: string
  message: string
  where: string
  remedy?: string | null
}
export type ExamView = {
  id: string
  school_id: string
  state: ExamState
  revision: { id: string; number: number; body: RevisionBody }
  resolved: ResolvedSubject[]
  findings: Finding[]
  actions: Action[]
}

export type RosterError = { row: number; column: string | null; code: string; message: string; remedy: string }
export type RosterRow = { row: number; name: string; document_number_masked: string; province: string | null }
export type RosterPreview = {
  preview_id: string
  columns: Record<string, string>
  rows_total: number
  accepted: RosterRow[]
  accepted_total: number
  errors: RosterError[]
  diff: { added: number; changed: number; removed: number; unchanged: number }
  missing_columns: string[]
}
export type RosterEntry = {
  id: string
  name: string
  document_type: string
  document_number_masked: string
  province: string
  major: { id: string; name: string }
  enrolled_at: number | null
}
export type Page<T> = { items: T[]; total: number; server_time?: number }

export type Battery = { level: number; charging: boolean }
export type Network = { online: boolean; kind: string }
export type CameraReport = {
  part_id: string
  camera: 'main' | 'companion'
  recorder: string
  battery: Battery | null
  network: Network | null
  queued_segments: number
  last_contact_at: number
}
export type SittingRow = {
  sitting_id: string
  candidate_name: string
  major: string
  kind: SittingKind
  phase: SittingView['phase']
  entered_at: number
  closes_at: number | null
  subjects: { subject_id: string; name: string; state: string; attempts_used: number; attempts_allowed: number; delivery: string | null }[]
  cameras: CameraReport[]
}

export type TimelineEvent = {
  at: number
  kind: string
  subject_id?: string | null
  take_id?: string | null
  part_id?: string | null
  actor: { kind: string; role?: string; name?: string }
  text_params: Record<string, unknown>
}
/** A recording in review; gaps are segments that have not arrived. */
export type ReviewPart = {
  id: string
  take_id: string | null
  camera: 'main' | 'companion'
  state: string
  media_url: string | null
  duration_ms: number | null
  gaps: { from_index: number; to_index: number }[]
  /** Where its first frame lies after the take's beep; negative before it. */
  offset_ms: number | null
  started_at: number
}
export type PulseSample = { at: number; part_id: string; battery: Battery | null; network: Network | null; queued_segments: number }
export type Mark = { at: number; kind: string }
export type SittingReview = {
  sitting: SittingView
  candidate: { name: string; document_number_masked: string | null; province: string | null }
  timeline: TimelineEvent[]
  parts: ReviewPart[]
  marks: Mark[]
  pulses: PulseSample[]
}

/** A message the embedded messenger kept; `code` is the one-time code in its text, if it has one. */
export type EmbeddedMessage = { id: string; to: string; text: string; code: string | null; created_at: number; expires_at: number }
export type ActivationCode = { phone: string; code: string; expires_at: number }
export type JobRow = {
  id: string
  kind: string
  state: 'waiting' | 'running' | 'retrying' | 'done'
  attempts: number
  run_at: number
  created_at: number
  last_error: string | null
  /** What it is about, as `kind:id`. */
  subject: string | null
}
export type Member = { account_id: string; phone_masked: string; name: string | null; roles: string[]; since: number }
