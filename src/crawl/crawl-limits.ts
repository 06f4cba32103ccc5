import { tidyBudget, type CrawlPreset } from '#src/companies/crawl-budget.ts'
import type { CrawlBudget } from '#src/companies/schema.ts'

/** Sites read at the same time by one machine. A crawl mostly waits, one second from page to page: so many keep its
 *  threads busy. What they hold in memory is bounded elsewhere (page-room.ts, site/folded-visit.ts). */
export const SITES_AT_ONCE = 500

/** What one site may cost. */
export type CrawlLimits = {
  pages: number
  /** Decoded bytes of all pages together. */
  bytes: number
  pageBytes: number
  /** Milliseconds from the first request on; waiting for its turn does not count. */
  durationMs: number
  /** Clicks from the home page. */
  depth: number
  /** This many pages in a row without a new fact end the crawl. */
  fruitlessPages: number
}

/** Whom to contact and what is weak, of an ordinary site: contact, legal notice and team come first in the queue,
 *  and past twenty pages a small company's site repeats itself. */
export const standardLimits: CrawlLimits = {
  pages: 20,
  bytes: 30_000_000,
  pageBytes: 5_000_000,
  durationMs: 180_000,
  depth: 3,
  fruitlessPages: 8,
}

/** For a first sorting of a long list: the home page and what it links to as contact, legal notice and team. Two
 *  clicks, because some put the notice behind their contact page. */
export const quickLimits: CrawlLimits = {
  ...standardLimits,
  pages: 5,
  bytes: 10_000_000,
  durationMs: 60_000,
  depth: 2,
}

/** For the companies that count: people of every branch and page of a larger site. It goes on longer through pages
 *  without news, because there the next contact is often behind a list of products or places. */
export const thoroughLimits: CrawlLimits = {
  ...standardLimits,
  pages: 60,
  bytes: 90_000_000,
  durationMs: 600_000,
  depth: 5,
  fruitlessPages: 20,
}

export const presetLimits: Record<CrawlPreset, CrawlLimits> = {
  quick: quickLimits,
  standard: standardLimits,
  thorough: thoroughLimits,
}

/** What a company's budget allows: its preset, with the numbers changed by hand. Numbers out of bounds
 *  (companies/crawl-budget.ts) are left out; null is the standard preset. */
export const limitsOf = (budget: CrawlBudget | null): CrawlLimits => {
  const { preset, limits } = tidyBudget(budget)
  const base = presetLimits[preset]
  const pages = limits.pages ?? base.pages
  const bytes = limits.bytes ?? base.bytes
  return {
    pages,
    bytes,
    pageBytes: Math.min(base.pageBytes, bytes),
    durationMs: limits.seconds === undefined ? base.durationMs : limits.seconds * 1_000,
    depth: limits.depth ?? base.depth,
    // Who asks for more pages wants more than the usual patience too.
    fruitlessPages: Math.max(base.fruitlessPages, Math.ceil(pages / 3)),
  }
}

// A second's pause between two requests, the answer's own time, robots.txt and the sitemap before the first page.
const SECONDS_PER_PAGE = 1.5
const OTHER_REQUESTS = 3
// What a small machine parses and stores, when nothing has to be waited for.
const PAGES_PER_SECOND = 50

/** Roughly how long so many sites take on one machine, in seconds: most have as many pages as they may. */
export const estimateSeconds = (limits: CrawlLimits, sites: number): number => {
  const perSite = Math.min(limits.durationMs / 1_000, (limits.pages + OTHER_REQUESTS) * SECONDS_PER_PAGE)
  const all = (sites * limits.pages) / PAGES_PER_SECOND
  return Math.ceil(Math.max(perSite * Math.max(1, sites / SITES_AT_ONCE), all))
}
