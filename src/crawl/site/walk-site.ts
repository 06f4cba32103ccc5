import type { FetchedResponse, FetchResult } from '#src/lib/safe-fetch.ts'
import type { CrawlLimits } from '../crawl-limits.ts'
import { isDocument } from '../extract/documents.ts'
import { purposeOf } from '../extract/links.ts'
import type { DocumentLink, PageFacts } from '../extract/parsed-page.ts'
import type { SiteEnd } from '../site-record.ts'
import type { Budget } from './budget.ts'
import type { CrawlTools } from './crawl-site.ts'
import { fold, unfold, type FoldedVisit, type Visit } from './folded-visit.ts'
import { createFrontier, type Candidate } from './frontier.ts'
import { isNotFoundPage, seesCopies } from './copies.ts'
import { languageOf, ownLanguage, siteLanguage } from './languages.ts'
import type { SiteFetch } from './open-site.ts'
import { digestOf, type PageMemory } from './page-memory.ts'
import { errorRecord, isVcardResponse, looksLikeHtml, noPage, recordOf } from './page-response.ts'
import { siteHostOf } from './page-urls.ts'
import { createResponseReader } from './read-response.ts'
import type { RobotsGate } from './robots-gate.ts'
import { conditionsOf, saysUnchanged, validatorsOf } from './validators.ts'

const MAX_ERRORS = 50
const MAX_META_REFRESHES = 5
const MAX_PDFS = 2

export type Walk = ReturnType<typeof startWalk>

type Means = {
  limits: CrawlLimits
  tools: CrawlTools
  budget: Budget
  gate: RobotsGate
  memory: PageMemory
}

/** Asks for a page only if it has changed since it was known; a 304 that cannot be believed is asked for again. */
export const askIfChanged = async (
  url: string,
  known: FoldedVisit | null,
  fetchPage: SiteFetch,
): Promise<FetchResult> => {
  if (!known) return fetchPage(url)
  const result = await fetchPage(url, { headers: conditionsOf(known) })
  const refused = result.ok && result.response.status === 304 && !saysUnchanged(result.response, known)
  return refused ? fetchPage(url) : result
}

