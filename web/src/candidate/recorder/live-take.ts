// One run of the recorder page: camera, take, and everything the page shows of them.
import { computed, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { takes } from '@/api/candidate'
import type { SittingView, SubjectRunView } from '@/api/types'
import {
  browserLocks,
  MediaFailure,
  openMedia,
  Take,
  type InterruptionAct,
  type MediaProfile,
  type MediaSource,
  type TakeRecord,
  type TakeState,
} from '@/recording'
import { modelOf } from '../device/browser'
import { listenTo, probeDevice } from '../device/probe'
import { allowSound, beep } from '../device/sound'
import { keepAwake, letSleep } from '../device/wake-lock'
import { useRecording } from '../state/recording'
import { useSitting } from '../state/sitting'
import { frameOf, useFaceCheck } from './face-check'
import { lookWithin } from './face-within'
import { rememberLoudest } from './loudness'

export type Stage = TakeState | { name: 'opening' } | { name: 'setup' } | { name: 'face' } | { name: 'another_tab' }
/** Ends what was begun. */
type End = (() => void) | null
const TICK_MS = 200
const PROBE_EVERY_MS = 10_000
const LOW_BATTERY = 0.2

/** Everything the page shows, renewed five times a second. */
export interface Meters {
  captured_ms: number
  safe_ms: number
  left_ms: number | null
  /** dBFS; null where it cannot be measured. */
  level_db: number | null
}

/** Leaving the page in one of these would cost something. */
const UNDER_WAY = ['starting', 'positioning', 'recording', 'interrupted', 'finishing']

export function useLiveTake(subject: () => SubjectRunView | null) {
  const recording = useRecording()
  const sitting = useSitting()
  const stage: ShallowRef<Stage> = shallowRef({ name: 'opening' })
  const source = shallowRef<MediaSource | null>(null)
  const meters = ref<Meters>({ captured_ms: 0, safe_ms: 0, left_ms: null, level_db: null })
  const error = shallowRef<unknown>(null)
  const heldBytes = ref<number | null>(null)
  const battery = useBattery()
  const facing = ref<MediaProfile['facing']>('any')
  const away = ref<InterruptionAct | null>(null)
  const taken = shallowRef<Take<SittingView> | null>(null)
  const face = useFaceCheck()
  let loudest = -100
  let [unlock, lookNoMore]: [End, End] = [null, null]
  let tick: ReturnType<typeof setInterval> | undefined

  const busy = computed(() => UNDER_WAY.includes(stage.value.name))
  const treated = computed(() => treatedSound(source.value))

  /** Goes on with a take this phone left unfinished, or opens the camera for a new one. */
  async function open(): Promise<void> {
    unlock = await browserLocks().tryHold(`yikao-recorder-${recording.kit?.account_id ?? ''}`)
    if (unlock === null) return void (stage.value = { name: 'another_tab' })
    tick = setInterval(measure, TICK_MS)
    battery.watch()
    await recording.refreshUnfinished()
    const view = subject()
    const left = recording.unfinished.filter((each) => each.plan.subject_id === view?.subject_id)
    const record = left[left.length - 1]
    if (record !== undefined) return restore(record)
    facing.value = view?.media.facing ?? 'any'
    await openCamera()
  }

  async function openCamera(): Promise<void> {
    stage.value = { name: 'opening' }
    error.value = null
    try {
      await camera()
      stage.value = { name: 'setup' }
    } catch (thrown) {
      error.value = thrown
    }
  }

  async function camera(): Promise<MediaSource> {
    const media = subject()?.media
    if (media === undefined) throw new MediaFailure('unknown', null)
    source.value?.close()
    source.value = null
    source.value = await openMedia({ ...media, facing: facing.value })
    listenTo(source.value)
    return source.value
  }

  async function flip(): Promise<void> {
    facing.value = facing.value === 'front' ? 'back' : 'front'
    await openCamera()
  }

  /** Begins, with a look at the face first where the subject asks; must run inside a tap, so that the beep may sound. */
  async function begin(): Promise<void> {
    const view = sitting.view
    const run = subject()
    if (source.value === null || view === null || run === null) return
    allowSound()
    if (run.face === 'off') return start(null)
    stage.value = { name: 'face' }
    const check = await face.look(view.id, run.subject_id, source.value.stream)
    // Whoever left the page meanwhile begins nothing: `close` let the camera go.
    if (source.value === null) return
    if (check !== null) start(check)
    // Three failures moved the red bar: the views know.
    else await sitting.load(view.id)
  }

  /** Asks the server for an attempt. */
  function start(face_check_id: string | null): void {
    const view = sitting.view
    const run = subject()
    if (recording.kit === null || source.value === null || view === null || run === null) return
    void keepAwake()
    const device = { user_agent: navigator.userAgent, model: modelOf(navigator.userAgent) }
    const plan = {
      account_id: recording.kit.account_id,
      sitting_id: view.id,
      sitting_kind: view.kind,
      subject_id: run.subject_id,
      position_ms: run.position_ms,
      take_max_ms: run.take_max_ms,
      closes_at: run.closes_at ?? view.phase.closes_at,
      media: { ...run.media, facing: facing.value },
      device,
      face_check_id,
    }
    attach(Take.begin(recording.kit, plan, source.value))
  }

  async function restore(record: TakeRecord): Promise<void> {
    if (recording.kit === null) return
    facing.value = record.plan.media.facing
    attach(await Take.restore(recording.kit, record))
    followServer(sitting.view)
  }

  function attach(take: Take<SittingView>): void {
    taken.value = take
    loudest = -100
    stage.value = take.state
    take.on('state', turned)
    take.on('view', (view) => sitting.apply(view))
    take.on('beep', () => beep())
    take.on('refused', () => void sitting.load(sitting.view?.id ?? ''))
    take.on('storage', (event) => (heldBytes.value = event.failure === null ? null : event.held_bytes))
    take.on('interruption', ({ act }) => (away.value = act))
    take.on('interruption_over', () => (away.value = null))
  }

  function turned(state: TakeState): void {
    stage.value = state
    lookNoMore?.()
    lookNoMore = state.name === 'recording' ? faceWithin(subject(), taken.value, source.value, meters) : null
    if (state.name === 'interrupted') void sitting.load(sitting.view?.id ?? '')
    if (state.name === 'finished') rememberLoudest(state.take_id, loudest)
    if (['finished', 'lost', 'failed'].includes(state.name)) over()
  }

  function over(): void {
    letSleep()
    source.value?.close()
    source.value = null
    listenTo(null)
    void sitting.load(sitting.view?.id ?? '')
    void recording.refreshUnfinished()
  }

  /** 继续录制: a fresh camera, a new part of the same take. */
  async function resume(): Promise<void> {
    const take = taken.value
    if (take === null || take.state.name !== 'interrupted') return
    const reason = take.state.act === 'reload' ? 'reload' : 'recorder_restarted'
    error.value = null
    allowSound()
    void keepAwake()
    try {
      await take.resume(await camera(), reason)
    } catch (thrown) {
      error.value = thrown
      await sitting.load(sitting.view?.id ?? '')
    }
  }

  /** What the server knows of the take rules over what the page believes. */
  function followServer(view: SittingView | null): void {
    const take = taken.value
    const id = take?.take_id
    if (take === null || id == null || view === null) return
    const run = view.subjects.find((each) => each.takes.some((one) => one.id === id))
    const known = run?.takes.find((one) => one.id === id)
    take.closesAt(run?.closes_at ?? view.phase.closes_at)
    if (known?.state === 'lost' && busy.value) void take.lose(known.lost_cause?.cause ?? 'take.lost')
    if (known?.state === 'finished' && take.state.name === 'recording') void take.stop()
  }

  function measure(): void {
    const take = taken.value
    const level_db = source.value?.meter?.level_db() ?? null
    if (stage.value.name === 'recording' && level_db !== null) loudest = Math.max(loudest, level_db)
    meters.value = {
      captured_ms: take?.captured_ms() ?? 0,
      safe_ms: take?.safe_through_ms() ?? 0,
      left_ms: take?.left_ms() ?? null,
      level_db,
    }
  }

  function close(): void {
    clearInterval(tick)
    lookNoMore?.()
    battery.unwatch()
    letSleep()
    listenTo(null)
    source.value?.close()
    source.value = null
    unlock?.()
  }

  return {
    stage, source, meters, face, error, heldBytes, lowBattery: battery.isLow, away, busy, treated, taken,
    open, openCamera, flip, begin, resume, followServer, close,
    inPlace: () => taken.value?.inPlace(),
    stop: () => taken.value?.stop(),
  }
}

/** Pictures for the reviewers while it is recorded, where the exam asks for them (F10). */
function faceWithin(run: SubjectRunView | null, take: Take<SittingView> | null, media: MediaSource | null, meters: Ref<Meters>): End {
  const [every_ms, take_id] = [run?.face_within_ms, take?.take_id]
  if (every_ms == null || take_id == null || media === null) return null
  return lookWithin({
    every_ms,
    behind_ms: () => meters.value.captured_ms - meters.value.safe_ms,
    picture: () => frameOf(media.stream),
    send: (picture) => takes.seeFace(take_id, picture),
  })
}

/** Whether the battery is running out, where the browser tells. */
function useBattery() {
  const isLow = ref(false)
  let probing: ReturnType<typeof setInterval> | undefined
  async function look(): Promise<void> {
    const { battery } = await probeDevice()
    isLow.value = battery !== null && !battery.charging && battery.level <= LOW_BATTERY
  }
  return {
    isLow,
    watch() {
      void look()
      probing = setInterval(() => void look(), PROBE_EVERY_MS)
    },
    unwatch: () => clearInterval(probing),
  }
}

/** What the phone does to the sound although it was asked not to. */
function treatedSound(source: MediaSource | null): ('echo_cancellation' | 'noise_suppression' | 'auto_gain_control')[] {
  if (source === null) return []
  const { audio } = source.report('')
  return (['echo_cancellation', 'noise_suppression', 'auto_gain_control'] as const).filter((each) => audio[each] === true)
}
