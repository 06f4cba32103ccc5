import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import { crawlPages, crawls, facts } from '../schema.ts'

const PAGES_SHOWN = 200

export type Fact = typeof facts.$inferSelect
export type FactKind = Fact['kind']

/** A company's facts of these kinds, surest first. */
export const listFacts = (db: Db, companyId: number, kinds: FactKind[]): Promise<Fact[]> =>
  db
    .select()
    .from(facts)
    .where(and(eq(facts.companyId, companyId), inArray(facts.kind, kinds)))
    .orderBy(asc(facts.kind), desc(facts.confidence), asc(facts.id))

/** A person's verdict on a fact; null when there is no such fact of that company. */
export const setVerdict = async (
  tx: Db,
  companyId: number,
  factId: number,
  verdict: 'confirmed' | 'rejected' | null,
): Promise<Fact | null> => {
  const [fact] = await tx
    .update(facts)
    .set({ verdict })
    .where(and(eq(facts.id, factId), eq(facts.companyId, companyId)))
    .returning()
  return fact ?? null
}

// What was read at an address the company no longer has says nothing about its site.
const ofCurrentSite = sql`${crawls.url} = (SELECT website FROM companies WHERE id = ${crawls.companyId})`

/** The latest crawl of the company's site, whole or failed. */
export const findLatestCrawl = async (db: Db, companyId: number) =>
  (
    await db
      .select()
      .from(crawls)
      .where(and(eq(crawls.companyId, companyId), ofCurrentSite))
      .orderBy(desc(crawls.finishedAt), desc(crawls.id))
      .limit(1)
  )[0] ?? null

/** The latest crawl that read the site: what the pages and findings shown belong to. */
export const findLatestRead = async (db: Db, companyId: number) =>
  (
    await db
      .select()
      .from(crawls)
      .where(and(eq(crawls.companyId, companyId), eq(crawls.state, 'done'), ofCurrentSite))
      .orderBy(desc(crawls.finishedAt), desc(crawls.id))
      .limit(1)
  )[0] ?? null

export type Crawl = NonNullable<Awaited<ReturnType<typeof findLatestCrawl>>>

export const listPages = (db: Db, crawlId: number) =>
  db
    .select()
    .from(crawlPages)
    .where(eq(crawlPages.crawlId, crawlId))
    .orderBy(asc(crawlPages.depth), asc(crawlPages.id))
    .limit(PAGES_SHOWN)

export type CrawledPage = Awaited<ReturnType<typeof listPages>>[number]

/** Moves the facts that the receiving company does not have yet. Returns their ids. */
export const moveFacts = async (tx: Db, from: number, to: number): Promise<number[]> => {
  const rows = await tx.execute<{ id: number }>(sql`
    UPDATE facts SET company_id = ${to}
    WHERE company_id = ${from} AND NOT EXISTS (
      SELECT 1 FROM facts known WHERE known.company_id = ${to} AND known.kind = facts.kind AND known.key = facts.key)
    RETURNING id`)
  return rows.map(({ id }) => id)
}

/** Puts moved facts back; those that a crawl has replaced since are gone. */
export const moveFactsBack = async (tx: Db, from: number, ids: number[]): Promise<void> => {
  if (ids.length > 0) await tx.update(facts).set({ companyId: from }).where(inArray(facts.id, ids))
}
