// The numbers of a run, in one line, and whether they are good enough.
import type { Outcome } from './scenario'

const EXAMPLES = 4

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

/** What was counted, by its reason, each with a few examples. */
export function explain({ details, findings }: Outcome): string[] {
  const by_reason = new Map<string, string[]>()
  for (const detail of details) {
    const [where = '', why = ''] = detail.replace(/, by .* ms$/, '').split(': ')
    const reason = `${where.split(' ')[0] ?? ''}: ${why}`
    by_reason.set(reason, [...(by_reason.get(reason) ?? []), detail.split(' ').slice(1).join(' ')])
  }
  const reasons = [...by_reason].flatMap(([reason, places]) => [`  ${places.length} × ${reason}`, ...places.slice(0, EXAMPLES).map((place) => `      ${place}`)])
  return [...reasons, ...findings.map((finding) => `  wrong: ${finding}`)]
}

/** Something else being wrong fails a run, too. */
export function passes(outcome: Outcome, takes: number, kills: number): boolean {
  const { lost_segments, damaged, double_submissions, findings } = outcome
  const bad = lost_segments + damaged + double_submissions + findings.length
  return outcome.takes >= takes && outcome.kills >= kills && bad === 0
}
