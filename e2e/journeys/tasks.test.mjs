// Before an exam: a candidate books a slot (and loses another to somebody faster), reads for as long as it takes, signs
// the pledge, and enters within the slot; staff see whose tasks are done. The exam's tasks are written in the console.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { seen } from '../lib/accessible.mjs'
import { DESKTOP, PHONE, openBrowser } from '../lib/browser.mjs'
import { confirmExam, enterFormal, signIn, signPledge, until } from '../lib/candidate.mjs'
import { startDemo } from '../lib/demo.mjs'
import { openExam, rowOf } from '../lib/exams.mjs'
import { Client } from '../lib/server.mjs'

const SOON = 60_000
const soonSlot = randomUUID()
const lateSlot = randomUUID()

let demo
before(async () => (demo = await startDemo()))
after(() => demo?.end())

const words = (zh, en = '') => ({ zh, en })

/** Reading, a pledge, and two slots of one place each: one that begins soon, one tomorrow. */
function tasks() {
  const now = Date.now()
  const slots = [
    { id: soonSlot, starts_at: now + SOON, ends_at: now + SOON + 1_800_000, capacity: 1 },
    { id: lateSlot, starts_at: now + 86_400_000, ends_at: now + 88_200_000, capacity: 1 },
  ]
  const booking = { kind: 'booking', opens_at: now - 1000, closes_at: now + 90_000_000, changeable: false, notice: true, slots }
  return [
    { title: words('考前阅读', 'Read this first'), before: 'mock', form: { kind: 'reading', text: words('请仔细阅读本次{term.exam}的要求。\n\n全身入镜，声音真实。'), min_ms: 8000 } },
    { title: words('诚信录制承诺书', 'Pledge'), before: 'formal', form: { kind: 'pledge', text: words('我承诺遵守{term.exam}要求：\n\n一、独立完成，不请人代替。\n\n二、不使用耳机和外接麦克风。') } },
    { title: words('预约考试时段', 'Choose your slot'), before: 'formal', form: booking },
  ]
}

async function rival(exam) {
  const { phone, password } = demo.candidates[1]
  const client = await new Client(demo.address).signIn(phone, password)
  const { majors } = await client.call('GET', `/exams/${exam}`)
  const enrolment = await client.call('POST', `/exams/${exam}/majors/${majors[0].id}/enrolments`, { command_id: randomUUID() })
  const task = enrolment.tasks.find((one) => one.kind === 'booking')
  return () => client.call('POST', `/enrolments/${enrolment.id}/tasks/${task.id}/booking`, { command_id: randomUUID(), slot_id: lateSlot })
}

test('who has booked, read and signed enters within the slot', { timeout: 240_000 }, async () => {
  const { context, page } = await openBrowser(PHONE)
  await signIn(page, demo.address, demo.candidates[0])
  const rows = `${await rowOf(demo, 0)}\n${await rowOf(demo, 1)}`
  const exam = await openExam(demo, { title: '声乐表演专业远程面试', row: rows, tasks: tasks() })
  const takeTheLast = await rival(exam)
  await confirmExam(page, demo.address, exam)
  assert.equal(await page.locator('[data-testid="task-booking"][data-state="open"]').count(), 1)

  // The late slot's last place goes to somebody else while the page shows it.
  await page.getByTestId('do-booking').click()
  await page.getByTestId('slot').nth(1).waitFor()
  await seen(page, 'candidate-booking')
  await takeTheLast()
  await page.getByTestId('slot').nth(1).getByTestId('book').click()
  await page.getByTestId('book-yes').waitFor()
  await seen(page, 'candidate-booking-question')
  await page.getByTestId('book-yes').click()
  await page.locator('[data-testid="refusal"][data-code="booking.full"]').waitFor()
  await page.locator('[data-testid="slot"][data-left="0"]').waitFor()
  await seen(page, 'candidate-booking-full')
  await page.getByTestId('slot').first().getByTestId('book').click()
  await page.getByTestId('book-yes').click()
  await page.getByTestId('booked-slot').waitFor()
  await seen(page, 'candidate-booked')
  const calendar = await page.getByTestId('calendar').getAttribute('href')
  const file = await page.evaluate(async (address) => (await fetch(address)).text(), calendar)
  assert.match(file, /BEGIN:VEVENT[\s\S]*DTSTART:\d{8}T\d{6}Z/)
  await page.getByTestId('task-back').click()

  // Nobody is done with reading before its time.
  await page.getByTestId('do-reading').click()
  await page.getByTestId('reading-ring').waitFor()
  assert.equal(await page.getByTestId('read-done').isDisabled(), true)
  await seen(page, 'candidate-reading')
  await until('the time is up', () => page.getByTestId('read-done').isEnabled(), 20_000)
  await page.getByTestId('read-done').click()
  await page.getByTestId('task-done').waitFor()
  await seen(page, 'candidate-read')
  await page.getByTestId('task-back').click()
  await signPledge(page, demo.candidates[0].name)
  await seen(page, 'candidate-exam-tasks-done')

  // Too early the door says when, and opens by itself.
  await page.getByTestId('enter-formal').click()
  await until('the slot begins', () => page.getByTestId('hold-to-enter').isVisible(), SOON + 30_000)
  await page.getByTestId('back').click()
  await enterFormal(page)
  await page.goto(`${demo.address}/desk`)
  await page.getByText('预约成功').first().waitFor()
  await context.close()
  await staffSeeIt(exam)
})

async function staffSeeIt(exam) {
  const { context, page } = await openBrowser(DESKTOP)
  await signIn(page, `${demo.address}/console`, demo.staff('proctor'))
  await page.goto(`${demo.address}/console/exams/${exam}/roster`)
  await page.locator('[data-testid="entry-tasks"][data-open="0"]').waitFor()
  await page.locator('[data-testid="entry-tasks"][data-open="2"]').waitFor()
  await seen(page, 'console-roster-tasks')
  await context.close()
}

test('an administrator writes a task and its slots', { timeout: 120_000 }, async () => {
  const exam = await openExam(demo, { title: '钢琴表演专业远程面试' })
  const { page } = await openBrowser(DESKTOP)
  await signIn(page, `${demo.address}/console`, demo.staff('admin'))
  await page.goto(`${demo.address}/console/exams/${exam}/settings`)
  await page.getByTestId('add-task-pledge').click()
  await page.getByTestId('task-text').waitFor()
  await page.getByTestId('task-text').locator('textarea').or(page.locator('textarea[data-testid="task-text"]')).first().fill('我承诺独立完成{term.record}。')
  await seen(page, 'console-task-pledge')
  await page.getByTestId('add-task-booking').click()
  await page.getByTestId('add-slot').click()
  await page.getByTestId('add-slot').click()
  await page.getByTestId('slot-1').waitFor()
  await seen(page, 'console-task-booking')
  await page.getByTestId('remove-slot-1').click()
  await page.getByTestId('save-draft').click()
  await page.getByTestId('save-bar').waitFor({ state: 'detached' })
  const { revision } = await (await demo.as('admin')).call('GET', `/console/exams/${exam}`)
  const [pledge, booking] = revision.body.tasks
  assert.equal(pledge.form.text.zh, '我承诺独立完成{term.record}。')
  assert.deepEqual([booking.form.kind, booking.form.slots.length, booking.before], ['booking', 1, 'formal'])
})
