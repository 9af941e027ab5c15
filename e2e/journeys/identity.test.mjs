// Who somebody is: a photographed card whose text is corrected, a profile with a 考生号 and a portrait; a document that
// another account has, an appeal, and an agent who decides; a passport. What is to be seen on a picture, the picture
// says itself here (`--scripted-sight`); that real ones are read, the reader's own tests show.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { seen } from '../lib/accessible.mjs'
import { DESKTOP, PHONE, openBrowser } from '../lib/browser.mjs'
import { fill, signIn, until } from '../lib/candidate.mjs'
import { nameless } from '../lib/access.mjs'
import { signUp, signedUp } from '../lib/codes.mjs'
import { startDemo } from '../lib/demo.mjs'

const PASSWORD = 'a-long-password'
const OWN = '11010519491231002X'
const TAKEN = '110105197001010011'

let demo
before(async () => (demo = await startDemo({ args: ['--scripted-sight'] })))
after(() => demo?.end())

const account = (phone) => signedUp(demo, phone, PASSWORD)

async function candidate(phone, device = PHONE) {
  const client = await account(phone)
  const { page } = await openBrowser(device)
  await signIn(page, demo.address, { phone, password: PASSWORD })
  return { client, page }
}

function picture(script, name) {
  const file = join(demo.folder, `${name}.jpg`)
  writeFileSync(file, `scripted:${JSON.stringify(script)}`)
  return file
}

async function send(page, kind, script, state = 'kept') {
  const slot = page.getByTestId(`photo-${kind}`).first()
  await slot.getByTestId(`file-${kind}`).setInputFiles(picture(script, `${kind}-${randomUUID()}`))
  await page.locator(`[data-testid="photo-${kind}"][data-state="${state}"]`).first().waitFor()
}

/** Reads and signs what a picture of a face needs, on the page that asks for it. */
async function agree(page, name) {
  await page.getByTestId('face-consent').waitFor()
  await page.getByTestId('read-consent').click()
  await fill(page, 'signature', name)
}

const choose = (page, name, value) => page.locator(`select[data-testid="field-${name}"]`).selectOption(value)
const operable = async (page, screen) => assert.deepEqual(await nameless(page), [], screen)

async function confirmIdentity(page) {
  await page.getByTestId('identity-check').click()
  await page.getByTestId('identity-yes').click()
}

test('a photographed card is corrected and confirmed, and a profile follows', { timeout: 120_000 }, async () => {
  const { page } = await candidate('13700000011')
  await page.goto(`${demo.address}/identity`)
  await page.getByTestId('identity-form').waitFor()
  await seen(page, 'identity-form')
  await operable(page, 'identity')

  await send(page, 'card_front', { refuse: 'picture.unreadable' }, 'empty')
  await page.locator('[data-testid="refusal"][data-code="picture.unreadable"]').waitFor()
  await page.getByTestId('film-card_front').click()
  await page.getByTestId('camera-sheet').waitFor()
  await until('the camera shows something', () => page.getByTestId('camera-take').isEnabled())
  await seen(page, 'identity-camera')
  await page.getByTestId('camera-close').click()

  await send(page, 'card_front', { reading: { name: '王小', number: OWN, valid_until: null } })
  await send(page, 'card_back', { reading: { name: null, number: null, valid_until: '2019-01-01' } })
  assert.equal(await page.getByTestId('field-document-number').inputValue(), OWN)
  assert.equal(await page.locator('select[data-testid="field-province"]').inputValue(), '北京')
  await fill(page, 'name', '王小艺')
  await seen(page, 'identity-read')
  await page.getByTestId('identity-check').click()
  await page.getByTestId('identity-sheet').waitFor()
  await seen(page, 'identity-confirm')
  await page.getByTestId('identity-yes').click()

  await page.getByTestId('profile-form').waitFor()
  await operable(page, 'profile')
  await fill(page, 'candidate-number', '1234567890')
  await send(page, 'admission_ticket', {})
  await agree(page, '王小艺')
  await seen(page, 'profile-consent')
  await operable(page, 'profile-consent')
  await page.getByTestId('sign-consent').click()
  await send(page, 'portrait', {})
  await seen(page, 'profile-form')
  await page.getByTestId('profile-check').click()
  await page.getByTestId('number-warning').waitFor()
  await seen(page, 'profile-warning')
  await page.getByTestId('profile-yes').click()
  await page.getByTestId('to-home').waitFor()
  await page.getByTestId('profile-sheet').waitFor({ state: 'detached' })
  assert.match(await page.getByTestId('profile-facts').innerText(), /1\*+90/)
  await seen(page, 'profile-done')
})

