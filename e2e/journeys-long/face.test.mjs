// One's face, verified: a photo that moves its head as the page asks passes beside a portrait of the same person, and a
// still does not; the person at the desk is offered throughout. The engine is real, the camera is a canvas.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { accessible } from '../lib/accessible.mjs'
import { PHONE, openBrowser, shot } from '../lib/browser.mjs'
import { photo, photoCamera } from '../lib/camera.mjs'
import { confirmAndEnter, signIn } from '../lib/candidate.mjs'
import { startDemo } from '../lib/demo.mjs'
import { agreeToFaces, examWithFaces } from '../lib/faces.mjs'

const MODELS = join(import.meta.dirname, '../../.cache/models')

let demo
before(async () => (demo = await startDemo({ args: ['--models', MODELS] })))
after(() => demo?.end())

/** In an exam that asks for faces, with a portrait to compare with. */
async function inAnExam(follows) {
  const exam = await examWithFaces(demo)
  const { page } = await openBrowser(PHONE)
  await photoCamera(page, demo.address, 'obama2.jpg', follows)
  await signIn(page, demo.address, demo.candidates[0])
  await agreeToFaces(page, demo.address, demo.candidates[0].name).catch(() => undefined)
  await portrait(page)
  await confirmAndEnter(page, demo.address, exam)
  await page.locator('[data-testid="face-bar"][data-code="face.unverified"]').waitFor()
  await page.getByTestId('to-face').click()
  await page.getByTestId('face-start').waitFor()
  return page
}

async function portrait(page) {
  const { profile } = await (await page.request.get(`${demo.address}/api/me/profile`)).json()
  if (profile) return
  const headers = { 'Yikao-Client': 'e2e' }
  const id = randomUUID()
  const sent = await page.request.put(`${demo.address}/api/me/pictures/${id}?kind=portrait`, { headers: { ...headers, 'Content-Type': 'image/jpeg' }, data: photo('obama.jpg') })
  assert.equal(sent.status(), 200, await sent.text())
  const data = { command_id: randomUUID(), class: 'other', school_roll: { school: '青山中学', stage: '高三' }, portrait_picture: id }
  const kept = await page.request.put(`${demo.address}/api/me/profile`, { headers, data })
  assert.equal(kept.status(), 200, await kept.text())
}

test('a still does not pass, says why, and offers the desk', { timeout: 180_000 }, async () => {
  const page = await inAnExam(false)
  await shot(page, 'face-before')
  await accessible(page, 'face')
  await page.getByTestId('face-start').click()
  await page.locator('[data-testid="face-camera"][data-begun="true"]').waitFor({ timeout: 30_000 })
  await shot(page, 'face-running')
  await accessible(page, 'face running')
  await page.locator('[data-testid="face-result"][data-code="face.not_followed"]').waitFor({ timeout: 120_000 })
  await shot(page, 'face-not-followed')
  await accessible(page, 'face failed')
  await page.getByTestId('to-desk').waitFor()
  await page.context().close()
})

test('who follows is verified, and the red bar is gone', { timeout: 120_000 }, async () => {
  const page = await inAnExam(true)
  await page.getByTestId('face-start').click()
  await page.getByTestId('face-passed').waitFor({ timeout: 60_000 })
  await shot(page, 'face-passed')
  await accessible(page, 'face passed')
  await page.getByTestId('face-onwards').click()
  await page.getByTestId('subject').first().waitFor()
  assert.equal(await page.getByTestId('face-bar').count(), 0)
})
