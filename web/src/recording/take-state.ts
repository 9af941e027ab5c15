// A take as the screen sees it.
import type { StorageFailure } from './segment-store'
import type { CommandBody } from './journal'
import type { FinishedPart, InterruptionAct, Problem } from './types'

export type TakeState =
  | { name: 'starting' }
  | { name: 'positioning'; part_id: string; left_ms: number }
  /** `ends_at`: server time of the automatic stop, null until the server has said it. */
  | { name: 'recording'; part_id: string; ends_at: number | null }
  /** No recorder runs: `resume(source)` opens a new part, `stop` makes do with what there is. */
  | { name: 'interrupted'; act: InterruptionAct; before_beep: boolean }
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
  /** Captured times count from the start of the take. */
  interruption: { act: InterruptionAct; began_at_captured_ms: number }
  interruption_over: { act: InterruptionAct; lasted_ms: number }
  /** Local storage fails: slices go from memory while `held_bytes` wait; null = all is stored again. */
  storage: { failure: StorageFailure | null; held_bytes: number }
  /** A command was refused for good. */
  refused: { command: CommandBody['kind']; problem: Problem }
}
