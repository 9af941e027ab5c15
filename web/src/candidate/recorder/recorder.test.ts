// @vitest-environment happy-dom
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { nextTick, ref, shallowRef } from 'vue'
import type { MediaProfile } from '@/api/types'
import { open, see } from '../../../mock/page'
import { World } from '../../../mock/world'
import type { Meters, Stage } from './live-take'

const RECORDING: Stage = { name: 'recording', part_id: 'p1', ends_at: null }
const stage = shallowRef<Stage>({ name: 'opening' })
const lowBattery = ref(false)
const meters = ref<Meters>({ captured_ms: 0, safe_ms: 0, left_ms: 6000, level_db: null })
const flip = vi.fn()
const source = shallowRef<unknown>(null)

// The camera and the take are the test's: the page shows and says what becomes of them.
vi.mock('./live-take', () => ({
  useLiveTake: () => ({
    stage, source, meters, lowBattery, flip, error: ref(null), heldBytes: ref(null), treated: ref([]), taken: ref(null), busy: ref(false),
    face: { words: ref(null), error: ref(null), busy: ref(false), struck: ref(false) },
    open: () => Promise.resolve(), begin: () => Promise.resolve(), followServer: () => {}, close: () => {},
  }),
}))

beforeEach(() => {
  stage.value = { name: 'opening' }
  source.value = null
  lowBattery.value = false
  vi.clearAllMocks()
})

async function recorder(media: Partial<MediaProfile> = {}, locale: 'zh-CN' | 'en' = 'zh-CN') {
  const world = new World()
  world.signIn(true)
  const sitting = world.enter(world.enrolments[0]!.id, 's-formal')
  Object.assign(sitting.subjects[0]!, { media: { ...sitting.subjects[0]!.media, ...media } })
  return open(`/sittings/${sitting.id}/subjects/sub-1/record`, 'recorder', { [`GET /sittings/${sitting.id}`]: sitting }, { locale })
}

/** How the camera's picture lies, as the browser tells it. */
async function picture(width: number, height: number) {
  source.value = { stream: null }
  const video = await see('camera')
  Object.defineProperties(video, { videoWidth: { value: width, configurable: true }, videoHeight: { value: height, configurable: true } })
  video.dispatchEvent(new Event('resize'))
  await nextTick()
}

async function becomes(next: Stage) {
  stage.value = next
  await nextTick()
}

describe('before a take', () => {
  test('one is asked to turn the phone as one likes, in words and aloud', async () => {
    const page = await recorder({ orientation: 'any' })
    await becomes({ name: 'setup' })
    expect((await page.see('setup-orientation')).textContent).toBe('请根据自己的需要调整屏幕方向')
    expect(page.heard).toEqual(['请根据自己的需要调整屏幕方向'])
  })

  test('a phone that lies the wrong way is told to be turned, until it is', async () => {
    const page = await recorder({ orientation: 'landscape' })
    await becomes({ name: 'setup' })
    await picture(720, 1280)
    expect(page.text('setup-orientation')).toEqual(['请把手机横过来'])
    await picture(1280, 720)
    expect(page.text('setup-orientation')).toEqual(['横屏拍摄'])
    expect(page.heard).toEqual(['请把手机横过来'])
  })

  test('the cameras are switched where the subject leaves the choice', async () => {
    const page = await recorder({ facing: 'any' })
    await becomes({ name: 'setup' })
    await page.press('flip-camera')
    expect(flip).toHaveBeenCalledOnce()
  })

  test('a subject that asks for one camera offers no other', async () => {
    const page = await recorder({ facing: 'back' })
    await becomes({ name: 'setup' })
    await page.see('begin-take')
    expect(page.has('flip-camera')).toBe(false)
  })

  test('a low battery is shown and said', async () => {
    const page = await recorder()
    await becomes({ name: 'setup' })
    lowBattery.value = true
    await nextTick()
    expect(page.text('low-battery')).toEqual(['电量不足，请立即充电'])
    expect(page.heard).toEqual(['电量不足，请立即充电'])
  })
})

describe('during a take', () => {
  test('a low battery is shown without a sound, and said when the take is over', async () => {
    const page = await recorder()
    await becomes({ name: 'positioning', part_id: 'p1', left_ms: 6000 })
    await becomes(RECORDING)
    lowBattery.value = true
    await nextTick()
    expect(page.text('low-battery')).toEqual(['电量不足，请立即充电'])
    expect(page.heard).toEqual([])
    await becomes({ name: 'finished', take_id: 't1', parts: [] })
    expect(page.heard).toEqual(['电量不足，请立即充电'])
  })

  test('whoever turns the phone is told to turn it back, without a sound', async () => {
    const page = await recorder()
    await becomes({ name: 'setup' })
    await picture(720, 1280)
    await becomes({ name: 'positioning', part_id: 'p1', left_ms: 6000 })
    await becomes(RECORDING)
    expect(page.has('turned')).toBe(false)
    await picture(1280, 720)
    expect(page.text('turned')).toEqual(['请把手机转回开始时的方向'])
    expect(page.heard).toEqual([])
    await picture(720, 1280)
    expect(page.has('turned')).toBe(false)
  })

  test('an interruption is said at once, and so is its end', async () => {
    const page = await recorder()
    await becomes(RECORDING)
    await becomes({ name: 'interrupted', act: 'call', before_beep: false })
    expect(page.heard).toEqual(['录制中断，请尽快恢复'])
    await becomes({ name: 'lost', cause: 'take.lost' })
    expect(page.heard).toEqual(['录制中断，请尽快恢复', '录制已中断'])
  })

  test('it is said in the language of the page', async () => {
    const page = await recorder({}, 'en')
    await becomes(RECORDING)
    await becomes({ name: 'interrupted', act: 'call', before_beep: false })
    expect(page.heard).toEqual(['Recording interrupted. Resume quickly.'])
  })
})
