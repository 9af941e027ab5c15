// The numbers of a run, in one line, and whether they are good enough.
import type { Outcome } from './scenario'

export function sum(outcomes: Outcome[]): Outcome {
  const total = (number: 'takes' | 'kills' | 'lost_segments' | 'damaged' | 'double_submissions') =>
    outcomes.reduce((so_far, outcome) => so_far + outcome[number], 0)
  return {
    takes: total('takes'),
    kills: total('kills'),
    lost_segments: total('lost_segments'),
    damaged: total('damaged'),
    double_submissions: total('double_submissions'),
    details: outcomes.flatMap(({ details }) => details),
    findings: outcomes.flatMap(({ findings }) => findings),
  }
}

export function summary({ takes, kills, lost_segments, damaged, double_submissions }: Outcome): string {
  return `takes=${takes} kills=${kills} lost_segments=${lost_segments} damaged=${damaged} double_submissions=${double_submissions}`
}

/** Something else being wrong fails a run, too. */
export function passes(outcome: Outcome, takes: number, kills: number): boolean {
  const { lost_segments, damaged, double_submissions, findings } = outcome
  const bad = lost_segments + damaged + double_submissions + findings.length
  return outcome.takes >= takes && outcome.kills >= kills && bad === 0
}
