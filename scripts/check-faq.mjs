// Every entry of the two FAQs has its row in docs/faq.md, once, and every proof that a row names is there: a Rust test
// or a journey's or page's test by its name, or a file.
import { existsSync, readFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const SECTIONS = { 'S0 特别提醒': 18, 'S0 一': 23, 'S0 二': 29, 'S0 三': 11, 'S1 一': 12, 'S1 二': 14 }
const wanted = Object.entries(SECTIONS).flatMap(([section, count]) =>
  Array.from({ length: count }, (_, at) => `${section}${at + 1}`),
)

const files = execFileSync('git', ['ls-files', '*.rs', '*.test.ts', '*.test.mjs'], { cwd: root, encoding: 'utf8' }).trim().split('\n')
const tests = new Set()
for (const file of files.filter((name) => existsSync(join(root, name)))) {
  const text = readFileSync(join(root, file), 'utf8')
  const names = file.endsWith('.rs')
    ? text.matchAll(/#\[(?:tokio::)?test[^\]]*\]\s*(?:#\[[^\]]*\]\s*)*(?:async )?fn (\w+)/g)
    : text.matchAll(/^test\(\s*(?:'((?:[^'\\]|\\.)*)'|"([^"]*)")/gm)
  for (const found of names) tests.add((found[1] ?? found[2]).replaceAll("\\'", "'"))
}

const rows = readFileSync(join(root, 'docs/faq.md'), 'utf8').split('\n').filter((line) => /^\| S\d /.test(line))
const faults = []
const seen = new Map()
for (const row of rows) {
  const cells = row.split('|').slice(1, -1).map((cell) => cell.trim())
  const [id, , how, proof] = cells
  seen.set(id, (seen.get(id) ?? 0) + 1)
  if (cells.length !== 4 || !how) faults.push(`${id}: the row is not whole`)
  const named = [...(proof ?? '').matchAll(/`([^`]+)`/g)].map((found) => found[1])
  if (named.length === 0 && !/^later: \S/.test(proof ?? '')) faults.push(`${id}: names no proof`)
  for (const name of named) {
    if (!tests.has(name) && !(name.includes('/') && existsSync(join(root, name)))) faults.push(`${id}: there is no ${name}`)
  }
}
for (const id of wanted) {
  if (seen.get(id) !== 1) faults.push(`${id}: ${seen.get(id) ?? 0} rows`)
  seen.delete(id)
}
for (const id of seen.keys()) faults.push(`${id}: no such entry`)
if (faults.length > 0) {
  console.error(`docs/faq.md:\n  ${faults.join('\n  ')}`)
  process.exit(1)
}
