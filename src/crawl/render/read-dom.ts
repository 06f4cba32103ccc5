import { sleep } from '#src/lib/sleep.ts'
import type { CdpSession } from './cdp-connection.ts'
import type { PageTraffic } from './page-traffic.ts'

const LOOK_EVERY_MS = 150
/** Nothing loaded and nothing drawn for so long: the page is done. */
const QUIET_MS = 500
/** The same for a page that still says next to nothing: something may be about to come. */
const QUIET_WHEN_POOR_MS = 2_000
/** Nothing drawn for so long though requests go on: it only polls. */
const STILL_MS = 2_500
const POOR_TEXT = 200
const MAX_HTML = 5_000_000
const MAX_SHADOW_ROOTS = 3_000
const MAX_ELEMENTS_MEASURED = 8_000
const WORLD = 'prospectlab'

// Both run in a world of their own: what the page has done to its own objects does not reach them.
const LOOK = `(() => {
  const body = document.body, count = document.getElementsByTagName('*').length
  const text = body ? (count < ${MAX_ELEMENTS_MEASURED} ? body.innerText : body.textContent).length : 0
  return { ready: document.readyState === 'complete', count, text, url: document.URL.slice(0, 2000) }
})()`

// What getHTML writes as templates of open shadow roots becomes plain elements; other templates stay.
const TAKE = `(() => {
  const root = document.documentElement, shadows = [], within = []
  if (!root) return { url: document.URL, html: '' }
  const find = (from) => {
    for (const element of from.querySelectorAll('*')) {
      if (shadows.length >= ${MAX_SHADOW_ROOTS}) return
      if (element.shadowRoot) { shadows.push(element.shadowRoot); find(element.shadowRoot) }
    }
  }
  find(document)
  const flatten = (tag, end, attributes) => {
    if (!end) within.push(attributes.startsWith(' shadowrootmode='))
    const flat = end ? within.pop() : within.at(-1)
    return flat ? '<' + end + 'div>' : tag
  }
  const flat = shadows.length > 0 && typeof root.getHTML === 'function'
  const html = flat
    ? '<html lang="' + root.lang.replace(/[^a-z0-9-]/gi, '') + '">' +
      root.getHTML({ shadowRoots: shadows }).replace(/<([/]?)template([^>]*)>/g, flatten) + '</html>'
    : root.outerHTML
  return { url: document.URL, html: ('<!doctype html>' + html).slice(0, ${MAX_HTML}) }
})()`

type Look = { ready: boolean; count: number; text: number; url: string }

/** Waits until the page has loaded and neither network nor document change any more, it turns out to be an error, or
 *  `deadline` (a performance.now()) has come. A page too busy to answer is waited for until then. */
export const waitUntilQuiet = async (
  page: CdpSession,
  frameId: string,
  parts: { traffic: PageTraffic; deadline: number; signal: AbortSignal },
): Promise<void> => {
  const { traffic, deadline, signal } = parts
  let last = ''
  let drawnAt = performance.now()
  while (performance.now() < deadline) {
    await sleep(Math.min(LOOK_EVERY_MS, Math.max(1, deadline - performance.now())), signal)
    const left = sleep(Math.max(1, deadline - performance.now()), signal).then(() => null)
    const look = await Promise.race([evaluate<Look>(page, frameId, LOOK).catch(() => null), left])
    if ((traffic.document()?.status ?? 0) >= 400) return
    if (!look) continue
    const now = performance.now()
    const seen = `${look.url} ${look.count} ${look.text}`
    if (seen !== last) drawnAt = now
    last = seen
    if (!look.ready) continue
    const poor = look.text < POOR_TEXT
    const still = now - drawnAt
    const idle = traffic.inFlight() === 0 ? now - traffic.changedAt() : 0
    const enough = poor ? QUIET_WHEN_POOR_MS : QUIET_MS
    if ((still >= enough && idle >= enough) || (!poor && still >= STILL_MS)) return
  }
}

/** The document as it stands, at most 5,000,000 characters; what is in open shadow roots stands in place. */
export const takeDocument = (page: CdpSession, frameId: string): Promise<{ url: string; html: string }> =>
  evaluate(page, frameId, TAKE)

const evaluate = async <T>(page: CdpSession, frameId: string, expression: string): Promise<T> => {
  const { executionContextId } = await page.send('Page.createIsolatedWorld', { frameId, worldName: WORLD })
  const { result, exceptionDetails } = await page.send('Runtime.evaluate', {
    expression,
    contextId: executionContextId,
    returnByValue: true,
  })
  if (exceptionDetails) throw new Error('the document could not be read')
  return result.value as T
}
