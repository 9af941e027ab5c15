// A phone kills the browser in mid-take. Started again, it goes on with the same take in a second part; of what was
// captured before, at most the slice that was still being made is missing.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { seen } from '../lib/accessible.mjs'
import { PHONE, killBrowser, openBrowser, probe } from '../lib/browser.mjs'
import { beginTake, capturedSeconds, confirmAndEnter, confirmed, signIn, submitTake, until } from '../lib/candidate.mjs'
import { startDemo } from '../lib/demo.mjs'
import { deliveredTake, saveMedia } from '../lib/footage.mjs'
import { watchSlices } from '../lib/slices.mjs'

/** The slice that was being made: from key frame to key frame, which are a second apart. */
const LAST_SLICE_MS = 1_000
/** What it may take to hand a slice over on a machine that is busy. */
const HANDING_OVER_MS = 1_000

let demo
before(async () => (demo = await startDemo()))
after(() => demo?.end())

test('a killed browser loses no more than the last slice', { timeout: 240_000 }, async () => {
  const first = await openBrowser(PHONE)
  await signIn(first.page, demo.address, demo.candidates[0])
  await first.context.close()

  const killed = await openBrowser(PHONE, { profile: first.profile })
  const slices = await watchSlices(killed.context)
  await confirmAndEnter(killed.page, demo.address, demo.exam)
  await beginTake(killed.page)
  await until('captured', async () => (await capturedSeconds(killed.page)) >= 8)
  const killed_at = Date.now()
  await killBrowser(killed)
  const captured_ms = killed_at - slices.started_at()

  const again = await openBrowser(PHONE, { profile: first.profile })
  const { page } = again
  await page.goto(demo.address)
  await page.getByTestId('resume-recording').waitFor()
  await seen(page, 'candidate-resume')
  await page.getByTestId('resume-recording').click()
  await page.getByTestId('interrupted').waitFor()
  await seen(page, 'candidate-interrupted')
  await page.getByTestId('resume-take').click()
  const before_resuming = Math.floor((captured_ms - LAST_SLICE_MS) / 1000)
  await until('it goes on', async () => (await capturedSeconds(page)) >= before_resuming + 5)
  await confirmed(page, 'hold-to-stop', 'stop')
  await page.getByTestId('finished').waitFor({ timeout: 60_000 })
  await submitTake(page)

  const take = await deliveredTake(page)
  assert.equal(take.number, 1, 'the same take')
  assert.equal(take.parts.length, 2)
  assert.ok(take.parts.every((part) => part.complete), 'both parts are whole')
  assert.equal(take.interruptions, 1)
  const durations = []
  for (const part of take.parts) {
    const file = await saveMedia(page, part, join(demo.folder, `part-${part.number}.mp4`))
    durations.push(1000 * Number(probe(file).format.duration))
  }
  const missing_ms = captured_ms - durations[0]
  console.log(`# captured ${captured_ms} ms, delivered ${durations[0]} ms, missing ${missing_ms} ms`)
  assert.ok(missing_ms <= LAST_SLICE_MS + HANDING_OVER_MS, `${missing_ms} ms before the kill are missing`)
  assert.ok(missing_ms >= -HANDING_OVER_MS, 'nothing is counted twice')
  const [one] = slices.parts()
  assert.ok(durations[0] >= one.at(-2).at - slices.started_at() - HANDING_OVER_MS, 'every slice but the last is there')
  assert.ok(durations[1] >= 2_500, `the second part lasts ${durations[1]} ms`)
  await again.context.close()
})
