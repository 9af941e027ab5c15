// Every entry of the two FAQs has its row in docs/faq.md, once, and every proof that a row names is there: a Rust test
// or a journey's or page's test by its name, or a file.
import { failOn, idsOf, isThere, namedIn, onceEach, rowsOf, testNames } from './lib/proofs.mjs'

const DOCUMENT = 'docs/faq.md'
const wanted = idsOf({ 'S0 特别提醒': 18, 'S0 一': 23, 'S0 二': 29, 'S0 三': 11, 'S1 一': 12, 'S1 二': 14 })
const tests = testNames()
const rows = rowsOf(DOCUMENT, /^S\d /)

function faultsOf([id, , how, proof = '', ...rest]) {
  const whole = how && rest.length === 0 ? [] : [`${id}: the row is not whole`]
  const names = namedIn(proof)
  const proven = names.length > 0 || /^later: \S/.test(proof) ? [] : [`${id}: names no proof`]
  const absent = names.filter((name) => !isThere(name, tests)).map((name) => `${id}: there is no ${name}`)
  return [...whole, ...proven, ...absent]
}

failOn(DOCUMENT, [...rows.flatMap(faultsOf), ...onceEach(wanted, rows.map(([id]) => id))])
