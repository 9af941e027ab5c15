// The FAQ of a fitness test (S1), in its order; what it asks of the exam itself comes where the exam is. The engine that
// looks at faces is real, the camera is a photo that moves its head as the page asks, or does not.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { seen } from '../lib/accessible.mjs'
import { PHONE, openBrowser } from '../lib/browser.mjs'
import { photoCamera, photoPath } from '../lib/camera.mjs'
import { confirmShown, enter, enterFormal, fill, record, submitTake, toConfirm, until } from '../lib/candidate.mjs'
import { signUp } from '../lib/codes.mjs'
import { startDemo } from '../lib/demo.mjs'
import { openExam } from '../lib/exams.mjs'
import { refusedThrice, verifies } from '../lib/faces.mjs'
import { deliveredTake, sittingId, sittingView } from '../lib/footage.mjs'
import { inOrder } from '../lib/manual.mjs'

const GUIDE = 'https://school.example/guide.pdf'
const SUPPORT = { qq: '', phone: '', email: 'admissions@school.example', hours: '', guide_url: GUIDE }
const [NAME, NUMBER] = ['马丁', 'E10000021']
const IPAD = 'Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1'

let demo, exam, page, camera, sitting
before(async () => {
  demo = await startDemo()
  exam = await openExam(demo, {
    preset: 'fitness_test',
    title: '2027 年综合评价体育测试',
    // The school has written down another type of document.
    row: `${NAME},通行证,${NUMBER},国外`,
    settings: { position_ms: 4000, storage_min_bytes: 1 },
    rehearsals: { mock: '模拟考试' },
    more: { support: SUPPORT },
  })
})
after(() => demo?.end())

test('S1: the questions of a fitness test, from the account to the delivered take', { timeout: 480_000 }, async (context) => {
  const t = inOrder(context)
  await theAccount(t)
  await theDocument(t)
  await theFace(t)
  await beforehand(t)
  await theExam(t)
  await theSubmission(t)
})

const choose = (name, value) => page.locator(`select[data-testid="field-${name}"]`).selectOption(value)

async function sayWho(type, number, province) {
  await choose('document-type', type)
  await fill(page, 'name', NAME)
  await fill(page, 'document-number', number)
  await choose('province', province)
}

async function theAccount(t) {
  await t.test('一7 一8 B4 B6: a code is sent to a number, which may be a parent’s', async () => {
    page = (await openBrowser(PHONE)).page
    camera = await photoCamera(page, demo.address, 'obama2.jpg', false)
    await signUp(page, demo, '13700000021', `/e/${exam}`)
  })

  await t.test('一9 A13: whoever sees English changes it on the page itself, and back', async () => {
    await page.goto(`${demo.address}/my`)
    for (const language of ['en', 'zh-CN']) {
      await page.getByTestId(`language-${language}`).click()
      await until(language, async () => (await page.locator('html').getAttribute('lang')) === language)
    }
  })
}

async function theDocument(t) {
  await t.test('一2 C10 C11 C12 U8: a document that another account has is told at once, with the way to appeal or another number', async () => {
    const agent = await demo.as('agent')
    const [{ document_number }] = await agent.call('GET', `/desk/candidates?q=${demo.candidates[0].phone}`)
    await page.goto(`${demo.address}/identity`)
    await sayWho('id_card', document_number, '北京')
    await page.getByTestId('identity-check').click()
    await page.getByTestId('identity-yes').click()
    await page.locator('[data-testid="claim"][data-state="taken"]').waitFor()
    assert.match(await page.getByTestId('claim').innerText(), /身份证已被验证/)
    await page.getByTestId('to-appeal').waitFor()
    await page.getByTestId('claim-again').click()
  })

  await t.test('一3 C13: a photo that cannot be read says so where it is taken, and may be taken again', async () => {
    await choose('document-type', 'id_card')
    await page.getByTestId('file-card_front').first().setInputFiles(photoPath('obama.jpg'))
    await page.getByTestId('refusal').first().waitFor({ timeout: 60_000 })
    assert.equal(await page.getByTestId('photo-card_front').first().getAttribute('data-state'), 'empty')
  })

  await t.test('一6 C3 C6 D1: a passport goes with its page; 高考生 or 其他 makes no difference', async () => {
    await choose('document-type', 'passport')
    await page.getByTestId('file-document_page').first().setInputFiles(photoPath('obama.jpg'))
    await page.locator('[data-testid="photo-document_page"][data-state="kept"]').first().waitFor()
    await sayWho('passport', NUMBER, '国外')
    await page.getByTestId('identity-check').click()
    await page.getByTestId('identity-yes').click()
    await page.getByTestId('profile-form').waitFor()
    assert.match(await page.getByTestId('profile-form').innerText(), /没有区别/)
  })
}

