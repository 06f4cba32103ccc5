import type { Db } from '#src/db/open.ts'
import type { Clock } from '#src/lib/clock.ts'
import {
  belongsToCompany,
  knownElsewhere,
  type Fills,
  type KnownCompany,
} from './contacts/belongs-to-company.ts'
import type { Contact } from './contacts/choose-contact.ts'
import type { CrawlLimits } from './crawl-limits.ts'
import { crawlSite, type CrawlTools } from './site/crawl-site.ts'
import { readMemory, type KeptPage } from './site/page-memory.ts'
import { keptPagesOf, replaceKeptPages } from './site/queries-kept-pages.ts'
import { factRows, storable } from './fact-rows.ts'
import {
  companyToCrawl,
  holdCompany,
  insertCrawl,
  fillsOf,
  judgedFacts,
  recordCrawlInHistory,
  replaceFacts,
  saveCrawlOnCompany,
  setCrawlState,
} from './queries-save.ts'
import { proveFields, type ProvableFields } from './contacts/prove-fields.ts'
import { proveName } from './contacts/prove-name.ts'
import { refreshContacts } from './contacts/refresh-contacts.ts'
import { failureCode } from './refusals.ts'
import type { CrawlOutcome, SiteRecord } from './site-record.ts'

/** What later domains make of a crawl: computed outside any transaction, saved in that of the crawl, which has chosen
 *  the contacts of a site that was read. */
export type AfterCrawl = (
  companyId: number,
  outcome: CrawlOutcome,
) => Promise<(tx: Db, saved: { crawlId: number; contacts?: Map<number, Contact> }) => Promise<void>>

export type CrawlCompanyResult =
  | { kind: 'done'; pages: number }
  | { kind: 'failed'; code: string; message: string }
  | { kind: 'skipped'; code: 'deleted' | 'no_website' }

type Parts = {
  db: Db
  clock: Clock
  limits: CrawlLimits
  tools: Omit<CrawlTools, 'now'>
  afterCrawl: AfterCrawl
  /** Waits until another site's facts may be put together and saved; gives what ends that. */
  turnToEnd?: () => Promise<() => void>
  /** Ends the item of the batch, in the transaction that saves the results. */
  finish: (tx: Db, result: CrawlCompanyResult) => Promise<void>
}

/** Crawls one company's site and saves pages, facts, findings, score and the end of its batch item in one
 *  transaction: after a crash a company is either untouched or finished. */
export const crawlCompany = async (companyId: number, parts: Parts): Promise<CrawlCompanyResult> => {
  let hasEnded = () => {}
  const beforeEnd = async () => {
    if (parts.turnToEnd) hasEnded = await parts.turnToEnd()
  }
  try {
    return await crawlAndSave(companyId, { ...parts, tools: { ...parts.tools, beforeEnd } })
  } finally {
    hasEnded()
  }
}

const crawlAndSave = async (companyId: number, parts: Parts): Promise<CrawlCompanyResult> => {
  const { db, clock } = parts
  const company = await companyToCrawl(db, companyId)
  if (!company?.website) return { kind: 'skipped', code: company ? 'no_website' : 'deleted' }

  await setCrawlState(db, companyId, 'running')
  const startedAt = clock.now()
  let kept: KeptPage[] = []
  const outcome = await crawlSite(
    company.website,
    parts.limits,
    { ...parts.tools, now: clock.now },
    {
      ignoreRobots: company.robotsOverride !== null,
      memory: readMemory(await keptPagesOf(db, companyId), startedAt),
      onKept: (pages) => {
        kept = pages
      },
    },
  )
  parts.tools.signal?.throwIfAborted()
  const saveRest = await parts.afterCrawl(companyId, outcome)
  const judged = await judgedFacts(db, companyId)
  const fills = await fillsOf(db, companyId)
  const result: CrawlCompanyResult = outcome.ok
    ? { kind: 'done', pages: outcome.site.pages.length }
    : { kind: 'failed', code: failureCode(outcome.error), message: outcome.error.message }
  const proven = outcome.ok
    ? { ...proveFields(outcome.site, company, judged), ...proveName(outcome.site, company) }
    : {}

  await db.transaction(async (tx) => {
    const finishedAt = clock.now()
    await holdCompany(tx, companyId)
    const crawlId = await insertCrawl(
      tx,
      crawlRow({ company, fills, url: company.website!, startedAt, finishedAt, outcome }),
      outcome.ok ? storable(outcome.site.pages) : [],
    )
    if (outcome.ok) {
      const { site } = outcome
      await replaceFacts(tx, {
        companyId,
        crawlId,
        rows: factRows(site),
        errors: site.errors,
        at: finishedAt,
      })
      await replaceKeptPages(tx, companyId, kept)
    }
    await saveCrawlOnCompany(tx, companyId, {
      at: finishedAt,
      error: result.kind === 'failed' ? result.code : null,
      proven,
    })
    const contacts = outcome.ok ? await refreshContacts(tx, [companyId]) : undefined
    await recordCrawlInHistory(tx, companyId, historyOf(outcome, proven))
    await saveRest(tx, { crawlId, ...(contacts && { contacts }) })
    await parts.finish(tx, result)
  })
  return result
}

const crawlRow = (parts: {
  company: KnownCompany & { id: number }
  fills: Fills
  url: string
  startedAt: Date
  finishedAt: Date
  outcome: CrawlOutcome
}) => {
  const { outcome, company, fills, ...rest } = parts
  const row = { ...rest, companyId: company.id }
  const durationMs = row.finishedAt.getTime() - row.startedAt.getTime()
  if (!outcome.ok)
    return {
      ...row,
      durationMs,
      state: 'failed' as const,
      errorCode: failureCode(outcome.error),
      errorMessage: outcome.error.message,
      errors: storable(outcome.errors),
    }
  const { site } = outcome
  return {
    ...row,
    durationMs,
    state: 'done' as const,
    finalUrl: site.finalUrl,
    pageCount: site.pages.length,
    unchangedPages: site.pages.filter((page) => page.unchanged).length,
    bytes: site.pages.reduce((sum, page) => sum + page.bytes, 0),
    site: storable({ ...siteOf(site), belongs: belongsToCompany(knownElsewhere(company, fills), site) }),
    errors: storable(site.errors),
  }
}

const siteOf = ({
  tls,
  httpRedirectsToHttps,
  robotsTxt,
  sitemap,
  redirects,
  company,
  features,
  endedBy,
}: SiteRecord) => ({
  tls,
  httpRedirectsToHttps,
  robotsTxt,
  sitemap,
  redirects,
  company,
  features,
  endedBy,
})

const historyOf = (outcome: CrawlOutcome, proven: Partial<ProvableFields>): Record<string, unknown> =>
  outcome.ok
    ? {
        pages: outcome.site.pages.length,
        emails: outcome.site.emails.length,
        phones: outcome.site.phones.length,
        people: outcome.site.people.length,
        ...Object.fromEntries(Object.entries(proven).map(([field, value]) => [field, [null, value]])),
      }
    : { error: failureCode(outcome.error) }
