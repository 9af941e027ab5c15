// What the development mock starts with: one candidate, one exam, three sessions. Times are relative to its start.
import type { Action, EnrolmentView, ExamSummary, MediaProfile, Policy, SessionBrief, SubjectRunView } from '../src/api/types'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

export const open = (name: string): Action => ({ name, open: true, refusal: null })

export function closed(name: string, code: string, title: string, detail: string, remedy: string): Action {
  return { name, open: false, refusal: { code, title, detail, remedy, params: {} } }
}

const media: MediaProfile = {
  width: 1280,
  height: 720,
  frame_rate: 30,
  video_bits_per_second: 2_500_000,
  audio_bits_per_second: 128_000,
  orientation: 'portrait',
  facing: 'any',
}
const rule = { allowed: 1, resume_within_ms: 2 * MINUTE, effect: 'lose_take' as const }

export const policy: Policy = {
  attempts: 2,
  duration_ms: 2 * HOUR,
  late_entry: 'cut',
  take_max_ms: 15 * MINUTE,
  take_min_ms: 5_000,
  position_ms: 6_000,
  early_stop: true,
  at_close: 'abandon',
  deliver_within_ms: 24 * HOUR,
  late_seals: 'mark',
  parts_per_take_max: 3,
  interruption: { left_page: rule, locked: rule, call: rule, track_ended: rule, reload: rule, recorder_error: rule },
  media,
  face: 'off',
  after_three_strikes: 'block',
  face_in_mock: 'simulated',
  face_within_ms: 60_000,
  companion: 'off',
  phone_change: 'allow',
  second_login: 'ask',
  storage_min_bytes: 2_000_000_000,
  battery_min: 0.3,
  hold_to_enter_ms: 1500,
  countdown_warnings_ms: [30 * MINUTE, 10 * MINUTE, 5 * MINUTE, MINUTE],
}

const SONG = '自选歌曲一首，中外不限，清唱或伴奏均可。'
const ASKED = '背谱演唱。\n着装得体，不化浓妆。\n正面全身入镜，声音清晰。'

export const school = { id: 'school-1', name: '青山音乐学院' }
export const exam = { id: 'exam-1', title: '2026 年声乐表演专业远程初试', zone: 'Asia/Shanghai', terms: {} }
export const support = { phone: '010-1234 5678', email: 'zsb@example.edu.cn', hours: '每天 8:00–24:00' }
export const majors = [
  { id: 'major-1', name: '声乐表演（美声）', notes: '考试期间请勿离开镜头范围。' },
  { id: 'major-2', name: '声乐表演（民族）', notes: '' },
]

export function sessionsFrom(now: number): SessionBrief[] {
  return [
    { id: 's-practice', kind: 'practice', title: '考前练习', opens_at: now - 48 * HOUR, closes_at: now + 48 * HOUR, latest_entry_at: null },
    { id: 's-mock', kind: 'mock', title: '模拟考试', opens_at: now - 24 * HOUR, closes_at: now + 24 * HOUR, latest_entry_at: null },
    { id: 's-formal', kind: 'formal', title: '正式考试', opens_at: now + 20_000, closes_at: now + 3 * HOUR, latest_entry_at: now + 30 * MINUTE },
  ]
}

export const subjects = [
  { id: 'sub-1', name: '自选曲目', form: 'video' as const, compulsory: true, content: SONG, requirements: ASKED, notes: '' },
  { id: 'sub-2', name: '视唱', form: 'video' as const, compulsory: true, content: '五线谱一条，现场看谱。', requirements: '固定唱名或首调均可。', notes: '' },
  { id: 'sub-3', name: '才艺展示', form: 'video' as const, compulsory: false, content: '器乐、舞蹈或朗诵，任选一项。', requirements: '', notes: '选考。' },
]

export function summary(now: number): ExamSummary {
  return { id: exam.id, title: exam.title, zone: exam.zone, school, majors, sessions: sessionsFrom(now), terms: {}, support }
}

export function enrolment(now: number, id: string, major = majors[0]!): EnrolmentView {
  const sessions = sessionsFrom(now).map((session) => ({ ...session, sitting_id: null, actions: [open('enter')] }))
  return { id, exam: { ...exam, support }, school, major, subjects, tasks: [], sessions, policy, server_time: now }
}

export function run(index: number, attempts: number): SubjectRunView {
  const { id, ...brief } = subjects[index]!
  return {
    ...brief,
    subject_id: id,
    run_id: `run-${id}`,
    paper: null,
    state: 'open',
    closes_at: null,
    take_max_ms: policy.take_max_ms,
    take_min_ms: policy.take_min_ms,
    position_ms: policy.position_ms,
    early_stop: true,
    face: 'off',
    face_within_ms: null,
    media,
    interruption: { left_page: rule, locked: rule, call: rule, track_ended: rule, reload: rule, recorder_error: rule },
    attempts: { allowed: attempts, used: 0, left: attempts },
    takes: [],
    chosen_take_id: null,
    submission: null,
    actions: [open('start_take')],
  }
}
