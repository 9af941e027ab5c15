// axe-core on the page that shows: what a machine can find of barriers, in the words of WCAG. It finds nothing, or the
// journey fails and says where.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** Fails where axe finds a violation on the page, which `screen` names. */
export async function accessible(page, screen) {
  await settled(page)
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE)
  const { violations } = await page.evaluate((rules) => window.axe.run(document, { runOnly: rules }), RULES)
  if (violations.length > 0) throw new Error(`${screen}: axe finds\n${violations.map(told).join('\n')}`)
}

/** Colours in the middle of a transition are nobody's. */
const settled = (page) =>
  page.evaluate(async () => {
    const running = document.getAnimations().filter((one) => one.effect?.getTiming().iterations !== Infinity)
    await Promise.race([Promise.allSettled(running.map((one) => one.finished)), new Promise((done) => setTimeout(done, 1000))])
  })

const told = ({ id, help, nodes }) => `  ${id}: ${help}\n${nodes.map((node) => `    ${node.target.join(' ')}: ${node.failureSummary.split('\n').slice(1).join(';').trim()}`).join('\n')}`
