// What staff do in the console, by the screens.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { seen } from './accessible.mjs'
import { signIn, until } from './candidate.mjs'
import { excel } from './roster.mjs'

/** "2026-11-20 13:05" in Shanghai, so many hours from now. */
const wall = (hours) =>
  new Date(Date.now() + (hours + 8) * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')

async function setMoment(page, testid, text) {
  const input = page.getByTestId(testid).locator('input')
  await input.fill(text)
  await input.press('Enter')
}

/** Makes an exam from the first preset, open for two days, and comes to its list. Answers its id. */
export async function makeExam(page, demo, title) {
  await signIn(page, `${demo.address}/console`, demo.staff('admin'))
  await page.getByTestId('new-exam').first().waitFor()
  await seen(page, 'console-exams')
  await page.getByTestId('new-exam').first().click()
  await page.getByTestId('exam-title').waitFor()
  for (const preset of ['general', 'fitness_test', 'recital']) await page.getByTestId(`preset-${preset}`).waitFor()
  await seen(page, 'console-new-exam')
  await page.getByTestId('exam-title').fill(title)
  await setMoment(page, 'opens-at', wall(-1))
  await setMoment(page, 'closes-at', wall(48))
  await page.getByTestId('create-exam').click()
  await page.getByTestId('tab-roster').click()
  return until('the exam has an address', () => /exams\/([0-9a-f-]{36})/.exec(page.url())?.[1])
}

/** Imports a list from Excel, of which the third row (the head is the first) is at fault. */
export async function importList(page, demo, rows) {
  const file = excel(join(demo.folder, 'roster.xlsx'), rows)
  await page.getByTestId('import-roster').or(page.getByTestId('import-roster-empty')).first().click()
  await page.getByTestId('roster-file').setInputFiles(file)
  await page.getByTestId('rows-total').waitFor()
  assert.equal(await page.getByTestId('rows-total').textContent(), `${rows.length - 1}`)
  await page.getByTestId('row-error-3').first().waitFor()
  await seen(page, 'console-roster-preview')
  await page.getByTestId('accept-roster').click()
  await page.getByTestId('ask-confirm').waitFor()
  await seen(page, 'console-roster-accept')
  await page.getByTestId('ask-confirm').click()
  await page.getByText(rows[1][0]).first().waitFor()
  await seen(page, 'console-roster')
}

/** Opens the exam whose pages show. */
export async function openByHand(page) {
  await page.getByTestId('tab-settings').click()
  await page.getByTestId('open-exam').click()
  await page.getByTestId('ask-confirm').click()
  await page.locator('[data-testid="exam-state"][data-state="open"]').waitFor()
  await seen(page, 'console-exam-open')
}
