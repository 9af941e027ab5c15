// The mock's sittings: just enough of the server's behaviour to develop screens against. It checks nothing.
import type { EnrolmentView, Me, SittingView, SubjectRunView, TakeView } from '../src/api/types'
import { closed, enrolment, exam, majors, open, policy, run, school, subjects } from './seeds'

const GRACE_MS = 120_000
let counter = 0
/** Version-7-looking ids, so that seals can bind them. */
export const newId = () => `01900000-0000-7000-8000-${(++counter).toString(16).padStart(12, '0')}`

export class World {
  readonly began = Date.now()
  me: Me | null = null
  readonly enrolments: EnrolmentView[] = []
  readonly sittings: SittingView[] = []
  readonly received = new Map<string, Set<number>>()

  signIn(known: boolean): Me {
    const identity = { name: '林小溪', document_type: 'id_card' as const, document_number_masked: '110105********002X', province: '广东', confirmed_at: this.began }
    this.me = {
      account_id: newId(),
      phone_masked: '138****5678',
      email_masked: null,
      device_id: 'device-1',
      roles: [{ role: 'candidate', school_id: null, school_name: null }],
      identity: known ? identity : null,
      server_time: Date.now(),
    }
    if (known && this.enrolments.length === 0) this.enrolments.push(enrolment(this.began, newId()))
    return this.me
  }

  pending() {
    if (this.me?.identity == null || this.enrolments.some((each) => each.major.id === 'major-2')) return []
    const { sessions } = enrolment(this.began, '')
    return [{ exam: { id: exam.id, title: exam.title, zone: exam.zone, school_name: school.name }, major: majors[1]!, sessions, subjects, actions: [open('confirm')] }]
  }

  view(id: string): EnrolmentView | undefined {
    const found = this.enrolments.find((each) => each.id === id)
    const late = closed('enter', 'session.not_open', '还没有到时间', '正式考试将在开放时间开始。', '请先完成练习和模拟。')
    for (const session of found?.sessions ?? []) {
      session.sitting_id = this.sittings.find((each) => each.session_id === session.id && each.enrolment_id === id)?.id ?? null
      session.actions = [session.opens_at > Date.now() ? late : open('enter')]
    }
    return found && { ...found, server_time: Date.now() }
  }

  enter(enrolment_id: string, session_id: string): SittingView {
    const found = this.enrolments.find((each) => each.id === enrolment_id)
    const session = found?.sessions.find((each) => each.id === session_id)
    const kind = session?.kind ?? 'practice'
    const attempts = kind === 'practice' ? 20 : policy.attempts
    const now = Date.now()
    const sitting: SittingView = {
      id: newId(),
      version: 1,
      kind,
      enrolment_id,
      school,
      exam,
      major: { id: 'major-1', name: majors[0]!.name },
      session_id,
      device_id: null,
      second_sign_in: null,
      server_time: now,
      phase: { state: 'open', entered_at: now, closes_at: kind === 'practice' ? null : now + 14 * 60_000, outcome: null, deliver_until: now + 86_400_000 },
      countdown_warnings_ms: policy.countdown_warnings_ms,
      subjects: [run(0, attempts), run(1, attempts), run(2, attempts)],
      actions: [],
    }
    this.sittings.push(sitting)
    return sitting
  }

  sittingOfTake(take_id: string): { sitting: SittingView; subject: SubjectRunView; take: TakeView } {
    for (const sitting of this.sittings)
      for (const subject of sitting.subjects)
        for (const take of subject.takes) if (take.id === take_id) return { sitting, subject, take }
    throw new Error('no such take')
  }

  startTake(sitting: SittingView, subject_id: string): TakeView {
    const subject = sitting.subjects.find((each) => each.subject_id === subject_id)!
    const take: TakeView = {
      id: newId(), number: subject.takes.length + 1, state: 'positioning', grace_until: null, beep_at: null, max_ends_at: null,
      finished_at: null, duration_ms: null, lost_cause: null, interruptions: 0, parts: [], actions: [],
    }
    subject.takes.push(take)
    this.addPart(take)
    return take
  }

  addPart(take: TakeView): string {
    const id = newId()
    take.parts.push({ id, number: take.parts.length + 1, last_index: null, received: 0, complete: false, duration_ms: null })
    this.received.set(id, new Set())
    return id
  }

  interrupt(take: TakeView): void {
    take.interruptions += 1
    take.state = 'grace'
    take.grace_until = Date.now() + GRACE_MS
  }

  touch(sitting: SittingView): SittingView {
    sitting.version += 1
    sitting.server_time = Date.now()
    for (const subject of sitting.subjects) this.#refresh(sitting, subject)
    const done = sitting.subjects.every((each) => !each.compulsory || each.submission !== null)
    sitting.actions = [done ? open('finish_without_electives') : closed('finish_without_electives', 'sitting.compulsory_open', '必考科目未完成', '', '')]
    return sitting
  }

  #refresh(sitting: SittingView, subject: SubjectRunView): void {
    const { attempts, takes } = subject
    attempts.used = takes.filter((take) => take.beep_at !== null).length
    attempts.left = Math.max(0, attempts.allowed - attempts.used)
    for (const take of takes) this.#refreshTake(sitting, take)
    const running = takes.find((take) => !['finished', 'lost'].includes(take.state))
    if (subject.submission !== null) subject.actions = []
    else if (attempts.left === 0) subject.actions = [closed('start_take', 'take.no_attempt_left', '次数已用完', `本科目的 ${attempts.allowed} 次录制已用完。`, '请在已录的里面选一遍提交。')]
    else if (running) subject.actions = [closed('start_take', 'take.running', '有一遍正在录制', '请先完成它。', '')]
    else subject.actions = [open('start_take')]
  }

  #refreshTake(sitting: SittingView, take: TakeView): void {
    for (const part of take.parts) {
      part.received = this.received.get(part.id)?.size ?? 0
      part.complete = part.last_index !== null && part.received >= part.last_index
    }
    const submittable = take.state === 'finished' && sitting.kind !== 'practice'
    take.actions = take.state === 'grace' ? [open('resume_take')] : submittable ? [open('submit')] : []
    const { submission } = sitting.subjects.find((each) => each.takes.includes(take))!
    if (submission?.take_id === take.id && take.parts.every((part) => part.complete)) submission.delivery = { state: 'complete', at: Date.now() }
  }
}
