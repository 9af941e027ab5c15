// Every question and command of the candidate's app, each with its path: nothing else knows them.
import { command, get, send } from './client'
import type {
  CodeSent,
  Consents,
  DeskMessage,
  EnrolmentView,
  Enrolments,
  ExamSummary,
  FaceChallenge,
  FaceEnrolment,
  FrameSeen,
  IdentityDraft,
  IdentityState,
  LoginView,
  Me,
  MyDesk,
  NumberChecked,
  PaperKeys,
  PaperOpened,
  PictureKind,
  PictureView,
  ProfileDraft,
  ProfileState,
  Receipt,
  Renewed,
  Schemas,
  SealedPapers,
  ServerInfo,
  SignedIn,
  SittingView,
  SubmissionMade,
  TakeStarted,
  TaskView,
} from './types'

export const server = () => get<ServerInfo>('/server')

export const account = {
  me: () => get<Me>('/me'),
  sendCode: (contact: string, purpose: Schemas['Purpose']) =>
    send<CodeSent>('/codes', { method: 'POST', body: { contact, purpose } }),
  /** What became of a code that was asked for. */
  codeSent: (id: string) => get<CodeSent>(`/codes/${id}`),
  signUp: (body: Schemas['SignUp']) =>
    send<SignedIn>('/accounts', { method: 'POST', body }),
  signIn: (body: Schemas['SignIn']) =>
    send<SignedIn>('/logins', { method: 'POST', body }),
  resetPassword: (body: Schemas['ResetPassword']) =>
    send<void>('/password-resets', { method: 'POST', body }),
  logins: () => get<LoginView[]>('/logins'),
  endLogin: (id: string) => send<void>(`/logins/${id}`, { method: 'DELETE' }),
  identity: () => get<IdentityState>('/me/identity'),
  confirmIdentity: (draft: IdentityDraft) => command<IdentityState>('/me/identity', draft, { method: 'PUT' }),
  askAboutDocument: (body: Omit<Schemas['AskAboutDocument'], 'command_id'>) =>
    command<IdentityState>('/me/identity/reviews', body),
  appeal: (body: Omit<Schemas['Appeal'], 'command_id'>) => command<IdentityState>('/me/appeals', body),
  profile: () => get<ProfileState>('/me/profile'),
  askCorrection: (body: Omit<Schemas['AskCorrection'], 'command_id'>) => command<ProfileState>('/me/corrections', body),
  checkCandidateNumber: (candidate_number: string) =>
    send<NumberChecked>('/me/profile/number-checks', { method: 'POST', body: { candidate_number } }),
  confirmProfile: (draft: ProfileDraft) => command<ProfileState>('/me/profile', draft, { method: 'PUT' }),
}

export const pictures = {
  /** Sent again under its id, it is the same picture. */
  send: (id: string, kind: PictureKind, file: Blob) =>
    send<PictureView>(`/me/pictures/${id}?kind=${kind}`, {
      method: 'PUT',
      raw: file,
      headers: { 'Content-Type': file.type || 'application/octet-stream' },
      retryAfter: PICTURE_PATIENCE,
    }),
}

const PICTURE_PATIENCE: readonly number[] = [1000, 3000]

