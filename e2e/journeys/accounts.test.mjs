// Accounts: by e-mail from elsewhere, a password set anew, consents, a second phone during a formal exam, and two
// candidates on one phone.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { seen } from '../lib/accessible.mjs'
import { PHONE, openBrowser } from '../lib/browser.mjs'
import { beginTake, capturedSeconds, confirmAndEnter, confirmed, fill, signIn, submitTake, until } from '../lib/candidate.mjs'
import { newestCode, signedUp } from '../lib/codes.mjs'
import { startDemo } from '../lib/demo.mjs'
import { deliveredTake, sittingView } from '../lib/footage.mjs'

const EMAIL = 'li.hua@example.com'
const IPHONE = { ...PHONE, userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1' }

let demo
before(async () => (demo = await startDemo()))
after(() => demo?.end())

async function askForCode(page, name, contact) {
  await fill(page, name, contact)
  await page.getByTestId('send-code').click()
  await page.getByTestId('code-sent').waitFor()
}

test('somebody from elsewhere signs up by e-mail, agrees, withdraws, and sets the password anew', { timeout: 180_000 }, async () => {
  const { context, page } = await openBrowser(PHONE)
  await page.goto(`${demo.address}/sign-up`)
  await page.getByTestId('to-sign-up-email').waitFor()
  await seen(page, 'account-sign-up')
  await page.getByTestId('to-sign-up-email').click()
  await page.getByTestId('field-email').waitFor()
  await askForCode(page, 'email', 'Li.Hua@Example.com')
  await page.getByTestId('code-help').locator('summary').click()
  await seen(page, 'account-sign-up-email')
  const registered = await newestCode(demo, EMAIL)
  await fill(page, 'code', registered)
  await fill(page, 'password', 'a-long-password')
  await page.getByTestId('sign-up').click()
  await until('signed up', () => !page.url().includes('sign-up'))

  await page.goto(`${demo.address}/my`)
  assert.equal(await page.getByTestId('my-email').innerText(), 'li***@example.com')
  await seen(page, 'account-my')
  await agree(page)
  await devices(page)

  await page.goto(`${demo.address}/my`)
  await confirmed(page, 'sign-out', 'sign-out')
  await page.getByTestId('to-reset').click()
  await askForCode(page, 'contact', EMAIL)
  await seen(page, 'account-reset')
  await fill(page, 'code', await newestCode(demo, EMAIL, registered))
  await fill(page, 'password', 'another-password')
  await page.getByTestId('reset-password').click()
  await page.getByTestId('reset-done').waitFor()
  await seen(page, 'account-sign-in')
  await signIn(page, demo.address, { phone: EMAIL, password: 'another-password' })
  await context.close()
})

/** Seventeen years old: first a guardian signs, then the candidate; then it is withdrawn. */
async function agree(page) {
  const born = `${new Date().getFullYear() - 17}-01-01`
  await page.getByTestId('to-consents').click()
  await page.getByTestId('consent-faces').waitFor()
  await seen(page, 'account-consents')
  await page.getByTestId('read-faces').click()
  await fill(page, 'signature', '李华')
  await fill(page, 'birth-date', born)
  await page.getByTestId('sign-consent').click()
  await page.getByTestId('refusal').waitFor()
  assert.match(await page.getByTestId('refusal').innerText(), /监护人先签名/)
  await seen(page, 'account-consent-faces')
  await page.getByTestId('back').click()
  await page.getByTestId('read-guardian').click()
  await fill(page, 'signature', '李大')
  await page.getByTestId('field-relation').selectOption('father')
  await fill(page, 'birth-date', born)
  await page.getByTestId('sign-consent').click()
  await page.locator('[data-testid="consent-guardian"][data-holds="true"]').waitFor()
  await page.getByTestId('read-faces').click()
  await fill(page, 'signature', '李华')
  await page.getByTestId('sign-consent').click()
  await page.locator('[data-testid="consent-faces"][data-holds="true"]').waitFor()
  await seen(page, 'account-consents-signed')
  await page.getByTestId('read-guardian').click()
  await page.getByTestId('withdraw').click()
  await page.getByTestId('withdraw-sheet').waitFor()
  await seen(page, 'account-consent-withdraw')
  await page.getByTestId('withdraw-yes').click()
  await page.getByTestId('consent-form').waitFor()
  await page.getByTestId('back').click()
  // A minor's own word does not hold without the guardian's.
  await page.locator('[data-testid="consent-faces"][data-holds="false"]').waitFor()
}

async function devices(page) {
  await page.goto(`${demo.address}/my`)
  await page.getByTestId('to-logins').click()
  await page.getByTestId('login').waitFor()
  assert.match(await page.getByTestId('login').innerText(), /Pixel 8 · Android 14 · Chrome[\s\S]*本机/)
  await seen(page, 'account-devices')
}

test('a second phone is asked during a formal exam, the first is told, and its take goes on', { timeout: 240_000 }, async () => {
  const [candidate] = demo.candidates
  const first = await openBrowser(PHONE)
  await signIn(first.page, demo.address, candidate)
  await confirmAndEnter(first.page, demo.address, demo.exam)
  const sitting = first.page.url()
  await beginTake(first.page)
  await until('captured', async () => (await capturedSeconds(first.page)) >= 2)

  const second = await openBrowser(IPHONE)
  await second.page.goto(`${demo.address}/sign-in`)
  await fill(second.page, 'account', candidate.phone)
  await fill(second.page, 'password', candidate.password)
  await second.page.getByTestId('sign-in').click()
  await second.page.getByTestId('take-over-sheet').waitFor()
  await seen(second.page, 'account-take-over')
  await first.page.locator('[data-testid="second-sign-in"][data-outcome="asked"]').waitFor({ timeout: 20_000 })
  await seen(first.page, 'account-told-while-recording')
  await second.page.getByTestId('take-over-yes').click()
  await until('signed in', () => !second.page.url().includes('sign-in'))
  await first.page.locator('[data-testid="second-sign-in"][data-outcome="taken_over"]').waitFor({ timeout: 20_000 })
  await second.page.goto(sitting)
  await second.page.getByTestId('other-device').waitFor()
  await seen(second.page, 'account-other-device')

  const before = await capturedSeconds(first.page)
  await until('the take goes on', async () => (await capturedSeconds(first.page)) >= before + 2)
  await confirmed(first.page, 'hold-to-stop', 'stop')
  await first.page.getByTestId('finished').waitFor({ timeout: 60_000 })
  await submitTake(first.page)
  const take = await deliveredTake(first.page)
  assert.equal(take.interruptions, 0)
  await first.context.close()
  await second.context.close()
})

test('where an exam refuses it, a second sign-in says whom to ask, and the exam goes on', { timeout: 120_000 }, async () => {
  const candidate = demo.candidates[1]
  const admin = await demo.as('admin')
  const { revision } = await admin.call('GET', `/console/exams/${demo.exam}`)
  const body = { ...revision.body, settings: { ...revision.body.settings, second_login: 'refuse' } }
  await admin.call('PUT', `/console/exams/${demo.exam}/draft`, { command_id: crypto.randomUUID(), based_on: revision.number, body })
  const first = await openBrowser(PHONE)
  await signIn(first.page, demo.address, candidate)
  await confirmAndEnter(first.page, demo.address, demo.exam)

  const second = await openBrowser(IPHONE)
  await second.page.goto(`${demo.address}/sign-in`)
  await fill(second.page, 'account', candidate.phone)
  await fill(second.page, 'password', candidate.password)
  await second.page.getByTestId('sign-in').click()
  await second.page.getByTestId('refusal').waitFor()
  assert.match(await second.page.getByTestId('refusal').innerText(), /不能在另一台设备登录[\s\S]*监考/)
  await seen(second.page, 'account-second-refused')
  await first.page.locator('[data-testid="second-sign-in"][data-outcome="refused"]').waitFor({ timeout: 20_000 })
  await seen(first.page, 'account-told')
  assert.equal((await sittingView(first.page)).phase.state, 'open')
  // Signed out on the first phone, nothing stands in the way of another.
  await first.page.request.delete(`${demo.address}/api/logins/current`, { headers: { 'Yikao-Client': 'e2e' } })
  await second.page.getByTestId('sign-in').click()
  await until('signed in', () => !second.page.url().includes('sign-in'))
  await first.context.close()
  await second.context.close()
})

test('two candidates on one phone keep their footage apart, and leaving with undelivered footage warns', { timeout: 240_000 }, async () => {
  const candidate = demo.candidates[2]
  const other = { phone: '13700000021', password: 'a-long-password' }
  await signedUp(demo, other.phone, other.password)
  const { context, page } = await openBrowser(PHONE)
  await signIn(page, demo.address, candidate)
  await confirmAndEnter(page, demo.address, demo.exam)
  const sitting = page.url()
  await context.route(/\/segments\//, (route) => route.abort())
  await beginTake(page)
  await until('captured', async () => (await capturedSeconds(page)) >= 4)
  await confirmed(page, 'hold-to-stop', 'stop')
  await page.getByTestId('finished').waitFor({ timeout: 60_000 })
  await submitTake(page)

  await page.goto(`${demo.address}/my`)
  await page.getByTestId('upload-bar').waitFor()
  await page.getByTestId('sign-out').click()
  const warning = page.getByTestId('sign-out-warning')
  await warning.waitFor()
  assert.ok(Number(await warning.getAttribute('data-unsent')) > 0)
  assert.match(await page.getByTestId('sign-out-sheet').innerText(), /录像会留在这台手机里/)
  await seen(page, 'account-sign-out-warning')
  await page.getByTestId('sign-out-yes').click()
  await until('signed out', () => page.url().includes('sign-in'))

  await signIn(page, demo.address, other)
  await page.goto(`${demo.address}/my`)
  await page.getByTestId('sign-out').click()
  assert.equal(await warning.getAttribute('data-unsent'), '0', 'what another candidate left is not theirs')
  await page.getByTestId('sign-out-yes').click()
  await until('signed out', () => page.url().includes('sign-in'))

  await context.unroute(/\/segments\//)
  await signIn(page, demo.address, candidate)
  await page.goto(`${sitting}/delivery`)
  const take = await deliveredTake(page)
  assert.ok(take.parts.every((part) => part.complete), 'what had waited is delivered')
  await context.close()
})
