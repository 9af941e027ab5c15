/** The server's time on this screen: every answer that carries `server_time` sets it, a tick shows it. */
import { onBeforeUnmount, onMounted, ref, type Ref } from 'vue'

let ahead = 0
const now = ref(Date.now())
let watchers = 0
let timer: ReturnType<typeof setInterval> | undefined

export function serverNow(): number {
  return Date.now() + ahead
}

export function setServerTime(at: number | undefined): void {
  if (at === undefined) return
  ahead = at - Date.now()
  now.value = at
}

/** The server's now, ticking each second while a component that shows it is on screen. */
export function useNow(): Ref<number> {
  onMounted(() => {
    now.value = serverNow()
    if (watchers++ === 0) timer = setInterval(() => { now.value = serverNow() }, 1000)
  })
  onBeforeUnmount(() => {
    if (--watchers === 0) clearInterval(timer)
  })
  return now
}
