import { and, asc, desc, eq, getTableColumns, inArray, sql } from 'drizzle-orm'
import { findingOf } from '#src/analysis/queries.ts'
import type { Finding } from '#src/analysis/finding.ts'
import { findings } from '#src/analysis/schema.ts'
import { companies } from '#src/companies/schema.ts'
import { crawlPages, crawls, facts } from '#src/crawl/schema.ts'
import type { PageRecord, SiteRecord } from '#src/crawl/site-record.ts'
import type { Db } from '#src/db/open.ts'

export type FoundFinding = Finding & { foundAt: Date }
type Technology = { name: string; category: string; version: string | null; pageUrl: string }
type Home = Pick<
  PageRecord,
  | 'finalUrl'
  | 'title'
  | 'description'
  | 'canonical'
  | 'viewport'
  | 'lang'
  | 'parked'
  | 'needsBrowser'
  | 'truncated'
> & { server: string | null; cookies: string | null; sri: number }
type Company = Omit<typeof companies.$inferSelect, 'searchText'>

/** A company with what its site showed at the latest visit; `visit` is null when it was never read. */
export type KnownCompany = {
  company: Company
  findings: FoundFinding[]
  visit: {
    at: Date
    url: string
    tls: SiteRecord['tls'] | null
    robotsTxt: boolean
    sitemap: { found: boolean; urlCount: number }
    host: string | null
    home: Home | null
    pages: number
    ttfbMs: number | null
    bytes: number | null
  } | null
  /** How many facts of each kind. */
  counts: Record<string, number>
  technologies: Technology[]
}

/** What need not be read when nothing is said of it. */
export type Wanted = { pages: boolean; averages: boolean; facts: boolean; findings: boolean }

/** What is known of each company: at most six queries whatever their number. Findings and pages count only when the
 *  latest crawl of the present website made them. */
export const loadCompanies = async (
  db: Db,
  ids: number[],
  wanted: Wanted,
): Promise<Map<number, KnownCompany>> => {
  if (ids.length === 0) return new Map()
  const { searchText: _searched, ...columns } = getTableColumns(companies)
  const rows = await db.select(columns).from(companies).where(inArray(companies.id, ids))
  const latest = await latestCrawls(db, ids)
  const crawlIds = latest.map(({ id }) => id)
  const found = Map.groupBy(wanted.findings ? await findingsOf(db, crawlIds) : [], ({ crawlId }) => crawlId)
  const pages = new Map(
    (wanted.pages ? await pagesOf(db, crawlIds, wanted.averages) : []).map((page) => [page.crawlId, page]),
  )
  const known = Map.groupBy(wanted.facts ? await factsOf(db, ids) : [], ({ companyId }) => companyId)
  const crawlOf = new Map(latest.map((crawl) => [crawl.companyId, crawl]))
  return new Map(
    rows.map((company) => {
      const crawl = crawlOf.get(company.id)
      const page = crawl && pages.get(crawl.id)
      const own = known.get(company.id) ?? []
      return [
        company.id,
        {
          company,
          findings: (crawl ? (found.get(crawl.id) ?? []) : []).map((row) => ({
            ...findingOf(row),
            foundAt: row.foundAt,
          })),
          visit: crawl
            ? {
                at: crawl.finishedAt,
                url: crawl.finalUrl ?? crawl.url,
                tls: crawl.site?.tls ?? null,
                robotsTxt: crawl.site?.robotsTxt?.found ?? false,
                sitemap: {
                  found: crawl.site?.sitemap?.found ?? false,
                  urlCount: crawl.site?.sitemap?.urlCount ?? 0,
                },
                host: crawl.site?.company?.host?.value ?? null,
                home: page?.home ?? null,
                pages: page?.count ?? crawl.pageCount,
                ttfbMs: page?.ttfbMs ?? null,
                bytes: page?.bytes ?? null,
              }
            : null,
          counts: Object.fromEntries(own.map(({ kind, count }) => [kind, count])),
          technologies: own.find(({ kind }) => kind === 'technology')?.technologies ?? [],
        },
      ]
    }),
  )
}

