// Exams of one subject, made by staff through the API, and the consent that faces need.
import { randomUUID } from 'node:crypto'

/** The demo's first candidate, as a row of a list. */
async function first(demo) {
  const agent = await demo.as('agent')
  const [{ name, document_number, province }] = await agent.call('GET', `/desk/candidates?q=${demo.candidates[0].phone}`)
  return `${name},身份证,${document_number},${province}`
}

/** Makes and opens it; `settings` go over `face: block`; `row` is who is on its list. Answers its id. */
export function examWithFaces(demo, settings = {}, row = undefined) {
  return openExam(demo, { title: '人脸核验考试', settings: { face: 'block', position_ms: 4000, ...settings }, row })
}

/** Makes an exam of one subject from a preset and opens it. Answers its id. */
export async function openExam(demo, { preset = 'general', title, settings = {}, row = undefined }) {
  const admin = await demo.as('admin')
  const give = (method, path, body = {}) => admin.call(method, path, { command_id: randomUUID(), ...body })
  const [school] = await admin.call('GET', '/schools')
  const now = Date.now()
  const window = { opens_at: now - 3_600_000, closes_at: now + 48 * 3_600_000 }
  const made = await give('POST', `/schools/${school.id}/exams`, { preset, title, zone: 'Asia/Shanghai', ...window })
  const major = randomUUID()
  const subject = { id: randomUUID(), name: '声乐', form: 'video', compulsory: true, content: '一首', requirements: '', notes: '', settings: {} }
  const body = { ...made.revision.body, settings }
  body.majors = [{ id: major, name: '声乐表演', notes: '', settings: {}, electives: null, order: 'free', subjects: [subject] }]
  await give('PUT', `/console/exams/${made.id}/draft`, { based_on: made.revision.number, body })
  const preview = await admin.raw(`/console/exams/${made.id}/roster-previews?major=${major}`, 'text/csv',
    `姓名,证件类型,证件号码,高考省份\n${row ?? (await first(demo))}\n`)
  await give('POST', `/console/exams/${made.id}/roster-imports`, { preview_id: preview.preview_id })
  await give('POST', `/console/exams/${made.id}/open`)
  return made.id
}

/** Signs, for somebody of age who is signed in on `page`, that their face may be looked at; a card says when they were born. */
export async function agreeToFaces(page, address, name, birth_date = undefined) {
  const shown = await (await page.request.get(`${address}/api/me/consents`)).json()
  const { text_hash } = shown.consents.find((consent) => consent.kind === 'faces')
  const data = { command_id: randomUUID(), kind: 'faces', text_hash, name, birth_date }
  const signed = await page.request.post(`${address}/api/me/consents`, { headers: { 'Yikao-Client': 'e2e' }, data })
  if (signed.status() !== 201) throw new Error(`the consent was answered ${signed.status()}: ${await signed.text()}`)
}
