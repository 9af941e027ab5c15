// Rehearsing: practice, where nothing is handed in, and a whole mock, which goes as the exam does and does not count.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { seen } from '../lib/accessible.mjs'
import { PHONE, openBrowser } from '../lib/browser.mjs'
import { confirmed, record, signIn, submitTake, until } from '../lib/candidate.mjs'
import { startDemo } from '../lib/demo.mjs'
import { openExam } from '../lib/exams.mjs'
import { enlarge, fits } from '../lib/letters.mjs'

let demo
let exam
before(async () => {
  demo = await startDemo()
  const settings = { face: 'off', position_ms: 3000, storage_min_bytes: 1 }
  exam = await openExam(demo, { title: '2027 年声乐表演专业远程初试及复试', settings, rehearsals: ['practice', 'mock'] })
})
after(() => demo?.end())

const band = (page) => page.getByTestId('kind-band').textContent()

async function confirm(page) {
  await page.goto(`${demo.address}/e/${exam}`)
  await page.getByTestId('choose-major').click()
  await page.getByTestId('confirm-exam').click()
}

test('a candidate practises: reads, records, plays back, and nothing is handed in', { timeout: 120_000 }, async () => {
  const { context, page } = await openBrowser(PHONE)
  await signIn(page, demo.address, demo.candidates[0])
  await confirm(page)
  await page.getByTestId('enter-practice').click()
  await page.getByTestId('subject').first().waitFor()
  assert.match(await band(page), /^练习/)
  await record(page, { seconds: 3 })
  await page.getByTestId('to-playback').click()
  await page.locator('video').first().waitFor()
  assert.equal(await page.getByTestId('submit-take').count(), 0)
  await page.getByTestId('back').click()
  assert.equal(await page.getByTestId('start-take').textContent().then((text) => text.trim()), '开始录制')
  await context.close()
})

test('a whole mock with letters twice as large: every page fits, up to the receipt', { timeout: 180_000 }, async () => {
  const { context, page } = await openBrowser(PHONE)
  await enlarge(context)
  const screen = async (name) => {
    await seen(page, `large-${name}`)
    await fits(page, name)
  }
  await signIn(page, demo.address, demo.candidates[0])
  await page.getByTestId('confirmed-exam').waitFor()
  await screen('home')
  await page.getByTestId('confirmed-exam').click()
  await page.getByTestId('enter-mock').waitFor()
  await screen('exam')
  await page.getByTestId('enter-mock').click()
  await page.getByTestId('hold-to-enter').waitFor()
  await screen('enter')
  await confirmed(page, 'hold-to-enter', 'enter')
  await page.getByTestId('subject').first().waitFor()
  assert.match(await band(page), /^模拟考试/)
  await screen('sitting')
  await record(page, { seconds: 3, during: () => screen('recorder') })
  await screen('finished')
  await submitTake(page)
  await until('delivered', () => page.locator('[data-testid="delivery"][data-state="complete"]').count())
  await screen('delivery')
  await page.getByTestId('to-receipts').first().click()
  await until('the receipts', async () => (await page.getByTestId('receipt').count()) >= 2)
  await screen('receipts')
  await context.close()
})
