// A recital's own words (K16): inside it nobody is a 考生 and nothing is a 考试; the exam beside it keeps the usual ones.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { seen } from '../lib/accessible.mjs'
import { DESKTOP, PHONE, openBrowser } from '../lib/browser.mjs'
import { confirmAndEnter, record, signIn, submitTake, until } from '../lib/candidate.mjs'
import { startDemo } from '../lib/demo.mjs'
import { openExam } from '../lib/exams.mjs'

const OTHER = /考试|考生|报考/

let demo
before(async () => (demo = await startDemo()))
after(() => demo?.end())

/** What stands on the page, without what the browser does not show. */
async function words(page, screen) {
  const text = await page.locator('#app').innerText()
  assert.doesNotMatch(text, OTHER, `${screen}: ${text}`)
  return text
}

test('inside a recital only its own words are used, from the confirmation to the receipt', { timeout: 240_000 }, async () => {
  const exam = await openExam(demo, { preset: 'recital', title: '2027 年学位音乐会', settings: { face: 'off', position_ms: 3000, storage_min_bytes: 1 } })
  const { page } = await openBrowser(PHONE)
  await signIn(page, demo.address, demo.candidates[0])
  await confirmAndEnter(page, demo.address, exam, (screen) => words(page, screen))
  assert.match(await words(page, 'sitting'), /录制/)
  await record(page, { seconds: 4, during: () => words(page, 'recorder') })
  await words(page, 'finished')
  await submitTake(page)
  await words(page, 'take')
  await page.goto(page.url().replace(/(sittings\/[0-9a-f-]{36}).*/, '$1/delivery'))
  await page.getByTestId('delivery').first().waitFor()
  await words(page, 'delivery')
  await page.goto(page.url().replace('/delivery', '/receipts'))
  await until('the receipts', async () => (await page.locator('#app').innerText()).length > 40)
  await words(page, 'receipts')
})

test('staff choose between presets that say what they are for', { timeout: 60_000 }, async () => {
  const { page } = await openBrowser(DESKTOP)
  await signIn(page, `${demo.address}/console`, demo.staff('admin'))
  await page.getByTestId('new-exam').first().click()
  for (const preset of ['general', 'fitness_test', 'recital']) await page.getByTestId(`preset-${preset}`).waitFor()
  await seen(page, 'console-presets')
})
