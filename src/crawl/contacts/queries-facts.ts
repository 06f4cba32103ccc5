import { and, asc, desc, eq, getTableColumns, inArray, sql } from 'drizzle-orm'
import { users } from '#src/auth/schema.ts'
import type { Db } from '#src/db/open.ts'
import { crawlPages, crawls, facts } from '../schema.ts'
import { ownEvidenceOf } from './apply-correction.ts'

const PAGES_SHOWN = 200

export type Fact = typeof facts.$inferSelect
export type FactKind = Fact['kind']
/** With the name of who decided about it last. */
export type ShownFact = Fact & { judgedByName: string | null }

/** A company's facts of these kinds, surest first. */
export const listFacts = (db: Db, companyId: number, kinds: FactKind[]): Promise<Fact[]> =>
  db
    .select()
    .from(facts)
    .where(and(eq(facts.companyId, companyId), inArray(facts.kind, kinds)))
    .orderBy(asc(facts.kind), desc(facts.confidence), asc(facts.id))

/** The same with who decided what. */
export const listShownFacts = (db: Db, companyId: number, kinds: FactKind[]): Promise<ShownFact[]> =>
  db
    .select({
      ...getTableColumns(facts),
      judgedByName: sql<string | null>`coalesce(nullif(${users.name}, ''), ${users.email})`,
    })
    .from(facts)
    .leftJoin(users, eq(users.id, facts.judgedBy))
    .where(and(eq(facts.companyId, companyId), inArray(facts.kind, kinds)))
    .orderBy(asc(facts.kind), desc(facts.confidence), asc(facts.id))

type Decision = Partial<Pick<Fact, 'verdict' | 'correction' | 'mergedIntoId'>>

/** Stores what a person decided about a fact, and who; nobody once every decision on it is taken back. */
export const decideOnFact = async (
  tx: Db,
  fact: Fact,
  decision: Decision,
  userId: number | null,
): Promise<Fact> => {
  const { verdict, correction, mergedIntoId } = { ...fact, ...decision }
  const isFree = verdict === null && correction === null && mergedIntoId === null
  const [changed] = await tx
    .update(facts)
    .set({
      verdict,
      correction,
      mergedIntoId,
      judgedBy: isFree ? null : userId,
      judgedAt: isFree ? null : sql`now()`,
    })
    .where(eq(facts.id, fact.id))
    .returning()
  return changed!
}

/** Puts back where the fact's own value was seen, when a crawl has seen the corrected one in its place. */
export const restoreEvidence = async (tx: Db, { id, data }: Fact): Promise<void> => {
  const own = ownEvidenceOf(data)
  if (own === null) return
  const { ownEvidence: _shown, ...rest } = data
  await tx
    .update(facts)
    .set({ ...own, lastSeenAt: new Date(own.lastSeenAt), data: rest })
    .where(eq(facts.id, id))
}

export const insertFact = async (tx: Db, fact: typeof facts.$inferInsert): Promise<Fact> => {
  const [row] = await tx.insert(facts).values(fact).returning()
  return row!
}

export const deleteFact = async (tx: Db, factId: number): Promise<void> => {
  await tx.delete(facts).where(eq(facts.id, factId))
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

/** The latest crawl, and the latest that read the site. */
export const findVisit = async (
  db: Db,
  companyId: number,
): Promise<{ latest: Crawl | null; read: Crawl | null }> => {
  const latest = await findLatestCrawl(db, companyId)
  return { latest, read: latest?.state === 'done' ? latest : await findLatestRead(db, companyId) }
}

export type Crawl = NonNullable<Awaited<ReturnType<typeof findLatestCrawl>>>

export const listPages = (db: Db, crawlId: number) =>
  db
    .select()
    .from(crawlPages)
    .where(eq(crawlPages.crawlId, crawlId))
    .orderBy(asc(crawlPages.depth), asc(crawlPages.id))
    .limit(PAGES_SHOWN)

export type CrawledPage = Awaited<ReturnType<typeof listPages>>[number]

/** Moves the facts that the receiving company does not have yet, and what persons decided about those it has,
 *  unless it has decisions of its own. Returns the ids of the moved facts, and negative those of the facts that
 *  took a decision over. */
export const moveFacts = async (tx: Db, from: number, to: number): Promise<number[]> => {
  const decided = await tx.execute<{ id: number }>(sql`
    UPDATE facts SET verdict = other.verdict, correction = other.correction,
      merged_into_id = other.merged_into_id, judged_by = other.judged_by, judged_at = other.judged_at
    FROM facts other
    WHERE facts.company_id = ${to} AND other.company_id = ${from} AND other.kind = facts.kind
      AND other.key = facts.key AND facts.verdict IS NULL AND facts.correction IS NULL
      AND facts.merged_into_id IS NULL
      AND (other.verdict IS NOT NULL OR other.correction IS NOT NULL OR other.merged_into_id IS NOT NULL)
    RETURNING facts.id`)
  const moved = await tx.execute<{ id: number }>(sql`
    UPDATE facts SET company_id = ${to}
    WHERE company_id = ${from} AND NOT EXISTS (
      SELECT 1 FROM facts known WHERE known.company_id = ${to} AND known.kind = facts.kind AND known.key = facts.key)
    RETURNING id`)
  await mergeWithinCompany(tx, to)
  await mergeWithinCompany(tx, from)
  return [...moved.map(({ id }) => id), ...decided.map(({ id }) => -id)]
}

/** Puts moved facts back, and takes back the decisions that came with them; facts that a crawl has replaced since
 *  are gone. */
export const moveFactsBack = async (tx: Db, from: number, ids: number[]): Promise<void> => {
  const moved = ids.filter((id) => id > 0)
  const decided = ids.filter((id) => id < 0).map((id) => -id)
  const [row] = await tx
    .select({ companyId: facts.companyId })
    .from(facts)
    .where(inArray(facts.id, [0, ...moved, ...decided]))
    .limit(1)
  if (moved.length > 0) await tx.update(facts).set({ companyId: from }).where(inArray(facts.id, moved))
  if (decided.length > 0)
    await tx
      .update(facts)
      .set({ verdict: null, correction: null, mergedIntoId: null, judgedBy: null, judgedAt: null })
      .where(inArray(facts.id, decided))
  await mergeWithinCompany(tx, from)
  if (row) await mergeWithinCompany(tx, row.companyId)
}

// A person merged into one of another company is merged into the one of the same name here, if there is one.
const mergeWithinCompany = async (tx: Db, companyId: number): Promise<void> => {
  await tx.execute(sql`
    UPDATE facts SET merged_into_id = (
      SELECT own.id FROM facts own JOIN facts target ON target.id = facts.merged_into_id
      WHERE own.company_id = facts.company_id AND own.kind = target.kind AND own.key = target.key
        AND own.id <> facts.id)
    WHERE company_id = ${companyId} AND EXISTS (
      SELECT 1 FROM facts target WHERE target.id = facts.merged_into_id AND target.company_id <> facts.company_id)`)
}
