// The take's endpoints as the phone needs them, and their HTTP form (used under Node and wherever
// there is no generated client).
import type { Fetch } from './environment'
import type { CommandBody } from './journal'
import { problemOf } from './segment-protocol'
import { Refusal, type PartGrant } from './types'

/** What every SittingView has; `V` stays the caller's own view type. */
export interface SittingGlimpse {
  version: number
  server_time: number
}

export interface TakeOpened<V> {
  sitting: V
  take_id: string
  part: PartGrant
}

type BodyOf<Kind extends CommandBody['kind']> = Extract<CommandBody, { kind: Kind }>['body'] & { command_id: string }

/** Implementations throw `Refusal` for a definite no, anything else when it is worth trying again. */
export interface TakeApi<V extends SittingGlimpse = SittingGlimpse> {
  startTake(sitting_id: string, body: BodyOf<'start_take'>): Promise<TakeOpened<V>>
  openPart(take_id: string, body: BodyOf<'open_part'>): Promise<TakeOpened<V>>
  beep(take_id: string, body: BodyOf<'beep'>): Promise<V>
  finish(take_id: string, body: BodyOf<'finish'>): Promise<V>
  fail(take_id: string, body: BodyOf<'failure'>): Promise<V>
  interrupt(take_id: string, body: BodyOf<'interruption'>): Promise<V>
}

export interface HttpOptions {
  /** '' for the page's own origin. */
  base_url: string
  fetch: Fetch
  /** Added to every request: language, and under Node the sign-in cookie. */
  headers?: Record<string, string>
}

export function httpTakeApi<V extends SittingGlimpse>(options: HttpOptions): TakeApi<V> {
  const post = <T>(path: string, body: object) => postJson<T>(options, path, body)
  return {
    startTake: (sitting, body) => post(`/api/sittings/${sitting}/takes`, body),
    openPart: (take, body) => post(`/api/takes/${take}/parts`, body),
    beep: (take, body) => post(`/api/takes/${take}/beep`, body),
    finish: (take, body) => post(`/api/takes/${take}/finish`, body),
    fail: (take, body) => post(`/api/takes/${take}/failure`, body),
    interrupt: (take, body) => post(`/api/takes/${take}/interruptions`, body),
  }
}

/** `POST /api/parts/{part}/capability` with the sign-in cookie. */
export function httpRenewal(options: HttpOptions): (part_id: string) => Promise<string> {
  return async (part_id) => {
    const path = `/api/parts/${part_id}/capability`
    return (await postJson<{ capability: string }>(options, path, {})).capability
  }
}

async function postJson<T>(options: HttpOptions, path: string, body: object): Promise<T> {
  const response = await options.fetch(`${options.base_url}${path}`, {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'Content-Type': 'application/json', 'Yikao-Client': 'web', ...options.headers },
    body: JSON.stringify(body),
  })
  if (response.ok) return (await response.json()) as T
  const problem = await problemOf(response)
  if (problem === null || response.status >= 500 || response.status === 429) {
    throw new Error(`${path} answered ${response.status}`)
  }
  throw new Refusal(problem)
}
