/** A value once it has stopped changing: what people type goes to the server when they pause. */
import { onScopeDispose, ref, watch, type Ref } from 'vue'

export function settled<T>(source: Ref<T>, quietMs: number): Ref<T> {
  const calm = ref(source.value) as Ref<T>
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(source, (value) => {
    clearTimeout(timer)
    timer = setTimeout(() => { calm.value = value }, quietMs)
  })
  onScopeDispose(() => clearTimeout(timer))
  return calm
}
