// What agents and stewards ask at the desk, each with its path.
import { command, get } from './client'
import type { Schemas } from './types'

export type ReviewKind = Schemas['ReviewKind']
export type Verdict = Schemas['Verdict']
export type DeskReview = Schemas['DeskReview']
export type DeskReviewDetail = Schemas['DeskReviewDetail']
export type ReviewPage = Schemas['ReviewPage']
export type FoundPerson = Schemas['FoundPerson']
export type DeskCandidate = Schemas['DeskCandidate']
export type Conversation = Schemas['ConversationView']
export type DeskMessage = Schemas['DeskMessageView']
export type DeskAuditEntry = Schemas['DeskAuditEntry']

function query(values: Record<string, string | number | boolean | undefined>): string {
  const filled = Object.entries(values).filter(([, value]) => value !== undefined && value !== '' && value !== false)
  const text = new URLSearchParams(filled.map(([name, value]) => [name, String(value)])).toString()
  return text ? `?${text}` : ''
}

const order = (review: string, name: string, body: object = {}) => command<DeskReviewDetail>(`/desk/reviews/${review}/${name}`, body)

export const reviewDesk = {
  eventsPath: () => '/api/desk/events',
  queue: (filter: { state?: string; kind?: string; mine?: boolean; page?: number }) => get<ReviewPage>(`/desk/reviews${query(filter)}`),
  review: (id: string) => get<DeskReviewDetail>(`/desk/reviews/${id}`),
  claim: (id: string) => order(id, 'claim'),
  release: (id: string) => order(id, 'release'),
  decide: (id: string, verdict: Verdict, reason: string) => order(id, 'decision', { verdict, reason }),
  ask: (id: string, words: string) => order(id, 'question', { words }),
  cancel: (id: string, words: string) => order(id, 'cancellation', { words }),
  pictureUrl: (review: string, picture: string) => `/api/desk/reviews/${review}/pictures/${picture}`,
  find: (q: string) => get<FoundPerson[]>(`/desk/candidates${query({ q })}`),
  candidate: (id: string) => get<DeskCandidate>(`/desk/candidates/${id}`),
  correct: (id: string, body: Omit<Schemas['CorrectCandidate'], 'command_id'>) => command<Schemas['Corrected']>(`/desk/candidates/${id}/corrections`, body),
  conversations: () => get<Conversation[]>('/desk/conversations'),
  messages: (candidate: string) => get<DeskMessage[]>(`/desk/candidates/${candidate}/messages`),
  write: (candidate: string, text: string) => command<DeskMessage[]>(`/desk/candidates/${candidate}/messages`, { text }),
  audit: (filter: { subject?: string; page?: number }) => get<DeskAuditEntry[]>(`/desk/audit${query(filter)}`),
}
