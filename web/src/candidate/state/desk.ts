// Where one stands with the desk: the red bar, reviews, messages; renewed whenever the server says so.
import { defineStore } from 'pinia'
import { onBeforeUnmount, onMounted, shallowRef } from 'vue'
import { desk as api } from '@/api/candidate'
import type { DeskMessage, MyDesk } from '@/api/types'

const POLL_MS = 20_000

export const useDesk = defineStore('desk', () => {
  const own = shallowRef<MyDesk | null>(null)
  const messages = shallowRef<DeskMessage[] | null>(null)
  const error = shallowRef<unknown>(null)
  let events: EventSource | null = null
  let poll: ReturnType<typeof setInterval> | undefined
  let watchers = 0
  let withMessages = 0

  async function load(): Promise<void> {
    try {
      own.value = await api.own()
      if (withMessages > 0) messages.value = await api.messages()
      error.value = null
    } catch (thrown) {
      error.value = thrown
    }
  }

  function follow(reads: boolean): void {
    watchers += 1
    if (reads) withMessages += 1
    void load()
    if (watchers > 1) return
    events = new EventSource(api.eventsPath())
    // What changed after it was asked for and before the events began is told by nobody.
    events.addEventListener('open', () => void load())
    events.addEventListener('candidate', () => void load())
    events.addEventListener('missed', () => void load())
    // Events may be swallowed by a proxy; it is asked for anyway now and then.
    poll = setInterval(() => void load(), POLL_MS)
  }

  function unfollow(reads: boolean): void {
    watchers -= 1
    if (reads) withMessages -= 1
    if (watchers > 0) return
    events?.close()
    events = null
    clearInterval(poll)
  }

  function apply(next: MyDesk): void {
    own.value = next
    error.value = null
  }

  return { own, messages, error, load, apply, follow, unfollow }
})

/** Keeps it fresh while the component shows; `reads` where messages are on the screen. */
export function useFollowedDesk(reads = false): ReturnType<typeof useDesk> {
  const desk = useDesk()
  onMounted(() => desk.follow(reads))
  onBeforeUnmount(() => desk.unfollow(reads))
  return desk
}
