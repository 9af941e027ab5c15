// Papers on this phone: fetched ahead while they are sealed, opened with the keys that the server hands out, and there
// again after a reload, with or without a network.
import { papers } from '@/api/candidate'
import type { PaperKeys, SealedPapers, SittingView } from '@/api/types'
import { rememberKeys, rememberSealed, rememberedKeys, rememberedSealed } from '../state/memory'
import { openQuestions } from './sealed'

/** What the phone remembers and asks; tests bring their own. */
export interface Source {
  sealed: (enrolment: string, session: string) => Promise<SealedPapers>
  keys: (sitting: string, subject: string) => Promise<PaperKeys>
}

/** Fetches a session's papers before they can be read, so that nobody waits for them at the opening. */
export async function fetchAhead(enrolment: string, session: string, source: Source = papers): Promise<SealedPapers> {
  const sealed = await source.sealed(enrolment, session)
  rememberSealed(sealed)
  return sealed
}

/** The candidate's own questions of a subject whose paper is open. */
export async function questionsOf(view: SittingView, subject: string, source: Source = papers): Promise<string[]> {
  const keys = rememberedKeys(view.id, subject) ?? (await source.keys(view.id, subject))
  rememberKeys(view.id, keys)
  const here = rememberedSealed(view.session_id)
  const opened = here === null ? null : await openQuestions(here, keys)
  if (opened !== null) return opened
  // Nothing was fetched ahead, or the school has changed the paper since.
  const fresh = await openQuestions(await fetchAhead(view.enrolment_id, view.session_id, source), keys)
  if (fresh !== null) return fresh
  // The keys were of an edition before: they are asked for again, once.
  const renewed = await source.keys(view.id, subject)
  rememberKeys(view.id, renewed)
  return (await openQuestions(await fetchAhead(view.enrolment_id, view.session_id, source), renewed)) ?? []
}
