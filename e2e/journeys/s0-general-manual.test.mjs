// The general manual and its FAQ (S0), in their order: a school makes an exam from the general preset; somebody without
// an account signs up, says who they are, confirms, tries the mock, records, plays back, submits and is delivered; the
// footage becomes a file that plays in the console, and its evidence is sound.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { seen } from '../lib/accessible.mjs'
import { DESKTOP, PHONE, openBrowser, probe } from '../lib/browser.mjs'
import { confirmShown, enter, enterFormal, fill, record, signIn, signPledge, submitTake, toConfirm, until } from '../lib/candidate.mjs'
import { signUp } from '../lib/codes.mjs'
import { importList, makeExam, openByHand } from '../lib/console.mjs'
import { startDemo } from '../lib/demo.mjs'
import { addRehearsals } from '../lib/exams.mjs'
import { deliveredTake, sittingId, sittingView } from '../lib/footage.mjs'
import { enlarge, fits } from '../lib/letters.mjs'
import { inOrder } from '../lib/manual.mjs'
import { loudest, tone } from '../lib/sound.mjs'

const NAME = '王小艺'
const NUMBER = '11010519491231002X'
/** The list has another province at first, as the FAQ's candidates find theirs. */
const ROWS = [['姓名', '身份证号', '高考省份'], [NAME, NUMBER.toLowerCase(), '河北省'], ['错误的人', '110105194912310021', '北京']]

let demo, exam, staff, page, sitting
before(async () => (demo = await startDemo()))
after(() => demo?.end())

test('S0: the general manual, from nothing to the judge', { timeout: 420_000 }, async (context) => {
  const t = inOrder(context)
  await aSchool(t)
  await somebody(t)
  await theMock(t)
  await theExam(t)
  await theSubmission(t)
  await theJudge(t)
})

async function aSchool(t) {
  await t.test('G1: a school makes an exam from a preset, imports its list from Excel and opens it', async () => {
    staff = (await openBrowser(DESKTOP)).page
    exam = await makeExam(staff, demo, '2027 年钢琴表演复试')
    const admin = await demo.as('admin')
    const { revision } = await admin.call('GET', `/console/exams/${exam}`)
    addRehearsals(revision.body, { mock: '模拟考试' })
    await admin.call('PUT', `/console/exams/${exam}/draft`, { command_id: randomUUID(), based_on: revision.number, body: revision.body })
    await staff.reload()
    await importList(staff, demo, ROWS)
    await openByHand(staff)
  })
}

async function somebody(t) {
  await t.test('A10 B1 K17: by the link alone somebody without an account signs up, with a code sent to the phone', async () => {
    const sung = tone(join(demo.folder, 'sung.wav'), 440)
    page = (await openBrowser(PHONE, { audio: sung })).page
    await signUp(page, demo, '13700000001', `/e/${exam}`)
  })

  await t.test('C2 C3 C5 C9: a number is typed by hand in any form of its X, and is final', async () => {
    await page.goto(`${demo.address}/identity`)
    await fill(page, 'name', NAME)
    await fill(page, 'document-number', '１１０１０５１９４９１２３１００２ｘ')
    await page.locator('select[data-testid="field-province"]').selectOption('北京')
    await seen(page, 'candidate-identity')
    await page.getByTestId('identity-check').click()
    await page.getByTestId('identity-yes').waitFor()
    await seen(page, 'candidate-identity-confirm')
    await page.getByTestId('identity-yes').click()
    await page.getByTestId('profile-form').waitFor()
  })

  await t.test('G7 G9 G11 U3: a province that differs from the list is named, and the school corrects it in place', async () => {
    await toConfirm(page, demo.address, exam)
    const refusal = page.getByTestId('refusal').first()
    await refusal.waitFor()
    assert.match(await refusal.innerText(), /您的申请考试信息与学校名单信息不匹配，无法申请此考试/)
    assert.match(await refusal.innerText(), /省份/)
    assert.ok(await page.getByTestId('confirm-exam').isDisabled())
    await seen(page, 'candidate-province')
    const admin = await demo.as('admin')
    const { items } = await admin.call('GET', `/console/exams/${exam}/roster?q=${encodeURIComponent(NAME)}`)
    await admin.call('PATCH', `/console/roster-entries/${items[0].id}`, { command_id: randomUUID(), province: '北京' })
  })

  await t.test('G3 G4 G5 U25: what waits to be confirmed is on the first page, and moves once it is', async () => {
    await page.goto(demo.address)
    await page.getByTestId('pending-exam').waitFor()
    await seen(page, 'candidate-home')
    await page.getByTestId('check-and-confirm').click()
    await confirmShown(page)
  })
}

