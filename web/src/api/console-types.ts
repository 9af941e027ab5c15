// Names for what the staff routes send and take. The shapes are the server's (`generated.ts`); those shared
// with the candidate's app are named in types.ts.
import type { Schemas } from './types'

export type SchoolBrief = Schemas['SchoolView']
export type Preset = Schemas['PresetView']
export type ExamState = Schemas['ExamState']
export type ExamBrief = Schemas['ExamRow']

/** Some settings of a policy, as one level of the exam states them; what is absent is inherited. */
export type Overrides = Schemas['Overrides']
/**
 * What an exam is edited as. A body may be sent with parts left out, but the server answers with all of
 * them, and so the console keeps them all.
 */
export type QuestionBody = Required<Schemas['Question']>
export type PaperBody = Required<Omit<Schemas['Paper'], 'questions'>> & { questions: QuestionBody[] }
export type SubjectBody = Required<Omit<Schemas['Subject'], 'papers'>> & { papers: PaperBody[] }
export type MajorBody = Required<Omit<Schemas['Major'], 'subjects'>> & { subjects: SubjectBody[] }
export type SessionBody = Required<Schemas['Session']>
export type Worded = Required<Schemas['Worded']>
export type SlotBody = Schemas['Slot']
export type BookingBody = { kind: 'booking' } & Required<Omit<Schemas['Booking'], 'slots'>> & { slots: SlotBody[] }
export type TaskFormBody =
  | { kind: 'reading'; text: Worded; min_ms: number }
  | { kind: 'pledge'; text: Worded }
  | BookingBody
export type TaskBody = Required<Omit<Schemas['Task'], 'title' | 'form'>> & { title: Worded; form: TaskFormBody }
export type RevisionBody = Required<Omit<Schemas['RevisionBody'], 'majors' | 'sessions' | 'tasks'>> & {
  majors: MajorBody[]
  sessions: SessionBody[]
  tasks: TaskBody[]
}

export type Level = Schemas['Source']
export type ResolvedValue = Schemas['Resolved']
export type ResolvedSubject = Schemas['ResolvedSubject']
export type Finding = Schemas['FindingView']
export type ExamView = Omit<Schemas['ExamView'], 'revision'> & {
  revision: Omit<Schemas['RevisionView'], 'body'> & { body: RevisionBody }
}

export type RosterError = Schemas['RowErrorView']
export type RosterRow = Schemas['AcceptedRow']
export type RosterPreview = Schemas['PreviewView']
export type RosterImported = Schemas['Imported']
export type RosterEntry = Schemas['EntryView']
export type RosterPage = Schemas['EntryPage']

export type Battery = Schemas['Battery']
export type Network = Schemas['Network']
export type CameraReport = Schemas['CameraView']
export type SittingRow = Schemas['DeskRow']
export type SittingPage = Schemas['SittingPage']

export type TimelineEvent = Schemas['TimelineEvent']
/** A recording in review; gaps are segments that have not arrived. */
export type ReviewPart = Schemas['ReviewPart']
export type AskedPaper = Schemas['AskedPaper']
export type PulseSample = Schemas['PulseView']
export type Mark = Schemas['MarkView']
export type SittingReview = Schemas['ReviewView']

/** A message the embedded messenger kept; `code` is the one-time code in its text, if it has one. */
export type EmbeddedMessage = Schemas['MessageView']
export type AccountBrief = Schemas['AccountBrief']
export type ActivationCode = Schemas['ActivationCode']
export type JobRow = Schemas['JobView']
export type Member = Schemas['MemberView']
