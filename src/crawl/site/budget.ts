import type { FetchedResponse, FetchResult } from '#src/lib/safe-fetch.ts'
import type { CrawlLimits } from '../crawl-limits.ts'
import type { SiteEnd } from '../site-record.ts'
import type { SiteFetch } from './open-site.ts'

// Politeness and busy servers may make a site wait, but not for ever.
const MAX_OVERALL_MS = 30 * 60_000
// With less left than this no answer can be expected.
const LEAST_MS = 50
// What is asked besides pages: robots.txt, sitemaps, spellings of the name, pages in vain.
const SPARE_REQUESTS = 12
// This many answers of a server that stays busy, each asked for twice, and it is left alone.
const MAX_BUSY = 2
const BUSY = new Set([429, 503])
// A proxy whose server did not answer may find it back: asked once more too.
const ASKED_AGAIN = new Set([...BUSY, 502, 504])

export type EndedBy = Exclude<NonNullable<SiteEnd>, 'fruitless'>

type Means = {
  fetch: SiteFetch
  now: () => Date
  /** Milliseconds this site has waited for its turn so far; they cost it nothing. */
  waitedMs?: (() => number) | undefined
  signal?: AbortSignal | undefined
}

export type Budget = ReturnType<typeof createBudget>

/** What one site may cost, obeyed by every request made through `fetch`: no answer is longer than the bytes left,
 *  none lasts longer than the seconds left. A busy server (429, 503), or one that its own proxy did not reach (502,
 *  504), is asked once more, when its turn comes. */
export const createBudget = (limits: CrawlLimits, means: Means) => {
  const started = means.now().getTime()
  const overall = AbortSignal.timeout(MAX_OVERALL_MS)
  const signal = means.signal ? AbortSignal.any([means.signal, overall]) : overall
  let bytes = 0
  let requests = 0
  let busy = 0

  const elapsedMs = () => means.now().getTime() - started
  const leftMs = () => limits.durationMs - (elapsedMs() - (means.waitedMs?.() ?? 0))

  const endedBy = (): EndedBy | null => {
    if (means.signal?.aborted) return 'stopped'
    if (overall.aborted || elapsedMs() >= MAX_OVERALL_MS || leftMs() < LEAST_MS) return 'time'
    if (bytes >= limits.bytes) return 'bytes'
    if (requests >= limits.pages * 2 + SPARE_REQUESTS) return 'requests'
    return busy >= MAX_BUSY ? 'busy' : null
  }

  const fetch: SiteFetch = async (url, options = {}) => {
    const answer = await once(url, options)
    if (!answer.ok || !ASKED_AGAIN.has(answer.response.status)) return answer
    const again = await once(url, options)
    if (again.ok && BUSY.has(again.response.status)) busy += 1
    return again.ok ? again : answer
  }

  const once: SiteFetch = async (url, options = {}) => {
    const ended = endedBy()
    if (ended) return overBudget(ended)
    requests += 1
    const left = leftMs()
    const result = await means.fetch(url, {
      ...options,
      signal,
      timeoutMs: Math.min(options.timeoutMs ?? left, left),
      maxBytes: Math.min(options.maxBytes ?? limits.pageBytes, limits.bytes - bytes),
    })
    if (result.ok) spend(result.response)
    return result
  }

  const spend = (read: Pick<FetchedResponse, 'bytes'>) => {
    bytes += read.bytes
  }

  return { fetch, spend, endedBy, leftMs, signal, requests: () => requests }
}

const overBudget = (ended: EndedBy): FetchResult => ({
  ok: false,
  hops: [],
  problem: {
    code: 'stopped',
    message: `The limit of the crawl was reached (${ended}).`,
    cause: null,
    beforeRequest: true,
  },
})
