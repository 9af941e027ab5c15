/** A question to the server and its answer on a page: loading, refused, unreachable, there. */
import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { Refused, Unreachable } from '@/api/problem'
import type { Refusal } from '@/api/types'

export type Asking<T> = {
  answer: ShallowRef<T | null>
  trouble: ShallowRef<unknown>
  loading: Ref<boolean>
  /** Asks again; the answer on screen stays until the new one is there. */
  again: () => Promise<void>
}

/** Only the newest question's answer counts: filters may change while an older one is on its way. */
export function useAsking<T>(question: () => Promise<T>): Asking<T> {
  const answer: ShallowRef<T | null> = shallowRef(null)
  const trouble = shallowRef<unknown>(null)
  const loading = ref(false)
  let newest = 0
  async function again(): Promise<void> {
    const mine = ++newest
    loading.value = true
    try {
      const found = await question()
      if (mine === newest) [answer.value, trouble.value] = [found, null]
    } catch (error) {
      if (mine === newest) trouble.value = error
    } finally {
      if (mine === newest) loading.value = false
    }
  }
  return { answer, trouble, loading, again }
}

export type Trouble = Omit<Refusal, 'params'> & {
  errors: { field: string; detail: string }[]
  incident: string | null
  status: number | null
  offline: boolean
}

/** What to show of anything that went wrong; empty texts are filled in by the caller's language. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof Refused) {
    const { code, title, detail, remedy, errors, incident, status } = error.problem
    return { code, title, detail, remedy, errors: errors ?? [], incident: incident ?? null, status, offline: false }
  }
  const offline = error instanceof Unreachable
  const detail = !offline && error instanceof Error ? error.message : ''
  return { code: offline ? 'unreachable' : 'unexpected', title: '', detail, remedy: '', errors: [], incident: null, status: null, offline }
}