/** The walk over one site's pages: what is still to visit, what was read, when it is enough. */
export const startWalk = (homeUrl: string, { limits, tools, budget, gate, memory }: Means) => {
  const siteHost = siteHostOf(homeUrl)
  const frontier = createFrontier({ siteHost, maxDepth: limits.depth })
  const readResponse = createResponseReader(siteHost, { tools, budget, mayOpen: gate.mayOpen })
  const copies = seesCopies()
  const visits: FoldedVisit[] = []
  const documents = new Map<string, DocumentLink>()
  const factKeys = new Set<string>()
  let fruitless = 0
  let refreshes = 0
  let language: string | null = null
  let endedBy: SiteEnd = null
  let knowsEmail = false
  let knowsLastPost = false
  let pages = 0

  const visit = async (candidate: Candidate): Promise<Visit | null> => {
    frontier.skip(candidate.url)
    const as = { home: false, deep: candidate.purpose !== 'other' }
    const known = memory.recall(candidate.url, as)
    const result = await askIfChanged(candidate.url, known, gate.fetchPage)
    if (result.ok) return read(candidate, result.response, known, as)
    const { code, message } = result.problem
    // What robots.txt or our own limits keep us from is no fault of the site.
    if (code === 'stopped') return null
    return keep({ ...blank(candidate, as), errors: [{ url: candidate.url, code, message }] })
  }

  const readHome = (response: FetchedResponse, known: FoldedVisit | null): Promise<Visit | null> =>
    read({ url: response.url, depth: 0, purpose: 'other' }, response, known, { home: true, deep: true })

  const read = async (
    candidate: Candidate,
    response: FetchedResponse,
    known: FoldedVisit | null,
    as: { home: boolean; deep: boolean },
  ): Promise<Visit | null> => {
    frontier.visited(response.url)
    if (siteHostOf(response.url) !== siteHost) return null
    if (copies.isPlaceKnown(response.url)) return fruitlessly()
    const one =
      known && saysUnchanged(response, known)
        ? unfold(takenOver(candidate, known))
        : await readAnew(candidate, response, known, as)
    if (!one) return null
    if (one.record && copies.isCopy(one, (url) => frontier.visited(url))) return fruitlessly()
    if (one.parsed) learn(one)
    return keep(one)
  }

  const takenOver = ({ url, depth, purpose }: Candidate, known: FoldedVisit): FoldedVisit => {
    if (known.page) budget.spend(known.page)
    return { ...known, url, depth, purpose, page: known.page && { ...known.page, unchanged: true } }
  }

  const readAnew = async (
    candidate: Candidate,
    response: FetchedResponse,
    known: FoldedVisit | null,
    as: { home: boolean; deep: boolean },
  ): Promise<Visit | null> => {
    const base = { ...blank(candidate, as), finalUrl: response.url }
    const { status, url } = response
    if (status >= 400 || status === 304) {
      const error = {
        url: candidate.url,
        code: `status_${status}`,
        message: `The page answers with status ${status}.`,
      }
      // An error page still counts as visited, but its words are not the company's.
      return { ...base, record: errorRecord(candidate, response), parsed: noPage(), errors: [error] }
    }
    const card = isVcardResponse(response) || isDocument(response.body)
    if (!card && !looksLikeHtml(response)) return null
    const digest = digestOf(response)
    const validators = validatorsOf(response)
    const same = known?.isParsed && known.digest === digest ? unfold(known) : null
    if (same?.parsed) {
      const { parsed, errors } = same
      const record = same.record && { ...recordOf(candidate, response, parsed), unchanged: true }
      return { ...base, ...validators, digest, record, parsed, errors }
    }
    const page = await readResponse(candidate, response, as)
    if (!page.parsed) return { ...base, errors: page.errors }
    const { parsed, rendered, errors } = page
    const record = { ...recordOf(candidate, response, parsed), ...(rendered && { rendered }) }
    // The frame of an application stays the same while what it draws does not.
    const comparable = !rendered && !parsed.page.needsBrowser
    if (card) return { ...base, ...validators, digest, parsed, errors, finalUrl: url }
    return { ...base, ...(comparable && { ...validators, digest }), record, parsed, errors }
  }

  const blank = (candidate: Candidate, as: { home: boolean; deep: boolean }): Visit => ({
    url: candidate.url,
    depth: candidate.depth,
    purpose: candidate.purpose,
    ...as,
    record: null,
    parsed: null,
    digest: null,
    errors: [],
    finalUrl: candidate.url,
    etag: null,
    lastModified: null,
    readAt: tools.now(),
  })

  const keep = (one: Visit): Visit => {
    keepFolded(fold(one))
    return one
  }

  const keepFolded = (one: FoldedVisit) => {
    visits.push(one)
    if (!one.page) return
    pages += 1
    tools.onPage?.({ url: one.finalUrl, pages })
  }

  const fruitlessly = () => {
    fruitless += 1
    return null
  }

  // What a page leads to, and whether it told anything new.
  const learn = ({ parsed, record, home, depth, purpose, finalUrl }: Visit) => {
    fruitless = newFacts(parsed!.facts) > 0 ? 0 : fruitless + 1
    if (!record || record.status >= 400 || isNotFoundPage(record)) return
    const { links, metaRefresh, alternates = [] } = parsed!
    for (const one of parsed!.documents ?? []) documents.set(one.url, one)
    const page = { url: finalUrl, lang: record.lang, alternates, links }
    if (home) frontier.prefer((language = siteLanguage(page)))
    if (metaRefresh && refreshes < MAX_META_REFRESHES) {
      refreshes += 1
      frontier.add({ url: metaRefresh, kind: home ? 'about' : purpose }, finalUrl, depth)
    }
    followLanguages(page, purpose, depth)
    for (const link of links) frontier.add(link, finalUrl, depth + 1)
  }

  // The same page in other languages tells nothing more; in ours it does.
  const followLanguages = (
    page: Parameters<typeof ownLanguage>[0],
    purpose: Candidate['purpose'],
    depth: number,
  ) => {
    if (language === null) return
    const own = ownLanguage(page)
    for (const { lang, url } of page.alternates) {
      if (!URL.canParse(url) || siteHostOf(url) !== siteHost) continue
      const spoken = languageOf(lang)
      if (own === language && spoken !== language && url !== page.url) frontier.skip(url)
      else if (own !== language && spoken === language) frontier.add({ url, kind: purpose }, page.url, depth)
    }
  }

  const newFacts = (facts: PageFacts): number => {
    const before = factKeys.size
    knowsEmail ||= facts.emails.some(({ kind }) => kind === 'role' || kind === 'person')
    knowsLastPost ||= facts.features.some(({ name }) => name === 'last_post')
    for (const fact of [...facts.emails, ...facts.phones, ...facts.companyIds]) factKeys.add(fact.value)
    for (const person of facts.people) factKeys.add(person.name)
    for (const social of facts.socials) factKeys.add(social.url)
    return factKeys.size - before
  }

  const spent = (next: Candidate | null): boolean => {
    const idle = fruitless >= limits.fruitlessPages && !(next && frontier.isFavoured(next))
    endedBy = budget.endedBy() ?? (pages >= limits.pages ? 'pages' : idle ? 'fruitless' : null)
    return endedBy !== null
  }

  const walk = async () => {
    for (let next = frontier.take(); next && !spent(next); next = frontier.take()) await visit(next)
    await readDocuments()
  }

  /** PDFs that tell how to reach the company, and a feed where the pages left something open. */
  const readDocuments = async () => {
    const open = !knowsEmail || !knowsLastPost
    const wanted = [...documents.values()]
    const files = wanted.filter(({ kind }) => kind === 'pdf').slice(0, MAX_PDFS)
    for (const { url } of [...files, ...wanted.filter(({ kind }) => open && kind === 'feed').slice(0, 1)])
      if (budget.endedBy() === null) await visit({ url, depth: 1, purpose: 'contact' })
  }

  const addSitemap = (urls: string[]) => {
    for (const url of urls) {
      const parsed = URL.parse(url)
      if (parsed) frontier.add({ url, kind: purposeOf(parsed, '') }, homeUrl, 1)
    }
  }

  /** Takes over a page of the crawl before without asking for it. False when it was read already. */
  const adopt = (known: FoldedVisit): boolean => {
    if (copies.isPlaceKnown(known.finalUrl)) return false
    keepFolded(takenOver(known, known))
    return true
  }

  return {
    siteHost,
    visits,
    readHome,
    visit,
    adopt,
    walk,
    spent,
    addSitemap,
    errors: () => visits.flatMap((one) => one.errors).slice(0, MAX_ERRORS),
    endedBy: () => endedBy,
  }
}
