// Public face of the recording core. The classes are declared here while their files are written;
// each declaration is replaced by the export of the real class under the same signature.
import type { Chance, Clock, Connectivity, Fetch, Locks, Page } from './environment'
import type { Emitter } from './events'
import type { TakePlan, TakeRecord } from './journal'
import type { RecordingStore, StorageFailure } from './segment-store'
import type {
  Defect, DeviceState, FinishedPart, InterruptionAct, MediaProfile, MediaReport, PartDelivery, PartGrant,
  PartProgress, PartReason, Problem, RecorderState, SittingKind,
} from './types'

export * from './types'
export * from './environment'
export * from './journal'
export * from './segment-store'
export { Emitter } from './events'

/** Opens the phone's own store (IndexedDB, durability strict). */
export declare function openBrowserStore(name?: string): Promise<RecordingStore>

// ---- server time -------------------------------------------------------------------------------
export declare class ServerClock {
  constructor(clock: Clock)
  /** Feed every answer that carries `server_time`; times are `clock.now()` around the request. */
  observe(server_time: number, sent_at: number, received_at: number): void
  /** Server time now, or null before the first answer. */
  now(): number | null
  /** Milliseconds left until a server time (≥ 0), or null before the first answer. */
  left(until: number): number | null
  readonly uncertainty_ms: number
}

// ---- media -------------------------------------------------------------------------------------
export type MediaCause = 'insecure_context' | 'denied' | 'in_use' | 'not_found' | 'unsupported' | 'unknown'
export declare class MediaFailure extends Error {
  readonly cause_code: MediaCause
}
export declare class LevelMeter {
  /** dBFS of the last moments, -100 … 0. */
  level_db(): number
}
export interface MediaSource {
  /** For the preview; shown as it is recorded: never mirrored. */
  stream: MediaStream
  meter: LevelMeter | null
  report(mime: string): MediaReport
  close(): void
}
export declare function openMedia(profile: MediaProfile): Promise<MediaSource>

// ---- upload and pulse ----------------------------------------------------------------------------
export interface UploaderEvents {
  progress: PartProgress
  delivered: { part_id: string }
  conflict: { part_id: string; index: number }
  defect: { part_id: string; defect: Defect }
  stopped: { part_id: string; delivery: PartDelivery & { state: 'stopped' } }
  /** Nothing moves for now; `login` = the capability could not be renewed without signing in again. */
  waiting: { reason: 'offline' | 'server' | 'storage_full' | 'rate' | 'login'; retry_in_ms: number }
  moving: Record<string, never>
}
export declare class Uploader extends Emitter<UploaderEvents> {
  /** Reads what is undelivered from the store and goes on with it, recorder or not. */
  start(): Promise<void>
  stop(): void
  progress(part_id: string): PartProgress | null
  /** Resolves when the part is delivered, stopped, or only refused segments are left. */
  settled(part_id: string): Promise<PartDelivery>
  /** Forget the back-off and try now. */
  retryNow(): void
}
export interface PulseAnswer {
  part_id: string
  sitting: { version: number; closes_at: number | null; phase: string }
  take: { state: string; max_ends_at: number | null } | null
  server_time: number
}
export interface PulseEvents {
  answer: PulseAnswer
  silence: { part_id: string; for_ms: number }
}
export declare class Pulse extends Emitter<PulseEvents> {
  start(): void
  stop(): void
}

// ---- take ----------------------------------------------------------------------------------------
/** What every SittingView has; `V` stays the caller's own view type. */
export interface SittingGlimpse {
  version: number
  server_time: number
}
/** Implementations throw `Refusal` for a definite no, anything else when it is worth trying again. */
export interface TakeApi<V extends SittingGlimpse = SittingGlimpse> {
  startTake(sitting_id: string, body: object): Promise<{ sitting: V; take_id: string; part: PartGrant }>
  openPart(take_id: string, body: object): Promise<{ sitting: V; take_id: string; part: PartGrant }>
  beep(take_id: string, body: object): Promise<V>
  finish(take_id: string, body: object): Promise<V>
  fail(take_id: string, body: object): Promise<V>
  interrupt(take_id: string, body: object): Promise<V>
}
export type TakeState =
  | { name: 'starting' }
  | { name: 'positioning'; part_id: string; left_ms: number }
  | { name: 'recording'; part_id: string; ends_at: number | null }
  /** The recorder is dead; `resume(source)` opens a new part. */
  | { name: 'interrupted'; act: InterruptionAct }
  | { name: 'finishing' }
  | { name: 'finished'; take_id: string; parts: FinishedPart[] }
  | { name: 'lost'; cause: string }
  | { name: 'failed'; cause: string; problem: Problem | null }
