// Letters are as large as the phone is set to (A14): no text has a size in pixels, and nothing sets the size of all.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

function styles(folder: string): [string, string][] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) return styles(path)
    return /\.(vue|css)$/.test(name) ? [[path, readFileSync(path, 'utf8')] as [string, string]] : []
  })
}

const all = ['ui', 'candidate'].flatMap((folder) => styles(join(import.meta.dirname, '..', folder)))
const found = (pattern: RegExp) => all.flatMap(([path, text]) => (text.match(pattern) ?? []).map((rule) => `${path}: ${rule}`))

test('every text follows the size of letters that the phone is set to', () => {
  expect(found(/(font-size|--text-\w+|line-height):[^;]*\dp[xt]\b[^;]*/g)).toEqual([])
  expect(found(/(html|:root)[^{}]*\{[^}]*font-size:[^;]*/g)).toEqual([])
  expect(all.length).toBeGreaterThan(50)
})
