/**
 * The settings of a policy as the form shows them: which control, which unit, which group.
 * Whether a value is allowed is the server's business; ranges here only keep typing sane.
 */
import type { Overrides } from '@/api/console-types'
import type { InterruptionAct, Policy } from '@/api/types'

export type Unit = 's' | 'min' | 'h'
export type Control =
  | { kind: 'count'; low: number; high: number }
  | { kind: 'duration'; unit: Unit; nullable?: boolean }
  | { kind: 'flag' }
  | { kind: 'choice'; options: readonly string[] }
  | { kind: 'size' }
  | { kind: 'share' }
  | { kind: 'minutes' }
  | { kind: 'rule'; act: InterruptionAct }
  | { kind: 'media' }

/** A field of the policy; the acts of an interruption are settings of their own. */
export type SettingName = Exclude<keyof Policy, 'interruption'> | `interruption.${InterruptionAct}`
export type Setting = { name: SettingName; control: Control }
export type Group = { name: string; settings: Setting[] }

const setting = (name: SettingName, control: Control): Setting => ({ name, control })

const ACTS: readonly InterruptionAct[] = ['left_page', 'locked', 'call', 'track_ended', 'reload', 'recorder_error']

export const GROUPS: readonly Group[] = [
  {
    name: 'attempts',
    settings: [
      setting('attempts', { kind: 'count', low: 1, high: 99 }),
      setting('take_max_ms', { kind: 'duration', unit: 'min' }),
      setting('take_min_ms', { kind: 'duration', unit: 's', nullable: true }),
      setting('position_ms', { kind: 'duration', unit: 's' }),
      setting('early_stop', { kind: 'flag' }),
      setting('parts_per_take_max', { kind: 'count', low: 1, high: 99 }),
    ],
  },
  {
    name: 'clock',
    settings: [
      setting('duration_ms', { kind: 'duration', unit: 'min', nullable: true }),
      setting('late_entry', { kind: 'choice', options: ['cut', 'full'] }),
      setting('at_close', { kind: 'choice', options: ['abandon', 'submit_chosen'] }),
      setting('countdown_warnings_ms', { kind: 'minutes' }),
      setting('hold_to_enter_ms', { kind: 'duration', unit: 's' }),
    ],
  },
  {
    name: 'delivery',
    settings: [
      setting('deliver_within_ms', { kind: 'duration', unit: 'h' }),
      setting('late_seals', { kind: 'choice', options: ['mark', 'accept'] }),
    ],
  },
  { name: 'interruption', settings: ACTS.map((act) => setting(`interruption.${act}`, { kind: 'rule', act })) },
  { name: 'media', settings: [setting('media', { kind: 'media' })] },
  {
    name: 'device',
    settings: [
      setting('face', { kind: 'choice', options: ['off', 'flag', 'block'] }),
      setting('after_three_strikes', { kind: 'choice', options: ['block', 'continue_flagged'] }),
      setting('face_in_mock', { kind: 'choice', options: ['real', 'simulated', 'off'] }),
      setting('face_within_ms', { kind: 'duration', unit: 's' }),
      setting('companion', { kind: 'choice', options: ['off', 'required'] }),
      setting('phone_change', { kind: 'choice', options: ['allow', 'refuse'] }),
      setting('second_login', { kind: 'choice', options: ['refuse', 'ask'] }),
      setting('storage_min_bytes', { kind: 'size' }),
      setting('battery_min', { kind: 'share' }),
    ],
  },
]

export const EFFECTS = ['note', 'lose_take', 'end_subject', 'end_sitting'] as const

const UNIT_MS: Record<Unit, number> = { s: 1000, min: 60_000, h: 3_600_000 }

export function inUnit(ms: number, unit: Unit): number {
  return Math.round((ms / UNIT_MS[unit]) * 1000) / 1000
}

export function fromUnit(amount: number, unit: Unit): number {
  return Math.round(amount * UNIT_MS[unit])
}

/** What a level states itself of a setting; undefined when it is inherited (null can be a stated value). */
export function stated(overrides: Overrides, name: SettingName): unknown {
  const act = actOf(name)
  return act ? overrides.interruption?.[act] : overrides[name as keyof Overrides]
}

/** The settings of a level with one more stated, or, with undefined, one inherited again. */
export function withStated(overrides: Overrides, name: SettingName, value: unknown): Overrides {
  const act = actOf(name)
  if (!act) return put(overrides, name, value)
  const acts = put(overrides.interruption ?? {}, act, value)
  return put(overrides, 'interruption', Object.keys(acts).length > 0 ? acts : undefined)
}

function actOf(name: SettingName): InterruptionAct | null {
  return name.startsWith('interruption.') ? (name.slice('interruption.'.length) as InterruptionAct) : null
}

function put<T extends object>(into: T, key: string, value: unknown): T {
  const rest = Object.fromEntries(Object.entries(into).filter(([known]) => known !== key))
  return (value === undefined ? rest : { ...rest, [key]: value }) as T
}

const USUAL_RULE = { allowed: 0, resume_within_ms: 0, effect: 'lose_take' }
const WORTH: Partial<Record<SettingName, unknown>> = {
  attempts: 3, take_max_ms: 600_000, take_min_ms: null, position_ms: 15_000, early_stop: true, parts_per_take_max: 5,
  duration_ms: null, late_entry: 'cut', at_close: 'abandon', countdown_warnings_ms: [1_800_000, 600_000, 300_000, 60_000],
  hold_to_enter_ms: 2000, deliver_within_ms: 86_400_000, late_seals: 'mark', face: 'off',
  after_three_strikes: 'block', face_in_mock: 'simulated', face_within_ms: 60_000, companion: 'off',
  phone_change: 'allow', second_login: 'ask', storage_min_bytes: 10_000_000_000, battery_min: 0.2,
}

/** What a control starts from when no resolved value is known yet (an exam without subjects). */
export function startingValue(name: SettingName): unknown {
  return WORTH[name] ?? (actOf(name) ? USUAL_RULE : null)
}
