// Every question and command of the staff console, each with its path: nothing else knows them.
import { command, get, send } from './client'
import type {
  AccountBrief, ActivationCode, EmbeddedMessage, ExamBrief, ExamView, JobRow, Member, Preset, RevisionBody,
  RosterEntry, RosterImported, RosterPage, RosterPreview, SchoolBrief, SittingPage, SittingReview,
} from './console-types'
import type { Schemas, SchoolRole } from './types'

const query = (values: Record<string, string | number | undefined>): string => {
  const filled = Object.entries(values).filter(([, value]) => value !== undefined && value !== '')
  const text = new URLSearchParams(filled.map(([name, value]) => [name, String(value)])).toString()
  return text ? `?${text}` : ''
}

export const schools = {
  mine: () => get<SchoolBrief[]>('/schools'),
  create: (name: string) => command<SchoolBrief>('/schools', { name }),
  members: (school: string) => get<Member[]>(`/schools/${school}/members`),
  addMember: (school: string, body: { contact: string; role: SchoolRole }) =>
    command<Member>(`/schools/${school}/members`, body),
  /** Takes one role from a member. */
  removeMember: (school: string, account: string, role: SchoolRole) =>
    send<void>(`/schools/${school}/members/${account}${query({ role })}`, { method: 'DELETE' }),
}

export const authoring = {
  presets: () => get<Preset[]>('/presets'),
  list: (school: string) => get<ExamBrief[]>(`/schools/${school}/exams`),
  create: (school: string, body: Omit<Schemas['CreateExam'], 'command_id'>) =>
    command<ExamView>(`/schools/${school}/exams`, body),
  view: (exam: string) => get<ExamView>(`/console/exams/${exam}`),
  saveDraft: (exam: string, based_on: number, body: RevisionBody) =>
    command<ExamView>(`/console/exams/${exam}/draft`, { based_on, body }, { method: 'PUT' }),
  open: (exam: string) => command<ExamView>(`/console/exams/${exam}/open`),
  close: (exam: string) => command<ExamView>(`/console/exams/${exam}/close`),
}

const SHEETS: Record<string, string> = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}

export const roster = {
  /** The file goes as it is: the server reads the columns and answers with what it understood. */
  preview: (exam: string, major: string, file: File) =>
    send<RosterPreview>(`/console/exams/${exam}/roster-previews${query({ major })}`, {
      method: 'POST',
      raw: file,
      headers: {
        'Content-Type': SHEETS[file.name.split('.').pop()?.toLowerCase() ?? ''] ?? 'application/octet-stream',
        'Yikao-File-Name': encodeURIComponent(file.name),
      },
    }),
  accept: (exam: string, preview_id: string) =>
    command<RosterImported>(`/console/exams/${exam}/roster-imports`, { preview_id }),
  list: (exam: string, filter: { q?: string; page?: number; major?: string }) =>
    get<RosterPage>(`/console/exams/${exam}/roster${query(filter)}`),
  edit: (entry: string, body: Omit<Schemas['Correct'], 'command_id'>) =>
    command<RosterEntry>(`/console/roster-entries/${entry}`, body, { method: 'PATCH' }),
  remove: (entry: string) => send<void>(`/console/roster-entries/${entry}`, { method: 'DELETE' }),
}

export const desk = {
  list: (exam: string, filter: { state?: string; q?: string; page?: number }) =>
    get<SittingPage>(`/console/exams/${exam}/sittings${query(filter)}`),
  livePath: (exam: string) => `/api/console/exams/${exam}/live`,
  review: (sitting: string) => get<SittingReview>(`/console/sittings/${sitting}`),
  grant: (sitting: string, body: Omit<Schemas['Grant'], 'command_id'>) => order(sitting, 'grants', body),
  grantAttempt: (sitting: string, body: Omit<Schemas['GrantAttempt'], 'command_id'>) => order(sitting, 'attempts', body),
  suspend: (sitting: string, reason: string) => order(sitting, 'suspend', { reason }),
  resume: (sitting: string) => order(sitting, 'resume', {}),
  judgeLate: (sitting: string, body: Omit<Schemas['JudgeLate'], 'command_id'>) => order(sitting, 'late-seals', body),
  reopen: (sitting: string, body: Omit<Schemas['Reopen'], 'command_id'>) => order(sitting, 'reopen', body),
  releaseDevice: (sitting: string, reason: string) => order(sitting, 'device-releases', { reason }),
  end: (sitting: string, reason: string) => order(sitting, 'end', { reason }),
  bundlePath: (sitting: string) => `/api/console/sittings/${sitting}/bundle`,
}

function order(sitting: string, name: string, body: object): Promise<unknown> {
  return command<unknown>(`/console/sittings/${sitting}/${name}`, body)
}

export const support = {
  lookUp: (account: string) => send<AccountBrief>('/desk/account-lookups', { method: 'POST', body: { account } }),
  changeContact: (account: string, body: Omit<Schemas['ChangeContact'], 'command_id'>) =>
    command<AccountBrief>(`/desk/accounts/${account}/contact-changes`, body),
}

export const operator = {
  messages: () => get<EmbeddedMessage[]>('/operator/messages'),
  jobs: () => get<JobRow[]>('/operator/jobs'),
  activationCode: (contact: string) => command<ActivationCode>('/operator/activation-codes', { contact }),
}

