// From nothing: staff make an exam from a preset, import a list from Excel and open it; somebody without an
// account signs up by the exam's link, says who they are, records, submits and is delivered.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { seen } from '../lib/accessible.mjs'
import { DESKTOP, PHONE, openBrowser } from '../lib/browser.mjs'
import { confirmExam, enterFormal, fill, record, signIn, signPledge, submitTake, until } from '../lib/candidate.mjs'
import { signUp } from '../lib/codes.mjs'
import { startDemo } from '../lib/demo.mjs'
import { excel } from '../lib/roster.mjs'

const NUMBER = '11010519491231002X'
const PHONE_NUMBER = '13700000001'

let demo
before(async () => (demo = await startDemo()))
after(() => demo?.end())

/** "2026-11-20 13:05" in Shanghai, so many hours from now. */
const wall = (hours) =>
  new Date(Date.now() + (hours + 8) * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')

async function setMoment(page, testid, text) {
  const input = page.getByTestId(testid).locator('input')
  await input.fill(text)
  await input.press('Enter')
}

async function makeExam(page) {
  await signIn(page, `${demo.address}/console`, demo.staff('admin'))
  await page.getByTestId('new-exam').first().waitFor()
  await seen(page, 'console-exams')
  await page.getByTestId('new-exam').first().click()
  await page.getByTestId('exam-title').waitFor()
  await seen(page, 'console-new-exam')
  await page.getByTestId('exam-title').fill('2027 年钢琴表演复试')
  await setMoment(page, 'opens-at', wall(-1))
  await setMoment(page, 'closes-at', wall(48))
  await page.getByTestId('create-exam').click()
  await page.getByTestId('tab-roster').click()
  return until('the exam has an address', () => /exams\/([0-9a-f-]{36})/.exec(page.url())?.[1])
}

async function importList(page) {
  const rows = [['姓名', '身份证号', '高考省份'], ['王小艺', NUMBER.toLowerCase(), '北京市'], ['错误的人', '110105194912310021', '北京']]
  const file = excel(join(demo.folder, 'roster.xlsx'), rows)
  await page.getByTestId('import-roster').or(page.getByTestId('import-roster-empty')).first().click()
  await page.getByTestId('roster-file').setInputFiles(file)
  await page.getByTestId('rows-total').waitFor()
  assert.equal(await page.getByTestId('rows-total').textContent(), '2')
  await page.getByTestId('row-error-3').first().waitFor()
  await seen(page, 'console-roster-preview')
  await page.getByTestId('accept-roster').click()
  await page.getByTestId('ask-confirm').waitFor()
  await seen(page, 'console-roster-accept')
  await page.getByTestId('ask-confirm').click()
  await page.getByText('王小艺').first().waitFor()
  await seen(page, 'console-roster')
}

async function openExam(page) {
  await page.getByTestId('tab-settings').click()
  await page.getByTestId('open-exam').click()
  await page.getByTestId('ask-confirm').click()
  await page.locator('[data-testid="exam-state"][data-state="open"]').waitFor()
  await seen(page, 'console-exam-open')
}

async function sayWho(page) {
  await page.goto(`${demo.address}/identity`)
  await fill(page, 'name', '王小艺')
  await fill(page, 'document-number', '１１０１０５１９４９１２３１００２ｘ')
  await page.getByTestId('field-province').locator('select').or(page.locator('select[data-testid="field-province"]')).first().selectOption('北京')
  await seen(page, 'candidate-identity')
  await page.getByTestId('identity-check').click()
  await page.getByTestId('identity-yes').waitFor()
  await seen(page, 'candidate-identity-confirm')
  await page.getByTestId('identity-yes').click()
  await until('the identity is kept', () => !page.url().endsWith('/identity') || page.getByText('110').first().isVisible())
}

test('from nothing to a delivered audition', { timeout: 240_000 }, async () => {
  const staff = await openBrowser(DESKTOP)
  const exam = await makeExam(staff.page)
  await importList(staff.page)
  await openExam(staff.page)

  const { page } = await openBrowser(PHONE)
  await signUp(page, demo, PHONE_NUMBER, `/e/${exam}`)
  await sayWho(page)
  await confirmExam(page, demo.address, exam)
  // The preset wants its pledge signed before.
  await signPledge(page, '王小艺')
  await enterFormal(page)
  await record(page, { seconds: 5 })
  await submitTake(page)
  await until('delivered', () => page.locator('[data-testid="delivery"][data-state="complete"]').count())

  await staff.page.getByTestId('tab-live').click()
  await staff.page.locator('[data-testid^="sitting-"]').first().waitFor()
  await seen(staff.page, 'console-live')
})
