// axe-core on the page that shows: what a machine can find of barriers, in the words of WCAG. It finds nothing, or the
// journey fails and says where.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { shot } from './browser.mjs'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** A screen that somebody gets to: whoever they are, they can use it. Its picture is kept where pictures are wanted. */
export async function seen(page, screen) {
  await shot(page, screen)
  await accessible(page, screen)
}

/** Fails where axe finds a violation on the page, which `screen` names. */
export async function accessible(page, screen) {
  await settled(page)
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE)
  const found = await page.evaluate((rules) => window.axe.run(document, { runOnly: rules }), RULES)
  const violations = await withoutCovered(page, found.violations)
  if (violations.length > 0) throw new Error(`${screen}: axe finds\n${violations.map(told).join('\n')}`)
}

/** What a bar at the edge covers is too small only until one scrolls to it: it is looked at again where it can be seen. */
async function withoutCovered(page, violations) {
  const small = violations.find(({ id }) => id === 'target-size')
  if (small === undefined) return violations
  const nodes = []
  for (const node of small.nodes) if (await tooSmall(page, node.target[0])) nodes.push(node)
  const others = violations.filter((each) => each !== small)
  return nodes.length === 0 ? others : [...others, { ...small, nodes }]
}

const tooSmall = (page, target) =>
  page.evaluate(async (selector) => {
    const element = document.querySelector(selector)
    element?.scrollIntoView({ block: 'center' })
    const { violations } = await window.axe.run(selector, { runOnly: ['target-size'] })
    return violations.length > 0
  }, target)

/** Colours in the middle of a transition are nobody's. */
const settled = (page) =>
  page.evaluate(async () => {
    const running = document.getAnimations().filter((one) => one.effect?.getTiming().iterations !== Infinity)
    await Promise.race([Promise.allSettled(running.map((one) => one.finished)), new Promise((done) => setTimeout(done, 1000))])
  })

const told = ({ id, help, nodes }) => `  ${id}: ${help}\n${nodes.map((node) => `    ${node.target.join(' ')}: ${node.failureSummary.split('\n').slice(1).join(';').trim()}`).join('\n')}`
