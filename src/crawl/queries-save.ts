import { and, asc, desc, eq, inArray, isNotNull, isNull, or, sql } from 'drizzle-orm'
import { companies, companyChanges } from '#src/companies/schema.ts'
import type { Db } from '#src/db/open.ts'
import type { FactRow } from './fact-rows.ts'
import { applyCorrection, keyOfValue, withOwnEvidence, type Correction } from './contacts/apply-correction.ts'
import type { Judgements, ProvableFields } from './contacts/prove-fields.ts'
import { noteChanges } from './contacts/queries-changes.ts'
import { crawlPages, crawls, facts } from './schema.ts'
import type { PageError, PageRecord } from './site-record.ts'
import { unreadUrls } from './contacts/compare-facts.ts'

const INSERT_ROWS = 500
const KEPT_CRAWLS = 5
const MAX_FILLS = 50
const KEPT_UNREAD = 500
// Of the site as it is, not of a page of long ago.
const REREAD_KINDS = new Set<string>(['technology', 'open_graph', 'image', 'external_link'])

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
      robotsOverride: companies.robotsOverride,
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

/** Keeps other crawls, verdicts and edits of the company waiting until the transaction ends. */
export const holdCompany = async (tx: Db, companyId: number): Promise<void> => {
  await tx.select({ id: companies.id }).from(companies).where(eq(companies.id, companyId)).for('update')
}

/** What persons decided on what earlier crawls found: a crawl proves nothing by values they rejected, and reads
 *  those they corrected as corrected. */
export const judgedFacts = async (db: Db, companyId: number): Promise<Judgements> => {
  const rows = await db
    .select({ kind: facts.kind, value: facts.value, verdict: facts.verdict, correction: facts.correction })
    .from(facts)
    .where(
      and(eq(facts.companyId, companyId), or(eq(facts.verdict, 'rejected'), isNotNull(facts.correction))),
    )
  return {
    rejected: new Set(
      rows.filter(({ verdict }) => verdict === 'rejected').map(({ value }) => value.toLowerCase()),
    ),
    correctedAddresses: new Map(
      rows
        .filter(({ kind, correction }) => kind === 'address' && correction !== null)
        .map(({ value, correction }) => [value.toLowerCase(), correction as Correction]),
    ),
  }
}

/** What earlier crawls filled in on the company's row from its site, newest first. */
export const fillsOf = async (db: Db, companyId: number): Promise<Record<string, unknown>[]> => {
  const rows = await db
    .select({ detail: companyChanges.detail })
    .from(companyChanges)
    .where(
      and(
        eq(companyChanges.companyId, companyId),
        eq(companyChanges.kind, 'crawled'),
        sql`jsonb_exists_any(${companyChanges.detail}, ARRAY['name', 'address1', 'postalCode', 'city', 'siren', 'siret'])`,
      ),
    )
    .orderBy(desc(companyChanges.id))
    .limit(MAX_FILLS)
  return rows.map(({ detail }) => detail)
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

/** Makes the company's facts those of this crawl and notes in `crawls.changes` what differs from the crawl before.
 *  A fact seen before keeps its id, its first date and what a person decided about it; one that a person judged,
 *  corrected, merged or linked stays though it is no longer seen, and so does one whose page could not be read
 *  (`errors` of the crawl); a value that a person wrote in place of another is that fact seen again, not a new one. */
export const replaceFacts = async (
  tx: Db,
  crawl: { companyId: number; crawlId: number; rows: FactRow[]; errors: PageError[]; at: Date },
): Promise<void> => {
  const { companyId, crawlId, rows, errors, at } = crawl
  await holdCompany(tx, companyId)
  const known = await tx.select().from(facts).where(eq(facts.companyId, companyId)).orderBy(asc(facts.id))
  const keys = new Set(known.map(nameOf))
  const corrected = new Map(
    known.map((fact) => [`${fact.kind} ${keyOfValue(applyCorrection(fact).value)}`, fact.id]),
  )
  const seen = new Map(rows.map((row) => [nameOf(row), row]))
  const again = [...seen].filter(([name]) => !keys.has(name) && corrected.has(name))
  for (const [name, { pageUrl, method, snippet, confidence }] of again) {
    const fact = known.find(({ id }) => id === corrected.get(name))!
    await tx
      .update(facts)
      .set({ crawlId, pageUrl, method, snippet, confidence, lastSeenAt: at, data: withOwnEvidence(fact) })
      .where(eq(facts.id, fact.id))
  }
  const written = new Set(again.map(([name]) => name))
  const values = [...seen]
    .filter(([name]) => !written.has(name))
    .map(([, row]) => ({ ...row, companyId, crawlId, firstSeenAt: at, lastSeenAt: at }))
  for (const part of slices(values)) await upsertFacts(tx, part)
  await keepUnread(tx, { crawlId, known, unread: unreadUrls(errors) })
  await forgetUnseen(tx, companyId, crawlId)
  // What somebody rejected is no news, come or gone.
  const rejected = new Set(known.filter(({ verdict }) => verdict === 'rejected').map(nameOf))
  const news = <T extends { kind: string; key: string }>(all: T[]) =>
    all.filter((one) => !rejected.has(nameOf(one)))
  await noteChanges(tx, { companyId, crawlId, known: news(known), rows: news([...seen.values()]) })
}

const nameOf = ({ kind, key }: { kind: string; key: string }): string => `${kind} ${key}`

const upsertFacts = async (tx: Db, values: (typeof facts.$inferInsert)[]): Promise<void> => {
  const read = ['crawl_id', 'value', 'data', 'page_url', 'method', 'snippet', 'confidence', 'last_seen_at']
  const [crawlId, value, data, pageUrl, method, snippet, confidence, lastSeenAt] = read.map((column) =>
    sql.raw(`excluded.${column}`),
  )
  await tx
    .insert(facts)
    .values(values)
    .onConflictDoUpdate({
      target: [facts.companyId, facts.kind, facts.key],
      set: { crawlId, value, data, pageUrl, method, snippet, confidence, lastSeenAt } as object,
    })
}

/** What the crawl before saw on pages that could not be read this time stays, as not seen since: nothing is known
 *  against it until the page is read again or gone. */
const keepUnread = async (
  tx: Db,
  {
    crawlId,
    known,
    unread,
  }: { crawlId: number; known: (typeof facts.$inferSelect)[]; unread: ReturnType<typeof unreadUrls> },
): Promise<void> => {
  const before = Math.max(0, ...known.map((fact) => fact.crawlId ?? 0))
  const kept = known
    .filter((fact) => fact.crawlId === before && unread.has(fact.pageUrl) && !REREAD_KINDS.has(fact.kind))
    .slice(0, KEPT_UNREAD)
  for (const part of slices(kept))
    await tx
      .update(facts)
      .set({ crawlId })
      .where(
        and(
          inArray(
            facts.id,
            part.map(({ id }) => id),
          ),
          eq(facts.crawlId, before),
        ),
      )
}

const forgetUnseen = async (tx: Db, companyId: number, crawlId: number): Promise<void> => {
  await tx.execute(sql`DELETE FROM facts WHERE company_id = ${companyId} AND crawl_id IS DISTINCT FROM ${crawlId}
    AND verdict IS NULL AND correction IS NULL AND merged_into_id IS NULL
    AND NOT EXISTS (SELECT 1 FROM facts other WHERE other.merged_into_id = facts.id)
    AND NOT (kind = 'person' AND key IN (
      SELECT other.correction->>'personKey' FROM facts other
      WHERE other.company_id = ${companyId} AND other.correction->>'personKey' IS NOT NULL))`)
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
