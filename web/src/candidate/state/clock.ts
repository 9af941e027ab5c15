// The server's time on this phone, shown by every countdown. The phone's own date is never asked.
import { onBeforeUnmount, ref, type Ref } from 'vue'
import { whenTold } from '@/api/client'
import { platformClock, ServerClock } from '@/recording'

const told = new Set<(server_time: number, sent_at: number, received_at: number) => void>()
export const serverClock = new ServerClock(platformClock)
const shown = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

whenTold((...sample) => {
  serverClock.observe(...sample)
  for (const listener of told) listener(...sample)
})

/** Lets another clock (the recording core's) learn from the same answers. */
export function alsoTell(listener: (server_time: number, sent_at: number, received_at: number) => void): () => void {
  told.add(listener)
  return () => void told.delete(listener)
}

/** Server time in ms, renewed four times a second while the component shows; null before the first answer. */
export function useServerNow(): Ref<number | null> {
  const now = ref(serverClock.now())
  const show = () => {
    now.value = serverClock.now()
  }
  if (shown.size === 0) timer = setInterval(showAll, 250)
  shown.add(show)
  onBeforeUnmount(() => {
    shown.delete(show)
    if (shown.size === 0) clearInterval(timer)
  })
  return now
}

function showAll(): void {
  for (const show of shown) show()
}
