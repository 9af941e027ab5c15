// Codes that the embedded messenger shows the operator.
import { until } from './candidate.mjs'

/** The newest code for a number or address. */
export async function newestCode(demo, to) {
  const operator = await demo.as('operator')
  const message = await until(`a code for ${to}`, async () => {
    const messages = await operator.call('GET', '/operator/messages')
    return messages.find((each) => each.to === to && each.code !== null)
  })
  return message.code
}
