import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import { companies, companyChanges } from '#src/companies/schema.ts'
import type { Db } from '#src/db/open.ts'
import type { FactRow } from './fact-rows.ts'
import type { ProvableFields } from './contacts/prove-fields.ts'
import { crawlPages, crawls, facts } from './schema.ts'
import type { PageRecord } from './site-record.ts'

const INSERT_ROWS = 500
const KEPT_CRAWLS = 5

export type CrawlRow = typeof crawls.$inferInsert

/** The company to crawl, or null when it was deleted meanwhile. */
export const companyToCrawl = async (db: Db, companyId: number) => {
  const [row] = await db
    .select({
      id: companies.id,
      name: companies.name,
      website: companies.website,
      siteKey: companies.siteKey,
      phone: companies.phone,
      siren: companies.siren,
      siret: companies.siret,
      address1: companies.address1,
      postalCode: companies.postalCode,
      city: companies.city,
      editedFields: companies.editedFields,
      hasBranches: sql<boolean>`EXISTS (SELECT 1 FROM companies other WHERE other.site_key = companies.site_key
        AND other.id <> companies.id AND other.deleted_at IS NULL)`,
    })
    .from(companies)
    .where(and(eq(companies.id, companyId), isNull(companies.deletedAt)))
  return row ?? null
}

export const setCrawlState = async (
  db: Db,
  companyId: number,
  state: 'queued' | 'running',
): Promise<void> => {
  await db.update(companies).set({ crawlState: state }).where(eq(companies.id, companyId))
}

/** Values a person has judged wrong on earlier crawls: they are not offered as contacts again. */
export const rejectedFacts = async (db: Db, companyId: number): Promise<Set<string>> => {
  const rows = await db
    .select({ value: facts.value })
    .from(facts)
    .where(and(eq(facts.companyId, companyId), eq(facts.verdict, 'rejected')))
  return new Set(rows.map((row) => row.value.toLowerCase()))
}

export const insertCrawl = async (tx: Db, row: CrawlRow, pages: PageRecord[]): Promise<number> => {
  const [crawl] = await tx.insert(crawls).values(row).returning({ id: crawls.id })
  const crawlId = crawl!.id
  const values = pages.map((record) => ({
    crawlId,
    url: record.finalUrl,
    status: record.status,
    title: record.title,
    depth: record.depth,
    bytes: record.bytes,
    record,
  }))
  for (const part of slices(values)) await tx.insert(crawlPages).values(part)
  await forgetOldCrawls(tx, row.companyId)
  return crawlId
}

// Pages are the bulk of the database; facts and scores keep their own history.
const forgetOldCrawls = async (tx: Db, companyId: number): Promise<void> => {
  await tx.execute(sql`DELETE FROM crawl_pages WHERE crawl_id IN (
    SELECT id FROM crawls WHERE company_id = ${companyId} ORDER BY finished_at DESC, id DESC OFFSET ${KEPT_CRAWLS})`)
}

/** Replaces the company's facts by those of this crawl. What a person confirmed or rejected stays, and a fact
 *  seen before keeps its first date. */
export const replaceFacts = async (
  tx: Db,
  { companyId, crawlId, rows, at }: { companyId: number; crawlId: number; rows: FactRow[]; at: Date },
): Promise<void> => {
  const known = await tx
    .select({
      id: facts.id,
      kind: facts.kind,
      key: facts.key,
      verdict: facts.verdict,
      firstSeenAt: facts.firstSeenAt,
    })
    .from(facts)
    .where(eq(facts.companyId, companyId))
  const before = new Map(known.map((fact) => [`${fact.kind} ${fact.key}`, fact]))
  const seen = new Set(rows.map((row) => `${row.kind} ${row.key}`))
  const gone = known
    .filter((fact) => seen.has(`${fact.kind} ${fact.key}`) || fact.verdict === null)
    .map((fact) => fact.id)
  for (const part of slices(gone)) await tx.delete(facts).where(inArray(facts.id, part))
  const values = rows.map((row) => {
    const old = before.get(`${row.kind} ${row.key}`)
    return {
      ...row,
      companyId,
      crawlId,
      verdict: old?.verdict ?? null,
      firstSeenAt: old?.firstSeenAt ?? at,
      lastSeenAt: at,
    }
  })
  for (const part of slices(values)) await tx.insert(facts).values(part)
}

/** How the crawl ended, for the list, with the fields that the site proved. */
export const saveCrawlOnCompany = async (
  tx: Db,
  companyId: number,
  result: {
    at: Date
    error: string | null
    proven: Partial<ProvableFields & { name: string; nameKey: string }>
  },
): Promise<void> => {
  await tx
    .update(companies)
    .set({
      ...result.proven,
      crawlState: result.error === null ? 'done' : 'failed',
      crawlError: result.error,
      crawledAt: result.at,
    })
    .where(eq(companies.id, companyId))
}

export const recordCrawlInHistory = async (
  tx: Db,
  companyId: number,
  detail: Record<string, unknown>,
): Promise<void> => {
  await tx.insert(companyChanges).values({ companyId, kind: 'crawled', detail })
}

const slices = <T>(values: T[]): T[][] =>
  Array.from({ length: Math.ceil(values.length / INSERT_ROWS) }, (_, index) =>
    values.slice(index * INSERT_ROWS, (index + 1) * INSERT_ROWS),
  )
