// What is written down so that a take goes on after a kill: takes as the phone sees them, and
// commands with the ids they are sent under.
import type {
  DeviceReport, InterruptionAct, MediaProfile, PartGrant, Schemas, SittingKind,
} from './types'

/** What the screen knows of the subject when it starts a take; from the server's view. */
export interface TakePlan {
  account_id: string
  sitting_id: string
  sitting_kind: SittingKind
  subject_id: string
  /** Time to find one's place before the beep. */
  position_ms: number
  take_max_ms: number
  /** Server time at which the subject closes. */
  closes_at: number | null
  media: MediaProfile
  device: DeviceReport
  /** The face check passed just before, where the subject asks for one. */
  face_check_id?: string | null
}

/** A take as the phone remembers it. `key` is the id of the command that started it. */
export interface TakeRecord {
  key: string
  account_id: string
  plan: TakePlan
  take_id: string | null
  phase: 'starting' | 'positioning' | 'recording' | 'finishing' | 'finished' | 'lost' | 'failed'
  /** In the order they were recorded. */
  part_ids: string[]
  /** Server time, once the server has said it. */
  max_ends_at: number | null
  /** The server has answered the beep. */
  beeped: boolean
  /** Granted by the server, not recorded into yet. */
  unused_part: PartGrant | null
  /** An interruption that had begun when this was written: told to the server after a kill. */
  ongoing: { act: InterruptionAct; began_at_captured_ms: number } | null
}

/** A command's body as the server takes it; its id is kept beside it. */
type Told<Name extends keyof Schemas> = Omit<Schemas[Name], 'command_id'>

export type CommandBody =
  | { kind: 'start_take'; sitting_id: string; body: Required<Told<'StartTake'>> }
  | { kind: 'beep'; take_id: string; body: Told<'Beep'> }
  | {
      kind: 'open_part'
      take_id: string
      body: Told<'OpenPart'>
    }
  | { kind: 'finish'; take_id: string; body: Told<'FinishTake'> }
  | { kind: 'failure'; take_id: string; body: Told<'FailTake'> }
  | {
      kind: 'interruption'
      take_id: string
      body: Required<Told<'ReportInterruption'>>
    }

/** A command persisted before it is sent; repeated under the same id until there is an answer. */
export interface CommandRecord {
  command_id: string
  account_id: string
  /** The take's `key`: its commands are sent one after another. */
  take_key: string
  order: number
  command: CommandBody
}
