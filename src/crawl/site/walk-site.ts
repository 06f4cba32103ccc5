import { messageOf } from '#src/lib/errors.ts'
import type { FetchedResponse } from '#src/lib/safe-fetch.ts'
import { ThreadError } from '#src/threads.ts'
import type { CrawlLimits } from '../crawl-limits.ts'
import type { PageFacts } from '../extract/parsed-page.ts'
import type { PageError } from '../site-record.ts'
import type { CrawlTools } from './crawl-site.ts'
import { createFrontier, siteHostOf, type Candidate } from './frontier.ts'
import { errorPage, isVcardResponse, looksLikeHtml, recordOf, type Read } from './page-response.ts'

const MAX_ERRORS = 50

export type Walk = ReturnType<typeof startWalk>

/** The walk over one site's pages: what is still to visit, what was read, when it is enough. */
export const startWalk = (homeUrl: string, limits: CrawlLimits, tools: CrawlTools) => {
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
