// A paper from the school's desk to the reviewer's: written in the draft, fetched ahead while sealed, drawn and read in
// the sitting, opened and hidden while filmed, and shown beside the recording that answers it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { seen } from '../lib/accessible.mjs'
import { DESKTOP, PHONE, openBrowser } from '../lib/browser.mjs'
import { capturedSeconds, confirmAndEnter, confirmed, signIn, submitTake, until } from '../lib/candidate.mjs'
import { startDemo } from '../lib/demo.mjs'
import { openExam } from '../lib/exams.mjs'

const QUESTIONS = ['请即兴演唱一段旋律：\n主题为「春江」，三拍子，不少于八小节。', '请视唱第二条谱例，\n速度为中板，唱出强弱变化。']
const READ_SECONDS = 9

let demo
before(async () => (demo = await startDemo()))
after(() => demo?.end())

const textarea = (page, testid) => page.locator(`textarea[data-testid="${testid}"]`).or(page.getByTestId(testid).locator('textarea')).first()

/** Staff write a paper of two questions, of which one is drawn and read for some seconds. */
async function writePaper(page, exam) {
  await signIn(page, `${demo.address}/console`, demo.staff('admin'))
  await page.goto(`${demo.address}/console/exams/${exam}/settings`)
  await page.locator('[data-testid^="node-subject"]').first().click()
  await page.getByTestId('add-paper').click()
  await textarea(page, 'question-1').fill(QUESTIONS[0])
  await page.getByTestId('add-question').click()
  await textarea(page, 'question-2').fill(QUESTIONS[1])
  await page.getByTestId('paper-draws').click()
  const read = page.getByTestId('paper-read').locator('input')
  await read.fill(String(READ_SECONDS / 60))
  await read.press('Tab')
  await page.getByTestId('preview-paper').click()
  await page.getByTestId('paper-preview').getByText('春江').waitFor()
  await page.getByTestId('papers-form').scrollIntoViewIfNeeded()
  await seen(page, 'console-paper')
  await page.getByTestId('save-draft').click()
  await until('the draft is saved', async () => !(await page.getByTestId('save-bar').isVisible()))
}

/** No page and no answer of the server says a question before the paper is opened. */
function listen(page) {
  const told = []
  page.on('response', async (answer) => {
    if (!answer.url().includes('/api/') || answer.url().includes('/events')) return
    const text = await answer.text().catch(() => '')
    if (/春江|谱例/.test(text)) told.push(answer.url())
  })
  return told
}

const shownText = (page) => page.getByTestId('question').first().locator('.text').innerText()

/** While it is filmed the question is opened and hidden, by touch and by key, and the recording goes on. */
async function lookWhileFilmed(page, question) {
  const sheet = page.getByTestId('question-sheet')
  const before = await capturedSeconds(page)
  await page.getByTestId('toggle-question').click()
  await sheet.getByText(question.split('\n')[0]).waitFor()
  await seen(page, 'candidate-question-filmed')
  await page.setViewportSize({ width: 844, height: 390 })
  await seen(page, 'candidate-question-filmed-landscape')
  await page.setViewportSize(PHONE.viewport)
  await page.keyboard.press('Escape')
  await sheet.waitFor({ state: 'hidden' })
  await page.keyboard.press('q')
  await sheet.waitFor()
  await page.getByTestId('toggle-question').click()
  await sheet.waitFor({ state: 'hidden' })
  await until('the recording goes on', async () => (await capturedSeconds(page)) > before + 2)
  assert.equal(await page.getByTestId('recorder').getAttribute('data-stage'), 'recording')
}

test('a sealed paper is fetched ahead, drawn, read, filmed and reviewed', { timeout: 240_000 }, async () => {
  const settings = { face: 'off', position_ms: 3000, storage_min_bytes: 1 }
  const exam = await openExam(demo, { title: '2027 年视唱复试', settings })
  const staff = await openBrowser(DESKTOP)
  await writePaper(staff.page, exam)

  const { page } = await openBrowser(PHONE)
  const told = listen(page)
  await signIn(page, demo.address, demo.candidates[0])
  await confirmAndEnter(page, demo.address, exam, async (screen) => {
    if (screen !== 'enter') return
    await page.locator('[data-testid="papers-ahead"][data-state="ready"]').waitFor()
    await seen(page, 'candidate-paper-ahead')
  })
  await page.getByTestId('subject').first().click()
  await page.getByTestId('open-paper').waitFor()
  await seen(page, 'candidate-paper-closed')
  assert.equal(await page.getByTestId('question').count(), 0)
  await page.getByTestId('open-paper').click()
  await page.getByTestId('reading-left').waitFor()
  const question = await shownText(page)
  assert.ok(QUESTIONS.includes(question), question)
  assert.equal(await page.getByTestId('start-take').count(), 0)
  await seen(page, 'candidate-paper-reading')
  await page.reload()
  await page.getByTestId('question').first().waitFor()
  assert.equal(await shownText(page), question, 'the same question after a reload')

  // Nobody presses anything: when reading ends, the recorder comes.
  await page.getByTestId('begin-take').waitFor({ timeout: 30_000 })
  await page.locator('[data-testid="begin-take"]:not([disabled])').click()
  await page.getByTestId('in-place').click({ timeout: 20_000 })
  await page.getByTestId('captured').waitFor({ timeout: 60_000 })
  await lookWhileFilmed(page, question)
  await confirmed(page, 'hold-to-stop', 'stop')
  await page.getByTestId('finished').waitFor({ timeout: 60_000 })
  await submitTake(page)
  await until('delivered', () => page.locator('[data-testid="delivery"][data-state="complete"]').count())
  assert.deepEqual(told, [], 'an answer of the server said a question')

  const sitting = /sittings\/([0-9a-f-]{36})/.exec(page.url())[1]
  await staff.page.goto(`${demo.address}/console/sittings/${sitting}`)
  await staff.page.getByTestId('asked').first().waitFor()
  assert.equal(await shownText(staff.page), question, 'reviewers see what was asked')
  const admin = await demo.as('admin')
  const { timeline } = await admin.call('GET', `/console/sittings/${sitting}`)
  const kinds = timeline.map((event) => event.kind)
  for (const kind of ['paper_opened', 'question_shown', 'question_hidden']) assert.ok(kinds.includes(kind), kind)
  await seen(staff.page, 'console-review-paper')
})
