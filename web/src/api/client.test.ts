// The client's promises: one command id however often it is sent, the server's words for a no, silence told apart.
import { afterEach, expect, test, vi } from 'vitest'
import { command, get, newCommandId, send, whenSignedOut } from './client'
import { isRefused, Refused, Unreachable } from './problem'

const json = (status: number, body: object) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/problem+json' } })
const network = () => Promise.reject(new TypeError('network'))
const sent = (call: unknown[] | undefined) => JSON.parse(String((call?.[1] as RequestInit).body)) as { command_id: string }

afterEach(() => vi.unstubAllGlobals())

test('a command whose answer is lost is repeated under the same id', async () => {
  const fetch = vi.fn().mockImplementationOnce(network).mockResolvedValueOnce(json(200, { done: true }))
  vi.stubGlobal('fetch', fetch)
  await expect(command('/x', {}, { retryAfter: [0] })).resolves.toEqual({ done: true })
  expect(sent(fetch.mock.calls[0]).command_id).toBe(sent(fetch.mock.calls[1]).command_id)
})

test('a gateway without its server is worth another try', async () => {
  const fetch = vi.fn().mockResolvedValueOnce(new Response('', { status: 502 })).mockResolvedValueOnce(json(200, { ok: 1 }))
  vi.stubGlobal('fetch', fetch)
  await expect(get('/x', { retryAfter: [0] })).resolves.toEqual({ ok: 1 })
})

test('a refusal is not repeated and carries the server\'s words', async () => {
  const fetch = vi.fn().mockResolvedValue(json(409, { code: 'take.no_attempt_left', title: '次数已用完', detail: '', remedy: '' }))
  vi.stubGlobal('fetch', fetch)
  const refusal = await command('/x', {}, { retryAfter: [0, 0] }).catch((error: unknown) => error)
  expect(isRefused(refusal, 'take.no_attempt_left')).toBe(true)
  expect((refusal as Refused).problem.title).toBe('次数已用完')
  expect(fetch).toHaveBeenCalledTimes(1)
})

test('every request says which version of the app asks', async () => {
  const fetch = vi.fn().mockImplementation(() => Promise.resolve(json(200, {})))
  vi.stubGlobal('fetch', fetch)
  await get('/x')
  await send('/logins', { method: 'POST', body: {} })
  for (const call of fetch.mock.calls) expect((call[1] as { headers: Record<string, string> }).headers['Yikao-Client']).toMatch(/^web\/\d+\.\d+\.\d+$/)
})

test('what is no command is not repeated by itself', async () => {
  const fetch = vi.fn().mockImplementation(network)
  vi.stubGlobal('fetch', fetch)
  await expect(send('/logins', { method: 'POST', body: {} })).rejects.toBeInstanceOf(Unreachable)
  expect(fetch).toHaveBeenCalledTimes(1)
})

test('a login that the server has ended is told once for all', async () => {
  vi.stubGlobal('fetch', vi.fn().mockResolvedValue(json(401, { code: 'login.required', title: '', detail: '', remedy: '' })))
  const signedOut = vi.fn()
  whenSignedOut(signedOut)
  await expect(get('/me')).rejects.toBeInstanceOf(Refused)
  expect(signedOut).toHaveBeenCalledOnce()
})

test('command ids are version 4 UUIDs', () => {
  expect(newCommandId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})
