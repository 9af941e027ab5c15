/** Adding to and taking from a draft. What a new piece may be called or contain is checked by the server's linter. */
import type { BookingBody, Preset, RevisionBody, SubjectBody, TaskBody } from '@/api/console-types'
import type { Node } from './resolved'

const DAY = 86_400_000

export function addMajor(body: RevisionBody, id: string, name: string): void {
  body.majors.push({ id, name, notes: '', settings: {}, electives: null, order: 'free', subjects: [] })
}

export function addSubject(body: RevisionBody, major: string, id: string, name: string): void {
  body.majors.find((known) => known.id === major)?.subjects.push({
    id, name, form: 'video', compulsory: true, content: '', requirements: '', notes: '', settings: {}, papers: [],
  })
}

/** A new paper is for the formal sessions that have none yet, with one question to fill in. */
export function addPaper(body: RevisionBody, subject: SubjectBody, id: string, question: string): void {
  const used = new Set(subject.papers.flatMap((paper) => paper.sessions))
  const sessions = body.sessions.filter((session) => session.kind === 'formal' && !used.has(session.id)).map((session) => session.id)
  subject.papers.push({ id, sessions, draw: null, read_ms: 0, questions: [{ id: question, text: '' }] })
}

/** A new session starts as a copy of the last one's window, so that only what differs is typed. */
export function addSession(body: RevisionBody, id: string, title: string): void {
  const last = body.sessions[body.sessions.length - 1]
  const opens_at = last?.opens_at ?? Math.ceil(Date.now() / DAY) * DAY
  body.sessions.push({
    id, kind: 'mock', title, opens_at, closes_at: last?.closes_at ?? opens_at + DAY, latest_entry_at: null, majors: null, capacity: null, settings: {},
  })
}

/** What a task of this kind says where an exam begins with one: in its own preset, or else in another. */
export function standardTask(presets: readonly Preset[], body: RevisionBody, kind: TaskBody['form']['kind']): Preset['tasks'][number] | undefined {
  const own = presets.filter((preset) => preset.id === body.preset)
  return [...own, ...presets].flatMap((preset) => preset.tasks).find((task) => task.form.kind === kind)
}

/** A new task keeps people out of the formal exam: that is what most are for. */
export function addTask(body: RevisionBody, id: string, kind: TaskBody['form']['kind'], zh: string, like?: Preset['tasks'][number]): void {
  const title = like ? { en: '', ...like.title } : { zh, en: '' }
  const form = kind === 'booking' ? newBooking(body) : textForm(kind, like)
  body.tasks.push({ id, title, before: 'formal', due_at: null, majors: null, form })
}

function textForm(kind: 'reading' | 'pledge', like?: Preset['tasks'][number]): TaskBody['form'] {
  const text = { zh: '', en: '', ...(like && like.form.kind !== 'booking' ? like.form.text : {}) }
  return kind === 'pledge' ? { kind, text } : { kind, text, min_ms: 30_000 }
}

/** Booking closes where the first formal session opens. */
function newBooking(body: RevisionBody): BookingBody {
  const first = Math.min(...body.sessions.filter((session) => session.kind === 'formal').map((session) => session.opens_at))
  const closes_at = Number.isFinite(first) ? first : Math.ceil(Date.now() / DAY) * DAY
  return { kind: 'booking', opens_at: closes_at - 7 * DAY, closes_at, changeable: false, notice: true, slots: [] }
}

/** A new slot follows the last one and is as long; the first one begins where booking closes. */
export function addSlot(booking: BookingBody, id: string): void {
  const last = booking.slots[booking.slots.length - 1]
  const starts_at = last?.ends_at ?? booking.closes_at
  const length = last ? last.ends_at - last.starts_at : 1_800_000
  booking.slots.push({ id, starts_at, ends_at: starts_at + length, capacity: last?.capacity ?? 1 })
}

/** The draft without a task, a session, a major with its subjects, or a subject. */
export function without(body: RevisionBody, gone: Node): RevisionBody {
  if (gone.kind === 'exam') return body
  const keeps = (one: { id: string }): boolean => one.id !== gone.id
  return {
    ...body,
    tasks: body.tasks.filter(keeps),
    sessions: body.sessions.filter(keeps),
    majors: body.majors.filter(keeps).map((major) => ({
      ...major,
      subjects: major.subjects.filter(keeps).map((subject) => ({
        ...subject,
        papers: subject.papers.map((paper) => ({ ...paper, sessions: paper.sessions.filter((session) => session !== gone.id) })),
      })),
    })),
  }
}

export function moved<T>(list: readonly T[], index: number, by: 1 | -1): T[] {
  const copy = [...list]
  const [one] = copy.splice(index, 1)
  if (one !== undefined) copy.splice(Math.max(0, index + by), 0, one)
  return copy
}
