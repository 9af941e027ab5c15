// Codes that the embedded messenger shows the operator, and accounts made with them.
import { seen } from './accessible.mjs'
import { fill, until } from './candidate.mjs'
import { Client } from './server.mjs'

const codesFor = async (operator, to) =>
  (await operator.call('GET', '/operator/messages')).filter((each) => each.to === to && each.code !== null)

/** The newest code for a number or address; with `after`, one that is newer than that. */
export async function newestCode(demo, to, after) {
  const operator = await demo.as('operator')
  return until(`a code for ${to}`, async () => {
    const code = (await codesFor(operator, to))[0]?.code
    return code !== after && code
  })
}

/** An account made through the API, without the screens that another journey goes through. */
export async function signedUp(demo, contact, password) {
  const client = new Client(demo.address)
  await client.call('POST', '/codes', { contact, purpose: 'register' })
  await client.call('POST', '/accounts', { contact, code: await newestCode(demo, contact), password })
  return client
}

/** Signs up on the screens by phone or by e-mail, on the way to `to`. */
export async function signUp(page, demo, contact, to = '/') {
  const [path, field] = contact.includes('@') ? ['/sign-up/email', 'email'] : ['/sign-up', 'phone']
  await page.goto(`${demo.address}${path}?to=${to}`)
  await fill(page, field, contact)
  await page.getByTestId('send-code').click()
  await page.getByTestId('code-sent').waitFor()
  await fill(page, 'code', await newestCode(demo, contact))
  await fill(page, 'password', 'a-long-password')
  await seen(page, `candidate-sign-up-${field}`)
  await page.getByTestId('sign-up').click()
  await until('signed up', () => !page.url().includes('sign-up'))
}
