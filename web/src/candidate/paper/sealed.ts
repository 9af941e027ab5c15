// Sealed questions: AES-256-GCM, each under a key of its own, bound to the edition, session and question it is of.
import type { PaperKeys, SealedPapers } from '@/api/types'

const NONCE_BYTES = 12

/** The questions that these keys open, in their order; null where the sealed papers are of another edition. */
export async function openQuestions(sealed: SealedPapers, keys: PaperKeys): Promise<string[] | null> {
  if (sealed.edition !== keys.edition || sealed.session_id !== keys.session_id) return null
  const all = sealed.papers.find((paper) => paper.subject_id === keys.subject_id)?.questions ?? []
  const texts = []
  for (const { id, key } of keys.questions) {
    const closed = all.find((question) => question.id === id)
    if (closed === undefined) return null
    texts.push(await openOne(closed.sealed, key, `yikao-question-1:${sealed.edition}:${sealed.session_id}:${id}`))
  }
  return texts
}

async function openOne(sealed: string, key: string, context: string): Promise<string> {
  const bytes = fromBase64url(sealed)
  const imported = await crypto.subtle.importKey('raw', fromBase64url(key), 'AES-GCM', false, ['decrypt'])
  const algorithm = { name: 'AES-GCM', iv: bytes.slice(0, NONCE_BYTES), additionalData: new TextEncoder().encode(context) }
  const plain = await crypto.subtle.decrypt(algorithm, imported, bytes.slice(NONCE_BYTES))
  return new TextDecoder().decode(plain).trimEnd()
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replace(/-/g, '+').replace(/_/g, '/'))
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0))
}
