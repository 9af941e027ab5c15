// Every question and command of the candidate's app, each with its path: nothing else knows them.
import { command, get, send } from './client'
import type {
  DeviceClaim,
  EnrolmentView,
  Enrolments,
  ExamSummary,
  FinishedPart,
  IdentityDraft,
  InterruptionAct,
  LoginView,
  Me,
  NewPartReason,
  PartEnd,
  Receipt,
  ServerInfo,
  SittingView,
  SubmissionMade,
  TakeMedia,
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
  startTake: (id: string, body: { subject_id: string; media: TakeMedia; device: DeviceClaim }) =>
    command<TakeStarted>(`/sittings/${id}/takes`, body),
  submit: (id: string, body: { subject_id: string; take_id: string }) =>
    command<SubmissionMade>(`/sittings/${id}/submissions`, body),
  finish: (id: string) => command<SittingView>(`/sittings/${id}/finish`),
  receipts: (id: string) => get<Receipt[]>(`/sittings/${id}/receipts`),
}

export const takes = {
  beep: (take: string, part_id: string) => command<SittingView>(`/takes/${take}/beep`, { part_id }),
  addPart: (take: string, body: { media: TakeMedia; reason: NewPartReason; previous: PartEnd | null }) =>
    command<TakeStarted>(`/takes/${take}/parts`, body),
  finish: (take: string, parts: FinishedPart[]) => command<SittingView>(`/takes/${take}/finish`, { parts }),
  fail: (take: string, cause: string) => command<SittingView>(`/takes/${take}/failure`, { cause }),
  interrupt: (
    take: string,
    body: { act: InterruptionAct; began_at_captured_ms: number; lasted_ms: number | null },
  ) => command<SittingView>(`/takes/${take}/interruptions`, body),
}

export const parts = {
  capability: (part: string) => command<{ capability: string; expires_at: number }>(`/parts/${part}/capability`),
  /** Where the server plays a part back once it is assembled; supports ranges. */
  mediaUrl: (part: string) => `/api/parts/${part}/media`,
}
