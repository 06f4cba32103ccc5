import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'puppeteer-core'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const PHONE_WIDTH = 390

/** What is wrong with the page on show: scrolling sideways on a phone, texts that are missing, and what axe
 *  finds serious or critical. */
export const checkPage = async (page: Page, width: number): Promise<string[]> => {
  const { scrollsBy, odd } = await page.evaluate(measure)
  return [
    ...(width === PHONE_WIDTH && scrollsBy > 0 ? [`scrolls sideways by ${scrollsBy} px`] : []),
    ...odd.map((text) => `text: ${text}`),
    ...(await runAxe(page)),
  ]
}

// Runs in the page. Code, addresses and what people wrote may look like a key; the words of the interface may not.
const measure = (): { scrollsBy: number; odd: string[] } => {
  const broken = /\bundefined\b|\[object \w+\]|\bNaN\b|\bInvalid Date\b|\{\w+\}/
  const key = /(?<![\w@./:-])(?:[a-z]+(?:_[a-z]+)+|[a-z]{2,}[A-Z][a-z]+)(?![\w@./:-])/
  const texts: string[] = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement
    if (!parent || parent.closest('script, style, code, pre, textarea, [data-foreign]')) continue
    texts.push(node.nodeValue ?? '')
  }
  for (const element of document.body.querySelectorAll('*'))
    for (const name of ['title', 'aria-label', 'placeholder', 'alt'])
      if (element.hasAttribute(name)) texts.push(element.getAttribute(name) ?? '')
  return {
    scrollsBy: document.documentElement.scrollWidth - window.innerWidth,
    odd: [...new Set(texts.filter((text) => broken.test(text) || key.test(text)).map((text) => text.trim()))],
  }
}

type Violation = { id: string; impact: string; help: string; nodes: { html: string }[] }

const runAxe = async (page: Page): Promise<string[]> => {
  const violations = (await page.evaluate(
    `${AXE}; axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
      violations.filter(({ impact }) => impact === 'serious' || impact === 'critical'))`,
  )) as Violation[]
  return violations.map(
    ({ id, nodes, help }) => `axe ${id} (${nodes.length}): ${help} ${nodes[0]?.html.slice(0, 160)}`,
  )
}
