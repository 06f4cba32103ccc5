import type { CrawlLimits } from '../crawl-limits.ts'
import type { PageFacts } from '../extract/parsed-page.ts'
import { mergeFacts, type SiteFacts } from '../extract/merge-facts.ts'
import { crawlSite, type CrawlTools } from '../site/crawl-site.ts'
import type { CrawlOutcome } from '../site-record.ts'

/** A page as soon as it was read. `durationMs` is what its answer took. */
export type TrialPage = { url: string; status: number; title: string | null; durationMs: number | null }

/** What has been read so far, in the order of reading. */
export type TrialReading = {
  pages: () => TrialPage[]
  /** Null before the first page. Addresses are not rated yet: that needs the whole site. */
  facts: () => SiteFacts | null
}

type Read = TrialPage & { facts: PageFacts }

/** Crawls a site as any crawl does, and lets what was read be looked at meanwhile. `onRead` is called after each page. */
export const runTrial = (
  url: string,
  limits: CrawlLimits,
  tools: CrawlTools,
  onRead: () => void,
): { reading: TrialReading; ended: Promise<CrawlOutcome> } => {
  const durations = new Map<string, number>()
  const reads = new Map<string, Read>()
  let siteHost = ''

  const watched: CrawlTools = {
    ...tools,
    fetch: async (asked, options) => {
      const result = await tools.fetch(asked, options)
      if (result.ok) durations.set(result.response.url, Math.round(result.response.durationMs))
      return result
    },
    parsePage: async (input) => {
      const parsed = await tools.parsePage(input)
      siteHost = input.siteHost
      reads.set(input.finalUrl, {
        url: input.finalUrl,
        status: input.status,
        title: parsed.page.title,
        durationMs: durations.get(input.finalUrl) ?? null,
        facts: { ...parsed.facts, images: [], openGraph: [], forms: [] },
      })
      onRead()
      return parsed
    },
  }
  const facts = (): SiteFacts | null => {
    if (reads.size === 0) return null
    const [home] = reads.keys()
    // Merging links what it merges: the crawl's own facts are left as they are.
    const all = structuredClone([...reads.values()].map((one) => one.facts))
    return mergeFacts(all, siteHost, home)
  }
  const pages = () =>
    [...reads.values()].map((read) => ({
      url: read.url,
      status: read.status,
      title: read.title,
      durationMs: read.durationMs,
    }))
  return { reading: { pages, facts }, ended: crawlSite(url, limits, watched) }
}
