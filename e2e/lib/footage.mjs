// A candidate's own view of a sitting, and their footage as the server delivers it: asked for with their own login.
import { writeFileSync } from 'node:fs'
import { until } from './candidate.mjs'

/** The sitting whose page shows. */
export const sittingId = (page) => page.url().split('/sittings/')[1].split(/[/?]/)[0]

/** The sitting's view, as the app gets it. */
export async function sittingView(page, sitting = sittingId(page)) {
  const answer = await page.request.get(new URL(`/api/sittings/${sitting}`, page.url()).href)
  if (!answer.ok()) throw new Error(`sitting: ${answer.status()} ${await answer.text()}`)
  return answer.json()
}

/** The take that was submitted for the first subject, once the delivery page says that it is delivered. */
export async function deliveredTake(page, within = 60_000) {
  await until('delivered', () => page.locator('[data-testid="delivery"][data-state="complete"]').count(), within)
  const { subjects } = await sittingView(page)
  const subject = subjects.find((each) => each.submission !== null)
  return subject.takes.find((take) => take.id === subject.submission.take_id)
}

/** Saves a part as the server plays it. */
export async function saveMedia(page, part, file) {
  const address = new URL(`/api/parts/${part.id}/media`, page.url()).href
  const answer = await until('the part can be played', async () => {
    const tried = await page.request.get(address)
    return tried.ok() && tried
  })
  writeFileSync(file, await answer.body())
  return file
}

/** What the server says that it has of a part, asked as the phone asks. */
export async function received(page, part) {
  const address = (path) => new URL(`/api/parts/${part.id}/${path}`, page.url()).href
  const granted = await page.request.post(address('capability'), { headers: { 'Yikao-Client': 'e2e' } })
  const { capability } = await granted.json()
  const headers = { Authorization: `Bearer ${capability}` }
  return (await page.request.get(address(`missing?last=${part.last_index}`), { headers })).json()
}
