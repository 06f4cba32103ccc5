import { messageOf } from '#src/lib/errors.ts'
import type { FetchedResponse, FetchHop } from '#src/lib/safe-fetch.ts'
import { ThreadError, type Threads } from '#src/threads.ts'
import type { MxCheck } from '../contacts/check-mx.ts'
import type { CrawlLimits } from '../crawl-limits.ts'
import { noFacts, type PageFacts, type ParsedPage } from '../extract/parsed-page.ts'
import { isVcard } from '../extract/vcards.ts'
import { createFrontier, siteHostOf, type Candidate } from './frontier.ts'
import { mergeFacts } from '../extract/merge-facts.ts'
import { rateEmails } from '../contacts/rate-emails.ts'
import { openSite, type SiteFetch } from './open-site.ts'
import { readSitemap, type Sitemap } from './read-sitemap.ts'
import type { Robots } from './robots.ts'
import { createRobotsGate } from './robots-gate.ts'
import type {
  CrawlErrorCode,
  CrawlOutcome,
  PageError,
  PageRecord,
  SiteRecord,
  TlsRecord,
} from '../site-record.ts'

const MAX_SITEMAP_CANDIDATES = 300
const MAX_ERRORS = 50
const HTML = /^(?:text\/html|application\/xhtml\+xml)\b/i

export type CrawlTools = {
  /** safe-fetch with this installation's network rules, agent and politeness bound in. */
  fetch: SiteFetch
  parsePage: Threads['parsePage']
  /** Null when the certificate could not be looked at. */
  inspectTls: (host: string, port: number) => Promise<TlsRecord | null>
  /** Told the Crawl-delay of robots.txt for a `URL.host`, so that the pause between requests can obey it. */
  onCrawlDelay?: (host: string, milliseconds: number) => void
  /** Asks whether a domain takes mail; without it that stays unknown. */
  checkMx?: MxCheck
  onPage?: (progress: { url: string; pages: number }) => void
  now: () => Date
  signal?: AbortSignal
}

type Read = { record: PageRecord; parsed: ParsedPage }

/** Crawls one site: home page first, then by expected value (contact, legal notice, team, about, the rest) within
 *  `limits`, obeying robots.txt. Yields every fact with its source and everything the analysis needs, or why the
 *  site could not be read. Never throws for what the site does. */
export const crawlSite = async (
  url: string,
  limits: CrawlLimits,
  tools: CrawlTools,
): Promise<CrawlOutcome> => {
  const started = tools.now().getTime()
  const gate = createRobotsGate(tools.fetch)
  const opened = await openSite(url, gate.fetchPage)
  if (!opened.ok) {
    const { code, message } = gate.refusal() ?? opened.error
    return refused(code, message)
  }
  const home = opened.response
  const origin = new URL(home.url).origin
  const robots = await gate.robotsOf(origin)
  if (robots.status === null && !robots.allows(home.url))
    return refused('robots', 'robots.txt could not be read, so nothing may be.')
  if (robots.crawlDelayMs !== null) tools.onCrawlDelay?.(new URL(home.url).host, robots.crawlDelayMs)
  if (home.status >= 400)
    return refused('unreachable', `The site answers with status ${home.status}.`, home.status)
  if (!looksLikeHtml(home)) return refused('not_html', 'The address does not lead to a web page.')

  const crawl = startCrawl(home.url, limits, { ...tools, fetch: gate.fetchPage })
  const first = await crawl.read({ url: home.url, depth: 0, purpose: 'other', value: 0 }, home, true)
  if (!first)
    return {
      ok: false,
      error: { code: 'not_html', message: 'The home page could not be parsed.' },
      errors: crawl.errors,
    }
  await followMetaRefresh(first, crawl)

  const sitemap = await readSitemap(origin, robots.sitemaps, tools.fetch, MAX_SITEMAP_CANDIDATES)
  crawl.addSitemap(sitemap.urls)
  await crawl.walk()

  const http = await redirectsToHttps(home.url, opened.hops, gate.fetchPage)
  const tls = await tlsOf(home, opened.tlsFailed, tools)
  const site = siteRecord({ url, started, crawl, robots, sitemap, http, tls, hops: opened.hops, tools })
  return { ok: true, site: { ...site, ...(await rateEmails(site, crawl.siteHost, tools.checkMx)) } }
}

const refused = (code: CrawlErrorCode, message: string, status?: number): CrawlOutcome => ({
  ok: false,
  error: { code, message, ...(status !== undefined && { status }) },
  errors: [],
})

// A missing or vague type is common on old servers: the body decides then.
const looksLikeHtml = (response: FetchedResponse): boolean => {
  const type = response.headers['content-type'] ?? ''
  if (HTML.test(type)) return true
  if (type && !/^(?:text\/plain|application\/octet-stream)/i.test(type)) return false
  return /<(?:!doctype html|html|head|body|title|meta|p|div|table)[\s>]/i.test(
    new TextDecoder('latin1').decode(response.body.slice(0, 2_000)),
  )
}

