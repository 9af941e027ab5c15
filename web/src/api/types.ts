// Names for the wire shapes of the API. The shapes themselves are the server's: `generated.ts` is made from
// its openapi.json (`npm run types`), so that what the server changes fails the type check here.
// Times end in `_at` and are milliseconds since the epoch by the server's clock; durations end in `_ms`.
import type { components } from './generated'

export type Schemas = components['schemas']

/** What an action's refusal and an RFC 9457 problem have in common: shown to people as it is. */
export type Refusal = Schemas['RefusalView']
export type FieldError = Schemas['FieldError']
/** A problem. `type` says no more than `code`, and what a proxy answers has none. */
export type Problem = Omit<Schemas['ProblemBody'], 'type'>

/** Something the server lets this person do now, or the reason why not. */
export type Action = Schemas['Action']
/** A statement of the server: `payload` is the exact JSON text that was signed. */
export type Signed = Schemas['Signed']
export type Support = Schemas['Support']
/** An exam's own words for the platform's ("录制" for "考试"), by placeholder name. */
export type Terms = Schemas['Terms']
export type ServerInfo = Schemas['ServerView']

export type Role = Schemas['RoleName']
export type SchoolRole = Schemas['SchoolRole']
export type RoleGrant = Schemas['RoleView']
export type DocumentType = Schemas['DocumentType']
export type Identity = Schemas['IdentityView']
export type Me = Schemas['MeView']
export type SignedIn = Schemas['SignedIn']
export type CodeSent = Schemas['CodeView']
export type SecondSignIn = Schemas['SecondSignIn']
export type Consents = Schemas['ConsentsView']
export type Consent = Schemas['ConsentView']
export type Relation = Schemas['Relation']
export type IdentityDraft = Omit<Schemas['SetIdentity'], 'command_id'>
export type IdentityState = Schemas['IdentityState']
export type ClaimView = Schemas['ClaimView']
export type RecordCause = Schemas['RecordCause']
export type CandidateClass = Schemas['CandidateClass']
export type SchoolRoll = Schemas['SchoolRoll']
export type ProfileState = Schemas['ProfileState']
export type ProfileDraft = Omit<Schemas['SetProfile'], 'command_id'>
export type NumberChecked = Schemas['NumberChecked']
export type PictureKind = Schemas['PictureKind']
export type PictureView = Schemas['PictureView']
export type LoginView = Schemas['LoginView']

export type FaceChallenge = Schemas['FaceChallengeView']
export type FaceMotion = Schemas['Motion']
export type FrameSeen = Schemas['FrameView']
export type FaceEnrolment = Schemas['FaceEnrolmentView']

/** One's own standing with faces, and one's questions to the desk. */
export type MyDesk = Schemas['MyDesk']
export type MyReview = Schemas['MyReview']
export type DeskMessage = Schemas['DeskMessageView']

export type SittingKind = Schemas['SittingKind']
export type SessionBrief = Schemas['SessionBrief']
export type SessionView = Schemas['SessionView']
export type MajorBrief = Schemas['MajorBrief']
export type SubjectBrief = Schemas['SubjectBrief']
export type ExamSummary = Schemas['ExamSummary']
export type PendingEnrolment = Schemas['PendingEnrolment']
export type EnrolmentView = Schemas['EnrolmentView']
export type Enrolments = Schemas['Enrolments']
export type ExamRef = Schemas['ExamBrief']

/** What is to be done before an exam: ticked off on its page, and one of them on a page of its own. */
export type TaskBrief = Schemas['TaskBrief']
export type TaskView = Schemas['TaskView']
export type SlotView = Schemas['SlotView']
/** A signature as it was drawn: rows of points in a field of 1000 by 400. */
export type Drawing = Schemas['Drawing']

export type InterruptionEffect = Schemas['Effect']
export type InterruptionAct = Schemas['Act']
export type InterruptionRule = Schemas['ActPolicy']
export type MediaProfile = Schemas['MediaProfile']
/** The rules of an exam, resolved for what is shown; the server alone applies them. */
export type Policy = Schemas['Policy']

export type PartView = Schemas['PartView']
export type TakeState = Schemas['TakeStateName']
export type TakeView = Schemas['TakeView']
export type DeliveryState = Schemas['DeliveryName']
export type SubmissionView = Schemas['SubmissionView']
export type SubjectState = Schemas['RunStateName']
export type SubjectRunView = Schemas['SubjectView']
export type SittingState = Schemas['PhaseName']
export type SittingOutcome = Schemas['Outcome']
export type SittingView = Schemas['SittingView']
/** A subject's paper as far as it may be known: how much is asked, and how far it is. */
export type PaperView = Schemas['PaperView']
export type SealedPapers = Schemas['SealedPapers']
export type PaperKeys = Schemas['PaperKeys']
export type PaperOpened = Schemas['PaperOpened']

/** What the recorder needs to send one part: the capability stands for the right to. */
export type PartGrant = Schemas['PartGrant']
export type TakeStarted = Schemas['TakeGrant']
export type Renewed = Schemas['Renewed']
export type Receipt = Schemas['ReceiptView']
export type SubmissionMade = Schemas['Submitted']

