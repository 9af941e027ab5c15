// The face challenge as the page goes through it: frames one after another until the server says what came of it.
// Which frames count, and what they mean, the server says.
import { ref, shallowRef } from 'vue'
import type { FaceChallenge, FaceEnrolment, FaceMotion, FrameSeen, Refusal } from '@/api/types'

/** What the server is asked; the page passes the real one. */
export interface FaceApi {
  begin(): Promise<FaceChallenge>
  frame(challenge: string, number: number, picture: Blob): Promise<FrameSeen>
  finish(challenge: string): Promise<FaceEnrolment>
}

export interface Watch {
  /** Monotonic ms. */
  now(): number
  pause(ms: number): Promise<void>
}

/** Between frames: slow enough for a person to move, quick enough not to lose them. */
const EVERY_MS = 250

const CLOCK: Watch = {
  now: () => performance.now(),
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
}

export function useChallenge(api: FaceApi, watch: Watch = CLOCK) {
  const running = ref(false)
  const steps = shallowRef<readonly FaceMotion[]>([])
  const done = ref(0)
  /** Whether the straight look is taken, so that the steps begin. */
  const begun = ref(false)
  /** What keeps the straight look from being taken. */
  const words = shallowRef<Refusal | null>(null)
  const result = shallowRef<FaceEnrolment | null>(null)
  const error = shallowRef<unknown>(null)
  const outOfTime = ref(false)
  let turn = 0

  async function run(take: () => Promise<Blob>): Promise<void> {
    const mine = ++turn
    running.value = true
    begun.value = false
    done.value = 0
    words.value = null
    result.value = null
    error.value = null
    outOfTime.value = false
    try {
      const challenge = await api.begin()
      steps.value = challenge.steps
      const ends = watch.now() + challenge.expires_at - challenge.server_time
      const came = await follow(challenge, take, () => mine === turn && watch.now() < ends)
      if (mine !== turn) return
      result.value = came
      outOfTime.value = came === null
    } catch (thrown) {
      if (mine === turn) error.value = thrown
    } finally {
      if (mine === turn) end()
    }
  }

  /** The next one begins by looking straight, from the moment its camera shows. */
  function end(): void {
    running.value = false
    begun.value = false
  }

  /** What came of it; null where the time ran out or somebody stopped it: that is no failure. */
  async function follow(challenge: FaceChallenge, take: () => Promise<Blob>, goesOn: () => boolean): Promise<FaceEnrolment | null> {
    let counted = 0
    while (goesOn()) {
      const seen = await api.frame(challenge.id, counted + 1, await take())
      counted = seen.frames
      if (!goesOn()) return seen.result
      begun.value = seen.frames > 0
      done.value = seen.steps_done
      words.value = seen.words
      if (seen.result !== null) return seen.result
      if (seen.complete) return api.finish(challenge.id)
      await watch.pause(EVERY_MS)
    }
    return null
  }

  function stop(): void {
    turn += 1
    end()
  }

  return { running, steps, done, begun, words, result, error, outOfTime, run, stop }
}
