/** Asks again on a steady beat while the page is looked at. */
import { onBeforeUnmount, onMounted } from 'vue'

export function useBeat(everyMs: number, refresh: () => Promise<void>, wanted: () => boolean = () => true): void {
  let timer: ReturnType<typeof setInterval> | undefined
  let asking = false
  onMounted(() => {
    timer = setInterval(() => {
      if (asking || document.hidden || !wanted()) return
      asking = true
      void refresh().finally(() => { asking = false })
    }, everyMs)
  })
  onBeforeUnmount(() => clearInterval(timer))
}