async function theMock(t) {
  await t.test('A14 J1 J3 J5: a whole mock with letters twice as large: every page fits, up to the receipt', async () => {
    const screen = async (name) => {
      await seen(page, `large-${name}`)
      await fits(page, name)
    }
    await page.goto(demo.address)
    await page.getByTestId('confirmed-exam').waitFor()
    const letters = await enlarge(page)
    await screen('home')
    await page.getByTestId('confirmed-exam').click()
    await page.getByTestId('enter-mock').waitFor()
    await screen('exam')
    await enter(page, 'mock', (name) => fits(page, name))
    assert.match(await page.getByTestId('kind-band').textContent(), /^模拟考试/)
    await record(page, { seconds: 3, during: () => screen('recorder') })
    await screen('finished')
    await submitTake(page)
    await deliveredTake(page)
    await screen('delivery')
    await page.getByTestId('to-receipts').first().click()
    await until('the receipts', async () => (await page.getByTestId('receipt').count()) >= 2)
    await screen('receipts')
    await letters.usual()
  })
}

async function theExam(t) {
  await t.test('H1 H2 H3 A18 A19: the pledge that the preset wants is signed before the exam is entered', async () => {
    await page.goto(demo.address)
    await page.getByTestId('confirmed-exam').click()
    await signPledge(page, NAME)
  })

  await t.test('K1 K2 K3: the exam is entered, and its clock runs', async () => {
    await enterFormal(page)
    sitting = sittingId(page)
    assert.ok(Number(await page.getByTestId('countdown').getAttribute('data-left-ms')) > 0)
  })

  await t.test('L1 L2 L3: a take is recorded, and the button tells how many are left', async () => {
    await record(page, { seconds: 8, during: () => seen(page, 'candidate-recorder') })
    const { subjects } = await sittingView(page, sitting)
    assert.equal(subjects[0].attempts.left, 2)
  })
}

async function theSubmission(t) {
  await t.test('L4 L6 N1 N3: one take is played back and submitted, and a second submission is refused', async () => {
    await page.getByTestId('to-playback').click()
    await page.locator('video').first().waitFor()
    await seen(page, 'candidate-take')
    // Another page of the same candidate submits; this one has not heard of it when it is asked to.
    const other = await page.context().newPage()
    await other.goto(page.url())
    await page.route(/\/api\/sittings\/[^/]+(\/events)?$/, (route) => route.abort())
    await page.getByTestId('submit-take').click()
    await other.getByTestId('submit-take').click()
    await other.getByTestId('submit-yes').click()
    await other.getByTestId('delivery').first().waitFor()
    await page.getByTestId('submit-yes').click()
    await page.getByTestId('refusal').first().waitFor()
    assert.match(await page.getByTestId('refusal').first().innerText(), /提交/)
    await seen(page, 'candidate-second-submission')
    const { subjects } = await sittingView(other, sitting)
    assert.equal(subjects[0].submission.revision, 1, 'one submission stands')
    await page.close()
    page = other
  })

  await t.test('N4 N5 N10 K12 U20: its delivery is followed to the end, and both receipts are there', async () => {
    await deliveredTake(page)
    await seen(page, 'candidate-delivery')
    await page.getByTestId('to-receipts').first().click()
    await until('both receipts', async () => (await page.getByTestId('receipt').count()) >= 2)
    await seen(page, 'candidate-receipts')
    await page.context().close()
  })
}

async function theJudge(t) {
  await t.test('A16 L8: what was sung is in the delivered file', async () => {
    const judge = await demo.as('judge')
    const { parts } = await judge.call('GET', `/console/sittings/${sitting}`)
    const part = parts.find((one) => one.media_url)
    assert.ok(part, 'a part can be played')
    const media = await fetch(new URL(part.media_url, demo.address), { headers: { Cookie: judge.cookie } })
    assert.equal(media.status, 200)
    const file = join(demo.folder, 'delivered.mp4')
    writeFileSync(file, Buffer.from(await media.arrayBuffer()))
    const { format, streams } = probe(file)
    assert.deepEqual(new Set(streams.map((stream) => stream.codec_type)), new Set(['video', 'audio']))
    assert.ok(Number(format.duration) > 6, `lasts ${format.duration} s`)
    assert.ok(Math.abs(loudest(file) - 440) < 15, 'the tone is in the recorded sound')
  })

  await t.test('L6: it plays in the console', async () => {
    await staff.getByTestId('tab-live').click()
    await staff.locator('[data-testid^="sitting-"]').first().waitFor()
    await seen(staff, 'console-live')
    const { context, page: judge } = await openBrowser(DESKTOP)
    await signIn(judge, `${demo.address}/console`, demo.staff('judge'))
    await judge.goto(`${demo.address}/console/sittings/${sitting}`)
    const video = judge.locator('video').first()
    await video.evaluate(async (element) => {
      element.muted = true
      await element.play()
    })
    await until('it plays', () => video.evaluate((element) => element.currentTime > 1))
    await seen(judge, 'console-review')
    await context.close()
  })

  await t.test('L9 M8: the exported evidence is sound, and a changed byte is found', async () => {
    const proctor = await demo.as('proctor')
    const answer = await fetch(`${demo.address}/api/console/sittings/${sitting}/bundle`, { headers: { Cookie: proctor.cookie } })
    const bundle = Buffer.from(await answer.arrayBuffer())
    const { keys } = await proctor.call('GET', '/server')
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
}
