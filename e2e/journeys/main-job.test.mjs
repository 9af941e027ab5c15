// The main job: a candidate confirms, enters, records, plays back, submits and keeps a receipt; the footage
// becomes a file that plays in the console.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { DESKTOP, PHONE, openBrowser, probe } from '../lib/browser.mjs'
import { confirmAndEnter, record, signIn, submitTake, until } from '../lib/candidate.mjs'
import { Client, Server } from '../lib/server.mjs'
import { loudest, tone } from '../lib/sound.mjs'

let server, demo, folder
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yikao-journey-'))
  server = await Server.start()
  demo = JSON.parse(await readFile(join(server.data, 'demo.json'), 'utf8'))
})
after(() => server?.stop())

test('from the list to the judge', { timeout: 240_000 }, async () => {
  const candidate = demo.accounts.find((account) => account.role === 'candidate')
  const sung = tone(join(folder, 'sung.wav'), 440)
  const { context, page } = await openBrowser(PHONE, { audio: `${sung}%noloop` })
  await signIn(page, server.address, candidate)
  await confirmAndEnter(page, server.address, demo.exam)
  await record(page, { seconds: 8 })
  await submitTake(page)
  await until('delivered', () => page.locator('[data-testid="delivery"][data-state="complete"]').count())
  await page.getByTestId('to-receipts').first().click()
  await until('both receipts', async () => (await page.getByTestId('receipt').count()) >= 2)
  await context.close()

  const judge = demo.accounts.find((account) => account.role === 'judge')
  const staff = await new Client(server.address).signIn(judge.phone, judge.password)
  const list = await staff.call('GET', `/console/exams/${demo.exam}/sittings`)
  const review = await staff.call('GET', `/console/sittings/${list.items[0].sitting_id}`)
  const part = review.parts.find((one) => one.media_url)
  assert.ok(part, 'a part can be played')
  const file = join(folder, 'delivered.mp4')
  const media = await fetch(new URL(part.media_url, server.address), { headers: { Cookie: staff.cookie } })
  assert.equal(media.status, 200)
  writeFileSync(file, Buffer.from(await media.arrayBuffer()))
  const { format, streams } = probe(file)
  assert.deepEqual(new Set(streams.map((stream) => stream.codec_type)), new Set(['video', 'audio']))
  assert.ok(Number(format.duration) > 6, `lasts ${format.duration} s`)
  assert.ok(Math.abs(loudest(file) - 440) < 15, 'the tone is in the recorded sound')

  const console_ = await openBrowser(DESKTOP)
  await signIn(console_.page, `${server.address}/console`, judge)
  await console_.page.goto(`${server.address}/console/sittings/${list.items[0].sitting_id}`)
  const video = console_.page.locator('video').first()
  await video.evaluate(async (element) => {
    element.muted = true
    await element.play()
  })
  await until('it plays in the console', () => video.evaluate((element) => element.currentTime > 1))
  await console_.context.close()
})

test('the exported evidence is sound, and a changed byte is found', async () => {
  const proctor = demo.accounts.find((account) => account.role === 'proctor')
  const staff = await new Client(server.address).signIn(proctor.phone, proctor.password)
  const { items } = await staff.call('GET', `/console/exams/${demo.exam}/sittings`)
  const answer = await fetch(`${server.address}/api/console/sittings/${items[0].sitting_id}/bundle`, {
    headers: { Cookie: staff.cookie },
  })
  const bundle = Buffer.from(await answer.arrayBuffer())
  const { keys } = await staff.call('GET', '/server')
  const check = (bytes, name) => {
    const file = join(folder, name)
    writeFileSync(file, bytes)
    const key = `${keys[0].kid}:${keys[0].public_key}`
    return execFileSync(server.binary, ['verify', file, '--key', key], { encoding: 'utf8', stdio: 'pipe' })
  }
  assert.match(check(bundle, 'sound.tar'), /sound/)
  const changed = Buffer.from(bundle)
  changed[changed.length - 4096] ^= 1
  assert.throws(() => check(changed, 'changed.tar'), /not sound/)
})
