// The recording core's commands over the app's client: a definite no becomes its `Refusal`,
// everything that is worth trying again stays an ordinary error.
import { parts, takes } from '@/api/candidate'
import { isRefused } from '@/api/problem'
import type { SittingView } from '@/api/types'
import { Refusal, type TakeApi } from '@/recording'

export const takeApi: TakeApi<SittingView> = {
  startTake: (sitting, body) => definite(takes.start(sitting, body)),
  openPart: (take, body) => definite(takes.addPart(take, body)),
  beep: (take, body) => definite(takes.beep(take, body)),
  finish: (take, body) => definite(takes.finish(take, body)),
  fail: (take, body) => definite(takes.fail(take, body)),
  interrupt: (take, body) => definite(takes.interrupt(take, body)),
}

export async function renewCapability(part_id: string): Promise<string> {
  return (await definite(parts.capability(part_id))).capability
}

async function definite<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    if (isRefused(error) && isFinal(error.status)) throw new Refusal(error.problem)
    throw error
  }
}

function isFinal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 429
}
