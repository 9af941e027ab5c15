// What can go wrong between the app and the server: a refusal with its reason, or no answer at all.
import type { Problem } from './types'

/** The server answered, and said no; `problem` says why and what to do, in the reader's language. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(`${problem.code}: ${problem.detail}`)
    this.name = 'Refused'
  }

  get code(): string {
    return this.problem.code
  }

  get status(): number {
    return this.problem.status
  }
}

/** No answer came: offline, a dead server, or a broken connection. */
export class Unreachable extends Error {
  constructor(cause?: unknown) {
    super('the server did not answer')
    this.name = 'Unreachable'
    this.cause = cause
  }

  readonly cause?: unknown
}

export function isRefused(error: unknown, code?: string): error is Refused {
  return error instanceof Refused && (code === undefined || error.code === code)
}

/** Reads a failed answer; a body that is no problem (a proxy's page) becomes one without words. */
export async function problemOf(response: Response): Promise<Problem> {
  const type = response.headers.get('content-type') ?? ''
  if (type.includes('json')) {
    try {
      const body = (await response.json()) as Partial<Problem>
      return { code: 'unknown', title: '', detail: '', remedy: '', params: {}, ...body, status: response.status }
    } catch {
      // A body cut short is treated like a foreign one.
    }
  }
  return { code: `http.${response.status}`, title: '', detail: '', remedy: '', params: {}, status: response.status }
}
