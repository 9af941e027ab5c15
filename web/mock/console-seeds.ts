// What the console shows in mock mode: one school, an exam in each state, a day of sittings.
import type { CameraReport, ExamView, ReviewPart, RevisionBody, SittingReview, SittingRow, TimelineEvent } from '../src/api/console-types'
import type { Action, InterruptionRule, SubjectRunView, TakeView } from '../src/api/types'

const MINUTE = 60_000
const START = Date.now()
export const open = (name: string): Action => ({ name, open: true, refusal: null })

export const school = { id: 'school-1', name: '海滨音乐学院' }
export const schools = [school, { id: 'school-2', name: '北方戏剧学院' }]
export const presets = [
  { id: 'general', title_zh: '通用视频考试', title_en: 'General video exam', description: '单机位，每科目 3 次录制机会，进入后计时 2 小时，录制中断即失去本次机会，考试结束后 24 小时内传完视频。', tasks: [] },
  { id: 'recital', title_zh: '音乐会与期中考核', title_en: 'Recital', description: '单机位，每科目 5 次，无单独计时，以提交截止时间为准。', tasks: [] },
]

const subject = (id: string, name: string, compulsory: boolean) => ({
  id, name, form: 'video' as const, compulsory, content: '自选中国作品一首，不超过 6 分钟。', requirements: '全身入镜，正对镜头，不得使用外接麦克风。', notes: '', settings: {}, papers: [],
})

export const body: RevisionBody = {
  preset: 'general', title: '2027 年声乐表演专业校考（初试）', zone: 'Asia/Shanghai', terms: {}, support: { phone: '4001668807', email: '', qq: '', hours: '8:00–24:00', guide_url: '' },
  settings: { attempts: 3 },
  majors: [
    {
      id: 'major-vocal', name: '声乐表演', notes: '', settings: {}, electives: { pick_min: 0, pick_max: 1 }, order: 'free',
      subjects: [
        { ...subject('subject-song', '自选歌曲', true), settings: { attempts: 5, 'interruption': { left_page: { allowed: 1, resume_within_ms: 120_000, effect: 'lose_take' } } } },
        subject('subject-reading', '视唱', true), subject('subject-instrument', '器乐', false),
      ],
    },
    { id: 'major-piano', name: '钢琴演奏', notes: '', settings: { take_max_ms: 20 * MINUTE }, electives: null, order: 'fixed', subjects: [subject('subject-etude', '练习曲', true), subject('subject-sonata', '奏鸣曲快板乐章', true)] },
  ],
  sessions: [
    { id: 'session-practice', kind: 'practice', title: '考前练习', opens_at: START - 5 * 86_400_000, closes_at: START + 3 * 86_400_000, latest_entry_at: null, majors: null, capacity: null, settings: {} },
    { id: 'session-mock', kind: 'mock', title: '模拟考试一', opens_at: START - 3 * 86_400_000, closes_at: START - 86_400_000, latest_entry_at: null, majors: null, capacity: null, settings: {} },
    { id: 'session-formal', kind: 'formal', title: '正式考试', opens_at: START - 3 * 3_600_000, closes_at: START + 5 * 3_600_000, latest_entry_at: START + 2 * 3_600_000, majors: null, capacity: null, settings: {} },
  ],
  tasks: [
    {
      id: 'task-pledge', title: { zh: '诚信录制承诺书', en: 'Pledge of honest recording' }, before: 'formal', due_at: null, majors: null,
      form: { kind: 'pledge', text: { zh: '我承诺独立完成全部录制。', en: 'I perform every recording myself.' } },
    },
  ],
}

