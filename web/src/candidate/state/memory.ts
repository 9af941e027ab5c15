// What the phone remembers for a reload without a network: who is signed in, and the sitting as it was last seen. The
// server's next word replaces both; nothing is decided by them.
import type { PaperKeys, SealedPapers, SittingView } from '@/api/types'

const ACCOUNT = 'yikao-account'
const SITTING = 'yikao-sitting-'
const SEALED = 'yikao-sealed-'
const KEYS = 'yikao-keys-'

/** Whose footage is on the screen; no more of a person than their account's id. */
export function rememberAccount(account_id: string | null): void {
  write(ACCOUNT, account_id)
  if (account_id === null) for (const prefix of [SITTING, SEALED, KEYS]) forget(prefix)
}

export function rememberedAccount(): string | null {
  return read(ACCOUNT)
}

/** One sitting at a time: the newest is the one that runs. */
export function rememberSitting(view: SittingView): void {
  if (view.phase.state === 'closed') {
    forget(`${KEYS}${view.id}`)
    return write(SITTING + view.id, null)
  }
  forget(SITTING, SITTING + view.id)
  write(SITTING + view.id, JSON.stringify(view))
}

export function rememberedSitting(id: string): SittingView | null {
  return parsed(SITTING + id)
}

/** Papers are kept sealed; the keys come with a sitting and go with it. */
export function rememberSealed(papers: SealedPapers): void {
  write(SEALED + papers.session_id, JSON.stringify(papers))
}

export function rememberedSealed(session_id: string): SealedPapers | null {
  return parsed(SEALED + session_id)
}

export function rememberKeys(sitting_id: string, of: PaperKeys): void {
  write(`${KEYS}${sitting_id}-${of.subject_id}`, JSON.stringify(of))
}

export function rememberedKeys(sitting_id: string, subject_id: string): PaperKeys | null {
  return parsed(`${KEYS}${sitting_id}-${subject_id}`)
}

function parsed<T>(key: string): T | null {
  const text = read(key)
  try {
    return text === null ? null : (JSON.parse(text) as T)
  } catch {
    return null
  }
}

function forget(prefix: string, but?: string): void {
  for (const key of keys()) if (key.startsWith(prefix) && key !== but) write(key, null)
}

// Private windows and full phones may refuse: then a reload needs the network, as it did before.
function write(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key)
    else localStorage.setItem(key, value)
  } catch {
    // See above.
  }
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

function keys(): string[] {
  try {
    return Array.from({ length: localStorage.length }, (_, at) => localStorage.key(at) ?? '')
  } catch {
    return []
  }
}
