// The network goes in mid-take, and then the page is loaded anew: the app comes back from the phone itself, says what it
// has and what is safe, and goes on with the same take once there is a network.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { seen } from '../lib/accessible.mjs'
import { PHONE, openBrowser } from '../lib/browser.mjs'
import { beginTake, capturedSeconds, confirmAndEnter, confirmed, signIn, submitTake, until } from '../lib/candidate.mjs'
import { startDemo } from '../lib/demo.mjs'
import { deliveredTake } from '../lib/footage.mjs'

let demo
before(async () => (demo = await startDemo()))
after(() => demo?.end())

test('a reload without a network in mid-take loses nothing', { timeout: 240_000 }, async () => {
  const { context, page } = await openBrowser(PHONE)
  page.on('dialog', (dialog) => void dialog.accept())
  await signIn(page, demo.address, demo.candidates[0])
  await until('the app keeps itself', () => page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state === 'activated'))
  await confirmAndEnter(page, demo.address, demo.exam)
  await beginTake(page)
  await until('captured', async () => (await capturedSeconds(page)) >= 5)
  await context.setOffline(true)
  const from = await capturedSeconds(page)
  await until('it goes on without a network', async () => (await capturedSeconds(page)) >= from + 4)

  await page.reload()
  const kept = page.getByTestId('kept')
  await kept.waitFor({ timeout: 30_000 })
  await page.getByTestId('kept-offline').waitFor()
  await seen(page, 'candidate-reloaded-offline')
  const [captured, safe] = await Promise.all(['data-captured-ms', 'data-safe-ms'].map(async (name) => Number(await kept.getAttribute(name))))
  assert.ok(captured >= (from + 2) * 1000, `${captured} ms of more than ${from} s are on the phone`)
  assert.ok(safe > 0 && safe <= (from + 2) * 1000, `${safe} ms are called safe`)

  await context.setOffline(false)
  await page.getByTestId('resume-take').click()
  await until('it goes on', async () => (await capturedSeconds(page)) >= captured / 1000 + 4)
  await confirmed(page, 'hold-to-stop', 'stop')
  await page.getByTestId('finished').waitFor({ timeout: 60_000 })
  await submitTake(page)
  const take = await deliveredTake(page)
  assert.equal(take.number, 1, 'the same take')
  assert.ok(take.parts.length === 2 && take.parts.every((part) => part.complete), JSON.stringify(take.parts))
})

test('during a sitting no other version of the app is installed', { timeout: 60_000 }, async () => {
  const { page } = await openBrowser(PHONE)
  await signIn(page, demo.address, demo.candidates[1])
  await until('it runs', () => page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state === 'activated'))
  await page.goto(demo.address)
  await page.evaluate(async () => {
    const memory = await caches.open('yikao-memory')
    await memory.put('/sitting-runs-until', new Response(String(Date.now() + 60_000)))
  })
  const before = await page.evaluate(() => caches.keys())
  const other = await page.evaluate(async () => {
    // The same worker under another name is what a new version looks like to the browser.
    const registration = await navigator.serviceWorker.register('/service-worker.js?next', { updateViaCache: 'none' })
    const next = registration.installing
    const ended = await new Promise((resolve) => {
      const look = () => next?.state !== 'installing' && resolve(next?.state ?? 'none')
      next?.addEventListener('statechange', look)
      look()
    })
    return { ended }
  })
  assert.equal(other.ended, 'redundant', 'it was not installed')
  assert.deepEqual(await page.evaluate(() => caches.keys()), before)
})
