// Exams of one subject, made by staff through the API.
import { randomUUID } from 'node:crypto'

/** One of the demo's candidates, as a row of a list. */
export async function rowOf(demo, number) {
  const agent = await demo.as('agent')
  const [{ name, document_number, province }] = await agent.call('GET', `/desk/candidates?q=${demo.candidates[number].phone}`)
  return `${name},身份证,${document_number},${province}`
}

/** Adds sessions beside the formal one of an exam that is being written: `{ mock: '模拟考试' }` is a kind and its title. */
export function addRehearsals(body, titles) {
  const like = body.sessions[0]
  for (const [kind, title] of Object.entries(titles)) body.sessions.push({ ...like, id: randomUUID(), kind, title })
}

/**
 * Makes an exam of one subject from a preset and opens it, with sessions beside the formal one and nothing to do before it
 * but `tasks`; `more` goes over what is written. Answers its id.
 */
export async function openExam(demo, { preset = 'general', title, settings = {}, row = undefined, rehearsals = {}, tasks = [], more = {} }) {
  const admin = await demo.as('admin')
  const give = (method, path, body = {}) => admin.call(method, path, { command_id: randomUUID(), ...body })
  const [school] = await admin.call('GET', '/schools')
  const now = Date.now()
  const window = { opens_at: now - 3_600_000, closes_at: now + 48 * 3_600_000 }
  const made = await give('POST', `/schools/${school.id}/exams`, { preset, title, zone: 'Asia/Shanghai', ...window })
  const major = randomUUID()
  const subject = { id: randomUUID(), name: '声乐', form: 'video', compulsory: true, content: '一首', requirements: '', notes: '', settings: {} }
  const body = { ...made.revision.body, settings, tasks: tasks.map((task) => ({ id: randomUUID(), ...task })), ...more }
  addRehearsals(body, rehearsals)
  body.majors = [{ id: major, name: '声乐表演', notes: '', settings: {}, electives: null, order: 'free', subjects: [subject] }]
  await give('PUT', `/console/exams/${made.id}/draft`, { based_on: made.revision.number, body })
  const preview = await admin.raw(`/console/exams/${made.id}/roster-previews?major=${major}`, 'text/csv',
    `姓名,证件类型,证件号码,高考省份\n${row ?? (await rowOf(demo, 0))}\n`)
  await give('POST', `/console/exams/${made.id}/roster-imports`, { preview_id: preview.preview_id })
  await give('POST', `/console/exams/${made.id}/open`)
  return made.id
}
