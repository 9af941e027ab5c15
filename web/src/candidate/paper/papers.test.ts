// Papers on the phone: closed until their keys come, read in their order, fetched again where the school changed them.
import { beforeEach, expect, test, vi } from 'vitest'
import type { PaperKeys, SealedPapers, SittingView } from '@/api/types'
import { fetchAhead, questionsOf, type Source } from './papers'
import { openQuestions } from './sealed'
import { shownAfter } from './sheet-key'
import { rememberAccount, rememberSitting } from '../state/memory'
import { emptyStorage, kept } from '../../../mock/storage'

const encoder = new TextEncoder()
const text = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '')

beforeEach(emptyStorage)

/** What a server seals: each question under a key of its own, padded. */
async function seal(edition: string, questions: Record<string, string>): Promise<{ sealed: SealedPapers; keys: PaperKeys }> {
  const sealed: SealedPapers = { edition, session_id: 'session', papers: [{ subject_id: 'song', paper_id: 'paper', questions: [] }] }
  const keys: PaperKeys = { edition, session_id: 'session', subject_id: 'song', questions: [] }
  for (const [id, asked] of Object.entries(questions)) {
    const key = crypto.getRandomValues(new Uint8Array(32))
    const iv = crypto.getRandomValues(new Uint8Array(12))
    const imported = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt'])
    const additionalData = encoder.encode(`yikao-question-1:${edition}:session:${id}`)
    const closed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, imported, encoder.encode(asked.padEnd(200)))
    sealed.papers[0]!.questions.push({ id, sealed: text(new Uint8Array([...iv, ...new Uint8Array(closed)])) })
    keys.questions.push({ id, key: text(key) })
  }
  return { sealed, keys }
}

const QUESTIONS = { a: '视唱\n第一段', b: '即兴', c: '模唱' }
const view = { id: 'sitting', enrolment_id: 'enrolment', session_id: 'session', phase: { state: 'open' } } as unknown as SittingView
const source = (sealed: SealedPapers, keys: PaperKeys) => ({
  sealed: vi.fn<Source['sealed']>().mockResolvedValue(sealed),
  keys: vi.fn<Source['keys']>().mockResolvedValue(keys),
})

test('the keys open their own questions, in their order', async () => {
  const { sealed, keys } = await seal('1.k1', QUESTIONS)
  const drawn = { ...keys, questions: [keys.questions[2]!, keys.questions[0]!] }
  expect(await openQuestions(sealed, drawn)).toEqual(['模唱', '视唱\n第一段'])
})

test('a key opens no other question', async () => {
  const { sealed, keys } = await seal('1.k1', QUESTIONS)
  const wrong = { ...keys, questions: [{ id: 'b', key: keys.questions[0]!.key }] }
  await expect(openQuestions(sealed, wrong)).rejects.toThrow()
})

test('a copy moved to another session does not open', async () => {
  const { sealed, keys } = await seal('1.k1', QUESTIONS)
  const moved = [{ ...sealed, session_id: 'other' }, { ...keys, session_id: 'other' }] as const
  await expect(openQuestions(...moved)).rejects.toThrow()
})

test('what was fetched ahead needs no download at the opening, and no network after a reload', async () => {
  const { sealed, keys } = await seal('1.k1', QUESTIONS)
  const server = source(sealed, keys)
  await fetchAhead('enrolment', 'session', server)
  expect(JSON.stringify([...kept.values()])).not.toContain('即兴')
  expect(await questionsOf(view, 'song', server)).toHaveLength(3)
  const offline = { sealed: vi.fn().mockRejectedValue(new Error()), keys: vi.fn().mockRejectedValue(new Error()) }
  expect(await questionsOf(view, 'song', offline)).toEqual(Object.values(QUESTIONS))
  expect(server.sealed).toHaveBeenCalledOnce()
  expect(server.keys).toHaveBeenCalledOnce()
})

test('another edition is fetched where the school has changed the paper meanwhile', async () => {
  const before = await seal('1.k1', QUESTIONS)
  const after = await seal('2.k1', { a: '新题' })
  await fetchAhead('enrolment', 'session', source(before.sealed, before.keys))
  const server = source(after.sealed, after.keys)
  expect(await questionsOf(view, 'song', server)).toEqual(['新题'])
  expect(server.sealed).toHaveBeenCalledOnce()
})

test('keys go with the sitting, and everything with whoever signs out', async () => {
  const { sealed, keys } = await seal('1.k1', QUESTIONS)
  const server = source(sealed, keys)
  await questionsOf(view, 'song', server)
  rememberSitting({ ...view, phase: { ...view.phase, state: 'closed' } })
  expect([...kept.keys()].some((key) => key.includes('keys'))).toBe(false)
  await questionsOf(view, 'song', server)
  rememberAccount(null)
  expect(kept.size).toBe(0)
})

test('one key opens and hides the question while it is filmed, and others do nothing', () => {
  expect(shownAfter('q', false)).toBe(true)
  expect(shownAfter('Q', true)).toBe(false)
  expect(shownAfter('Escape', true)).toBe(false)
  expect(shownAfter('Escape', false)).toBe(false)
  expect(shownAfter('a', true)).toBe(true)
})
