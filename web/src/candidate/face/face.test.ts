// @vitest-environment happy-dom
import { expect, test, vi } from 'vitest'
import { open } from '../../../mock/page'
import { open as opened } from '../../../mock/seeds'

vi.mock('./camera-frames', () => ({ cameraFrames: () => Promise.resolve({ take: () => Promise.resolve(new Blob()), close: () => {} }) }))

const seen = (frames: number, steps_done: number) => ({ frames, steps_done, complete: steps_done === 2, words: null, result: null })
const passed = { outcome: 'passed', words: null, next: { step: 'clear', flagged: false } }

/** A check of two steps that goes well. */
const answers = () => ({
  'GET /me/reviews': { actions: [opened('verify_face')], bar: null, desk_hours: [480, 1440], desk_open: true, desk_zone: 'Asia/Shanghai', face: 'unverified', reviews: [] },
  'GET /me/consents': { birth_date_needed: false, minor: false, name: '林小溪', consents: [{ kind: 'faces', concerns: true, holds: true, paragraphs: [], signed: null }] },
  'POST /me/face-challenges': { id: 'c1', steps: ['turn_left', 'tilt'], server_time: 0, expires_at: 60_000 },
  'POST /me/face-challenges/c1/frames?number=1': seen(1, 0),
  'POST /me/face-challenges/c1/frames?number=2': seen(2, 1),
  'POST /me/face-challenges/c1/frames?number=3': seen(3, 2),
  'POST /me/face-challenges/c1/finish': passed,
})

function camera() {
  const stream = Object.assign(new MediaStream(), { getTracks: () => [] })
  Object.defineProperty(navigator, 'mediaDevices', { configurable: true, value: { getUserMedia: () => Promise.resolve(stream) } })
}

test('a face check reads each step aloud as it comes', async () => {
  const page = await open('/face', 'face-start', answers(), { before: camera })
  await page.press('face-start')
  await page.see('face-passed')
  expect(page.heard).toEqual(['请正对镜头，把脸放进框内', '请慢慢向您的左边转头', '请把头歪向一侧'])
})

test('whoever wants it silent hears nothing of a face check', async () => {
  const page = await open('/face', 'face-start', answers(), { before: camera })
  await page.press('face-aloud')
  await page.press('face-start')
  await page.see('face-passed')
  expect(page.heard).toEqual([])
})
