// Both languages say the same things, and every text is said somewhere.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import en from './en'
import zh from './zh-CN'

type Tree = { readonly [key: string]: string | Tree }

function leaves(tree: Tree, prefix = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[prefix + key, value] as [string, string]] : leaves(value, `${prefix}${key}.`),
  )
}

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) return name === 'locales' ? [] : sources(path)
    return /\.(vue|ts)$/.test(name) && !name.endsWith('.test.ts') ? [readFileSync(path, 'utf8')] : []
  })
}

const root = join(import.meta.dirname, '../..')
const own = [...sources(join(root, 'ui')), ...sources(join(root, 'candidate'))].join('\n')
const everywhere = own + sources(join(root, 'console')).join('\n')
const chinese = leaves(zh)
const keys = chinese.map(([key]) => key)
const named = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort().join()

// `t('a.b')` names a text; t(`a.state_${x}`) names every text that begins so.
const spoken = (text: string) => [...text.matchAll(/\bt\(\s*'([\w.]+)'/g)].map((found) => found[1] ?? '')
const families = (text: string) => [...text.matchAll(/\bt\(\s*`([\w.]+)\$\{/g)].map((found) => found[1] ?? '')

test('Chinese and English have the same keys', () => {
  expect(leaves(en).map(([key]) => key)).toEqual(keys)
})

test('Chinese and English take the same values', () => {
  expect(leaves(en).map(([key, text]) => `${key}: ${named(text)}`)).toEqual(
    chinese.map(([key, text]) => `${key}: ${named(text)}`),
  )
})

test('no page says a text that the catalogue lacks', () => {
  expect(spoken(own).filter((key) => !keys.includes(key))).toEqual([])
  expect(families(own).filter((prefix) => !keys.some((key) => key.startsWith(prefix)))).toEqual([])
})

test('no text is left that nobody says', () => {
  const said = new Set(spoken(everywhere))
  const begun = families(everywhere)
  const silent = keys.filter((key) => !key.startsWith('term.') && !said.has(key) && !begun.some((prefix) => key.startsWith(prefix)))
  expect(silent).toEqual([])
})
