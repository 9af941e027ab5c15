// Pictures that are compared while a take is recorded (F10). Reviewers see what came of them; the take itself, and the
// footage on its way, always go first: what cannot be sent now is left out.

/** Footage that is further behind than this has the line for itself. */
const BEHIND_MS = 10_000
/** Answers after which asking again is of no use: not signed in, no consent, not asked for. */
const OVER = [401, 403, 404, 409]

export interface Within {
  /** How often, ms. */
  every_ms: number
  /** How much of the recording has not arrived yet, ms. */
  behind_ms: () => number
  picture: () => Promise<Blob>
  send: (picture: Blob) => Promise<unknown>
}

/** Looks from now on; the first time after half the span, so that short takes are seen as well. Ends it. */
export function lookWithin(within: Within): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let over = false
  const after = (ms: number): void => {
    if (!over) timer = setTimeout(() => void look(), ms)
  }
  async function look(): Promise<void> {
    try {
      if (within.behind_ms() <= BEHIND_MS) await within.send(await within.picture())
    } catch (thrown) {
      over ||= OVER.includes((thrown as { status?: number }).status ?? 0)
    }
    after(within.every_ms)
  }
  after(within.every_ms / 2)
  return () => {
    over = true
    clearTimeout(timer)
  }
}
