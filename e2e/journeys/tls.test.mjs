// A trial on a local network: the server is its own certificate authority, and phones get the camera over HTTPS.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { seen } from '../lib/accessible.mjs'
import { PHONE, openBrowser } from '../lib/browser.mjs'
import { signIn, until } from '../lib/candidate.mjs'
import { startDemo } from '../lib/demo.mjs'
import { get } from '../lib/server.mjs'

let demo
before(async () => (demo = await startDemo({ tls: 'local-ca' })))
after(() => demo?.end())

test('the certificate that a phone installs is the one that vouches for the server', async () => {
  const stranger = { rejectUnauthorized: false }
  const page = await get(`${demo.address}/ca`, stranger)
  assert.equal(page.status, 200)
  assert.match(page.text, /\/ca\.crt/)
  const certificate = await get(`${demo.address}/ca.crt`, stranger)
  assert.equal(certificate.headers['content-type'], 'application/x-x509-ca-cert')
  assert.equal(certificate.text, await readFile(join(demo.server.data, 'ca', 'ca.pem'), 'utf8'))
  await assert.rejects(get(`${demo.address}/healthz`), 'nobody trusts it unasked')
  const trusting = await get(`${demo.address}/healthz`, { ca: certificate.text })
  assert.equal(trusting.status, 200)
})

test('over HTTPS a candidate signs in and the camera opens', { timeout: 90_000 }, async () => {
  const { context, page } = await openBrowser(PHONE)
  await page.goto(`${demo.address}/ca`)
  await seen(page, 'ca')
  await signIn(page, demo.address, demo.candidates[0])
  const cookie = (await context.cookies()).find(({ name }) => name === 'yikao_login')
  assert.ok(cookie.secure && cookie.httpOnly, 'the login cookie is for HTTPS and for the server alone')
  assert.equal(cookie.sameSite, 'Lax')
  await page.reload()
  await page.getByTestId('check-and-confirm').click()
  await page.getByTestId('confirm-exam').click()
  await page.getByTestId('to-check').click()
  await page.getByTestId('start-check').click()
  const camera = page.getByTestId('camera')
  await until('the camera shows a picture', () => camera.evaluate((video) => video.videoWidth > 0 && video.currentTime > 0))
  assert.ok(await page.evaluate(() => window.isSecureContext))
  await until('the checks are done', async () => (await page.locator('[data-testid="checks"] [data-state="running"]').count()) === 0)
  await seen(page, 'candidate-check')
  await context.close()
})