export interface TakeEvents<V> {
  state: TakeState
  /** The newest view out of any command's answer. */
  view: V
  /** Sound the beep now: the recorder runs. */
  beep: { part_id: string }
  interruption: { act: InterruptionAct; began_at_captured_ms: number }
  interruption_over: { act: InterruptionAct; lasted_ms: number }
  /** Local storage fails; slices go from memory while `held_bytes` wait. */
  storage: { failure: StorageFailure | null; held_bytes: number }
  /** A command was refused for good. */
  refused: { command: string; problem: Problem }
}
export declare class Take<V extends SittingGlimpse = SittingGlimpse> extends Emitter<TakeEvents<V>> {
  static begin<V extends SittingGlimpse>(kit: RecordingKit<V>, plan: TakePlan, source: MediaSource): Take<V>
  /** After a reload: goes on with a take found by `unfinishedTakes`, in a new part. */
  static restore<V extends SittingGlimpse>(kit: RecordingKit<V>, record: TakeRecord, reason: PartReason): Promise<Take<V>>
  readonly key: string
  readonly state: TakeState
  /** Captured milliseconds of the whole take so far. */
  captured_ms(): number
  /** Captured time of the take behind which everything is delivered: 已安全送达. */
  safe_through_ms(): number
  /** Milliseconds until the automatic stop, by server time. */
  left_ms(): number | null
  /** The candidate is in place before the countdown is over. */
  inPlace(): void
  /** Early stop or 完成录制: flushes, then tells the server which segments make the take. */
  stop(): Promise<void>
  /** A new recorder on a live source: after an interruption, or for another quality. */
  resume(source: MediaSource, reason: PartReason): Promise<void>
  /** Before the beep gives the attempt back; after it the exam's policy decides. */
  fail(cause: string): Promise<void>
  /** The newest close from a view (grants move it). */
  closesAt(server_time: number | null): void
}
/** Takes a kill left behind, newest last; each either `Take.restore`d or left to the server. */
export declare function unfinishedTakes(kit: RecordingKit<never>, account_id: string): Promise<TakeRecord[]>

// ---- all of it together ----------------------------------------------------------------------------
export interface RecordingKitOptions<V extends SittingGlimpse> {
  account_id: string
  /** '' for the page's own origin; paths begin with /api. */
  base_url: string
  store: RecordingStore
  api: TakeApi<V>
  /** `POST /api/parts/{part}/capability`; throws `Refusal` for 401/404. */
  renewCapability(part_id: string): Promise<string>
  probe(): Promise<DeviceState>
  clock?: Clock
  fetch?: Fetch
  chance?: Chance
  connectivity?: Connectivity
  page?: Page
  locks?: Locks
}
export interface RecordingKit<V extends SittingGlimpse> {
  readonly account_id: string
  readonly store: RecordingStore
  readonly server_clock: ServerClock
  readonly uploader: Uploader
  readonly pulse: Pulse
  readonly api: TakeApi<V>
  /** Ends parts a kill left open, then uploads and pulses until `close`. */
  start(): Promise<void>
  close(): Promise<void>
}
export declare function createRecordingKit<V extends SittingGlimpse>(options: RecordingKitOptions<V>): RecordingKit<V>
/** The candidate's own copy, for playing back before submission. */
export declare function localFootage(store: RecordingStore, part_id: string): Promise<Blob>
export type { RecorderState, SittingKind }
