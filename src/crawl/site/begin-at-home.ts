import type { FetchedResponse, FetchHop } from '#src/lib/safe-fetch.ts'
import type { CrawlLimits } from '../crawl-limits.ts'
import type { CrawlErrorCode, CrawlOutcome, PageRecord } from '../site-record.ts'
import type { Budget } from './budget.ts'
import type { CrawlTools } from './crawl-site.ts'
import type { Visit } from './folded-visit.ts'
import { openSite } from './open-site.ts'
import { emptyMemory, type PageMemory } from './page-memory.ts'
import { looksLikeHtml } from './page-response.ts'
import { siteHostOf } from './page-urls.ts'
import type { Robots } from './robots.ts'
import type { RobotsGate } from './robots-gate.ts'
import { saysUnchanged } from './validators.ts'
import { askIfChanged, startWalk, type Walk } from './walk-site.ts'

// More words than this are a page of its own.
const MAX_SIGN_LENGTH = 400

type OpenedHome =
  | { ok: true; home: FetchedResponse; robots: Robots; hops: FetchHop[]; tlsFailed: string | null }
  | { ok: false; error: { code: CrawlErrorCode; message: string; status?: number } }

const openHome = async (url: string, { gate, known, ignoreRobots }: Means): Promise<OpenedHome> => {
  const opened = await openSite(url, (spelling) => askIfChanged(spelling, known.home(), gate.fetchPage))
  if (!opened.ok) {
    const { code, message } = gate.refusal() ?? opened.error
    return refused(code, message)
  }
  const { response: home, hops, tlsFailed } = opened
  const robots = await gate.robotsOf(new URL(home.url).origin)
  if (robots.status === null && !robots.allows(home.url) && !ignoreRobots)
    return refused('robots', 'robots.txt could not be read, so nothing may be.')
  if (home.status >= 400)
    return refused('unreachable', `The site answers with status ${home.status}.`, home.status)
  const before = known.home()
  const unchanged = before !== null && saysUnchanged(home, before)
  if (home.status === 304 && !unchanged)
    return refused('unreachable', 'The site says that its page has not changed, but does not give it.', 304)
  if (!unchanged && !looksLikeHtml(home))
    return refused('not_html', 'The address does not lead to a web page.')
  return { ok: true, home, robots, hops, tlsFailed }
}

const refused = (code: CrawlErrorCode, message: string, status?: number) => ({
  ok: false as const,
  error: { code, message, ...(status !== undefined && { status }) },
})

/** What one crawl goes by and works with. */
export type Means = {
  limits: CrawlLimits
  ignoreRobots: boolean
  tools: CrawlTools
  budget: Budget
  gate: RobotsGate
  known: PageMemory
}
export type Begun = Extract<OpenedHome, { ok: true }> & {
  walk: Walk
  /** What is known of this very site */
  memory: PageMemory
  /** Its home page */
  first: PageRecord
  /** How another site's home page led here */
  sentFrom: FetchHop[]
}

/** Opens the site and reads its home page, or the one of the site that an empty home page sends its visitors to. */
export const beginAtHome = async (
  url: string,
  means: Means,
  sentFrom: FetchHop[] = [],
): Promise<({ ok: true } & Begun) | Extract<CrawlOutcome, { ok: false }>> => {
  const { tools, gate, known } = means
  const opened = await openHome(url, means)
  if (!opened.ok) return { ok: false, error: opened.error, errors: [] }
  const { home, robots } = opened
  if (robots.crawlDelayMs !== null) tools.onCrawlDelay?.(new URL(home.url).host, robots.crawlDelayMs)
  const memory = known.site?.siteHost === siteHostOf(home.url) ? known : emptyMemory
  const walk = startWalk(home.url, { ...means, gate, memory })
  const read = await walk.readHome(home, memory.recall(home.url, { home: true, deep: true }))
  if (!read?.record) {
    const error = { code: 'not_html', message: 'The home page could not be parsed.' } as const
    return { ok: false, error, errors: walk.errors() }
  }
  const elsewhere = sentFrom.length === 0 ? leadsAway(read) : null
  if (elsewhere) {
    const sent = [...opened.hops, { from: home.url, to: elsewhere, status: home.status }]
    const there = await beginAtHome(elsewhere, means, sent)
    if (there.ok) return there
  }
  // The page has been read, and a crawl may last for minutes.
  const emptied = { ...home, body: new Uint8Array() }
  return { ...opened, home: emptied, walk, memory, first: read.record, sentFrom }
}

// A page with next to nothing on it but a meta refresh to another host stands for that host's home page.
const leadsAway = ({ record, parsed, finalUrl }: Visit): string | null => {
  const target = URL.parse(parsed?.metaRefresh ?? '')
  if (!target || !record || record.parked || record.textLength > MAX_SIGN_LENGTH) return null
  if (siteHostOf(target.href) === siteHostOf(finalUrl) || parsed!.links.length > 0) return null
  return target.href
}
