// The few questions and commands of a phone outside a take, and of the staff member who exports.
import type { Fetch, MediaProfile } from '../../web/src/recording'

export interface Problem {
  code: string
  status: number
  detail: string
}

/** The server's definite no; everything else is worth repeating. */
export class No extends Error {
  constructor(readonly problem: Problem) {
    super(`${problem.code}: ${problem.detail}`)
    this.name = 'No'
  }
}

export interface TakeView {
  id: string
  state: string
  lost_cause: string | null
  parts: { id: string; last_index: number | null; complete: boolean }[]
}

export interface SubjectView {
  subject_id: string
  state: string
  closes_at: number | null
  take_max_ms: number
  position_ms: number
  media: MediaProfile
  attempts: { used: number; left: number | null }
  takes: TakeView[]
  submission: { id: string; take_id: string; delivery: { state: string } } | null
}

export interface SittingView {
  id: string
  version: number
  server_time: number
  kind: 'practice' | 'mock' | 'formal'
  phase: { state: string; outcome: string | null }
  subjects: SubjectView[]
}

export interface Me {
  account_id: string
  identity: object | null
}

interface Session {
  id: string
  sitting_id: string | null
}

export interface Enrolment {
  id: string
  exam: { id: string }
  major: { id: string }
  sessions: Session[]
}

const HEADERS = { 'Content-Type': 'application/json', 'Yikao-Client': 'web', 'Accept-Language': 'en' }

/** One account's way to the server; asks until there is an answer. */
export class Api {
  constructor(
    private readonly fetch: Fetch,
    private readonly pause: (ms: number) => Promise<void>,
  ) {}

  get<T>(path: string): Promise<T> {
    return this.#ask<T>('GET', path)
  }

  post<T>(path: string, body: object): Promise<T> {
    return this.#ask<T>('POST', path, body)
  }

  async #ask<T>(method: string, path: string, body?: object): Promise<T> {
    for (let wait_ms = 50; ; wait_ms = Math.min(1_000, wait_ms * 2)) {
      try {
        const init = body === undefined ? {} : { body: JSON.stringify(body) }
        const response = await this.fetch(path, { method, headers: HEADERS, ...init })
        if (response.ok) return (response.status === 204 ? null : await response.json()) as T
        await refuse(response)
      } catch (failure) {
        if (failure instanceof No) throw failure
      }
      await this.pause(wait_ms)
    }
  }
}

async function refuse(response: Response): Promise<void> {
  if (response.status >= 500 || response.status === 429) return
  const problem = (await response.json()) as Problem
  throw new No({ ...problem, status: response.status })
}
