// Large letters: what a phone set to them does to a page, and whether the page still fits.

/** Twice the usual size, as the largest setting of most phones. */
export const TWICE = 'html { font-size: 200% }'

/** Sets letters on the page that shows, until `usual` of what it answers is called or the page is loaded anew. */
export async function enlarge(page) {
  const style = await page.addStyleTag({ content: TWICE })
  return { usual: () => style.evaluate((element) => element.remove()) }
}

/** Fails where something is wider than the screen, or words are cut off; names it. */
export async function fits(page, screen) {
  const found = await page.evaluate(() => {
    const out = []
    const said = (element) => `${element.tagName.toLowerCase()} “${element.textContent.trim().slice(0, 30)}”`
    if (document.scrollingElement.scrollWidth > window.innerWidth) out.push(`the page is ${document.scrollingElement.scrollWidth} wide`)
    for (const element of document.querySelectorAll('#app *, .sheet *')) {
      const { left, right, width, height } = element.getBoundingClientRect()
      if (width < 2 || height < 2 || !element.checkVisibility()) continue
      const words = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim() !== '')
      if (words && (left < -1 || right > window.innerWidth + 1)) out.push(`${said(element)} reaches from ${left} to ${right}`)
      if (words && element.scrollWidth > element.clientWidth + 2 && element.clientWidth > 0 && getComputedStyle(element).display !== 'inline') out.push(`${said(element)} is cut off`)
    }
    return out
  })
  if (found.length > 0) throw new Error(`${screen}: ${found.join('; ')}`)
}