async function theFace(t) {
  await t.test('一4 C14 F1 F6: a still does not pass, is told why, and finds the desk', async () => {
    await page.goto(`${demo.address}/face`)
    await page.getByTestId('read-consent').click()
    await fill(page, 'signature', NAME)
    await fill(page, 'birth-date', '2000-01-01')
    await page.getByTestId('sign-consent').click()
    await page.getByTestId('face-start').waitFor()
    await seen(page, 'face-before')
    await page.getByTestId('face-start').click()
    await page.locator('[data-testid="face-camera"][data-begun="true"]').waitFor({ timeout: 30_000 })
    await seen(page, 'face-running')
    await page.locator('[data-testid="face-result"][data-code="face.not_followed"]').waitFor({ timeout: 150_000 })
    await seen(page, 'face-not-followed')
    await page.getByTestId('to-desk').waitFor()
  })

  await t.test('一4 F2 F3: who does what the page says passes', async () => {
    await camera.follow()
    await verifies(page)
  })

  await t.test('一11 E2 SP2: the desk says when it answers, holidays included', async () => {
    await page.goto(`${demo.address}/desk`)
    assert.match(await page.getByTestId('desk-hours').innerText(), /8:00.*24:00/)
  })
}

async function beforehand(t) {
  await t.test('二3 G8 G9 U4: 信息不一致 names the type of document, and the school’s own address is beside it', async () => {
    await toConfirm(page, demo.address, exam)
    await page.locator('[data-testid="refusal"][data-code="roster.document_type_differs"]').first().waitFor()
    const text = await page.locator('#app').innerText()
    assert.match(text, /信息不一致/)
    assert.ok(text.includes(SUPPORT.email))
    const admin = await demo.as('admin')
    const { items } = await admin.call('GET', `/console/exams/${exam}/roster?q=${encodeURIComponent(NAME)}`)
    await admin.call('PATCH', `/console/roster-entries/${items[0].id}`, { command_id: randomUUID(), document_type: 'passport' })
    await page.reload()
    await confirmShown(page)
  })

  await t.test('一1 二2 A1: a tablet is told that the exam is taken on a phone', async () => {
    const tablet = await page.context().newPage()
    await tablet.addInitScript((name) => Object.defineProperty(navigator, 'userAgent', { get: () => name }), IPAD)
    await tablet.goto(page.url())
    assert.match(await tablet.getByTestId('demo-device').innerText(), /只能用手机/)
    await tablet.close()
  })

  await t.test('二6 SP4: the school’s own guide is on the exam’s page', async () => {
    assert.equal(await page.getByTestId('guide').getAttribute('href'), GUIDE)
  })

  await t.test('二4 二5 F8 J1 J5 W3: the mock looks at the real face before its take', async () => {
    await enter(page, 'mock')
    const checked = page.waitForResponse((answer) => answer.request().method() === 'POST' && /face/.test(answer.url()))
    await record(page, { seconds: 3 })
    assert.ok((await checked).ok())
  })
}

async function toTheCamera() {
  await page.getByTestId('subject').first().click()
  await page.getByTestId('start-take').click()
  await page.getByTestId('begin-take').waitFor()
}

async function theExam(t) {
  await t.test('一5 F4 F5 W23: three faces in a row that are not one’s own lead back to the list, and no attempt is used', async () => {
    await page.goto(demo.address)
    await page.getByTestId('confirmed-exam').click()
    await enterFormal(page)
    sitting = sittingId(page)
    await toTheCamera()
    await refusedThrice(page, camera)
    assert.equal((await sittingView(page, sitting)).subjects[0].attempts.left, 10)
  })

  await t.test('一5 F1 F5: the red area leads to the verification, and the exam goes on', async () => {
    await camera.show('obama2.jpg')
    await page.getByTestId('to-face').click()
    await camera.follow()
    await verifies(page)
    await page.getByTestId('face-onwards').click()
    await page.getByTestId('subject').first().waitFor()
    assert.equal(await page.getByTestId('face-bar').count(), 0)
  })

  await t.test('二13 二14 A21 L1 L2 L3: a take is recorded, not mirrored; nine of ten are left', async () => {
    await record(page, { seconds: 3, during: async () => {
      assert.equal(await page.getByTestId('camera').evaluate((video) => getComputedStyle(video).transform), 'none')
    } })
    assert.equal((await sittingView(page, sitting)).subjects[0].attempts.left, 9)
  })
}

async function theSubmission(t) {
  await t.test('二9 二12 N1 N3 N6 N10: it is submitted, and followed until it is delivered', async () => {
    await submitTake(page)
    const take = await deliveredTake(page)
    assert.ok(take.parts.every((part) => part.complete))
  })
}
