import type { PageRecord, SiteRecord } from '#src/crawl/site-record.ts'

/** What the rules look at: the record of one crawl with its pages sorted out once. */
export type SiteView = {
  site: SiteRecord
  now: Date
  /** The page the site opens with, whatever it answered; null when nothing was fetched. */
  entry: PageRecord | null
  /** `entry` when it is an HTML page answered with 2xx. */
  home: PageRecord | null
  /** HTML pages answered with 2xx, each final address once, home first. */
  pages: PageRecord[]
  /** Those of `pages` whose text is in the HTML itself, so that what is absent is really absent. */
  staticPages: PageRecord[]
  host: string
  https: boolean
}

/** Sorts the pages of a crawl for the rules. */
export const viewSite = (site: SiteRecord, now: Date): SiteView => {
  const entry = entryOf(site.pages)
  const home = entry && isReadable(entry) ? entry : null
  const seen = new Set<string>()
  const pages = (home ? [home, ...site.pages] : site.pages).filter((page) => {
    if (!isReadable(page) || seen.has(page.finalUrl)) return false
    seen.add(page.finalUrl)
    return true
  })
  const address = URL.parse(entry?.finalUrl ?? site.finalUrl)
  return {
    site,
    now,
    entry,
    home,
    pages,
    staticPages: pages.filter((page) => !page.needsBrowser),
    host: bareHost(address?.hostname ?? ''),
    https: address?.protocol === 'https:',
  }
}

/** The page a visitor ends up on: the first one, or the one its meta refresh leads to (both have depth 0). */
export const entryOf = <T extends Pick<PageRecord, 'depth' | 'status' | 'contentType'>>(
  pages: readonly T[],
): T | null =>
  pages.findLast((page) => page.depth === 0 && isReadable(page)) ??
  pages.find((page) => page.depth === 0) ??
  pages[0] ??
  null

/** True for a page that was answered with HTML; old servers also call it text or mere bytes. */
export const isReadable = (page: Pick<PageRecord, 'status' | 'contentType'>): boolean =>
  page.status >= 200 &&
  page.status < 300 &&
  (page.contentType === null || /html|^text\/plain|octet-stream/i.test(page.contentType))

/** Host name without `www.`, lower case. */
export const bareHost = (host: string): string => host.toLowerCase().replace(/^www\./, '')

/** Lower case without accents, for comparisons. */
export const fold = (text: string): string =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim()
