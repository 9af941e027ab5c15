// A take during which the network goes, for so many seconds; with everything that must hold afterwards.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { seen } from './accessible.mjs'
import { PHONE, longestPause, openBrowser, probe } from './browser.mjs'
import { beginTake, capturedSeconds, confirmAndEnter, confirmed, signIn, submitTake, until } from './candidate.mjs'
import { startDemo } from './demo.mjs'
import { deliveredTake, received, saveMedia } from './footage.mjs'
import { watchSlices } from './slices.mjs'

const LOCAL = '已存在手机里，等待网络'

export async function offlineInMidTake({ seconds, finishOffline = false }) {
  const demo = await startDemo()
  try {
    const browser = await openBrowser(PHONE)
    const slices = await watchSlices(browser.context)
    await signIn(browser.page, demo.address, demo.candidates[0])
    await confirmAndEnter(browser.page, demo.address, demo.exam)
    await loseTheNetwork(browser, { seconds, finishOffline })
    await submitTake(browser.page)
    await holds(browser.page, slices, join(demo.folder, 'delivered.mp4'))
  } finally {
    await demo.end()
  }
}

async function loseTheNetwork({ context, page }, { seconds, finishOffline }) {
  await beginTake(page)
  await until('captured', async () => (await capturedSeconds(page)) >= 4)
  await context.setOffline(true)
  const from = await capturedSeconds(page)
  await until('it says that the footage is on the phone', async () =>
    (await page.getByTestId('safe-through').textContent()).includes(LOCAL))
  await seen(page, 'candidate-recorder-offline')
  await until('it goes on without a network', async () => (await capturedSeconds(page)) >= from + seconds, (seconds + 30) * 1000)
  const safe = Number(await page.getByTestId('safe-through').getAttribute('data-ms'))
  assert.ok(safe <= (from + 2) * 1000, 'nothing is called delivered that is not')
  if (finishOffline) await confirmed(page, 'hold-to-stop', 'stop')
  await context.setOffline(false)
  if (finishOffline) return page.getByTestId('finished').waitFor({ timeout: 60_000 })
  await until('it catches up', async () => {
    const [safe, captured] = [Number(await page.getByTestId('safe-through').getAttribute('data-ms')), await capturedSeconds(page)]
    return safe >= (captured - 4) * 1000
  })
  await confirmed(page, 'hold-to-stop', 'stop')
  await page.getByTestId('finished').waitFor({ timeout: 60_000 })
}

async function holds(page, slices, saved) {
  const take = await deliveredTake(page)
  assert.equal(take.parts.length, 1, 'one part')
  assert.equal(take.interruptions, 0, 'no interruption')
  const [part] = take.parts
  assert.ok(part.complete && part.received === part.last_index, `no gap: ${JSON.stringify(part)}`)
  const file = await saveMedia(page, part, saved)
  assert.deepEqual((await received(page, part)).missing, [], 'a phone that asks again hears that all is there')
  const whole = slices.parts()[0].at(-1).at - slices.started_at()
  const duration = 1000 * Number(probe(file).format.duration)
  assert.ok(Math.abs(whole - duration) < 1_500, `${duration} ms of ${whole} ms`)
  assert.ok(longestPause(file, 'audio') < 0.25, `silence of ${longestPause(file, 'audio')} s`)
  assert.ok(longestPause(file, 'video') < 1.5, `a picture stands for ${longestPause(file, 'video')} s`)
}