test('a document that another account has is appealed against, and moves once an agent agrees', { timeout: 120_000 }, async () => {
  const old = await account('13700000012')
  await old.call('PUT', '/me/identity', { command_id: randomUUID(), name: '林小溪', document_type: 'id_card', document_number: TAKEN, province: '北京' })
  const { client, page } = await candidate('13700000013')
  await page.goto(`${demo.address}/identity`)
  await fill(page, 'name', '周晓彤')
  await fill(page, 'document-number', TAKEN)
  await choose(page, 'province', '北京')
  await confirmIdentity(page)
  await page.locator('[data-testid="claim"][data-state="taken"]').waitFor()
  await seen(page, 'identity-taken')
  await page.getByTestId('to-appeal').click()
  await page.getByTestId('ask-desk-form').waitFor()
  await operable(page, 'appeal')
  await agree(page, '周晓彤')
  await fill(page, 'birth-date', '1970-01-01')
  await page.getByTestId('sign-consent').click()
  await send(page, 'card_in_hand', {})
  await page.getByTestId('field-note').fill('这是我的身份证，有人填错了。')
  await seen(page, 'identity-appeal')
  await page.getByTestId('ask-desk').click()
  await page.locator('[data-testid="claim"][data-state="in_review"]').waitFor()
  await seen(page, 'identity-in-review')

  const agent = await demo.as('agent')
  const { reviews } = await client.call('GET', '/me/reviews')
  await agent.call('POST', `/desk/reviews/${reviews[0].id}/claim`, { command_id: randomUUID() })
  await agent.call('POST', `/desk/reviews/${reviews[0].id}/decision`, { command_id: randomUUID(), verdict: 'approved', reason: '与证件一致' })
  await page.goto(`${demo.address}/identity`)
  await page.getByTestId('identity-facts').waitFor()
  assert.match(await page.getByTestId('identity-facts').innerText(), /周晓彤/)
  const lost = await old.call('GET', '/me/identity')
  assert.equal(lost.claim.refusal.code, 'appeal.overturned')
})

test('a passport is confirmed with its page by somebody who signs up by e-mail, on a wide screen and in English', { timeout: 120_000 }, async () => {
  const { page } = await openBrowser(DESKTOP, { locale: 'en-US' })
  await signUp(page, demo, 'anne.martin@example.com')
  await page.goto(`${demo.address}/identity`)
  await choose(page, 'document-type', 'passport')
  await send(page, 'document_page', {})
  await fill(page, 'name', 'Martin, Anne-Sophie')
  await fill(page, 'document-number', 'e1234-5678')
  await choose(page, 'province', '国外')
  await seen(page, 'identity-passport-desktop')
  await confirmIdentity(page)
  await page.getByTestId('profile-form').waitFor()
  await page.getByTestId('class-other').check()
  await fill(page, 'school', 'Lycée Molière')
  await fill(page, 'stage', 'final year')
  // Without a consent there is no portrait, and the way goes on.
  await page.getByTestId('face-consent').waitFor()
  await seen(page, 'profile-other-desktop')
  await page.getByTestId('profile-check').click()
  await page.getByTestId('profile-yes').click()
  await page.getByTestId('to-home').waitFor()
})

test('what is final and wrong is corrected by a person at the desk', { timeout: 120_000 }, async () => {
  const { client, page } = await candidate('13700000015')
  await client.call('PUT', '/me/identity', { command_id: randomUUID(), name: '欧阳晓', document_type: 'id_card', document_number: '110101200001010010', province: '北京' })
  await page.goto(`${demo.address}/my`)
  await page.getByTestId('to-correction').click()
  await page.getByTestId('correction-form').waitFor()
  await seen(page, 'correction-form')
  await page.getByTestId('wrong-province').check()
  await choose(page, 'province', '河北')
  await send(page, 'evidence', {})
  await page.getByTestId('field-note').fill('省份选错了。')
  await operable(page, 'correction')
  await seen(page, 'correction-filled')
  await page.getByTestId('ask-correction').click()
  await page.locator('[data-testid="my-review"][data-kind="correction"][data-state="open"]').waitFor()
  await page.goto(`${demo.address}/my/correction`)
  await page.getByTestId('correction-asked').waitFor()
  await seen(page, 'correction-asked')

  const { reviews } = await client.call('GET', '/me/reviews')
  const { page: desk } = await openBrowser(DESKTOP)
  await signIn(desk, `${demo.address}/console`, demo.staff('agent'))
  await desk.goto(`${demo.address}/console/desk/reviews/${reviews[0].id}`)
  assert.match(await desk.getByTestId('asked-province').innerText(), /河北[\s\S]*现在是 北京/)
  await seen(desk, 'desk-correction')
  await desk.keyboard.press('c')
  await until('it is taken', () => desk.getByTestId('approve').isEnabled())
  await desk.keyboard.press('y')
  await desk.getByTestId('words-confirm').click()
  await desk.locator('[data-testid="review-state"][data-verdict="approved"]').waitFor()
  await page.goto(`${demo.address}/identity`)
  await page.getByTestId('identity-facts').waitFor()
  assert.match(await page.getByTestId('identity-facts').innerText(), /河北/)
  await seen(page, 'identity-corrected')
})
