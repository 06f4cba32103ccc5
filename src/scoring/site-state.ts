import { entryOf, isReadable } from '#src/analysis/site-view.ts'
import { turnedAway } from '#src/crawl/refusals.ts'
import type { PageRecord } from '#src/crawl/site-record.ts'
import type { Values } from '#src/lib/fill-in.ts'

/** What a crawl came back with; `params` are the values of its text in evidence-messages.ts. `none`: the company has
 *  no site of its own. `unread`: nothing is known, the site turned the visit away or answers with something else. */
export type SiteState = { state: 'none' | 'unreachable' | 'parked' | 'unread' | 'read'; params: Values }

type EntryPage = Pick<PageRecord, 'depth' | 'status' | 'parked' | 'finalUrl' | 'contentType'>

const UNREACHABLE_CODES = new Set(['dns', 'unreachable', 'timeout', 'tls', 'error_status'])

/** The state of a site whose pages were fetched. */
export const stateOfPages = (pages: readonly EntryPage[]): SiteState => {
  const entry = entryOf(pages)
  if (!entry) return { state: 'unreachable', params: { code: 'unreachable' } }
  const { finalUrl: url, status } = entry
  if (entry.parked !== null) return { state: 'parked', params: { url, marker: entry.parked } }
  const params = { url, status }
  if (pages.some((page) => isReadable(page))) return { state: 'read', params }
  return { state: turnedAway(status) || status < 400 ? 'unread' : 'unreachable', params }
}

/** The state of a site that could not be read at all, by `failureCode`. A refusal says nothing about the site. */
export const stateOfFailure = (code: string, message: string): SiteState => ({
  state: UNREACHABLE_CODES.has(code) ? 'unreachable' : 'unread',
  params: { code, message: message || code },
})
