// What an interruption costs, in as few lines as there are different rules: acts that cost the same share one (M2).
import type { InterruptionAct, InterruptionRule } from '@/api/types'

export interface InterruptionLine extends InterruptionRule {
  /** All acts there are when every act costs the same. */
  acts: InterruptionAct[]
}

/** Groups the acts by their rule, in the order of their first act. */
export function interruptionLines(rules: Record<InterruptionAct, InterruptionRule>): InterruptionLine[] {
  const lines: InterruptionLine[] = []
  for (const [act, rule] of Object.entries(rules) as [InterruptionAct, InterruptionRule][]) {
    const same = lines.find((line) => costsTheSame(line, rule))
    if (same === undefined) lines.push({ ...rule, acts: [act] })
    else same.acts.push(act)
  }
  return lines
}

function costsTheSame(one: InterruptionRule, other: InterruptionRule): boolean {
  if (one.effect !== other.effect) return false
  if (one.effect === 'note') return true
  return one.allowed === other.allowed && (one.allowed === 0 || one.resume_within_ms === other.resume_within_ms)
}
