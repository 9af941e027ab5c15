// A whole exam in English and without a pointer; every control of every screen has a name that can be read out.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { accessible, seen } from '../lib/accessible.mjs'
import { chineseBeside, nameless, outline, press, type } from '../lib/access.mjs'
import { DESKTOP, PHONE, openBrowser } from '../lib/browser.mjs'
import { capturedSeconds, signIn, until } from '../lib/candidate.mjs'
import { startDemo } from '../lib/demo.mjs'
import { deliveredTake } from '../lib/footage.mjs'

let demo, given
before(async () => {
  demo = await startDemo()
  given = await wordsOfTheExam()
})
after(() => demo?.end())

/** The exam's own words, its people's names and the product's name stay in their language. */
async function wordsOfTheExam() {
  const admin = await demo.as('admin')
  const { revision } = await admin.call('GET', `/console/exams/${demo.exam}`)
  const [school] = await admin.call('GET', '/schools')
  const texts = (value) => (typeof value === 'string' ? [value] : value && typeof value === 'object' ? Object.values(value).flatMap(texts) : [])
  const people = demo.candidates.map((candidate) => candidate.name)
  return [...texts(revision.body), school.name, ...people, '北京', '艺考'].filter((text) => /\p{Script=Han}/u.test(text))
}

async function readable(page, screen) {
  await page.waitForTimeout(300)
  assert.deepEqual(await nameless(page), [], `${screen}: controls without a name`)
  await accessible(page, screen)
  assert.deepEqual(await chineseBeside(page, given), [], `${screen}: not in English`)
  const { language, title, headings } = await outline(page)
  assert.equal(language, 'en', screen)
  assert.ok(title !== '', screen)
  assert.equal(headings, 1, `${screen}: one heading says what it is`)
}

test('a candidate sits an exam in English with the keyboard alone', { timeout: 240_000 }, async () => {
  const { context, page } = await openBrowser(PHONE, { locale: 'en-GB' })
  const [candidate] = demo.candidates
  await page.goto(`${demo.address}/sign-in`)
  await page.getByTestId('sign-in').waitFor()
  await readable(page, 'sign-in')
  await type(page, 'field-account', candidate.phone)
  await type(page, 'field-password', candidate.password)
  await press(page, 'sign-in')
  await page.getByTestId('pending-exam').first().waitFor()
  await readable(page, 'home')
  await press(page, 'check-and-confirm')
  await page.getByTestId('confirm-exam').waitFor()
  await readable(page, 'confirm')
  await press(page, 'confirm-exam')
  await page.getByTestId('enter-formal').waitFor()
  await readable(page, 'exam')
  await press(page, 'enter-formal')
  await page.getByTestId('hold-to-enter').waitFor()
  await readable(page, 'enter')
  await press(page, 'hold-to-enter')
  await press(page, 'enter-yes')
  await page.getByTestId('subject').first().waitFor()
  await readable(page, 'sitting')
  await press(page, 'subject')
  await page.getByTestId('start-take').waitFor()
  await readable(page, 'subject')
  await recordByKeyboard(page)
  await press(page, 'to-playback')
  await page.locator('video').first().waitFor()
  await readable(page, 'take')
  await press(page, 'submit-take')
  await page.getByTestId('submit-sheet').waitFor()
  await readable(page, 'submit')
  await press(page, 'submit-yes')
  await page.getByTestId('delivery').first().waitFor()
  await readable(page, 'delivery')
  assert.equal((await deliveredTake(page)).interruptions, 0)
  await press(page, 'to-receipts')
  await page.getByTestId('receipt').first().waitFor()
  await readable(page, 'receipts')
  await page.goto(`${demo.address}/my`)
  await page.getByTestId('my-phone').waitFor()
  await readable(page, 'my')
  await press(page, 'to-consents')
  await page.getByTestId('consent-faces').waitFor()
  await readable(page, 'consents')
  await press(page, 'read-faces')
  await page.getByTestId('consent-text').waitFor()
  await readable(page, 'consent')
  await context.close()
})

async function recordByKeyboard(page) {
  await press(page, 'start-take')
  await page.getByTestId('begin-take').waitFor()
  await readable(page, 'camera')
  await press(page, 'begin-take')
  await page.getByTestId('in-place').waitFor()
  await readable(page, 'position')
  await press(page, 'in-place')
  await until('captured', async () => (await capturedSeconds(page)) >= 3)
  await readable(page, 'recording')
  await press(page, 'hold-to-stop')
  await press(page, 'stop-yes')
  await page.getByTestId('finished').waitFor({ timeout: 60_000 })
  await readable(page, 'finished')
}

test('the console speaks English and names its controls', { timeout: 120_000 }, async () => {
  const { context, page } = await openBrowser(DESKTOP, { locale: 'en-GB' })
  await signIn(page, `${demo.address}/console`, demo.staff('admin'))
  const exam = `${demo.address}/console/exams/${demo.exam}`
  for (const tab of ['settings', 'roster', 'live', 'to-review']) {
    await page.goto(`${exam}/${tab}`)
    await page.locator('h1').first().waitFor()
    await page.waitForLoadState('networkidle').catch(() => undefined)
    await seen(page, `console-${tab}-en`)
    assert.deepEqual(await nameless(page), [], `console ${tab}: controls without a name`)
    assert.deepEqual(await chineseBeside(page, given), [], `console ${tab}: not in English`)
  }
  await context.close()
})