const media = { width: 1280, height: 720, frame_rate: 30, video_bits_per_second: 2_500_000, audio_bits_per_second: 128_000, orientation: 'any', facing: 'any' }
const lost = { allowed: 0, resume_within_ms: 0, effect: 'lose_take' }
const PRESET: Record<string, unknown> = {
  attempts: 3, duration_ms: 7_200_000, late_entry: 'cut', take_max_ms: 900_000, take_min_ms: null, position_ms: 15_000, early_stop: true, at_close: 'abandon',
  deliver_within_ms: 86_400_000, late_seals: 'mark', parts_per_take_max: 3, media, face: 'off', companion: 'off', phone_change: 'allow', second_login: 'ask',
  storage_min_bytes: 10_000_000_000, battery_min: 0.2, hold_to_enter_ms: 2000, countdown_warnings_ms: [1_800_000, 600_000, 300_000, 60_000],
  'interruption.left_page': lost, 'interruption.locked': lost, 'interruption.call': lost, 'interruption.track_ended': lost,
  'interruption.reload': { allowed: 1, resume_within_ms: 30_000, effect: 'lose_take' }, 'interruption.recorder_error': { allowed: 1, resume_within_ms: 30_000, effect: 'lose_take' },
}

export function examView(id: string, state: ExamView['state'], revision: RevisionBody): ExamView {
  const resolved = revision.majors.flatMap((major) => major.subjects.map((one) => ({
    subject_id: one.id,
    values: Object.entries(PRESET).map(([setting, value]) => {
      const layers = [['subject', one.settings], ['major', major.settings], ['exam', revision.settings]] as const
      const stated = layers.find(([, settings]) => setting in settings)
      return { setting, value: stated ? (stated[1] as Record<string, unknown>)[setting] : value, from: stated ? stated[0] : ('preset' as const) }
    }),
  })))
  const short = revision.title.trim() === ''
  const blocked = short || revision.majors.some((major) => major.subjects.length === 0)
  const refusal = { code: 'exam.findings', title: '还有错误没有修正', detail: '检查结果里的错误修正后才能开放。', remedy: '按检查结果逐条修改，然后保存。', params: {} }
  return {
    id, school_id: school.id, state, revision: { id: `${id}-1`, number: 3, body: revision }, resolved,
    findings: [
      ...(blocked ? [{ severity: 'error' as const, code: 'major.no_subject', message: '专业里没有科目。', where: short ? 'title' : 'majors[1]' }] : []),
      { severity: 'warning', code: 'subject.take_longer_than_clock', message: '单次最长 15 分钟，三次录满超过考试时长的一半。', where: 'majors[0].subjects[1]' },
    ],
    actions: [
      ...(state === 'draft' ? [blocked ? { name: 'open', open: false, refusal } : open('open')] : []),
      ...(state === 'closed' ? [] : [open('edit_draft')]),
      ...(state === 'open' ? [open('close')] : []), open('import_roster'),
    ],
  }
}

const NAMES = ['王小艺', '李明轩', '欧阳若兰', '陈思远', '张雨桐', '刘子昂', '赵一诺', '周晓彤', '吴嘉懿', '阿依古丽·买买提', '孙梓涵', '林可儿']

function camera(index: number): CameraReport {
  const recording = index % 3 !== 2
  return {
    part_id: `part-${index}`, camera: 'main', recorder: index === 4 ? 'failed' : recording ? 'recording' : 'positioning',
    battery: index === 6 ? null : { level: index === 3 ? 0.14 : 0.95 - index * 0.05, charging: index === 5 }, network: { online: index !== 7, kind: index % 2 ? 'wifi' : 'cellular' },
    queued_segments: index === 7 ? 143 : index % 4, last_contact_at: Date.now() - (index === 1 ? 34_000 : 1500),
  }
}

