// A person at the desk: an exam asks for faces, the candidate is not verified and asks for somebody to look; an
// agent is alarmed, asks back, approves; the candidate is told at once, and every step stands in the record.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { seen } from '../lib/accessible.mjs'
import { DESKTOP, PHONE, openBrowser } from '../lib/browser.mjs'
import { confirmAndEnter, signIn, until } from '../lib/candidate.mjs'
import { startDemo } from '../lib/demo.mjs'
import { agreeToFaces, examWithFaces } from '../lib/faces.mjs'

let demo
before(async () => (demo = await startDemo()))
after(() => demo?.end())

const candidateState = (page, state) =>
  page.locator(`[data-testid="my-review"][data-kind="face"][data-state="${state}"]`).first().waitFor({ timeout: 20_000 })

async function openDesk() {
  const { page } = await openBrowser(DESKTOP)
  await signIn(page, `${demo.address}/console`, demo.staff('agent'))
  await page.getByTestId('nav-desk').click()
  return page
}

test('a candidate asks for a person to look, and an agent decides by keyboard', async () => {
  const exam = await examWithFaces(demo)
  const { page } = await openBrowser(PHONE)
  await signIn(page, demo.address, demo.candidates[0])
  await agreeToFaces(page, demo.address, demo.candidates[0].name)
  await confirmAndEnter(page, demo.address, exam)

  // The red bar says why no take can begin, and the button agrees.
  await page.locator('[data-testid="face-bar"][data-code="face.unverified"]').waitFor()
  await seen(page, 'candidate-face-bar')
  await page.getByTestId('subject').first().click()
  await page.locator('[data-testid="refusal"][data-code="face.unverified"]').waitFor()
  assert.equal(await page.getByTestId('start-take').isEnabled(), false)
  await page.getByTestId('back').click()
  const before = await page.getByTestId('page-title').textContent()
  assert.ok(before)

  await page.getByTestId('to-desk').click()
  await page.getByTestId('field-desk-note').fill('我剪了短发')
  await page.getByTestId('apply-review').click()
  await candidateState(page, 'open')
  await seen(page, 'candidate-desk')

  // The agent sees it on top, opens it with one key, takes it with another.
  const desk = await openDesk()
  const row = desk.locator('[data-urgency="exam"], [data-urgency="alarm"]').first()
  await row.waitFor({ timeout: 20_000 })
  await seen(desk, 'desk-queue')
  await desk.keyboard.press('j')
  await desk.keyboard.press('o')
  await desk.getByTestId('review-note').first().waitFor()
  await desk.keyboard.press('c')
  await until('it is taken', () => desk.getByTestId('approve').isEnabled())
  await candidateState(page, 'claimed')

  await desk.keyboard.press('q')
  await desk.locator('[data-testid="review-words"]').first().waitFor()
  await seen(desk, 'desk-words')
  await desk.getByTestId('review-words').locator('textarea').or(desk.locator('textarea[data-testid="review-words"]')).first().fill('请说明是否戴眼镜')
  await desk.getByTestId('words-confirm').click()
  await candidateState(page, 'need_more')
  assert.equal(await page.getByTestId('review-words').first().textContent(), '请说明是否戴眼镜')
  await page.getByTestId('more-note').locator('textarea').fill('今天没有戴')
  await page.getByTestId('give-more').click()
  await candidateState(page, 'open')

  await until('it is open again', () => desk.getByTestId('claim').isEnabled(), 20_000)
  await desk.keyboard.press('c')
  await until('it is taken again', () => desk.getByTestId('approve').isEnabled())
  await seen(desk, 'desk-review')
  await desk.keyboard.press('y')
  await desk.getByTestId('words-confirm').click()
  await desk.locator('[data-testid="review-state"][data-verdict="approved"]').waitFor()

  // Told at once: the review is answered, the red bar is gone, the take can begin.
  await candidateState(page, 'decided')
  await seen(page, 'candidate-desk-answered')
  await page.getByTestId('back').click()
  await page.getByTestId('subject').first().click()
  await until('a take can begin', () => page.getByTestId('start-take').isEnabled(), 20_000)
  assert.equal(await page.getByTestId('face-bar').count(), 0)

  // The exam goes on: the desk's word is all there is, so nobody compares; the take begins, flagged.
  await page.getByTestId('start-take').click()
  await page.getByTestId('begin-take').click()
  await page.getByTestId('in-place').click({ timeout: 30_000 })
  await page.getByTestId('captured').waitFor({ timeout: 60_000 })

  // The time that the desk took is on the timeline of the sitting, and every look is in the record.
  await desk.getByTestId('brand').click()
  await desk.getByTestId('nav-desk').click()
  await desk.getByTestId('desk-audit').click()
  for (const action of ['review.decided', 'review.asked_for_more', 'review.claimed', 'review.looked']) {
    await desk.locator(`[data-testid="audit-entry"][data-action="${action}"]`).first().waitFor()
  }
  await seen(desk, 'desk-record')

  // Found by the whole number, with everything that was asked and decided.
  await desk.getByTestId('desk-people').click()
  await desk.locator('input[data-testid="find-number"]').fill(demo.candidates[0].phone)
  await desk.getByTestId('find').click()
  await desk.getByTestId('desk-person').waitFor()
  await seen(desk, 'desk-person')

  // What is final and wrong is corrected there, on the proof of a review; the candidate is told why.
  await desk.getByTestId('to-correct').click()
  await desk.locator('input[data-testid="correct-value"]').fill(`${demo.candidates[0].name}宁`)
  await desk.locator('textarea[data-testid="correct-reason"]').fill('户口簿上是三个字')
  await seen(desk, 'desk-correct')
  await desk.getByTestId('correct-confirm').click()
  await until('the name is corrected', async () => (await desk.getByTestId('review-person').textContent()).includes(`${demo.candidates[0].name}宁`))
  const told = await (await page.request.get(`${demo.address}/api/me/messages`)).json()
  assert.ok(told.some((message) => message.text.includes('户口簿上是三个字')))
})

test('a candidate writes to the desk, with the log of the device only where they agree', async () => {
  const { page } = await openBrowser(PHONE)
  await signIn(page, demo.address, demo.candidates[1])
  await page.getByTestId('tab-my').click()
  await page.getByTestId('my-desk').click()
  await page.getByTestId('field-message').fill('摄像头打不开')
  await page.getByTestId('send-message').click()
  await page.getByTestId('message').first().waitFor()
  await page.getByTestId('field-message').fill('这是记录')
  await page.getByTestId('message-log').check()
  await page.getByTestId('send-message').click()
  await until('both are sent', async () => (await page.getByTestId('message').count()) === 2)
  await seen(page, 'candidate-messages')

  const desk = await openDesk()
  await desk.getByTestId('desk-messages').click()
  await desk.getByTestId('unread').first().waitFor()
  await desk.locator('[data-testid^="conversation-"]').first().click()
  await until('the messages', async () => (await desk.getByTestId('desk-message').count()) === 2)
  assert.equal(await desk.locator('details').count(), 1)
  await desk.getByTestId('reply').locator('textarea').or(desk.locator('textarea[data-testid="reply"]')).first().fill('请关闭其他应用后重试')
  await desk.getByTestId('send-reply').click()
  await seen(desk, 'desk-messages')
  await until('the answer', async () => (await page.getByTestId('message').count()) === 3, 20_000)
})
