// An exam that asks for faces, and the consent that it needs.
import { randomUUID } from 'node:crypto'
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
