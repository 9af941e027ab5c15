// The challenge: frames until the server says what came of it, and never a failure of the phone's own making.
import { expect, test, vi } from 'vitest'
import type { FaceChallenge, FaceEnrolment, FrameSeen } from '@/api/types'
import { useChallenge, type FaceApi } from './challenge'

const challenge: FaceChallenge = { id: 'c', steps: ['turn_left', 'tilt', 'turn_right'], expires_at: 121_000, server_time: 1000 }
const passed: FaceEnrolment = { outcome: 'pass', next: { step: 'clear', flagged: false }, words: null }
const lost: FaceEnrolment = { outcome: 'cannot_tell', next: { step: 'again', left: null }, words: null }
const dark = { code: 'face.too_dark', title: '光线太暗', detail: '', remedy: '', params: {} }
const seen = (frames: number, steps_done: number, more: Partial<FrameSeen> = {}): FrameSeen => ({ frames, steps_done, complete: false, words: null, result: null, ...more })

function scene(answers: FrameSeen[]) {
  let clock = 0
  const api = {
    begin: vi.fn<FaceApi['begin']>().mockResolvedValue(challenge),
    frame: vi.fn<FaceApi['frame']>().mockImplementation(() => Promise.resolve(answers.shift() ?? seen(9, 1))),
    finish: vi.fn<FaceApi['finish']>().mockResolvedValue(passed),
  }
  const watch = { now: () => clock, pause: (ms: number) => Promise.resolve(void (clock += ms)) }
  return { api, use: useChallenge(api, watch) }
}
const take = () => Promise.resolve(new Blob(['jpeg']))

test('frames are numbered by those that count, and the end is asked for once all is done', async () => {
  const { api, use } = scene([seen(0, 0, { words: dark }), seen(1, 0), seen(2, 1), seen(2, 1), seen(3, 3, { complete: true })])
  await use.run(take)
  expect(api.frame.mock.calls.map(([, number]) => number)).toEqual([1, 1, 2, 3, 3])
  expect(api.finish).toHaveBeenCalledOnce()
  expect(use.result.value).toEqual(passed)
  expect(use.running.value).toBe(false)
})

test('until the straight look is taken the page says what is wrong', async () => {
  const { api, use } = scene([])
  api.frame.mockImplementationOnce(() => Promise.resolve(seen(0, 0, { words: dark })))
  api.frame.mockImplementationOnce(() => {
    expect(use.words.value).toEqual(dark)
    expect(use.begun.value).toBe(false)
    return Promise.resolve(seen(1, 0, { result: lost }))
  })
  await use.run(take)
  expect(use.result.value).toEqual(lost)
  expect(api.finish).not.toHaveBeenCalled()
})

test('after a failure the next one begins by looking straight, not with a step of the last', async () => {
  const { use } = scene([seen(1, 0), seen(2, 0, { result: lost })])
  await use.run(take)
  expect(use.begun.value).toBe(false)
})

test('when the time is over nothing is counted as a failure', async () => {
  const { api, use } = scene([])
  await use.run(take)
  expect(use.outOfTime.value).toBe(true)
  expect(use.result.value).toBeNull()
  expect(api.finish).not.toHaveBeenCalled()
})

test('what was stopped says nothing any more', async () => {
  const { api, use } = scene([])
  api.frame.mockImplementationOnce(() => {
    use.stop()
    return Promise.resolve(seen(1, 0))
  })
  await use.run(take)
  expect(use.running.value).toBe(false)
  expect(use.outOfTime.value).toBe(false)
  expect(api.frame).toHaveBeenCalledOnce()
})

test('a server that does not answer is an error, to be tried again', async () => {
  const { api, use } = scene([])
  api.begin.mockRejectedValueOnce(new Error('no answer'))
  await use.run(take)
  expect(use.error.value).toBeInstanceOf(Error)
  await use.run(take)
  expect(use.error.value).toBeNull()
})
