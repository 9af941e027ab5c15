/** A command of a page on its way to the server: busy, done or refused. */
import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'

export type Doing = {
  busy: Ref<boolean>
  trouble: ShallowRef<unknown>
  /** Runs one command; false when it was refused, and `trouble` says why. */
  run: (command: () => Promise<unknown>) => Promise<boolean>
}

/** One command at a time: a second tap while the first is on its way does nothing. */
export function useDoing(): Doing {
  const busy = ref(false)
  const trouble = shallowRef<unknown>(null)
  async function run(command: () => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    trouble.value = null
    try {
      await command()
      return true
    } catch (error) {
      trouble.value = error
      return false
    } finally {
      busy.value = false
    }
  }
  return { busy, trouble, run }
}