const isVcardResponse = (response: FetchedResponse): boolean =>
  /^text\/(?:x-)?vcard\b/i.test(response.headers['content-type'] ?? '') ||
  (/\.vcf$/i.test(new URL(response.url).pathname) &&
    isVcard(new TextDecoder('latin1').decode(response.body.slice(0, 60))))

const startCrawl = (homeUrl: string, limits: CrawlLimits, tools: CrawlTools) => {
  const siteHost = siteHostOf(homeUrl)
  const frontier = createFrontier({ siteHost, maxDepth: limits.depth })
  const reads: Read[] = []
  const cards: PageFacts[] = []
  const errors: PageError[] = []
  const factKeys = new Set<string>()
  const started = tools.now().getTime()
  let bytes = 0
  let fruitless = 0

  const fail = (pageUrl: string, code: string, message: string) => {
    if (errors.length < MAX_ERRORS) errors.push({ url: pageUrl, code, message })
  }

  const read = async (
    candidate: Candidate,
    response: FetchedResponse,
    home = false,
  ): Promise<Read | null> => {
    bytes += response.bytes
    frontier.visited(response.url)
    const card = isVcardResponse(response)
    if (siteHostOf(response.url) !== siteHost || !(card || looksLikeHtml(response))) return null
    const parsed = await parse(candidate, response, home)
    if (!parsed) return null
    // A business card is no page, yet tells who is who.
    if (card) {
      cards.push(parsed.facts)
      newFacts(parsed.facts)
      return null
    }
    const one = { record: recordOf(candidate, response, parsed), parsed }
    reads.push(one)
    if (response.truncated)
      fail(response.url, 'truncated', `Only the first ${response.bytes} bytes of the page were read.`)
    const base = response.url
    for (const link of parsed.links) frontier.add(link, base, candidate.depth + 1)
    fruitless = newFacts(parsed.facts) > 0 ? 0 : fruitless + 1
    tools.onPage?.({ url: response.url, pages: reads.length })
    return one
  }

  const parse = async (candidate: Candidate, response: FetchedResponse, home: boolean) => {
    try {
      return await tools.parsePage({
        url: candidate.url,
        finalUrl: response.url,
        siteHost,
        depth: candidate.depth,
        status: response.status,
        headers: response.headers,
        body: response.body,
        deep: home || candidate.purpose !== 'other',
        home,
        today: tools.now().toISOString().slice(0, 10),
      })
    } catch (error) {
      const code = error instanceof ThreadError ? `parse_${error.code}` : 'parse_failed'
      fail(response.url, code, `The page could not be parsed: ${messageOf(error)}`)
      return null
    }
  }

  const newFacts = (facts: PageFacts): number => {
    const before = factKeys.size
    for (const fact of [...facts.emails, ...facts.phones, ...facts.companyIds]) factKeys.add(fact.value)
    for (const person of facts.people) factKeys.add(person.name)
    for (const social of facts.socials) factKeys.add(social.url)
    return factKeys.size - before
  }

  const spent = (): boolean =>
    reads.length >= limits.pages ||
    bytes >= limits.bytes ||
    fruitless >= limits.fruitlessPages ||
    tools.now().getTime() - started >= limits.durationMs ||
    tools.signal?.aborted === true

  const visit = async (candidate: Candidate) => {
    const result = await tools.fetch(candidate.url, { maxBytes: limits.pageBytes })
    // What robots.txt keeps us from is no fault of the site.
    if (!result.ok && result.problem.code === 'stopped') return
    if (!result.ok) return fail(candidate.url, result.problem.code, result.problem.message)
    if (result.response.status >= 400)
      fail(
        candidate.url,
        `status_${result.response.status}`,
        `The page answers with status ${result.response.status}.`,
      )
    // An error page still counts as visited, but its words are not the company's.
    if (result.response.status >= 400) return void reads.push(errorPage(candidate, result.response))
    await read(candidate, result.response)
  }

  const walk = async () => {
    for (let next = frontier.take(); next && !spent(); next = frontier.take()) await visit(next)
  }

  const addSitemap = (urls: string[]) => {
    for (const one of urls) frontier.add({ url: one, kind: purposeOfPath(one) }, homeUrl, 1)
  }

  return { read, walk, visit, addSitemap, errors, reads, cards, siteHost }
}

const CONTACT_PATH = /contact|nous-joindre|coordonnees/i
const LEGAL_PATH = /mentions?-?legales?|legal|imprint|impressum|cgv|confidentialite|privacy/i
const ABOUT_PATH = /a-propos|about|qui-sommes|equipe|team|entreprise|societe/i

