// generated.ts is what openapi.json gives: whoever changes the server's description makes it anew.
import { readFileSync } from 'node:fs'
import openapiTS, { astToString } from 'openapi-typescript'
import { expect, it } from 'vitest'

const HEAD = /^\/\*\*[\s\S]*?\*\/\n\n/
const web = new URL('../../', import.meta.url)

it('the generated types are not stale (`npm run types`)', async () => {
  const committed = readFileSync(new URL('src/api/generated.ts', web), 'utf8')
  const description = readFileSync(new URL('../openapi.json', web), 'utf8')
  const current = astToString(await openapiTS(description, { defaultNonNullable: false, silent: true }))
  expect(committed.replace(HEAD, '').trim() === current.trim(), 'run `npm run types`').toBe(true)
}, 30_000)
