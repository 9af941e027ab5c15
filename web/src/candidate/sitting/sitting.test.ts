// @vitest-environment happy-dom
import { describe, expect, test, vi } from 'vitest'
import type { SittingKind, SittingOutcome, SittingView } from '@/api/types'
import { open } from '../../../mock/page'
import { closed } from '../../../mock/seeds'
import { World } from '../../../mock/world'
import { useRecording } from '../state/recording'

/** A sitting of that kind, in which the first subject has one finished take. */
function sat(kind: SittingKind): SittingView {
  const world = new World()
  world.signIn(true)
  const sitting = world.enter(world.enrolments[0]!.id, `s-${kind}`)
  const take = world.startTake(sitting, 'sub-1')
  Object.assign(take, { state: 'finished', beep_at: Date.now(), duration_ms: 61_000 })
  return world.touch(sitting)
}

function over(outcome: SittingOutcome, kind: SittingKind = 'formal'): SittingView {
  const sitting = sat(kind)
  return { ...sitting, phase: { ...sitting.phase, state: 'closed', outcome } }
}

function submitted(sitting: SittingView): SittingView {
  const [subject, ...others] = sitting.subjects
  const submission = { id: 'm1', revision: 1, take_id: subject!.takes[0]!.id, submitted_at: Date.now(), delivery: { state: 'pending' as const } }
  return { ...sitting, version: sitting.version + 1, subjects: [{ ...subject!, state: 'submitted', submission, actions: [] }, ...others] }
}

const answers = (sitting: SittingView) => ({ [`GET /sittings/${sitting.id}`]: sitting })
const at = (sitting: SittingView, rest = '') => `/sittings/${sitting.id}${rest}`

/** The uploader stands still, and counts how often it is told to go on. */
function halted(retryNow: () => void) {
  const recording = useRecording()
  recording.kit = { uploader: { retryNow } } as unknown as typeof recording.kit
  recording.waiting = 'server'
  recording.progress = { p1: { part_id: 'p1', queued_bytes: 5_000_000, delivery: { state: 'pending' } } as never }
  useRecording().refreshUnfinished = () => Promise.resolve()
}

describe('a subject', () => {
  test('is read on its page: content, requirements and notes', async () => {
    const sitting = sat('formal')
    sitting.subjects[0]!.notes = '不得报姓名。'
    const page = await open(at(sitting, '/subjects/sub-1'), 'subject-content', answers(sitting))
    expect(page.text('subject-content')).toEqual(['自选歌曲一首，中外不限，清唱或伴奏均可。'])
    expect(page.text('subject-requirements')[0]).toContain('正面全身入镜')
    expect(page.text('subject-notes')).toEqual(['不得报姓名。'])
  })

  test('has the attempts left on the record button', async () => {
    const sitting = sat('formal')
    const page = await open(at(sitting, '/subjects/sub-1'), 'start-take', answers(sitting))
    expect(page.text('start-take')).toEqual(['开始录制（剩 1 次）'])
    const english = await open(at(sitting, '/subjects/sub-2'), 'start-take', answers(sitting), { locale: 'en' })
    expect(english.text('start-take')).toEqual(['Record (2 left)'])
  })

  test('in practice counts no attempts', async () => {
    const sitting = sat('practice')
    const page = await open(at(sitting, '/subjects/sub-1'), 'start-take', answers(sitting))
    expect(page.text('start-take')).toEqual(['开始录制'])
  })

  test('or a take that is not there says so instead of loading for ever', async () => {
    const sitting = sat('formal')
    await open(at(sitting, '/subjects/another'), 'not-here', answers(sitting))
    await open(at(sitting, '/subjects/sub-1/takes/another'), 'not-here', answers(sitting))
  })

  test('cannot be recorded on a computer', async () => {
    const sitting = sat('formal')
    const page = await open(at(sitting, '/subjects/sub-1'), 'phones-only', answers(sitting), { device: 'computer' })
    expect(page.has('start-take')).toBe(false)
  })
})

describe('a sitting that is over', () => {
  test('with all submitted says 考试成功', async () => {
    const sitting = over('completed')
    expect((await open(at(sitting), 'phase', answers(sitting))).text('phase')[0]).toMatch(/^考试成功/)
  })

  test('without a submission says 自动放弃考试资格', async () => {
    const sitting = over('abandoned')
    expect((await open(at(sitting), 'phase', answers(sitting))).text('phase')[0]).toMatch(/^自动放弃考试资格/)
  })
})

describe('a rehearsal that is over', () => {
  test('in practice is no exam that was passed', async () => {
    const sitting = over('completed', 'practice')
    expect((await open(at(sitting), 'phase', answers(sitting))).text('phase')).toEqual(['练习已结束练习不提交，也不计成绩。'])
  })

  test('in a mock costs nothing, and says so', async () => {
    const sitting = over('abandoned', 'mock')
    expect((await open(at(sitting), 'phase', answers(sitting))).text('phase')[0]).toContain('不计成绩')
  })
})

describe('submitting', () => {
  test('a take of a mock ends on 提交成功, under a band that says it does not count', async () => {
    const sitting = sat('mock')
    const take = sitting.subjects[0]!.takes[0]!
    const page = await open(at(sitting, `/subjects/sub-1/takes/${take.id}`), 'submit-take', {
      ...answers(sitting), [`POST /sittings/${sitting.id}/submissions`]: { sitting: submitted(sitting), receipt: { kid: 'k', payload: '{}', signature: 's' } },
    })
    expect(page.text('kind-band')).toEqual(['模拟考试：与正式流程相同，不计成绩'])
    await page.press('submit-take')
    await page.press('submit-yes')
    expect((await page.see('submit-done')).textContent).toContain('提交成功')
    expect(page.text('kind-band')).toEqual(['模拟考试：与正式流程相同，不计成绩'])
    expect(page.asked).toContain(`POST /sittings/${sitting.id}/submissions`)
  })

  test('nothing is offered in practice', async () => {
    const sitting = sat('practice')
    const take = sitting.subjects[0]!.takes[0]!
    take.actions = [closed('submit', 'submission.practice', '练习不提交', '', '')]
    const page = await open(at(sitting, `/subjects/sub-1/takes/${take.id}`), 'footage-missing', answers(sitting))
    expect(page.has('submit-take')).toBe(false)
  })
})

describe('重新上传', () => {
  test('is on the page of deliveries, and makes a halted upload go on', async () => {
    const again = vi.fn()
    const sitting = submitted(sat('formal'))
    const page = await open(at(sitting, '/delivery'), 'upload-retry', answers(sitting), { before: () => halted(again) })
    expect(page.text('upload-retry')).toEqual(['重新上传'])
    await page.press('upload-retry')
    expect(again).toHaveBeenCalledOnce()
  })

  test('is above every other page while something is not sent', async () => {
    const again = vi.fn()
    const lists = { 'GET /me/enrolments': { pending: [], confirmed: [] }, 'GET /me/identity': { claim: null, identity: null } }
    const page = await open('/', 'upload-retry', lists, { before: () => halted(again) })
    expect(page.text('upload-bar')).toEqual(['服务器忙，稍后自动继续，还有 5.0 MB重新上传'])
    await page.press('upload-retry')
    expect(again).toHaveBeenCalledOnce()
  })
})
