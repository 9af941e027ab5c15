// From sign-up to a verified face: a photo that moves its head as the page asks passes beside the document of the same
// person, and a still does not. Then somebody else sits there three times, a person at the desk looks, and the exam goes
// on. The engine is real, the camera is a canvas.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { seen } from '../lib/accessible.mjs'
import { DESKTOP, PHONE, openBrowser } from '../lib/browser.mjs'
import { photoCamera, photoPath } from '../lib/camera.mjs'
import { confirmAndEnter, fill, signIn, until } from '../lib/candidate.mjs'
import { signUp } from '../lib/codes.mjs'
import { startDemo } from '../lib/demo.mjs'
import { agreeToFaces, examWithFaces } from '../lib/faces.mjs'

const NAME = '马丁'

let demo
before(async () => (demo = await startDemo()))
after(() => demo?.end())

/** Signs up, is confirmed by a passport, enters an exam that asks for faces, and comes to the page that verifies. */
async function atTheFacePage(phone, number, follows) {
  const exam = await examWithFaces(demo, { face_within_ms: 4000 }, `${NAME},护照,${number},国外`)
  const { page } = await openBrowser(PHONE)
  const camera = await photoCamera(page, demo.address, 'obama2.jpg', follows)
  await signUp(page, demo, phone)
  await agreeToFaces(page, demo.address, NAME, { year: 2000, month: 1, day: 1 })
  await page.goto(`${demo.address}/identity`)
  await page.locator('select[data-testid="field-document-type"]').selectOption('passport')
  await page.getByTestId('file-document_page').first().setInputFiles(photoPath('obama.jpg'))
  await page.locator('[data-testid="photo-document_page"][data-state="kept"]').first().waitFor()
  await fill(page, 'name', NAME)
  await fill(page, 'document-number', number)
  await page.locator('select[data-testid="field-province"]').selectOption('国外')
  await page.getByTestId('identity-check').click()
  await page.getByTestId('identity-yes').click()
  await page.getByTestId('profile-form').waitFor()
  await confirmAndEnter(page, demo.address, exam)
  await page.locator('[data-testid="face-bar"][data-code="face.unverified"]').waitFor()
  await page.getByTestId('to-face').click()
  await page.getByTestId('face-start').waitFor()
  return { page, camera }
}

test('a still does not pass, is told why, and finds the desk', { timeout: 240_000 }, async () => {
  const { page } = await atTheFacePage('13700000021', 'E10000021', false)
  await seen(page, 'face-before')
  await page.getByTestId('face-start').click()
  await page.locator('[data-testid="face-camera"][data-begun="true"]').waitFor({ timeout: 30_000 })
  await seen(page, 'face-running')
  await page.locator('[data-testid="face-result"][data-code="face.not_followed"]').waitFor({ timeout: 150_000 })
  await seen(page, 'face-not-followed')
  await page.getByTestId('to-desk').waitFor()
  await page.context().close()
})

test('who follows is verified; somebody else three times in a row is not, until a person has looked', { timeout: 240_000 }, async () => {
  const { page, camera } = await atTheFacePage('13700000022', 'E10000022', true)
  await page.getByTestId('face-start').click()
  await page.getByTestId('face-passed').waitFor({ timeout: 60_000 })
  await seen(page, 'face-passed')
  await page.getByTestId('face-onwards').click()
  await page.getByTestId('subject').first().waitFor()
  assert.equal(await page.getByTestId('face-bar').count(), 0)

  // Somebody else: twice there is another try, then it is back to the list with the red bar, and no attempt is used.
  await page.getByTestId('subject').first().click()
  await page.getByTestId('start-take').click()
  await page.getByTestId('begin-take').waitFor()
  await camera.show('biden.jpg')
  await page.getByTestId('begin-take').click()
  for (const left of [2, 1]) {
    await page.locator('[data-testid="face-stage"][data-code="face.failed"]').waitFor({ timeout: 30_000 })
    await until(`${left} left`, async () => (await page.getByTestId('face-stage').innerText()).includes(`${left}`))
    if (left === 2) await seen(page, 'face-failed')
    await page.getByTestId('face-again').click()
  }
  await page.locator('[data-testid="face-bar"][data-code="face.struck"]').waitFor({ timeout: 30_000 })
  await seen(page, 'face-struck')
  await page.getByTestId('to-desk').click()
  await page.getByTestId('field-desk-note').fill('我化了妆')
  await page.getByTestId('apply-review').click()
  await page.locator('[data-testid="my-review"][data-kind="face"][data-state="open"]').first().waitFor()

  const { page: desk } = await openBrowser(DESKTOP)
  await signIn(desk, `${demo.address}/console`, demo.staff('agent'))
  await desk.getByTestId('nav-desk').click()
  await desk.locator('[data-urgency="exam"], [data-urgency="alarm"]').first().waitFor({ timeout: 20_000 })
  await desk.keyboard.press('j')
  await desk.keyboard.press('o')
  await desk.getByTestId('review-note').first().waitFor()
  await desk.keyboard.press('c')
  await until('it is taken', () => desk.getByTestId('approve').isEnabled())
  await seen(desk, 'desk-review-of-strikes')
  await desk.keyboard.press('y')
  await desk.getByTestId('words-confirm').click()
  await desk.locator('[data-testid="review-state"][data-verdict="approved"]').waitFor()

  // The exam goes on with the candidate in front of the camera.
  await page.locator('[data-testid="my-review"][data-kind="face"][data-state="decided"]').first().waitFor({ timeout: 20_000 })
  await page.getByTestId('back').click()
  await page.getByTestId('subject').first().click()
  await until('a take can begin', () => page.getByTestId('start-take').isEnabled(), 20_000)
  await page.getByTestId('start-take').click()
  await page.getByTestId('begin-take').waitFor()
  await camera.show('obama2.jpg')
  await page.getByTestId('begin-take').click()
  await page.getByTestId('in-place').click({ timeout: 30_000 })
  await page.getByTestId('captured').waitFor({ timeout: 60_000 })

  // Within the take somebody else sits down: nothing stops, and reviewers find it on the timeline (F10).
  const sitting = /sittings?\/([0-9a-f-]{36})/.exec(page.url())?.[1]
  await camera.show('biden.jpg')
  const admin = await demo.as('admin')
  await until('it is marked', async () => {
    const { marks } = await admin.call('GET', `/console/sittings/${sitting}`)
    return marks.some((mark) => mark.kind === 'not_same_person')
  })
  await page.getByTestId('captured').waitFor()
})