const latestCrawls = (db: Db, ids: number[]) =>
  db
    .selectDistinctOn([crawls.companyId], {
      id: crawls.id,
      companyId: crawls.companyId,
      url: crawls.url,
      finalUrl: crawls.finalUrl,
      finishedAt: crawls.finishedAt,
      pageCount: crawls.pageCount,
      site: crawls.site,
    })
    .from(crawls)
    .innerJoin(companies, eq(companies.id, crawls.companyId))
    .where(and(inArray(crawls.companyId, ids), eq(crawls.url, companies.website), eq(crawls.state, 'done')))
    .orderBy(crawls.companyId, desc(crawls.finishedAt), desc(crawls.id))

const findingsOf = (db: Db, crawlIds: number[]) =>
  db.select().from(findings).where(inArray(findings.crawlId, crawlIds)).orderBy(asc(findings.id))

// Only what templates can say of a page: whole records would be a megabyte for fifty companies. Those of other pages than
// the first are opened for their averages alone.
const pagesOf = async (db: Db, crawlIds: number[], averages: boolean) => {
  if (crawlIds.length === 0) return []
  const record = sql`${crawlPages.record}`
  const counted = await db
    .select({
      crawlId: crawlPages.crawlId,
      count: sql<number>`count(*)::int`,
      ttfbMs: averages
        ? sql<number | null>`round(avg((${record} ->> 'ttfbMs')::float))::int`
        : sql<null>`NULL::int`,
      bytes: sql<number | null>`round(avg(${crawlPages.bytes}))::int`,
    })
    .from(crawlPages)
    .where(inArray(crawlPages.crawlId, crawlIds))
    .groupBy(crawlPages.crawlId)
  const homes = await db
    .select({
      crawlId: crawlPages.crawlId,
      home: sql<Home>`jsonb_build_object(
        'finalUrl', ${record} -> 'finalUrl', 'title', ${record} -> 'title', 'description', ${record} -> 'description',
        'canonical', ${record} -> 'canonical', 'viewport', ${record} -> 'viewport', 'lang', ${record} -> 'lang',
        'parked', ${record} -> 'parked', 'needsBrowser', ${record} -> 'needsBrowser',
        'truncated', ${record} -> 'truncated', 'server', ${record} -> 'headers' -> 'server',
        'cookies', ${record} -> 'headers' -> 'set-cookie',
        'sri', jsonb_array_length(CASE WHEN jsonb_typeof(${record} -> 'scriptsWithoutSri') = 'array'
          THEN ${record} -> 'scriptsWithoutSri' ELSE '[]' END))`,
    })
    .from(crawlPages).where(sql`${crawlPages.id} IN (
      SELECT DISTINCT ON (first.crawl_id) first.id FROM crawl_pages AS first
      WHERE ${inArray(sql`first.crawl_id`, crawlIds)} ORDER BY first.crawl_id, first.depth, first.id)`)
  const homeOf = new Map(homes.map(({ crawlId, home }) => [crawlId, home]))
  return counted.map((one) => ({ ...one, home: homeOf.get(one.crawlId) ?? null }))
}

const factsOf = (db: Db, ids: number[]) =>
  db
    .select({
      companyId: facts.companyId,
      kind: facts.kind,
      count: sql<number>`count(*)::int`,
      technologies: sql<Technology[] | null>`jsonb_agg(jsonb_build_object(
        'name', ${facts.value}, 'category', ${facts.data} ->> 'category', 'version', ${facts.data} ->> 'version',
        'pageUrl', ${facts.pageUrl}) ORDER BY ${facts.confidence} DESC, ${facts.id})
        FILTER (WHERE ${facts.kind} = 'technology')`,
    })
    .from(facts)
    .where(and(inArray(facts.companyId, ids), sql`${facts.verdict} IS DISTINCT FROM 'rejected'`))
    .groupBy(facts.companyId, facts.kind)
