// What a document's table claims, held against the tests and files that there are. Two checks share it.
import { existsSync, readFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
const RUST = /#\[(?:tokio::)?test[^\]]*\]\s*(?:#\[[^\]]*\]\s*)*(?:async )?fn (\w+)/g
/** Stories of the store, each a test on both databases. */
const ON_BOTH = /on_both!\(([\s\w,]+)\)/g
const SCRIPT = /^[ \t]*(?:await t\.)?(?:test|it)\(\s*(?:'((?:[^'\\]|\\.)*)'|"([^"]*)")/gm

/** The text of a file of the repository. */
export const textOf = (file) => readFileSync(join(root, file), 'utf8')

/** The names of all tests: Rust's, the pages', the journeys'. */
export function testNames() {
  const listed = execFileSync('git', ['ls-files', '*.rs', '*.test.ts', '*.test.mjs'], { cwd: root, encoding: 'utf8' })
  const files = listed.trim().split('\n').filter((name) => existsSync(join(root, name)))
  return new Set(files.flatMap(namesIn))
}

function namesIn(file) {
  const text = textOf(file)
  if (!file.endsWith('.rs')) return [...text.matchAll(SCRIPT)].map(([, one, other]) => (one ?? other).replaceAll("\\'", "'"))
  const stories = [...text.matchAll(ON_BOTH)].flatMap(([, names]) => names.match(/\w+/g))
  return [...[...text.matchAll(RUST)].map(([, name]) => name), ...stories]
}

/** The steps of the journeys that go through a manual, each with the ids that its name begins with. */
export function manualSteps() {
  const files = execFileSync('git', ['ls-files', 'e2e/journeys/s[0-9]-*.test.mjs'], { cwd: root, encoding: 'utf8' }).trim().split('\n')
  const names = files.filter((name) => existsSync(join(root, name))).flatMap((file) => namesIn(file).filter((name) => !/^S\d:/.test(name)))
  return names.map((name) => ({ name, ids: name.split(':')[0].match(/\b[A-Z]+\d+\b/g) ?? [] }))
}

/** The rows of a document's tables whose first cell looks like `id`, as trimmed cells. */
export function rowsOf(document, id) {
  const cellsOf = (line) => line.split('|').slice(1, -1).map((cell) => cell.trim())
  const lines = textOf(document).split('\n').filter((line) => line.startsWith('|'))
  return lines.map(cellsOf).filter(([first]) => id.test(first))
}

/** `{ A: 2 }` is A1 and A2. */
export const idsOf = (sections) =>
  Object.entries(sections).flatMap(([section, count]) => Array.from({ length: count }, (_, at) => `${section}${at + 1}`))

/** What stands in backticks. */
export const namedIn = (cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name)

/** Whether there is such a test, or such a file. */
export const isThere = (name, tests) => tests.has(name) || (name.includes('/') && existsSync(join(root, name)))

/** Each wanted id stands in exactly one row, and no other id does. */
export function onceEach(wanted, ids) {
  const counts = new Map(wanted.map((id) => [id, 0]))
  const strange = ids.filter((id) => !counts.has(id)).map((id) => `${id}: no such entry`)
  for (const id of ids.filter((each) => counts.has(each))) counts.set(id, counts.get(id) + 1)
  const wrong = [...counts].filter(([, count]) => count !== 1).map(([id, count]) => `${id}: ${count} rows`)
  return [...wrong, ...strange]
}

/** Says what is wrong with a document and fails, or does nothing. */
export function failOn(document, faults) {
  if (faults.length === 0) return
  console.error(`${document}:\n  ${faults.join('\n  ')}`)
  process.exit(1)
}
