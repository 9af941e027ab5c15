// @vitest-environment happy-dom
import { describe, expect, test } from 'vitest'
import { open } from '../../../mock/page'
import { enrolment } from '../../../mock/seeds'
import { World } from '../../../mock/world'

const HOUR = 3_600_000
const nobody = { 'GET /me/identity': { claim: null, identity: null } }
const exam = () => ({ 'GET /enrolments/e1': enrolment(Date.now(), 'e1') })
const enter = '/enrolments/e1/enter/s-mock'

describe('the home page', () => {
  test('asks whoever is not authenticated to do it, and leads there', async () => {
    const page = await open('/', 'identity-needed', { 'GET /me/enrolments': { pending: [], confirmed: [] }, ...nobody })
    expect(page.text('to-identity')).toEqual(['去认证'])
    await page.press('to-identity')
    await page.goesTo('identity')
  })

  test('says 已结束 of an exam whose sessions are over', async () => {
    const over = { ...enrolment(Date.now() - 100 * HOUR, 'e1'), server_time: Date.now() }
    const page = await open('/', 'confirmed-exam', { 'GET /me/enrolments': { pending: [], confirmed: [over] }, ...nobody })
    expect(page.text('confirmed-exam')[0]).toMatch(/已结束$/)
  })
})

describe('on a computer', () => {
  test('practice is refused with the reason', async () => {
    const page = await open('/enrolments/e1', 'phones-only', exam(), { device: 'computer' })
    expect(page.text('phones-only')[0]).toContain('这是电脑。考试只能用手机参加')
    expect(page.has('enter-practice')).toBe(false)
  })

  test('the door to an exam is closed with the reason', async () => {
    const page = await open(enter, 'phones-only', exam(), { device: 'computer' })
    expect(page.has('hold-to-enter')).toBe(false)
  })

  test('a demo says that an exam needs a phone, and lets one try', async () => {
    const page = await open(enter, 'demo-device', exam(), { device: 'computer', demo: true })
    expect(page.text('demo-device')[0]).toContain('考试只能用手机参加')
    expect(page.has('hold-to-enter')).toBe(true)
  })

  test('a phone hears nothing of it', async () => {
    const page = await open('/enrolments/e1', 'enter-practice', exam())
    expect(page.has('phones-only') || page.has('demo-device')).toBe(false)
  })
})

describe('an exam', () => {
  test('tells before entry what to see to: place, light, calls, apps, assistants, network, power, stand', async () => {
    const page = await open(enter, 'ready', exam())
    const ready = page.text('ready')[0]
    const named = ['安静，无他人', '背景简洁，光线充足，画面清楚', '关闭来电、闹钟和消息通知', '退出微信、QQ、钉钉、录屏、音乐', '关闭 Siri、小艺', '飞行模式', '电量充足', '不遮住麦克风']
    expect(named.filter((words) => !ready?.includes(words))).toEqual([])
  })

  test('lays content, requirements and notes of each subject out before it is confirmed', async () => {
    const world = new World()
    world.signIn(true)
    const pending = world.pending()
    const { school, exam: about, sessions } = enrolment(Date.now(), 'e1')
    const summary = { ...about, school, majors: pending.map((each) => each.major), sessions, support: null }
    const page = await open('/e/exam-1/major-2', 'subject-brief', {
      'GET /me/enrolments': { pending, confirmed: [] }, 'GET /exams/exam-1': summary,
    })
    expect(page.text('subject-brief')[0]).toContain('自选歌曲一首')
    expect(page.text('subject-requirements')[0]).toContain('背谱演唱')
    expect(page.text('subject-notes')).toEqual(['选考。'])
  })

  test('is practised from its page, under a band that says nothing counts, down to the recorder', async () => {
    const world = new World()
    world.signIn(true)
    const [mine] = world.enrolments
    const practice = world.enter(mine!.id, 's-practice')
    const page = await open('/enrolments/e1', 'enter-practice', {
      ...exam(), 'POST /enrolments/e1/sittings': practice, [`GET /sittings/${practice.id}`]: practice,
    })
    await page.press('enter-practice')
    expect((await page.see('subject')).textContent).toContain('次数不限')
    await page.press('subject')
    expect((await page.see('kind-band')).textContent).toBe('练习：不计成绩，不提交')
    expect((await page.see('subject-content')).textContent).toContain('自选歌曲一首')
    expect((await page.see('start-take')).getAttribute('href')).toMatch(/\/record$/)
  })

  test('whose session is not there says so instead of nothing', async () => {
    await open('/enrolments/e1/enter/another', 'not-here', exam())
  })

  test('shows whom to ask and the school’s own guide', async () => {
    const answer = enrolment(Date.now(), 'e1')
    const guide_url = 'https://example.edu.cn/guide'
    answer.exam.support = { ...answer.exam.support, guide_url }
    const page = await open('/enrolments/e1', 'support', { 'GET /enrolments/e1': answer })
    expect(page.text('guide')).toEqual(['考试指南'])
    expect((await page.see('guide')).getAttribute('href')).toBe(guide_url)
  })
})