const purposeOfPath = (url: string) => {
  const path = URL.canParse(url) ? new URL(url).pathname : ''
  if (CONTACT_PATH.test(path)) return 'contact'
  if (LEGAL_PATH.test(path)) return 'legal'
  return ABOUT_PATH.test(path) ? 'about' : 'other'
}

const followMetaRefresh = async (first: Read, crawl: ReturnType<typeof startCrawl>) => {
  const target = first.parsed.metaRefresh
  if (!target || !URL.canParse(target, first.record.finalUrl)) return
  const url = new URL(target, first.record.finalUrl).href
  if (siteHostOf(url) === crawl.siteHost) await crawl.visit({ url, depth: 0, purpose: 'about', value: 0 })
}

const recordOf = (candidate: Candidate, response: FetchedResponse, parsed: ParsedPage): PageRecord => ({
  ...measured(candidate, response),
  ...parsed.page,
})

const measured = (candidate: Candidate, response: FetchedResponse) => ({
  url: candidate.url,
  finalUrl: response.url,
  status: response.status,
  depth: candidate.depth,
  bytes: response.bytes,
  truncated: response.truncated,
  ttfbMs: Math.round(response.ttfbMs),
  durationMs: Math.round(response.durationMs),
  contentType: response.headers['content-type'] ?? null,
  headers: response.headers,
})

const errorPage = (candidate: Candidate, response: FetchedResponse): Read => ({
  record: {
    ...measured(candidate, response),
    charset: null,
    title: null,
    description: null,
    canonical: null,
    robots: null,
    viewport: null,
    lang: null,
    generator: null,
    h1: [],
    imageCount: 0,
    imagesWithoutAlt: 0,
    scripts: [],
    stylesheets: [],
    mixedContent: [],
    textLength: 0,
    openGraph: {},
    parked: null,
    needsBrowser: false,
  },
  parsed: { page: {} as ParsedPage['page'], facts: noFacts(), links: [], metaRefresh: null },
})

/** Asked only when the site itself speaks https: does the plain address lead there? */
const redirectsToHttps = async (
  homeUrl: string,
  hops: FetchHop[],
  fetchPage: SiteFetch,
): Promise<boolean | null> => {
  const home = new URL(homeUrl)
  if (home.protocol !== 'https:') return false
  if (hops.some((hop) => hop.from.startsWith('http:') && hop.to.startsWith('https:'))) return true
  if (home.port) return null
  const result = await fetchPage(`http://${home.host}/`, { maxBytes: 1_000, maxRedirects: 3 })
  return result.ok ? result.response.url.startsWith('https:') : null
}

const tlsOf = async (home: FetchedResponse, failed: string | null, tools: CrawlTools): Promise<TlsRecord> => {
  const none = { protocol: null, issuer: null, validFrom: null, validTo: null }
  const url = new URL(home.url)
  const plain = url.protocol !== 'https:'
  const without = { state: 'none', problem: failed, ...none } as const
  if (plain && (failed || url.port)) return without
  const inspected = await tools.inspectTls(url.hostname, Number(url.port || 443)).catch(() => null)
  // A site listed by its http address may well have a good certificate that nobody is sent to.
  if (plain && inspected?.state !== 'ok') return { ...without, problem: inspected?.problem ?? null }
  if (inspected) {
    const { state, problem, protocol, issuer, validFrom, validTo } = inspected
    return { state, problem, protocol, issuer, validFrom, validTo }
  }
  return { state: home.tls.problem ? 'broken' : 'ok', problem: home.tls.problem, ...none }
}

const siteRecord = (parts: {
  url: string
  started: number
  crawl: ReturnType<typeof startCrawl>
  robots: Robots
  sitemap: Sitemap
  http: boolean | null
  tls: TlsRecord
  hops: FetchHop[]
  tools: CrawlTools
}): SiteRecord => {
  const { crawl, robots, sitemap } = parts
  return {
    url: parts.url,
    finalUrl: crawl.reads[0]?.record.finalUrl ?? parts.url,
    durationMs: parts.tools.now().getTime() - parts.started,
    pages: crawl.reads.map((one) => one.record),
    ...mergeFacts(
      [...crawl.reads.map((one) => one.parsed.facts), ...crawl.cards],
      crawl.siteHost,
      crawl.reads[0]?.record.finalUrl,
    ),
    errors: crawl.errors,
    tls: parts.tls,
    httpRedirectsToHttps: parts.http,
    robotsTxt: {
      status: robots.status,
      found: robots.found,
      disallowsAll: robots.disallowsAll,
      sitemaps: robots.sitemaps.slice(0, 20),
    },
    sitemap: { url: sitemap.url, found: sitemap.found, urlCount: sitemap.urlCount },
    redirects: parts.hops,
  }
}
