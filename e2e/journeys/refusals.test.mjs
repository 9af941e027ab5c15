// What is refused says why, in words that help: before anything starts, at the list, and after the end.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { seen } from '../lib/accessible.mjs'
import { PHONE, openBrowser } from '../lib/browser.mjs'
import { confirmAndEnter, record, signIn } from '../lib/candidate.mjs'
import { startDemo } from '../lib/demo.mjs'
import { sittingView } from '../lib/footage.mjs'

let demo
before(async () => (demo = await startDemo()))
after(() => demo?.end())

test('the browser inside WeChat hands over to a real one', async () => {
  const userAgent = `${PHONE.userAgent} XWEB/1160065 MMWEBSDK/20231202 MicroMessenger/8.0.47.2560(0x28002F30) NetType/WIFI Language/zh_CN`
  const { context, page } = await openBrowser({ ...PHONE, userAgent })
  await page.goto(`${demo.address}/e/${demo.exam}`)
  await page.getByTestId('copy-link').waitFor()
  assert.match(await page.locator('main').innerText(), /微信/)
  assert.equal(await page.getByTestId('link').inputValue(), `${demo.address}/e/${demo.exam}`)
  await seen(page, 'candidate-wechat')
  await context.close()
})

test('a browser that keeps no data is refused with the reason', async () => {
  const { context, page } = await openBrowser(PHONE)
  await context.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('The operation is insecure.', 'SecurityError')
    }
  })
  await signIn(page, demo.address, demo.candidates[0])
  await page.getByTestId('retry').waitFor()
  assert.match(page.url(), /no-storage/)
  assert.match(await page.locator('main').innerText(), /浏览器不能保存录像/)
  await seen(page, 'candidate-no-storage')
  await context.close()
})

test('a candidate from another province hears which detail differs, and can confirm once the school has corrected it', async () => {
  const candidate = demo.candidates[1]
  const admin = await demo.as('admin')
  const { items } = await admin.call('GET', `/console/exams/${demo.exam}/roster?q=${encodeURIComponent(candidate.name)}`)
  const correct = (province) =>
    admin.call('PATCH', `/console/roster-entries/${items[0].id}`, { command_id: randomUUID(), province })
  await correct('河北')
  const { context, page } = await openBrowser(PHONE)
  await signIn(page, demo.address, candidate)
  await page.goto(`${demo.address}/e/${demo.exam}`)
  await page.getByTestId('choose-major').first().click()
  const refusal = page.getByTestId('refusal').first()
  await refusal.waitFor()
  assert.match(await refusal.innerText(), /您的申请考试信息与学校名单信息不匹配，无法申请此考试/)
  assert.match(await refusal.innerText(), /省份/)
  assert.ok(await page.getByTestId('confirm-exam').isDisabled())
  await seen(page, 'candidate-province')
  await correct('北京')
  await page.reload()
  await page.getByTestId('confirm-exam').click()
  await page.getByTestId('enter-formal').waitFor()
  await context.close()
})

test('a second submission is refused', { timeout: 120_000 }, async () => {
  const { context, page } = await openBrowser(PHONE)
  await signIn(page, demo.address, demo.candidates[0])
  await confirmAndEnter(page, demo.address, demo.exam)
  await record(page, { seconds: 3 })
  await page.getByTestId('to-playback').click()
  await page.getByTestId('submit-take').waitFor()
  // Another page of the same candidate submits; this one has not heard of it when it is asked to.
  const other = await context.newPage()
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
  const view = await sittingView(other)
  assert.equal(view.subjects[0].submission.revision, 1, 'one submission stands')
  await context.close()
})

test('after the close nobody enters', async () => {
  const admin = await demo.as('admin')
  const { context, page } = await openBrowser(PHONE)
  await signIn(page, demo.address, demo.candidates[1])
  await page.getByTestId('confirmed-exam').click()
  await page.getByTestId('enter-formal').click()
  await page.getByTestId('hold-to-enter').waitFor()
  await admin.call('POST', `/console/exams/${demo.exam}/close`, { command_id: randomUUID() })
  await page.getByTestId('hold-to-enter').focus()
  await page.keyboard.press('Enter')
  await page.getByTestId('enter-yes').click()
  await page.getByTestId('refusal').first().waitFor()
  assert.match(await page.getByTestId('refusal').first().innerText(), /考试已结束/)
  await seen(page, 'candidate-closed')
  await context.close()
})
