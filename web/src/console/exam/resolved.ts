/** Which value a setting has at a level of the exam and where it comes from, as the server resolved it. */
import type { ExamView, Level, MajorBody, ResolvedValue, RevisionBody } from '@/api/console-types'
import type { SettingName } from './settings'

export type Node =
  | { kind: 'exam' }
  | { kind: 'task'; id: string }
  | { kind: 'session'; id: string }
  | { kind: 'major'; id: string }
  | { kind: 'subject'; id: string }

export type Worth = { value: unknown; from: Level } | null

/** The form of a node in the address: `major:…`. */
export function nodeName(node: Node): string {
  return node.kind === 'exam' ? 'exam' : `${node.kind}:${node.id}`
}

export function nodeNamed(name: string, body: RevisionBody): Node {
  const [kind, id] = name.split(':')
  if (kind === 'task' && body.tasks.some((task) => task.id === id)) return { kind, id: id as string }
  if (kind === 'session' && body.sessions.some((session) => session.id === id)) return { kind, id: id as string }
  if (kind === 'major' && body.majors.some((major) => major.id === id)) return { kind, id: id as string }
  if (kind === 'subject' && majorOf(body, id as string)) return { kind, id: id as string }
  return { kind: 'exam' }
}

export function majorOf(body: RevisionBody, subject: string): MajorBody | undefined {
  return body.majors.find((major) => major.subjects.some((known) => known.id === subject))
}

const DEPTH: Record<Level, number> = { preset: 0, exam: 1, major: 2, subject: 3, session: 4 }

function subjectsOf(node: Node, body: RevisionBody): string[] {
  if (node.kind === 'subject') return [node.id]
  const majors = node.kind === 'major' ? body.majors.filter((major) => major.id === node.id) : body.majors
  return majors.flatMap((major) => major.subjects.map((subject) => subject.id))
}

/**
 * The value that holds at a node: for a subject its own, for a level above the one a subject gets that overrides
 * nothing further down. Null when every subject below overrides it, or there is none.
 */
export function worthAt(view: ExamView, body: RevisionBody, node: Node, name: SettingName): Worth {
  const depth = node.kind === 'subject' ? 3 : node.kind === 'major' ? 2 : 1
  const under = subjectsOf(node, body)
  let found: ResolvedValue | undefined
  for (const subject of view.resolved.filter((known) => under.includes(known.subject_id))) {
    found = subject.values.find((known) => known.setting === name && DEPTH[known.from] <= depth)
    if (found) return { value: found.value, from: found.from }
  }
  return null
}

/**
 * The node a finding speaks of. The server names it by path (`majors[0].subjects[1].settings.attempts`) or by id;
 * what cannot be placed belongs to the exam.
 */
export function nodeOfFinding(where: string, body: RevisionBody): Node {
  for (const major of body.majors) {
    for (const subject of major.subjects) if (where.includes(subject.id)) return { kind: 'subject', id: subject.id }
    if (where.includes(major.id)) return { kind: 'major', id: major.id }
  }
  const task = at(body.tasks, /^tasks\[(\d+)\]/.exec(where))
  if (task) return { kind: 'task', id: task.id }
  const session = body.sessions.find((known) => where.includes(known.id)) ?? at(body.sessions, /sessions\[(\d+)\]/.exec(where))
  if (session) return { kind: 'session', id: session.id }
  const major = at(body.majors, /majors\[(\d+)\]/.exec(where))
  const subject = major ? at(major.subjects, /subjects\[(\d+)\]/.exec(where)) : undefined
  if (subject) return { kind: 'subject', id: subject.id }
  return major ? { kind: 'major', id: major.id } : { kind: 'exam' }
}

function at<T>(list: readonly T[], found: RegExpExecArray | null): T | undefined {
  return found ? list[Number(found[1])] : undefined
}
