// Every question and command of the candidate's app, each with its path: nothing else knows them.
import { command, get, send } from './client'
import type {
  EnrolmentView,
  Enrolments,
  ExamSummary,
  IdentityDraft,
  LoginView,
  Me,
  Receipt,
  ServerInfo,
  SittingView,
  SubmissionMade,
  TakeStarted,
} from './types'

export const server = () => get<ServerInfo>('/server')

export const account = {
  me: () => get<Me>('/me'),
  sendCode: (phone: string, purpose: 'register' | 'reset') =>
    send<void>('/codes', { method: 'POST', body: { phone, purpose } }),
  signUp: (body: { phone: string; code: string; password: string }) =>
    send<{ account: Me }>('/accounts', { method: 'POST', body }),
  signIn: (body: { phone: string; password: string }) =>
    send<{ account: Me }>('/logins', { method: 'POST', body }),
  resetPassword: (body: { phone: string; code: string; password: string }) =>
    send<void>('/password-resets', { method: 'POST', body }),
  logins: () => get<LoginView[]>('/logins'),
  endLogin: (id: string) => send<void>(`/logins/${id}`, { method: 'DELETE' }),
  confirmIdentity: (draft: IdentityDraft) => command<Me>('/me/identity', draft, { method: 'PUT' }),
}

export const exams = {
  summary: (exam: string) => get<ExamSummary>(`/exams/${exam}`),
  enrolments: () => get<Enrolments>('/me/enrolments'),
  enrolment: (id: string) => get<EnrolmentView>(`/enrolments/${id}`),
  confirm: (exam: string, major: string) =>
    command<EnrolmentView>(`/exams/${exam}/majors/${major}/enrolments`),
  enter: (enrolment: string, session_id: string) =>
    command<SittingView>(`/enrolments/${enrolment}/sittings`, { session_id }),
}

export const sittings = {
  view: (id: string) => get<SittingView>(`/sittings/${id}`),
  eventsPath: (id: string) => `/api/sittings/${id}/events`,
  submit: (id: string, body: { subject_id: string; take_id: string }) =>
    command<SubmissionMade>(`/sittings/${id}/submissions`, body),
  finish: (id: string) => command<SittingView>(`/sittings/${id}/finish`),
  receipts: (id: string) => get<Receipt[]>(`/sittings/${id}/receipts`),
}

/** A take's commands carry ids kept on the phone and are repeated by the recording core, not here. */
export const takes = {
  start: (sitting: string, body: object) => post<TakeStarted>(`/sittings/${sitting}/takes`, body),
  addPart: (take: string, body: object) => post<TakeStarted>(`/takes/${take}/parts`, body),
  beep: (take: string, body: object) => post<SittingView>(`/takes/${take}/beep`, body),
  finish: (take: string, body: object) => post<SittingView>(`/takes/${take}/finish`, body),
  fail: (take: string, body: object) => post<SittingView>(`/takes/${take}/failure`, body),
  interrupt: (take: string, body: object) => post<SittingView>(`/takes/${take}/interruptions`, body),
}

export const parts = {
  capability: (part: string) => command<{ capability: string; expires_at: number }>(`/parts/${part}/capability`),
  /** Where the server plays a part back once it is assembled; supports ranges. */
  mediaUrl: (part: string) => `/api/parts/${part}/media`,
}

function post<T>(path: string, body: object): Promise<T> {
  return send<T>(path, { method: 'POST', body })
}
