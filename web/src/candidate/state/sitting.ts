// The sitting on the screen: the server's newest view, renewed whenever the server says it changed.
import { defineStore } from 'pinia'
import { onBeforeUnmount, shallowRef, watch } from 'vue'
import { sittings } from '@/api/candidate'
import { Unreachable } from '@/api/problem'
import type { SittingView, SubjectRunView, TakeView } from '@/api/types'
import { isOpen } from './actions'
import { rememberSitting, rememberedSitting } from './memory'
import { sittingRunsFor } from './shell'
import { useAppWords } from './words'

const POLL_MS = 15_000

export const useSitting = defineStore('sitting', () => {
  const view = shallowRef<SittingView | null>(null)
  const error = shallowRef<unknown>(null)
  const words = useAppWords()
  let events: EventSource | null = null
  let poll: ReturnType<typeof setInterval> | undefined
  let watchers = 0

  /** Takes a view from any command's answer; an older one never replaces a newer. */
  function apply(next: SittingView): void {
    const current = view.value
    if (current?.id === next.id && current.version > next.version) return
    show(next)
    error.value = null
    rememberSitting(next)
    const { closes_at } = next.phase
    void sittingRunsFor(closes_at === null ? 0 : closes_at - next.server_time).catch(() => undefined)
  }

  function show(next: SittingView): void {
    view.value = next
    words.useTerms(next.exam.terms)
  }

  async function load(id: string): Promise<void> {
    if (view.value?.id !== id) view.value = null
    try {
      apply(await sittings.view(id))
    } catch (thrown) {
      error.value = thrown
      const last_seen = thrown instanceof Unreachable && view.value === null ? rememberedSitting(id) : null
      if (last_seen !== null) show(last_seen)
    }
  }

  function follow(id: string): void {
    watchers += 1
    void load(id)
    events?.close()
    events = new EventSource(sittings.eventsPath(id))
    // What changed after the view was taken and before the events began is told by nobody.
    events.addEventListener('open', () => void load(id))
    // Its version counts commands, the view's counts what they recorded: they cannot be compared.
    events.addEventListener('sitting', () => void load(id))
    clearInterval(poll)
    // Events may be swallowed by a proxy; the view is asked for anyway now and then.
    poll = setInterval(() => void load(id), POLL_MS)
  }

  function unfollow(): void {
    watchers -= 1
    if (watchers > 0) return
    events?.close()
    events = null
    clearInterval(poll)
  }

  return { view, error, apply, load, follow, unfollow }
})

/** Keeps the sitting of this page's address fresh while the page shows. */
export function useFollowedSitting(id: () => string): ReturnType<typeof useSitting> {
  const sitting = useSitting()
  let following = false
  watch(
    id,
    (next) => {
      if (following) sitting.unfollow()
      sitting.follow(next)
      following = true
    },
    { immediate: true },
  )
  onBeforeUnmount(() => sitting.unfollow())
  return sitting
}

export function subjectOf(view: SittingView | null, subject_id: string): SubjectRunView | null {
  return view?.subjects.find((subject) => subject.subject_id === subject_id) ?? null
}

/** Whether a take may begin or go on. */
export function mayRecord(subject: SubjectRunView): boolean {
  return isOpen(subject.actions, 'start_take') || subject.takes.some((take) => isOpen(take.actions, 'resume_take'))
}

export function takeOf(subject: SubjectRunView | null, take_id: string): TakeView | null {
  return subject?.takes.find((take) => take.id === take_id) ?? null
}
