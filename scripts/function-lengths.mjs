// Functions are at most 60 lines, and half of them under 10. Rust is formatted by rustfmt, so a function
// ends at the first closing brace that stands as far left as its `fn`; TypeScript is parsed.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const LONGEST = 60
const MEDIAN = 10

const tracked = (...globs) =>
  execFileSync('git', ['ls-files', '--', ...globs], { encoding: 'utf8' }).split('\n').filter(existsSync)

function rustFunctions(file) {
  const lines = readFileSync(file, 'utf8').split('\n')
  const found = []
  lines.forEach((line, start) => {
    const head = /^(\s*)(?:pub(?:\([^)]*\))? )?(?:const |async |unsafe )*fn (\w+)/.exec(line)
    if (!head) return
    const end = lines.findIndex((l, i) => i >= start && (l === `${head[1]}}` || (i === start && /[;}]$/.test(l))))
    if (end >= 0) found.push({ file, name: head[2], line: start + 1, length: end - start + 1 })
  })
  return found
}

function scriptFunctions(ts, file) {
  const whole = readFileSync(file, 'utf8')
  const inVue = /<script[^>]*>([\s\S]*?)<\/script>/.exec(whole)
  const text = file.endsWith('.vue') ? (inVue?.[1] ?? '') : whole
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const found = []
  const lineOf = (at) => source.getLineAndCharacterOfPosition(at).line
  const linesOfInner = (node) => {
    let lines = 0
    ts.forEachChild(node, (child) => {
      const isInner = ts.isFunctionLike(child) && child.body
      lines += isInner ? lineOf(child.end) - lineOf(child.getStart()) : linesOfInner(child)
    })
    return lines
  }
  const visit = (node) => {
    const isTestStory = ts.isCallExpression(node.parent ?? node)
    if (ts.isFunctionLike(node) && node.body && !isTestStory) {
      // What is defined inside a function (a composable's own functions, say) is counted by itself.
      const length = lineOf(node.end) - lineOf(node.getStart()) + 1 - linesOfInner(node.body)
      found.push({ file, name: node.name?.getText() ?? '(anonymous)', line: lineOf(node.getStart()) + 1, length })
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

const rust = tracked('*.rs').flatMap(rustFunctions)
const require = createRequire(new URL('../web/package.json', import.meta.url))
const ts = require('typescript')
const scripts = tracked('web/src/*.ts', 'web/src/*.vue', 'e2e/*.ts', 'chaos/*.ts')
  .filter((file) => !/generated|locales/.test(file))
  .flatMap((file) => scriptFunctions(ts, file))

let failed = false
for (const { file, line, name, length } of [...rust, ...scripts].filter((f) => f.length > LONGEST)) {
  console.error(`${file}:${line}: ${name} is ${length} lines long; at most ${LONGEST}`)
  failed = true
}
for (const [what, functions] of [['Rust', rust], ['TypeScript', scripts]]) {
  const lengths = functions.map((f) => f.length).sort((a, b) => a - b)
  const median = lengths[Math.floor(lengths.length / 2)] ?? 0
  console.log(`${what}: ${lengths.length} functions, median ${median} lines`)
  failed ||= median >= MEDIAN
}
process.exit(failed ? 1 : 0)
