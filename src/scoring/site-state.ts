import { entryOf, isReadable } from '#src/analysis/site-view.ts'
import type { PageRecord } from '#src/crawl/site-record.ts'

/** What a crawl came back with; `evidence` says it in a few words. `none`: the company has no site of its own. */
export type SiteState = { state: 'none' | 'unreachable' | 'parked' | 'unread' | 'read'; evidence: string }

type EntryPage = Pick<PageRecord, 'depth' | 'status' | 'parked' | 'finalUrl' | 'contentType'>

const UNREACHABLE_CODES = new Set(['dns', 'unreachable', 'timeout', 'tls'])
// A visitor with a browser may well see what the crawler was refused.
const REFUSALS = new Set([401, 403, 429])

/** The state of a site whose pages were fetched. */
export const stateOfPages = (pages: readonly EntryPage[]): SiteState => {
  const entry = entryOf(pages)
  if (!entry) return { state: 'unreachable', evidence: 'no page answered' }
  if (entry.parked !== null) return { state: 'parked', evidence: `${entry.finalUrl}: ${entry.parked}` }
  const evidence = `${entry.finalUrl} answers ${entry.status}`
  if (pages.some((page) => isReadable(page))) return { state: 'read', evidence }
  return { state: REFUSALS.has(entry.status) || entry.status < 400 ? 'unread' : 'unreachable', evidence }
}

/** The state of a site that could not be read at all. A refusal by robots.txt says nothing about the site. */
export const stateOfFailure = (code: string, message: string): SiteState => ({
  state: UNREACHABLE_CODES.has(code) ? 'unreachable' : 'unread',
  evidence: message || code,
})
