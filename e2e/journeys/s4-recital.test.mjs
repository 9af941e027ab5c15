// The manual of a recital (S4), in its order and in its words: what others call 考试 is a 录制 there, a 考生 a 研究生, and
// 报考 报名. No page inside of it says otherwise. The engine that looks at faces is real, the camera is a photo.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { seen } from '../lib/accessible.mjs'
import { DESKTOP, PHONE, openBrowser } from '../lib/browser.mjs'
import { photoCamera, photoPath } from '../lib/camera.mjs'
import { capturedSeconds, confirmed, confirmShown, enter, enterFormal, fill, record, signIn, submitTake, until } from '../lib/candidate.mjs'
import { newestCode } from '../lib/codes.mjs'
import { startDemo } from '../lib/demo.mjs'
import { openExam } from '../lib/exams.mjs'
import { refusedThrice, verifies } from '../lib/faces.mjs'
import { deliveredTake, sittingId, sittingView } from '../lib/footage.mjs'
import { inOrder } from '../lib/manual.mjs'

const OTHER = /考试|考生|报考/
const SUPPORT = { qq: '800180626', phone: '4001668807', email: '', hours: '周一到周日 9:00-20:00', guide_url: '' }
const [NAME, NUMBER, CONTACT, PASSWORD] = ['马丁', 'E10000022', '13700000022', 'a-long-password']

let demo, exam, page, camera, sitting
before(async () => {
  demo = await startDemo()
  exam = await openExam(demo, {
    preset: 'recital',
    title: '2027 年学位音乐会',
    row: `${NAME},护照,${NUMBER},国外`,
    settings: { position_ms: 4000, face_within_ms: 4000, storage_min_bytes: 1 },
    rehearsals: { practice: '录前练习', mock: '模拟录制' },
    more: { support: SUPPORT },
  })
})
after(() => demo?.end())

/** What stands on the page inside the recital; the red bar tells how the account stands with all exams, in the usual words. */
async function words(screen) {
  const text = await page.evaluate(() => {
    const bar = document.querySelector('[data-testid="face-bar"]')
    return document.body.innerText.replace(bar?.innerText ?? '', '')
  })
  assert.doesNotMatch(text, OTHER, `${screen}: ${text}`)
  return text
}

test('S4: the manual of a recital, from its link to 提交成功, in its own words', { timeout: 480_000 }, async (context) => {
  const t = inOrder(context)
  await signUpAndIn(t)
  await whoTheyAre(t)
  await beforehand(t)
  await facesOfTheRecital(t)
  await theTake(t)
  await afterwards(t)
})

async function signUpAndIn(t) {
  await t.test('1.1 A10 A12: the link opens on the phone, and nothing is asked for before it is needed', async () => {
    page = (await openBrowser(PHONE)).page
    camera = await photoCamera(page, demo.address, 'obama2.jpg')
    await page.goto(`${demo.address}/e/${exam}`)
    await page.locator('h1').first().waitFor()
    assert.ok(!camera.asked.has('camera') && !camera.asked.has('microphone'))
  })

  await t.test('1.2 B1 B2: a number, a code, a password; the entry for 港澳台侨及国际用户 is below', async () => {
    await page.goto(`${demo.address}/sign-up`)
    await page.getByTestId('to-sign-up-email').waitFor()
    await fill(page, 'phone', CONTACT)
    await page.getByTestId('send-code').click()
    await page.getByTestId('code-sent').waitFor()
    await fill(page, 'code', await newestCode(demo, CONTACT))
    await fill(page, 'password', PASSWORD)
    await page.getByTestId('sign-up').click()
    await until('signed up', () => !page.url().includes('sign-up'))
  })

  await t.test('1.3 B5: one signs in with number and password', async () => {
    await page.request.delete(`${demo.address}/api/logins/current`, { headers: { 'Yikao-Client': 'e2e' } })
    await signIn(page, demo.address, { phone: CONTACT, password: PASSWORD })
  })
}

