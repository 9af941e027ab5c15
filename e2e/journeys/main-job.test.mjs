// The main job: a candidate confirms, enters, records, plays back, submits and keeps a receipt; the footage
// becomes a file that plays in the console.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { seen } from '../lib/accessible.mjs'
import { DESKTOP, PHONE, openBrowser, probe } from '../lib/browser.mjs'
import { confirmAndEnter, record, signIn, submitTake, until } from '../lib/candidate.mjs'
import { startDemo } from '../lib/demo.mjs'
import { loudest, tone } from '../lib/sound.mjs'

let demo
before(async () => (demo = await startDemo()))
after(() => demo?.end())

test('from the list to the judge', { timeout: 240_000 }, async () => {
  const sung = tone(join(demo.folder, 'sung.wav'), 440)
  const { context, page } = await openBrowser(PHONE, { audio: `${sung}%noloop` })
  await signIn(page, demo.address, demo.candidates[0])
  await page.getByTestId('pending-exam').waitFor()
  await seen(page, 'candidate-home')
  await confirmAndEnter(page, demo.address, demo.exam)
  await record(page, { seconds: 8, during: () => seen(page, 'candidate-recorder') })
  await submitTake(page)
  await until('delivered', () => page.locator('[data-testid="delivery"][data-state="complete"]').count())
  await seen(page, 'candidate-delivery')
  await page.getByTestId('to-receipts').first().click()
  await until('both receipts', async () => (await page.getByTestId('receipt').count()) >= 2)
  await seen(page, 'candidate-receipts')
  await context.close()

  const staff = await demo.as('judge')
  const list = await staff.call('GET', `/console/exams/${demo.exam}/sittings`)
  const sitting = list.items[0].sitting_id
  const review = await staff.call('GET', `/console/sittings/${sitting}`)
  const part = review.parts.find((one) => one.media_url)
  assert.ok(part, 'a part can be played')
  const file = join(demo.folder, 'delivered.mp4')
  const media = await fetch(new URL(part.media_url, demo.address), { headers: { Cookie: staff.cookie } })
  assert.equal(media.status, 200)
  writeFileSync(file, Buffer.from(await media.arrayBuffer()))
  const { format, streams } = probe(file)
  assert.deepEqual(new Set(streams.map((stream) => stream.codec_type)), new Set(['video', 'audio']))
  assert.ok(Number(format.duration) > 6, `lasts ${format.duration} s`)
  assert.ok(Math.abs(loudest(file) - 440) < 15, 'the tone is in the recorded sound')
  await playsInTheConsole(sitting)
})

async function playsInTheConsole(sitting) {
  const { context, page } = await openBrowser(DESKTOP)
  await signIn(page, `${demo.address}/console`, demo.staff('judge'))
  await page.goto(`${demo.address}/console/sittings/${sitting}`)
  const video = page.locator('video').first()
  await video.evaluate(async (element) => {
    element.muted = true
    await element.play()
  })
  await until('it plays in the console', () => video.evaluate((element) => element.currentTime > 1))
  await seen(page, 'console-review')
  await context.close()
}

test('the exported evidence is sound, and a changed byte is found', async () => {
  const staff = await demo.as('proctor')
  const { items } = await staff.call('GET', `/console/exams/${demo.exam}/sittings`)
  const answer = await fetch(`${demo.address}/api/console/sittings/${items[0].sitting_id}/bundle`, {
    headers: { Cookie: staff.cookie },
  })
  const bundle = Buffer.from(await answer.arrayBuffer())
  const { keys } = await staff.call('GET', '/server')
  const check = (bytes, name) => {
    const file = join(demo.folder, name)
    writeFileSync(file, bytes)
    const key = `${keys[0].kid}:${keys[0].public_key}`
    return execFileSync(demo.server.binary, ['verify', file, '--key', key], { encoding: 'utf8', stdio: 'pipe' })
  }
  assert.match(check(bundle, 'sound.tar'), /sound/)
  const changed = Buffer.from(bundle)
  changed[changed.length - 4096] ^= 1
  assert.throws(() => check(changed, 'changed.tar'), /not sound/)
})
