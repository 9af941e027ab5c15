/** The exam under work, shared by the tabs of its page: the server's view, and the draft as typed so far. */
import { computed, inject, provide, ref, shallowRef, toRaw, type ComputedRef, type InjectionKey, type Ref, type ShallowRef } from 'vue'
import { authoring } from '@/api/console'
import type { ExamView, RevisionBody } from '@/api/console-types'
import { useAsking, type Asking } from '../asking'

export type ExamContext = {
  asking: Asking<ExamView>
  view: ShallowRef<ExamView | null>
  draft: Ref<RevisionBody | null>
  dirty: ComputedRef<boolean>
  load: () => Promise<void>
  /** Takes an answer of the server as the new truth, typed changes included. */
  take: (view: ExamView) => void
  save: () => Promise<void>
  /** Saves what is typed although somebody else has saved meanwhile. */
  saveOver: () => Promise<void>
  discard: () => void
}

const KEY: InjectionKey<ExamContext> = Symbol('exam')

const copy = <T>(value: T): T => JSON.parse(JSON.stringify(toRaw(value))) as T

export function provideExam(exam: () => string): ExamContext {
  const view = shallowRef<ExamView | null>(null)
  const draft = ref<RevisionBody | null>(null) as Ref<RevisionBody | null>
  const asking = useAsking(() => authoring.view(exam()))
  const dirty = computed(() => view.value !== null && JSON.stringify(draft.value) !== JSON.stringify(view.value.revision.body))

  function take(found: ExamView): void {
    view.value = found
    draft.value = copy(found.revision.body)
  }
  async function load(): Promise<void> {
    await asking.again()
    if (asking.answer.value) take(asking.answer.value)
  }
  async function saveOn(based_on: number): Promise<void> {
    if (draft.value) take(await authoring.saveDraft(exam(), based_on, copy(draft.value)))
  }
  async function save(): Promise<void> {
    if (view.value) await saveOn(view.value.revision.number)
  }
  async function saveOver(): Promise<void> {
    await saveOn((await authoring.view(exam())).revision.number)
  }
  function discard(): void {
    if (view.value) draft.value = copy(view.value.revision.body)
  }

  const context: ExamContext = { asking, view, draft, dirty, load, take, save, saveOver, discard }
  provide(KEY, context)
  return context
}

export function useExam(): ExamContext {
  const context = inject(KEY)
  if (!context) throw new Error('no exam around this component')
  return context
}
