// A phone whose date is a day ahead, in a zone of its own, sees the same deadline as any other and can do all that it can.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { PHONE, openBrowser } from '../lib/browser.mjs'
import { confirmAndEnter, record, signIn, submitTake } from '../lib/candidate.mjs'
import { startDemo } from '../lib/demo.mjs'
import { deliveredTake, sittingView } from '../lib/footage.mjs'

const DAY_MS = 86_400_000

let demo
before(async () => (demo = await startDemo()))
after(() => demo?.end())

/** From now on every page of the context lives a day ahead. */
const setAhead = (context) =>
  context.addInitScript((ahead) => {
    const Honest = Date
    const now = () => Honest.now() + ahead
    window.Date = class extends Honest {
      constructor(...given) {
        super(...(given.length === 0 ? [now()] : given))
      }
      static now = now
    }
    Object.defineProperty(performance, 'timeOrigin', { value: performance.timeOrigin + ahead })
  }, DAY_MS)

const countdown = async (page) => {
  const panel = page.getByTestId('countdown')
  await panel.waitFor()
  return { left_ms: Number(await panel.getAttribute('data-left-ms')), words: await panel.innerText() }
}

test('a clock that is a day ahead changes nothing', { timeout: 240_000 }, async () => {
  const [candidate] = demo.candidates
  const ahead = await openBrowser({ ...PHONE, timezoneId: 'America/New_York' })
  await setAhead(ahead.context)
  await signIn(ahead.page, demo.address, candidate)
  // Before the exam begins two phones may be signed in; during it the second would be asked about.
  const honest = await openBrowser(PHONE)
  await signIn(honest.page, demo.address, candidate)
  const its_date = await ahead.page.evaluate(() => Date.now())
  assert.ok(its_date - Date.now() > DAY_MS - 60_000, 'the phone is a day ahead')
  await confirmAndEnter(ahead.page, demo.address, demo.exam)

  await honest.page.goto(ahead.page.url())
  const [one, other] = await Promise.all([countdown(ahead.page), countdown(honest.page)])
  assert.ok(Math.abs(one.left_ms - other.left_ms) < 1_500, `${one.left_ms} ms and ${other.left_ms} ms are left`)
  assert.match(one.words, / GMT\+8/, 'where clocks show another time the zone is named')
  assert.equal(one.words.replace(' GMT+8', ''), other.words, 'both say the same deadline')
  const view = await sittingView(honest.page)
  assert.ok(Math.abs(other.left_ms - (view.phase.closes_at - view.server_time)) < 5_000, 'it is that of the server')
  await honest.context.close()

  await record(ahead.page, { seconds: 3 })
  await submitTake(ahead.page)
  const take = await deliveredTake(ahead.page)
  assert.ok(take.finished_at < Date.now() + 1_000, 'what is kept has the time of the server')
  assert.equal(take.interruptions, 0)
})
