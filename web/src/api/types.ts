// The wire shapes of the API, by hand until they are generated from openapi.json.
// Times end in `_at` and are milliseconds since the epoch by the server's clock; durations end in `_ms`.

/** What an action's refusal and an RFC 9457 problem have in common: shown to people as it is. */
export interface Refusal {
  code: string
  title: string
  detail: string
  remedy: string
  params?: Record<string, unknown>
}

export interface FieldError {
  field: string
  code: string
  detail: string
}

export interface Problem extends Refusal {
  type?: string
  status: number
  errors?: FieldError[]
  /** Names the server's log entry of an unexpected failure. */
  incident?: string
}

/** Something the server lets this person do now, or the reason why not. */
export interface Action {
  name: string
  open: boolean
  refusal: Refusal | null
}

/** A statement of the server: `payload` is the exact JSON text that was signed. */
export interface Signed {
  kid: string
  payload: string
  signature: string
}

export interface Support {
  phone?: string | null
  email?: string | null
  qq?: string | null
  hours?: string | null
  guide_url?: string | null
}

/** An exam's own words for the platform's ("录制" for "考试"), by placeholder name. */
export type Terms = Record<string, string>

export interface ServerInfo {
  name: string
  version: string
  server_time: number
  minimum_client: string
  keys: { kid: string; public_key: string }[]
  support: Support
  demo: boolean
}

export type Role =
  | 'candidate'
  | 'admin'
  | 'proctor'
  | 'judge'
  | 'examiner'
  | 'department'
  | 'agent'
  | 'steward'
  | 'operator'

export interface RoleGrant {
  role: Role
  school_id?: string | null
  school_name?: string | null
}

export type DocumentType = 'id_card' | 'passport' | 'permit'

export interface Identity {
  name: string
  document_type: DocumentType
  document_number_masked: string
  province: string
  confirmed_at: number
}

export interface Me {
  account_id: string
  phone_masked: string
  roles: RoleGrant[]
  identity: Identity | null
  server_time: number
}

export interface IdentityDraft {
  name: string
  document_type: DocumentType
  document_number: string
  province: string
}

export interface LoginView {
  id: string
  device: string
  created_at: number
  last_seen_at: number
  current: boolean
}

export type SittingKind = 'practice' | 'mock' | 'formal'

export interface SessionBrief {
  id: string
  kind: SittingKind
  title: string
  opens_at: number
  closes_at: number
  latest_entry_at: number | null
}

export interface SessionView extends SessionBrief {
  sitting_id: string | null
  actions: Action[]
}

export interface MajorBrief {
  id: string
  name: string
  notes?: string | null
}

export interface SubjectBrief {
  id?: string
  name: string
  form: 'video'
  compulsory: boolean
  content?: string | null
  requirements?: string | null
  notes?: string | null
}

export interface ExamSummary {
  id: string
  title: string
  school: { id: string; name: string }
  majors: MajorBrief[]
  sessions: SessionBrief[]
  terms: Terms
  support: Support
}

export interface PendingEnrolment {
  exam: { id: string; title: string; school_name: string }
  major: MajorBrief
  sessions: SessionBrief[]
  subjects: SubjectBrief[]
  actions: Action[]
}

export type InterruptionEffect = 'note' | 'lose_take' | 'end_subject' | 'end_sitting'
export type InterruptionAct = 'left_page' | 'locked' | 'call' | 'track_ended' | 'reload' | 'recorder_error'

export interface InterruptionRule {
  allowed: number | null
  resume_within_ms: number
  effect: InterruptionEffect
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

/** The rules of an exam, resolved for what is shown; the server alone applies them. */
export interface Policy {
  attempts: number
  duration_ms: number | null
  late_entry: 'cut' | 'full'
  take_max_ms: number
  take_min_ms: number | null
  position_ms: number
  early_stop: boolean
  at_close: 'abandon' | 'submit_chosen'
  deliver_within_ms: number
  late_seals: 'mark' | 'accept'
  parts_per_take_max: number
  interruption: Record<InterruptionAct, InterruptionRule>
  media: MediaProfile
  face: 'off' | 'flag' | 'block'
  companion: 'off' | 'required'
  phone_change: 'allow' | 'refuse'
  second_login: 'refuse' | 'ask'
  storage_min_bytes: number
  battery_min: number
  hold_to_enter_ms: number
  countdown_warnings_ms: number[]
}

export interface ExamRef {
  id: string
  title: string
  terms: Terms
}

export interface EnrolmentView {
  id: string
  exam: ExamRef & { support?: Support }
  school: { id: string; name: string }
  major: MajorBrief
  subjects: SubjectBrief[]
  sessions: SessionView[]
  policy: Policy
  server_time: number
}

export interface Enrolments {
  pending: PendingEnrolment[]
  confirmed: EnrolmentView[]
}

export interface PartView {
  id: string
  number: number
  last_index: number | null
  received: number
  complete: boolean
  duration_ms: number | null
}

export type TakeState = 'preparing' | 'positioning' | 'recording' | 'grace' | 'finished' | 'lost'

export interface TakeView {
  id: string
  number: number
  state: TakeState
  grace_until: number | null
  beep_at: number | null
  max_ends_at: number | null
  finished_at: number | null
  duration_ms: number | null
  lost_cause: string | null
  interruptions: number
  parts: PartView[]
  actions: Action[]
}

export type DeliveryState = 'pending' | 'complete' | 'damaged' | 'lapsed'

export interface SubmissionView {
  id: string
  revision: number
  take_id: string
  submitted_at: number
  delivery: { state: DeliveryState; at: number | null }
}

export type SubjectState = 'pending' | 'waiting' | 'open' | 'submitted' | 'skipped' | 'failed' | 'missed'

export interface SubjectRunView {
  subject_id: string
  run_id: string
  name: string
  form: 'video'
  compulsory: boolean
  content: string
  requirements: string
  notes: string
  state: SubjectState
  closes_at: number | null
  take_max_ms: number
  take_min_ms: number | null
  position_ms: number
  early_stop: boolean
  media: MediaProfile
  interruption: Record<InterruptionAct, InterruptionRule>
  attempts: { allowed: number | null; used: number; left: number | null }
  takes: TakeView[]
  submission: SubmissionView | null
  actions: Action[]
}

export type SittingState = 'waiting' | 'open' | 'suspended' | 'reopened' | 'closed'
export type SittingOutcome = 'completed' | 'abandoned' | 'missed' | 'ended_by_rule' | 'ended_by_staff'

export interface SittingView {
  id: string
  version: number
  kind: SittingKind
  enrolment_id: string
  school: { id: string; name: string }
  exam: ExamRef
  major: { id: string; name: string }
  session_id: string
  server_time: number
  phase: {
    state: SittingState
    entered_at: number
    closes_at: number | null
    outcome: SittingOutcome | null
    deliver_until: number | null
  }
  subjects: SubjectRunView[]
  actions: Action[]
}

/** What the recorder needs to send one part: the capability stands for the right to. */
export interface PartGrant {
  id: string
  capability: string
  sitting_id: string
  owner_kind: 1 | 2
  owner_id: string
}

export interface TakeStarted {
  sitting: SittingView
  take_id: string
  part: PartGrant
}

export type Receipt = Signed & { kind: string; subject_id: string | null }

export interface SubmissionMade {
  sitting: SittingView
  receipt: Signed
}

/** The server's word that a sitting has changed: the view is fetched again. */
export interface SittingEvent {
  version: number
  server_time: number
}
