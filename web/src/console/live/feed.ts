/**
 * Keeps a list fresh: the server says over SSE that a sitting changed, the list is asked again at most once in a
 * while however many change, and on a slow beat for what changes without an event (battery, last contact).
 */
import { onBeforeUnmount, onMounted, ref, type Ref } from 'vue'

export type FeedState = 'connecting' | 'live' | 'lost'

const GATHER_MS = 1_200
/** A slower beat than this would show a silent phone late. */
const BEAT_MS = 5_000
/** A browser gives up on a feed that was refused; we ask again after this. */
const REOPEN_MS = 10_000

export function useFeed(path: () => string, event: string, refresh: () => Promise<void>): { state: Ref<FeedState> } {
  const state = ref<FeedState>('connecting')
  let source: EventSource | undefined
  let gathering: ReturnType<typeof setTimeout> | undefined
  let beat: ReturnType<typeof setInterval> | undefined
  let reopening: ReturnType<typeof setTimeout> | undefined
  let asking = false

  async function ask(): Promise<void> {
    gathering = undefined
    if (asking || document.hidden) return
    asking = true
    await refresh().finally(() => { asking = false })
  }

  function listen(): void {
    const opened = new EventSource(path())
    source = opened
    opened.onopen = () => { state.value = 'live' }
    opened.onerror = () => {
      state.value = 'lost'
      if (opened.readyState === EventSource.CLOSED) reopening = setTimeout(listen, REOPEN_MS)
    }
    opened.addEventListener(event, () => { gathering ??= setTimeout(() => void ask(), GATHER_MS) })
  }

  onMounted(() => {
    listen()
    beat = setInterval(() => void ask(), BEAT_MS)
  })
  onBeforeUnmount(() => {
    source?.close()
    clearTimeout(gathering)
    clearTimeout(reopening)
    clearInterval(beat)
  })
  return { state }
}