async function whoTheyAre(t) {
  await t.test('2.1 C1 C2 C3 C6: the first page asks who one is; a passport goes with a photo of its page', async () => {
    await page.goto(demo.address)
    await page.getByTestId('to-identity').click()
    await page.locator('select[data-testid="field-document-type"]').selectOption('passport')
    await page.getByTestId('file-document_page').first().setInputFiles(photoPath('obama.jpg'))
    await page.locator('[data-testid="photo-document_page"][data-state="kept"]').first().waitFor()
    await fill(page, 'name', NAME)
    await fill(page, 'document-number', NUMBER)
    await page.locator('select[data-testid="field-province"]').selectOption('国外')
    await page.getByTestId('identity-check').click()
    await page.getByTestId('identity-yes').click()
  })

  await t.test('2.1 D1 D2 D4: as 其他 one tells one’s school, and gives a portrait', async () => {
    await page.getByTestId('profile-form').waitFor()
    await page.getByTestId('class-other').check()
    await fill(page, 'school', '中央音乐学院')
    await fill(page, 'stage', '研究生二年级')
    await page.getByTestId('read-consent').click()
    await fill(page, 'signature', NAME)
    await fill(page, 'birth-date', '2000-01-01')
    await page.getByTestId('sign-consent').click()
    await page.getByTestId('file-portrait').first().setInputFiles(photoPath('obama2.jpg'))
    await page.locator('[data-testid="photo-portrait"][data-state="kept"]').first().waitFor()
    await page.getByTestId('profile-check').click()
    await page.getByTestId('profile-yes').click()
    await page.getByTestId('to-home').click()
  })

  await t.test('2.2 G4 G5 K16 U25: what waits to be confirmed is read and confirmed, in the recital’s own words', async () => {
    await page.getByTestId('check-and-confirm').click()
    await confirmShown(page, words)
  })
}

async function beforehand(t) {
  await t.test('3.1 F1 F2 F3: the red bar leads to the verification, and who does what it says passes', async () => {
    await page.goto(demo.address)
    await page.locator('[data-testid="face-bar"][data-code="face.unverified"]').waitFor()
    await page.getByTestId('to-face').click()
    await verifies(page)
    await page.getByTestId('face-onwards').click()
    await page.getByTestId('confirmed-exam').waitFor()
    assert.equal(await page.getByTestId('face-bar').count(), 0)
  })

  await t.test('3.3 A12 A22: before practice the phone is checked, and asked for camera, microphone and storage', async () => {
    await page.getByTestId('confirmed-exam').click()
    await page.getByTestId('to-check').click()
    await page.getByTestId('start-check').click()
    await until('the checks are done', async () => (await page.locator('[data-testid="checks"] [data-state="running"]').count()) === 0)
    assert.deepEqual([...camera.asked].sort(), ['camera', 'microphone', 'storage'])
    await words('check')
    await page.getByTestId('back').click()
  })

  await t.test('3.3 I1 I2: in practice one reads, records and plays back, and hands nothing in', async () => {
    await page.getByTestId('enter-practice').click()
    await page.getByTestId('subject').first().waitFor()
    assert.match(await words('practice'), /练习：不计成绩，不提交/)
    await record(page, { seconds: 3, during: () => words('practising') })
    await page.getByTestId('to-playback').click()
    await page.locator('video').first().waitFor()
    await words('practised')
    assert.equal(await page.getByTestId('submit-take').count(), 0)
    await page.getByTestId('back').click()
    assert.equal(await page.getByTestId('start-take').textContent().then((text) => text.trim()), '开始录制')
  })

  await t.test('3.4 F8 J1 J3: the mock goes as the recital does, with its face check; it is submitted and does not count', async () => {
    await toTheRecital()
    await enter(page, 'mock', words)
    assert.match(await page.getByTestId('kind-band').textContent(), /^模拟录制.*不计成绩/)
    await record(page, { seconds: 3, during: () => words('mock') })
    // Its delivery goes on by itself.
    await submitTake(page)
    await words('mock submitted')
  })
}

async function toTheRecital() {
  await page.goto(demo.address)
  await page.getByTestId('confirmed-exam').click()
}

