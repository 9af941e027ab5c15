// What is refused says why, in words that help: before anything starts, and after the end.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { seen } from '../lib/accessible.mjs'
import { PHONE, openBrowser } from '../lib/browser.mjs'
import { confirmExam, signIn } from '../lib/candidate.mjs'
import { startDemo } from '../lib/demo.mjs'

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

test('after the close nobody enters', async () => {
  const admin = await demo.as('admin')
  const { context, page } = await openBrowser(PHONE)
  await signIn(page, demo.address, demo.candidates[1])
  await confirmExam(page, demo.address, demo.exam)
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
