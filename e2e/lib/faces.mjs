// An exam that asks for faces, and the consent that it needs.
import { randomUUID } from 'node:crypto'
import { seen } from './accessible.mjs'
import { until } from './candidate.mjs'
import { openExam } from './exams.mjs'

/** Makes and opens it; `settings` go over `face: block`; `row` is who is on its list. Answers its id. */
export function examWithFaces(demo, settings = {}, row = undefined) {
  return openExam(demo, { title: '人脸核验考试', settings: { face: 'block', position_ms: 4000, ...settings }, row })
}

/** Signs, for somebody of age who is signed in on `page`, that their face may be looked at; a card says when they were born. */
export async function agreeToFaces(page, address, name, birth_date = undefined) {
  const shown = await (await page.request.get(`${address}/api/me/consents`)).json()
  const { text_hash } = shown.consents.find((consent) => consent.kind === 'faces')
  const data = { command_id: randomUUID(), kind: 'faces', text_hash, name, birth_date }
  const signed = await page.request.post(`${address}/api/me/consents`, { headers: { 'Yikao-Client': 'e2e' }, data })
  if (signed.status() !== 201) throw new Error(`the consent was answered ${signed.status()}: ${await signed.text()}`)
}

/** On the page that verifies: begins, and does what it says until it is passed. */
export async function verifies(page) {
  await page.getByTestId('face-start').click()
  await page.getByTestId('face-passed').waitFor({ timeout: 60_000 })
  await seen(page, 'face-passed')
}

/** Before a take, somebody else is there three times: twice it may be tried again, then the red bar says so on the list. */
export async function refusedThrice(page, camera, look = () => undefined) {
  await camera.show('biden.jpg')
  await page.getByTestId('begin-take').click()
  for (const left of [2, 1]) {
    await page.locator('[data-testid="face-stage"][data-code="face.failed"]').waitFor({ timeout: 30_000 })
    await until(`${left} left`, async () => (await page.getByTestId('face-stage').innerText()).includes(`${left}`))
    if (left === 2) await seen(page, 'face-failed')
    await look('face')
    await page.getByTestId('face-again').click()
  }
  await page.locator('[data-testid="face-bar"][data-code="face.struck"]').waitFor({ timeout: 30_000 })
  await seen(page, 'face-struck')
  await look('struck')
}
