// What the phone remembers for a reload without a network: who is signed in, and the sitting as it was last seen. The
// server's next word replaces both; nothing is decided by them.
import type { SittingView } from '@/api/types'

const ACCOUNT = 'yikao-account'
const SITTING = 'yikao-sitting-'

/** Whose footage is on the screen; no more of a person than their account's id. */
export function rememberAccount(account_id: string | null): void {
  write(ACCOUNT, account_id)
  if (account_id === null) forgetSittings(null)
}

export function rememberedAccount(): string | null {
  return read(ACCOUNT)
}

/** One sitting at a time: the newest is the one that runs. */
export function rememberSitting(view: SittingView): void {
  if (view.phase.state === 'closed') return write(SITTING + view.id, null)
  forgetSittings(view.id)
  write(SITTING + view.id, JSON.stringify(view))
}

export function rememberedSitting(id: string): SittingView | null {
  const text = read(SITTING + id)
  try {
    return text === null ? null : (JSON.parse(text) as SittingView)
  } catch {
    return null
  }
}

function forgetSittings(but: string | null): void {
  for (const key of keys()) if (key.startsWith(SITTING) && key !== `${SITTING}${but}`) write(key, null)
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