async function facesOfTheRecital(t) {
  await t.test('4 K1 K2: the recital is entered, with its deadline on top', async () => {
    await toTheRecital()
    await enterFormal(page, words)
    sitting = sittingId(page)
    assert.match(await words('sitting'), /录制/)
    assert.ok(Number(await page.getByTestId('countdown').getAttribute('data-left-ms')) > 0)
  })

  await t.test('4.1 F4 F5 E4 K11: three faces in a row that are not one’s own lead back, 您未通过人脸验证，请申请人工审核', async () => {
    await page.getByTestId('subject').first().click()
    await page.getByTestId('start-take').click()
    await page.getByTestId('begin-take').waitFor()
    await words('camera')
    await refusedThrice(page, camera, words)
    assert.equal(await page.getByTestId('face-bar-title').innerText(), '您未通过人脸验证，请申请人工审核')
    assert.equal((await sittingView(page)).subjects[0].attempts.left, 5, 'no attempt is used')
  })

  await t.test('4.1 E1 E3 F7: one asks for 人工审核, a person at the desk looks, and one is told', async () => {
    await page.getByTestId('to-desk').click()
    await page.getByTestId('field-desk-note').fill('我化了妆')
    await page.getByTestId('apply-review').click()
    await page.locator('[data-testid="my-review"][data-kind="face"][data-state="open"]').first().waitFor()
    const { context, page: desk } = await openBrowser(DESKTOP)
    await signIn(desk, `${demo.address}/console`, demo.staff('agent'))
    await decides(desk)
    await context.close()
    await page.locator('[data-testid="my-review"][data-kind="face"][data-state="decided"]').first().waitFor({ timeout: 20_000 })
  })
}

/** The agent opens what is on top of the queue, looks and approves, by keyboard. */
async function decides(desk) {
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
}

async function theTake(t) {
  await t.test('4.2 F4 L1 L5: with one’s own face the take begins; it goes on in one piece', async () => {
    await page.getByTestId('back').click()
    await page.getByTestId('subject').first().click()
    await until('a take can begin', () => page.getByTestId('start-take').isEnabled(), 20_000)
    await page.getByTestId('start-take').click()
    await page.getByTestId('begin-take').waitFor()
    await camera.show('obama2.jpg')
    await page.getByTestId('begin-take').click()
    await page.getByTestId('in-place').click({ timeout: 30_000 })
    await page.getByTestId('captured').waitFor({ timeout: 60_000 })
    await words('recorder')
  })

  await t.test('4.2 F10: somebody else within the take stops nothing, and reviewers find it on the timeline', async () => {
    await camera.show('biden.jpg')
    const admin = await demo.as('admin')
    await until('it is marked', async () => {
      const { marks } = await admin.call('GET', `/console/sittings/${sitting}`)
      return marks.some((mark) => mark.kind === 'not_same_person')
    })
    await until('captured', async () => (await capturedSeconds(page)) >= 4)
  })

  await t.test('4.2 L2 L3 L4 L6: it is ended and looked at; four of five are left, and need not be used', async () => {
    await confirmed(page, 'hold-to-stop', 'stop')
    await page.getByTestId('finished').waitFor({ timeout: 60_000 })
    await words('finished')
    assert.equal((await sittingView(page, sitting)).subjects[0].attempts.left, 4)
  })
}

async function afterwards(t) {
  await t.test('4.3 N1 N3: one take is chosen and submitted, once', async () => {
    await submitTake(page)
    assert.match(await words('submitted'), /提交成功|已送达/)
  })

  await t.test('4.3 N5 N10 K12 U20 U23: its progress is followed until all is delivered, the receipts follow, and the sitting says 录制成功', async () => {
    const take = await deliveredTake(page)
    assert.equal(take.interruptions, 0)
    await words('delivery')
    await page.getByTestId('to-receipts').first().click()
    await until('the receipts', async () => (await page.getByTestId('receipt').count()) >= 2)
    await words('receipts')
    await page.goto(`${demo.address}/sittings/${sitting}`)
    await page.getByTestId('phase').waitFor()
    assert.match(await words('over'), /录制成功/)
  })

  await t.test('5 SP1 SP2 SP3: whom to ask, and when they answer, stands on the recital’s page', async () => {
    await toTheRecital()
    await page.getByTestId('support').waitFor()
    const text = await words('exam')
    for (const way of [SUPPORT.qq, SUPPORT.phone, SUPPORT.hours]) assert.ok(text.includes(way), way)
  })
}
