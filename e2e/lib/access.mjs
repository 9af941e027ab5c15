// What somebody needs who reads another language, does not see, or has no pointer.
import { until } from './candidate.mjs'

const OPERABLE = new Set(['button', 'link', 'textbox', 'combobox', 'checkbox', 'radio', 'switch', 'slider', 'tab', 'menuitem', 'listbox'])

/** Controls without a name, as the browser tells a screen reader; empty when all have one. */
export async function nameless(page) {
  const tools = await page.context().newCDPSession(page)
  const { nodes } = await tools.send('Accessibility.getFullAXTree')
  await tools.detach()
  const found = nodes.filter((node) => !node.ignored && OPERABLE.has(node.role?.value))
  if (found.length === 0) throw new Error('nothing on this page can be operated')
  return found.filter((node) => !node.name?.value?.trim()).map((node) => node.role.value)
}

/** Chinese words on the page that are not those of the exam and its people (`given`), nor the language's own name. */
export function chineseBeside(page, given) {
  return page.evaluate((known) => {
    const found = []
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (texts.nextNode()) {
      const parent = texts.currentNode.parentElement
      if (parent === null || parent.closest('script,style,[lang="zh-CN"]') || !parent.checkVisibility()) continue
      let text = texts.currentNode.textContent
      for (const each of known) text = text.replaceAll(each, '')
      if (/\p{Script=Han}/u.test(text)) found.push(text.trim())
    }
    for (const element of document.querySelectorAll('[aria-label],[placeholder],[title],[alt]')) {
      for (const name of ['aria-label', 'placeholder', 'title', 'alt']) {
        let text = element.getAttribute(name) ?? ''
        for (const each of known) text = text.replaceAll(each, '')
        if (/\p{Script=Han}/u.test(text)) found.push(`${name}: ${text}`)
      }
    }
    return found
  }, [...given].sort((one, other) => other.length - one.length))
}

/** Headings, language and title of a page that shows. */
export const outline = (page) =>
  page.evaluate(() => ({
    language: document.documentElement.lang,
    title: document.title,
    headings: [...document.querySelectorAll('h1')].filter((heading) => heading.checkVisibility()).length,
  }))

/** Moves the focus with the Tab key until it is on what has this test id, or inside of it. */
export async function tabTo(page, testId) {
  await page.getByTestId(testId).first().waitFor()
  for (let presses = 0; presses < 40; presses++) {
    const reached = await page.evaluate((id) => document.activeElement?.closest(`[data-testid="${id}"]`) != null, testId)
    if (reached) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`the Tab key does not reach ${testId}`)
}

/** Reaches a control with the Tab key and presses Enter on it. */
export async function press(page, testId) {
  await tabTo(page, testId)
  await until(`${testId} can be pressed`, () => page.getByTestId(testId).first().isEnabled(), 20_000)
  await tabTo(page, testId)
  await page.keyboard.press('Enter')
}

/** Reaches a field with the Tab key and types into it. */
export async function type(page, testId, text) {
  await tabTo(page, testId)
  await page.keyboard.type(text)
}
