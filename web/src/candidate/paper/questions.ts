// The questions of a subject on the screen, once its paper is open.
import { computed, onBeforeUnmount, ref, shallowRef, watch } from 'vue'
import { papers } from '@/api/candidate'
import { refusalOf } from '../state/actions'
import { useServerNow } from '../state/clock'
import { rememberKeys } from '../state/memory'
import { subjectOf, useSitting } from '../state/sitting'
import { questionsOf } from './papers'

/** How often the server is asked whether reading is over, where its clock is a little behind this phone's idea of it. */
const ASK_AGAIN_MS = 500
const ASK_TIMES = 20

/** `afterReading` is told once, when the time to read has ended while the page showed. */
export function useQuestions(subject_id: () => string, afterReading: () => void = () => undefined) {
  const sitting = useSitting()
  const now = useServerNow()
  const texts = shallowRef<string[]>([])
  const error = shallowRef<unknown>(null)
  const opening = ref(false)
  const subject = computed(() => subjectOf(sitting.view, subject_id()))
  const paper = computed(() => subject.value?.paper ?? null)
  const isOpen = computed(() => paper.value !== null && paper.value.opened_at !== null && sitting.view?.phase.state !== 'closed')
  const readingLeft = computed(() => {
    const from = paper.value?.answer_from ?? null
    return from === null || now.value === null ? null : Math.max(0, from - now.value)
  })
  const reading = computed(() => (readingLeft.value ?? 0) > 0)

  async function show(): Promise<void> {
    const view = sitting.view
    if (view === null) return
    error.value = null
    try {
      texts.value = await questionsOf(view, subject_id())
    } catch (thrown) {
      error.value = thrown
    }
  }

  /** The draw is made; what it gave is shown by the view that comes back. */
  async function open(): Promise<void> {
    const view = sitting.view
    if (view === null) return
    opening.value = true
    error.value = null
    try {
      const opened = await papers.open(view.id, subject_id())
      rememberKeys(view.id, opened.keys)
      sitting.apply(opened.sitting)
    } catch (thrown) {
      error.value = thrown
    } finally {
      opening.value = false
    }
  }

  let gone = false

  async function readingEnded(): Promise<void> {
    for (let asked = 0; asked < ASK_TIMES && !gone; asked += 1) {
      await sitting.load(sitting.view?.id ?? '')
      const refusal = refusalOf(subject.value?.actions ?? [], 'start_take')
      if (refusal?.code !== 'paper.being_read') break
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS))
    }
    if (!gone) afterReading()
  }

  watch(reading, (still, before) => {
    if (!still && before) void readingEnded()
  })
  onBeforeUnmount(() => (gone = true))

  watch(
    () => isOpen.value && subject_id(),
    (known) => {
      texts.value = []
      if (known !== false) void show()
    },
    { immediate: true },
  )

  return { paper, texts, error, opening, isOpen, reading, readingLeft, open, show }
}
