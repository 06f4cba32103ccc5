import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm'
import type { Finding } from '#src/analysis/finding.ts'
import { findingOf } from '#src/analysis/queries.ts'
import { findings } from '#src/analysis/schema.ts'
import { companies } from '#src/companies/schema.ts'
import type { Contact } from '#src/crawl/contacts/choose-contact.ts'
import { refreshContacts } from '#src/crawl/contacts/refresh-contacts.ts'
import { crawlPages, crawls } from '#src/crawl/schema.ts'
import type { Db } from '#src/db/open.ts'
import type { Values } from '#src/lib/fill-in.ts'
import type { ScoreInput } from './score-company.ts'
import { stateOfFailure, stateOfPages, type SiteState } from './site-state.ts'

type CompanyRow = typeof companies.$inferSelect
/** The site of a company as its latest crawl found it; `crawlId` is null when it was not read. */
type KnownSite = { state: SiteState; crawlId: number | null }

/** What the database knows of each company, ready to be scored; `input` is null for a company whose website was
 *  never visited. Findings count only when the latest crawl of the present website made them. A handful of queries
 *  whatever the number of companies. */
export const loadKnown = async (
  tx: Db,
  rows: CompanyRow[],
  chosen?: Map<number, Contact>,
): Promise<{ company: CompanyRow; findings: Finding[]; isRead: boolean; input: ScoreInput | null }[]> => {
  const sites = await sitesOf(tx, rows)
  const crawlIds = [...sites.values()].flatMap(({ crawlId }) => crawlId ?? [])
  const found = await findingsOf(tx, crawlIds)
  const contacts =
    chosen ??
    (await refreshContacts(
      tx,
      rows.map((row) => row.id),
    ))
  return rows.map((company) => {
    const site = sites.get(company.id)
    const own = found.get(site?.crawlId ?? 0) ?? []
    const { status, rating, reviewsCount } = company
    const contact = contacts.get(company.id)
    return {
      company,
      findings: own,
      isRead: site?.crawlId !== undefined && site.crawlId !== null,
      input:
        site && contact ? { status, rating, reviewsCount, site: site.state, contact, findings: own } : null,
    }
  })
}

/** By crawl. */
const findingsOf = async (tx: Db, crawlIds: number[]): Promise<Map<number, Finding[]>> => {
  const rows = await tx
    .select()
    .from(findings)
    .where(inArray(findings.crawlId, crawlIds))
    .orderBy(asc(findings.id))
  const grouped = Map.groupBy(rows, (row) => row.crawlId)
  return new Map([...grouped].map(([id, own]) => [id, own.map(findingOf)]))
}

const sitesOf = async (tx: Db, rows: CompanyRow[]): Promise<Map<number, KnownSite>> => {
  const states = new Map<number, KnownSite>()
  for (const { id, website, profileUrl } of rows) {
    if (website !== null) continue
    const params: Values = profileUrl ? { profile: profileUrl } : {}
    states.set(id, { state: { state: 'none', params }, crawlId: null })
  }
  const latest = await tx
    .selectDistinctOn([crawls.companyId], {
      id: crawls.id,
      companyId: crawls.companyId,
      state: crawls.state,
      errorCode: crawls.errorCode,
      errorMessage: crawls.errorMessage,
    })
    .from(crawls)
    .innerJoin(companies, eq(companies.id, crawls.companyId))
    .where(
      and(
        inArray(
          crawls.companyId,
          rows.map((row) => row.id),
        ),
        // What was read at an address the company no longer has says nothing about its site.
        eq(crawls.url, companies.website),
      ),
    )
    .orderBy(crawls.companyId, desc(crawls.finishedAt), desc(crawls.id))
  const pages = await pagesOf(
    tx,
    latest.filter((crawl) => crawl.state === 'done').map((crawl) => crawl.id),
  )
  for (const { id, companyId, state, errorCode, errorMessage } of latest) {
    const failed = state === 'failed'
    states.set(companyId, {
      state: failed ? stateOfFailure(errorCode ?? '', errorMessage ?? '') : stateOfPages(pages.get(id) ?? []),
      crawlId: failed ? null : id,
    })
  }
  return states
}

const pagesOf = async (tx: Db, crawlIds: number[]) => {
  const rows = await tx
    .select({
      crawlId: crawlPages.crawlId,
      depth: crawlPages.depth,
      status: crawlPages.status,
      finalUrl: sql<string>`coalesce(${crawlPages.record}->>'finalUrl', ${crawlPages.url})`,
      parked: sql<string | null>`${crawlPages.record}->>'parked'`,
      contentType: sql<string | null>`${crawlPages.record}->>'contentType'`,
    })
    .from(crawlPages)
    .where(inArray(crawlPages.crawlId, crawlIds))
    .orderBy(crawlPages.crawlId, crawlPages.depth, crawlPages.id)
  return Map.groupBy(rows, (row) => row.crawlId)
}
