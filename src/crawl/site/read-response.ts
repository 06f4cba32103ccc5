import { messageOf } from '#src/lib/errors.ts'
import type { FetchedResponse } from '#src/lib/safe-fetch.ts'
import { ThreadError } from '#src/threads.ts'
import type { ParsedPage, ParseInput } from '../extract/parsed-page.ts'
import type { PageError } from '../site-record.ts'
import type { Budget } from './budget.ts'
import type { CrawlTools } from './crawl-site.ts'
import type { Candidate } from './frontier.ts'
import { siteHostOf } from './page-urls.ts'

// A browser costs a hundred times what a request does.
const MAX_RENDERED_PAGES = 5
const RENDER_TIMEOUT_MS = 20_000

export type ReadPage = { parsed: ParsedPage; rendered: boolean; errors: PageError[] }
export type NotRead = { parsed: null; errors: PageError[] }

/** Turns the answers of one site into parsed pages: in a thread, and drawn by a browser first where only that shows
 *  what is in them. A page that a thread does not get through is given up, with its reason. */
export const createResponseReader = (
  siteHost: string,
  {
    tools,
    budget,
    mayOpen,
  }: { tools: CrawlTools; budget: Budget; mayOpen: (url: string) => Promise<boolean> },
) => {
  let rendered = 0
  let toldOfBrowser = false

  const read = async (
    candidate: Candidate,
    response: FetchedResponse,
    as: { home: boolean; deep: boolean },
  ): Promise<ReadPage | NotRead> => {
    const errors: PageError[] = []
    if (response.truncated)
      errors.push({
        url: response.url,
        code: 'truncated',
        message: `Only the first ${response.bytes} bytes of the page were read.`,
      })
    const input: ParseInput = {
      url: candidate.url,
      finalUrl: response.url,
      siteHost,
      depth: candidate.depth,
      status: response.status,
      headers: response.headers,
      body: response.body,
      today: tools.now().toISOString().slice(0, 10),
      ...as,
    }
    try {
      const parsed = await tools.parsePage(input)
      if (!parsed.page.needsBrowser) return { parsed, rendered: false, errors }
      const drawn = await draw(input)
      if (drawn.ok) return { parsed: drawn.parsed, rendered: true, errors }
      // The reason is the machine's, not the page's: once is enough.
      if (!toldOfBrowser) errors.push({ url: response.url, code: 'needs_browser', message: drawn.message })
      toldOfBrowser = true
      return { parsed, rendered: false, errors }
    } catch (error) {
      const code = error instanceof ThreadError ? `parse_${error.code}` : 'parse_failed'
      const message = `The page could not be parsed: ${messageOf(error)}`
      return { parsed: null, errors: [...errors, { url: response.url, code, message }] }
    }
  }

  const draw = async (
    input: ParseInput,
  ): Promise<{ ok: true; parsed: ParsedPage } | { ok: false; message: string }> => {
    const failed = (why: string) => ({
      ok: false as const,
      message: `The page shows nothing without JavaScript; ${why}.`,
    })
    if (!tools.render) return failed('no browser is installed to draw it')
    const timeoutMs = Math.min(RENDER_TIMEOUT_MS, budget.leftMs())
    if (rendered >= MAX_RENDERED_PAGES || timeoutMs <= 0)
      return failed('the limit of drawn pages was reached')
    rendered += 1
    const page = await tools.render(input.finalUrl, { signal: budget.signal, timeoutMs, mayOpen })
    if (!page.ok) return failed(`the browser could not draw it (${page.code}: ${page.message})`)
    const moved = URL.canParse(page.finalUrl) && siteHostOf(page.finalUrl) === siteHost
    const body = new TextEncoder().encode(page.html)
    budget.spend({ bytes: body.length })
    const parsed = await tools.parsePage({
      ...input,
      finalUrl: moved ? page.finalUrl : input.finalUrl,
      headers: { ...input.headers, 'content-type': 'text/html; charset=utf-8' },
      body,
    })
    return { ok: true, parsed: { ...parsed, page: { ...parsed.page, needsBrowser: false } } }
  }

  return read
}
