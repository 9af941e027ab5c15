// Every requirement of the published manuals has its row in docs/requirements.md, once, with a state that holds: what is
// called done or in part names tests or files that are there, what is called pledged is so in docs/enforcement.md too.
// Each step of a journey through a manual names requirements that there are.
import { failOn, idsOf, isThere, manualSteps, namedIn, onceEach, rowsOf, testNames, textOf } from './lib/proofs.mjs'

const DOCUMENT = 'docs/requirements.md'
const REQUIREMENTS = {
  A: 30, B: 12, C: 15, D: 9, E: 5, F: 10, G: 11, H: 6, I: 4, J: 7, K: 17, L: 9, M: 8, N: 10, O: 3, P: 19, Q: 12, R: 7, SP: 4,
}
const MESSAGES_AND_SETTINGS = { U: 27, W: 24 }
const COMING = [
  'authoring', 'preparation', 'sealed papers', 'delivery', 'second camera', 'interview', "proctor's hand", "candidate's pages",
]

const wanted = idsOf({ ...REQUIREMENTS, ...MESSAGES_AND_SETTINGS })
const tests = testNames()
const codes = new Set([...textOf('crates/domain/src/refusal/code.rs').matchAll(/"([a-z_]+\.[a-z_]+)"/g)].map(([, code]) => code))
const pledged = new Set(rowsOf('docs/enforcement.md', /./).flatMap(([, ids, kind]) => (kind === 'pledged' ? spread(ids) : [])))

/** `A25–A28, R5` is A25, A26, A27, A28 and R5. */
function spread(ids) {
  return ids.split(/,\s*/).flatMap((range) => {
    const [, section, from, to = from] = /^([A-Z]+)(\d+)(?:–[A-Z]+(\d+))?$/.exec(range) ?? []
    return section ? Array.from({ length: to - from + 1 }, (_, at) => `${section}${Number(from) + at}`) : []
  })
}

const STATES = {
  done: (id, rest, proof) => (!rest && proves(proof) ? null : 'done names no proof'),
  pledged: (id, rest) => (!rest && pledged.has(id) ? null : 'docs/enforcement.md does not call it pledged'),
  'designed away': (id, rest, proof) => (!rest && proof ? null : 'designed away gives no reason'),
  later: (id, rest) => (COMING.includes(rest) ? null : `later names none of ${COMING.join(', ')}`),
  'in part': (id, rest, proof) => (rest && proves(proof) ? null : 'in part says what is missing, and proves the rest'),
}

/** A test or a file; the code of a refusal says where to look and proves nothing. */
const proves = (proof) => namedIn(proof).some((name) => isThere(name, tests))

function stateOf(cell) {
  const at = cell.indexOf(': ')
  return at < 0 ? { state: cell, rest: '' } : { state: cell.slice(0, at), rest: cell.slice(at + 2).trim() }
}

function faultsOf([id, words, cell = '', proof = '', ...more]) {
  const { state, rest } = stateOf(cell)
  const whole = words && more.length === 0 ? [] : [`${id}: the row is not whole`]
  const wrong = state in STATES ? STATES[state](id, rest, proof) : `there is no state ${state}`
  const absent = namedIn(proof).filter((name) => !isThere(name, tests) && !codes.has(name))
  return [...whole, ...(wrong ? [`${id}: ${wrong}`] : []), ...absent.map((name) => `${id}: there is no ${name}`)]
}

const stepFaults = manualSteps().flatMap(({ name, ids }) =>
  ids.length > 0 && ids.every((id) => wanted.includes(id)) ? [] : [`the step “${name}” names no requirement, or one that there is not`])
const rows = rowsOf(DOCUMENT, /^[A-Z]+\d+$/)
failOn(DOCUMENT, [...rows.flatMap(faultsOf), ...onceEach(wanted, rows.map(([id]) => id)), ...stepFaults])

const states = rows.map(([, , cell]) => stateOf(cell).state)
const counts = Object.keys(STATES).map((state) => `${states.filter((each) => each === state).length} ${state}`)
console.log(`${rows.length} rows of requirements: ${counts.join(', ')}`)
