// What a candidate does, step by step, by the screens.
import { seen } from './accessible.mjs'

/** Waits until `holds` answers something true; says what was awaited when it does not. */
export async function until(what, holds, within = 60_000) {
  const end = Date.now() + within
  for (;;) {
    const found = await Promise.resolve(holds()).catch(() => false)
    if (found) return found
    if (Date.now() > end) throw new Error(`waited ${within / 1000} s in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

const field = (page, name) => page.getByTestId(`field-${name}`).locator('input').or(page.locator(`input[data-testid="field-${name}"]`)).first()

/** Types into a field of a form. */
export const fill = (page, name, text) => field(page, name).fill(text)

/** Presses a button and says yes to what it asks. */
export async function confirmed(page, button, name) {
  await page.getByTestId(button).first().focus()
  await page.keyboard.press('Enter')
  await page.getByTestId(`${name}-yes`).click()
}

export async function signIn(page, address, { phone, password }) {
  await page.goto(`${address}/sign-in`)
  await page.getByTestId('sign-in').waitFor()
  await seen(page, address.endsWith('/console') ? 'console-sign-in' : 'candidate-sign-in')
  await field(page, 'account').fill(phone)
  await field(page, 'password').fill(password)
  await page.getByTestId('sign-in').click()
  await until('signed in', () => !page.url().includes('sign-in'))
}

/** Opens the exam by its link, as far as the page that confirms it. */
export async function toConfirm(page, address, exam) {
  await page.goto(`${address}/e/${exam}`)
  const only = page.getByTestId('choose-major').first()
  const confirming = page.getByTestId('confirm-exam')
  await only.or(confirming).first().waitFor()
  if (await only.isVisible()) await only.click()
  await confirming.waitFor()
}

/** Confirms what the page shows, and comes to the exam's page; `look` is shown each screen on the way. */
export async function confirmShown(page, look = () => undefined) {
  await page.getByTestId('confirm-exam').waitFor()
  await seen(page, 'candidate-confirm')
  await look('confirm')
  await page.getByTestId('confirm-exam').click()
  await page.getByTestId('enter-formal').waitFor()
  await seen(page, 'candidate-exam')
  await look('exam')
}

/** Confirms the exam by its link. */
export async function confirmExam(page, address, exam, look) {
  await toConfirm(page, address, exam)
  await confirmShown(page, look)
}

/** From the exam's page into its formal session or its mock. */
export async function enter(page, kind, look = () => undefined) {
  await page.getByTestId(`enter-${kind}`).click()
  await page.getByTestId('hold-to-enter').waitFor()
  await seen(page, 'candidate-enter')
  await look('enter')
  await confirmed(page, 'hold-to-enter', 'enter')
  await page.getByTestId('subject').first().waitFor()
  await seen(page, 'candidate-sitting')
  await look('sitting')
}

export const enterFormal = (page, look) => enter(page, 'formal', look)

/** Confirms the exam by its link and enters the formal session. */
export async function confirmAndEnter(page, address, exam, look) {
  await confirmExam(page, address, exam, look)
  await enterFormal(page, look)
}

/** From the exam's page: signs its pledge, and comes back. */
export async function signPledge(page, name) {
  await page.getByTestId('do-pledge').click()
  await page.getByTestId('sign-form').waitFor()
  await seen(page, 'candidate-pledge')
  await fill(page, 'signature', name)
  await drawSignature(page)
  await seen(page, 'candidate-pledge-filled')
  await page.getByTestId('sign').click()
  await page.getByTestId('sign-yes').waitFor()
  await seen(page, 'candidate-pledge-question')
  await page.getByTestId('sign-yes').click()
  await page.getByTestId('task-done').waitFor()
  await seen(page, 'candidate-pledge-signed')
  await page.getByTestId('task-back').click()
  await page.locator('[data-testid="task-pledge"][data-state="done"]').waitFor()
}

async function drawSignature(page) {
  const pad = page.getByTestId('signature-pad')
  await pad.scrollIntoViewIfNeeded()
  const { x, y, width, height } = await pad.boundingBox()
  const at = (across, down) => [x + width * across, y + height * down]
  await page.mouse.move(...at(0.2, 0.3))
  await page.mouse.down()
  for (const point of [at(0.35, 0.7), at(0.5, 0.3), at(0.65, 0.7), at(0.8, 0.35)]) await page.mouse.move(...point, { steps: 6 })
  await page.mouse.up()
}

/** Opens the first subject and records a take of so many seconds. */
export async function record(page, { seconds, during }) {
  await beginTake(page)
  await until('captured', async () => (await capturedSeconds(page)) >= seconds, (seconds + 60) * 1000)
  if (during) await during()
  await confirmed(page, 'hold-to-stop', 'stop')
  await page.getByTestId('finished').waitFor({ timeout: 60_000 })
  await seen(page, 'candidate-finished')
}

/** Opens the first subject and gets as far as the recording. */
export async function beginTake(page) {
  await page.getByTestId('subject').first().click()
  await page.getByTestId('start-take').waitFor()
  await seen(page, 'candidate-subject')
  await page.getByTestId('start-take').click()
  await page.getByTestId('begin-take').waitFor()
  await seen(page, 'candidate-setup')
  await page.getByTestId('begin-take').click()
  await page.getByTestId('in-place').click({ timeout: 20_000 })
  await page.getByTestId('captured').waitFor({ timeout: 60_000 })
}

/** What the recorder says it has captured, in seconds. */
export async function capturedSeconds(page) {
  const text = (await page.getByTestId('captured').textContent()) ?? '0:00'
  return text.trim().split(':').reduce((sum, digits) => sum * 60 + Number(digits), 0)
}

/** From the finished recording: plays it back, submits it. */
export async function submitTake(page) {
  await page.getByTestId('to-playback').click()
  await page.locator('video').first().waitFor()
  await seen(page, 'candidate-take')
  await page.getByTestId('submit-take').click()
  await page.getByTestId('submit-yes').click()
  await page.getByTestId('delivery').first().waitFor({ timeout: 30_000 })
}
