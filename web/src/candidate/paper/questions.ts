// The questions of a subject on the screen, once its paper is open.
import { computed, onBeforeUnmount, ref, shallowRef, watch } from 'vue'
import { papers } from '@/api/candidate'
import { Unreachable } from '@/api/problem'
import { refusalOf } from '../state/actions'
import { useServerNow } from '../state/clock'
import { rememberKeys } from '../state/memory'
import { subjectOf, useSitting } from '../state/sitting'
import { questionsOf } from './papers'

/** How often the server is asked whether reading is over, where its clock is a little behind this phone's idea of it. */
const ASK_AGAIN_MS = 500
const ASK_TIMES = 20
/** How long after a failure the questions are asked for again. */
const SHOW_AGAIN_MS = 3000

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

  let gone = false
  let later: ReturnType<typeof setTimeout> | undefined

  /** Where the network is away it is asked again: whoever films must not leave the page for it. */
  async function show(): Promise<void> {
    clearTimeout(later)
    const view = sitting.view
    if (view === null) return
    const asked = subject_id()
    error.value = null
    try {
      const found = await questionsOf(view, asked)
      if (asked === subject_id()) texts.value = found
    } catch (thrown) {
      error.value = thrown
      if (!gone && thrown instanceof Unreachable) later = setTimeout(() => void show(), SHOW_AGAIN_MS)
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

  async function readingEnded(): Promise<void> {
    const id = sitting.view?.id
    if (id === undefined) return
    for (let asked = 0; asked < ASK_TIMES && !gone; asked += 1) {
      await sitting.load(id)
      const refusal = refusalOf(subject.value?.actions ?? [], 'start_take')
      if (refusal?.code !== 'paper.being_read') break
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS))
    }
    if (!gone) afterReading()
  }

  watch(reading, (still, before) => {
    if (!still && before) void readingEnded()
  })
  onBeforeUnmount(() => {
    gone = true
    clearTimeout(later)
  })

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