export function rows(): SittingRow[] {
  return NAMES.map((name, index) => {
    const state = index === 8 ? 'suspended' : index > 9 ? 'closed' : 'open'
    return {
      sitting_id: `sitting-${index}`, candidate_name: name, major: index % 3 ? '声乐表演' : '钢琴演奏', kind: 'formal',
      phase: { state, entered_at: START - (70 + index) * MINUTE, closes_at: state === 'closed' ? null : START + (index === 2 ? 4 : 12 + index * 7) * MINUTE, outcome: state === 'closed' ? (index === 10 ? 'completed' : 'abandoned') : null, deliver_until: null },
      entered_at: START - (70 + index) * MINUTE, closes_at: state === 'closed' ? null : START + (index === 2 ? 4 : 12 + index * 7) * MINUTE,
      subjects: [
        { subject_id: 'subject-song', name: '自选歌曲', state: index % 2 ? 'submitted' : 'open', attempts_used: 1 + (index % 3), attempts_allowed: 5, delivery: index % 2 ? (index === 11 ? 'damaged' : index === 3 ? 'pending' : 'complete') : null },
        { subject_id: 'subject-reading', name: '视唱', state: index > 9 ? 'submitted' : 'open', attempts_used: index % 2, attempts_allowed: 3, delivery: index > 9 ? 'complete' : null },
        { subject_id: 'subject-instrument', name: '器乐', state: index === 10 ? 'skipped' : 'open', attempts_used: 0, attempts_allowed: 3, delivery: null },
      ],
      cameras: index > 9 ? [] : [camera(index)],
    }
  })
}

const rule: InterruptionRule = { allowed: 0, resume_within_ms: 0, effect: 'lose_take' }
const interruptions = { left_page: rule, locked: rule, call: rule, track_ended: rule, reload: rule, recorder_error: rule }
const BEEP = START - 48 * MINUTE
const take = (id: string, number: number, state: TakeView['state'], from: number, ms: number): TakeView => ({
  id, number, state, grace_until: null, beep_at: from, max_ends_at: from + 900_000, finished_at: from + ms, duration_ms: ms, lost_cause: null, interruptions: number === 1 ? 1 : 0, parts: [], actions: [],
})

function run(id: string, name: string, part: Partial<SubjectRunView>): SubjectRunView {
  return {
    subject_id: id, run_id: `run-${id}`, name, form: 'video', compulsory: true, content: '', requirements: '', notes: '', paper: null, state: 'open', closes_at: null, take_max_ms: 900_000, take_min_ms: null,
    position_ms: 15_000, early_stop: true, face: 'off', face_within_ms: null, media: media as SubjectRunView['media'], interruption: interruptions,
    attempts: { allowed: 3, used: 0, left: 3 }, takes: [], chosen_take_id: null, submission: null, actions: [], ...part,
  }
}

const parts: ReviewPart[] = [
  { id: 'part-a', take_id: 'take-1', camera: 'main', state: 'assembled', media_url: '/api/parts/part-a/media', duration_ms: 42_000, gaps: [], late: null, offset_ms: 0, started_at: BEEP - 15_000 },
  { id: 'part-b', take_id: 'take-2', camera: 'main', state: 'assembled', media_url: '/api/parts/part-b/media', duration_ms: 120_000, gaps: [{ from_index: 63, to_index: 68 }], late: { from_index: 100, by_ms: 95_000, counts: null }, offset_ms: 0, started_at: BEEP + 4 * MINUTE },
  { id: 'part-c', take_id: 'take-3', camera: 'main', state: 'finished', media_url: null, duration_ms: 95_000, gaps: [], late: null, offset_ms: 0, started_at: BEEP + 15 * MINUTE },
]