export const consents = {
  list: () => get<Consents>('/me/consents'),
  sign: (body: Omit<Schemas['SignConsent'], 'command_id'>) => command<Consents>('/me/consents', body),
  withdraw: (kind: Schemas['ConsentKind']) => send<Consents>(`/me/consents/${kind}`, { method: 'DELETE' }),
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

/** What is to be done before an exam. */
export const tasks = {
  view: (enrolment: string, task: string) => get<TaskView>(pathOf(enrolment, task)),
  begin: (enrolment: string, task: string) => command<TaskView>(`${pathOf(enrolment, task)}/begin`),
  finish: (enrolment: string, task: string) => command<TaskView>(`${pathOf(enrolment, task)}/finish`),
  sign: (enrolment: string, task: string, body: Omit<Schemas['SignPledge'], 'command_id'>) =>
    command<TaskView>(`${pathOf(enrolment, task)}/signature`, body),
  book: (enrolment: string, task: string, slot_id: string) => command<TaskView>(`${pathOf(enrolment, task)}/booking`, { slot_id }),
  release: (enrolment: string, task: string) => command<TaskView>(`${pathOf(enrolment, task)}/release`),
  /** Where the phone gets a booked slot for its calendar. */
  calendarUrl: (enrolment: string, task: string) => `/api${pathOf(enrolment, task)}/calendar`,
}

const pathOf = (enrolment: string, task: string) => `/enrolments/${enrolment}/tasks/${task}`

/** One's face, verified step by step. */
export const faces = {
  begin: () => command<FaceChallenge>('/me/face-challenges'),
  /** Sent under the same number again, it counts once. */
  frame: (challenge: string, number: number, picture: Blob) =>
    send<FrameSeen>(`/me/face-challenges/${challenge}/frames?number=${number}`, {
      method: 'POST', raw: picture, headers: { 'Content-Type': 'image/jpeg' }, retryAfter: [400, 1000, 2500],
    }),
  finish: (challenge: string) => command<FaceEnrolment>(`/me/face-challenges/${challenge}/finish`),
}

/** A person at the desk: reviews, messages, and how one stands with faces. */
export const desk = {
  own: () => get<MyDesk>('/me/reviews'),
  eventsPath: () => '/api/me/events',
  ask: (body: Omit<Schemas['AskDesk'], 'command_id'>) => command<MyDesk>('/me/reviews', body),
  answer: (review: string, note: string) => command<MyDesk>(`/me/reviews/${review}/answer`, { note }),
  cancel: (review: string) => command<MyDesk>(`/me/reviews/${review}/cancellation`),
  messages: () => get<DeskMessage[]>('/me/messages'),
  write: (body: Omit<Schemas['WriteMessage'], 'command_id'>) => command<DeskMessage[]>('/me/messages', body),
}

export const sittings = {
  view: (id: string) => get<SittingView>(`/sittings/${id}`),
  eventsPath: (id: string) => `/api/sittings/${id}/events`,
  submit: (id: string, body: Omit<Schemas['Submit'], 'command_id'>) =>
    command<SubmissionMade>(`/sittings/${id}/submissions`, body),
  finish: (id: string) => command<SittingView>(`/sittings/${id}/finish`),
  receipts: (id: string) => get<Receipt[]>(`/sittings/${id}/receipts`),
}

/** Papers are fetched ahead, sealed; their keys come when they are opened in a sitting. */
export const papers = {
  sealed: (enrolment: string, session: string) => get<SealedPapers>(`/enrolments/${enrolment}/sessions/${session}/papers`),
  open: (sitting: string, subject_id: string) => command<PaperOpened>(`/sittings/${sitting}/papers`, { subject_id }),
  keys: (sitting: string, subject: string) => get<PaperKeys>(`/sittings/${sitting}/papers/${subject}`),
  /** For the reviewers' timeline; the take goes on whether it arrives or not. */
  noteView: (take: string, shown: boolean, at_captured_ms: number) =>
    command<null>(`/takes/${take}/question-views`, { shown, at_captured_ms: Math.round(at_captured_ms) }),
}

/** A take's commands carry ids kept on the phone and are repeated by the recording core, not here. */
export const takes = {
  /** Sent under the same id again, it counts once. */
  checkFace: (sitting: string, subject: string, id: string, picture: Blob) =>
    send<Schemas['FaceCheckView']>(`/sittings/${sitting}/face-checks?subject_id=${subject}&command_id=${id}`, {
      method: 'POST', raw: picture, headers: { 'Content-Type': 'image/jpeg' }, retryAfter: [400, 1000, 2500],
    }),
  /** A picture while a take is recorded; only reviewers see what came of it. */
  seeFace: (take: string, picture: Blob) =>
    send<null>(`/takes/${take}/face-checks`, { method: 'POST', raw: picture, headers: { 'Content-Type': 'image/jpeg' } }),
  start: (sitting: string, body: Schemas['StartTake']) => post<TakeStarted>(`/sittings/${sitting}/takes`, body),
  addPart: (take: string, body: Schemas['OpenPart']) => post<TakeStarted>(`/takes/${take}/parts`, body),
  beep: (take: string, body: Schemas['Beep']) => post<SittingView>(`/takes/${take}/beep`, body),
  finish: (take: string, body: Schemas['FinishTake']) => post<SittingView>(`/takes/${take}/finish`, body),
  fail: (take: string, body: Schemas['FailTake']) => post<SittingView>(`/takes/${take}/failure`, body),
  interrupt: (take: string, body: Schemas['ReportInterruption']) => post<SittingView>(`/takes/${take}/interruptions`, body),
}

export const parts = {
  capability: (part: string) => command<Renewed>(`/parts/${part}/capability`),
  /** Where the server plays a part back once it is assembled; supports ranges. */
  mediaUrl: (part: string) => `/api/parts/${part}/media`,
}

function post<T>(path: string, body: object): Promise<T> {
  return send<T>(path, { method: 'POST', body })
}