const event = (at: number, kind: string, over: Partial<TimelineEvent> = {}): TimelineEvent => ({ at, kind, subject_id: null, take_id: null, part_id: null, actor: { kind: 'candidate' }, text_params: {}, ...over })
const song = { subject_id: 'subject-song' }
const B = BEEP + 4 * MINUTE
const timeline: TimelineEvent[] = [
  event(BEEP - 3 * MINUTE, 'entered'), event(BEEP - 15_000, 'take_started', { ...song, take_id: 'take-1', part_id: 'part-a', text_params: { number: 1 } }), event(BEEP, 'beeped', { ...song, take_id: 'take-1', part_id: 'part-a' }),
  event(BEEP + 21_000, 'interrupted', { ...song, take_id: 'take-1', part_id: 'part-a', text_params: { act: 'call', began_at_captured_ms: 36_000, lasted_ms: 4200 } }),
  event(BEEP + 26_500, 'take_lost', { ...song, take_id: 'take-1', part_id: 'part-a', actor: { kind: 'clock' }, text_params: { cause: 'interrupted', act: 'call' } }),
  event(B, 'take_started', { ...song, take_id: 'take-2', part_id: 'part-b', text_params: { number: 2 } }), event(B + 15_000, 'beeped', { ...song, take_id: 'take-2', part_id: 'part-b' }),
  event(B + 62_000, 'interrupted', { ...song, take_id: 'take-2', part_id: 'part-b', text_params: { act: 'left_page', lasted_ms: 6000 } }), event(B + 68_000, 'take_resumed', { ...song, take_id: 'take-2' }),
  event(B + 119_000, 'take_finished', { ...song, take_id: 'take-2', part_id: 'part-b', text_params: { cause: 'candidate' } }), event(B + 4 * MINUTE, 'submitted', { ...song, take_id: 'take-2', text_params: { revision: 1 } }),
  event(B + 5 * MINUTE, 'delivered', { ...song, actor: { kind: 'system' }, text_params: { delivery: 'complete' } }), event(B + 7 * MINUTE, 'granted', { actor: { kind: 'staff', role: 'proctor', name: '李老师' }, text_params: { extra_ms: 600_000, reason: '停电 8 分钟' } }),
  event(BEEP + 15 * MINUTE, 'take_started', { subject_id: 'subject-reading', take_id: 'take-3', part_id: 'part-c', text_params: { number: 1 } }),
]

export function review(id: string): SittingReview {
  const row = rows().find((one) => one.sitting_id === id) ?? rows()[0]!
  const phase = row.phase
  return {
    sitting: {
      id, version: 9, kind: 'formal', enrolment_id: 'enrolment-1', school, exam: { id: 'exam-open', title: body.title, zone: body.zone, terms: {} }, major: { id: 'major-vocal', name: '声乐表演' }, session_id: 'session-formal', device_id: null, second_sign_in: null, server_time: Date.now(),
      phase: { state: phase.state ?? 'open', entered_at: BEEP - 3 * MINUTE, closes_at: phase.closes_at ?? null, outcome: phase.outcome ?? null, deliver_until: null },
      countdown_warnings_ms: [30 * MINUTE, 10 * MINUTE, 5 * MINUTE],
      subjects: [
        run('subject-song', '自选歌曲', { state: 'submitted', attempts: { allowed: 5, used: 2, left: 3 }, takes: [take('take-1', 1, 'lost', BEEP, 42_000), take('take-2', 2, 'finished', B + 15_000, 120_000)], submission: { id: 'submission-1', revision: 1, take_id: 'take-2', submitted_at: B + 4 * MINUTE, delivery: { state: 'complete', at: B + 5 * MINUTE } } }),
        run('subject-reading', '视唱', { attempts: { allowed: 3, used: 1, left: 2 }, takes: [take('take-3', 1, 'finished', BEEP + 15 * MINUTE, 95_000)] }),
        run('subject-instrument', '器乐', { compulsory: false }),
      ],
      actions: phase.state === 'closed' ? [open('reopen')] : [open('grant'), phase.state === 'suspended' ? open('resume') : open('suspend'), open('end')],
    },
    candidate: { name: row.candidate_name, document_number_masked: '3701**********0021', province: '山东' },
    timeline, papers: [], parts,
    marks: [{ at: B + 62_000, kind: 'unwitnessed_gap', subject_id: 'subject-song', take_id: 'take-2', part_id: 'part-b', lasted_ms: 11_000 }],
    pulses: Array.from({ length: 60 }, (_, index) => ({
      at: B + index * 2000, part_id: 'part-b', battery: { level: 0.62 - index * 0.004, charging: false }, network: { online: index < 30 || index > 35, kind: 'wifi' }, queued_segments: index < 30 || index > 35 ? 1 : (index - 29) * 2,
    })),
  }
}
