import { and, desc, eq, inArray, isNull, sql } from 'drizzle-orm'
import { weaknessesOf, type Weakness } from '#src/analysis/summarise.ts'
import { companies, importRows } from '#src/companies/schema.ts'
import type { Contact } from '#src/crawl/contacts/choose-contact.ts'
import type { Db } from '#src/db/open.ts'
import { loadKnown } from './queries-known.ts'
import { scoreRequests, scores } from './schema.ts'
import { scoreCompany, type Score } from './score-company.ts'

const COMPANIES_AT_ONCE = 200

/** A null score means that nothing can be said yet (the site was never visited). */
type Scored = { companyId: number; score: Score | null; weaknesses: Weakness[]; isRead: boolean }

/** Stores a score on the company's row and in the history of scores; a score like the last one changes nothing. */
export const saveScore = async (
  tx: Db,
  companyId: number,
  score: Score | null,
  weaknesses: Weakness[],
  cms: string | null,
): Promise<void> => {
  await saveCms(tx, companyId, cms)
  await saveScores(tx, [{ companyId, score, weaknesses, isRead: true }])
}

/** The content management system the crawl recognised, for the list. */
export const saveCms = async (tx: Db, companyId: number, cms: string | null): Promise<void> => {
  await tx.update(companies).set({ cms }).where(eq(companies.id, companyId))
}

/** Scores a company anew from what is stored, without a crawl: after a change of status, of a contact, of a
 *  fact's verdict, or after a crawl. Null when the company is gone or its site was never visited. `contacts`:
 *  those just chosen in the same transaction; else they are chosen anew. */
export const scoreAgain = async (
  db: Db,
  companyId: number,
  contacts?: Map<number, Contact>,
): Promise<Score | null> => (await scoreManyAgain(db, [companyId], contacts)).get(companyId) ?? null

/** The same for many companies (an import, a change made to a selection), each part in its own transaction. */
export const scoreManyAgain = async (
  db: Db,
  companyIds: readonly number[],
  contacts?: Map<number, Contact>,
): Promise<Map<number, Score | null>> => {
  const results = new Map<number, Score | null>()
  // One order for all, so that two of these never wait for each other.
  const ids = [...new Set(companyIds)].sort((a, b) => a - b)
  for (let start = 0; start < ids.length; start += COMPANIES_AT_ONCE) {
    const part = ids.slice(start, start + COMPANIES_AT_ONCE)
    for (const { companyId, score } of await db.transaction((tx) => scorePart(tx, part, contacts))) {
      results.set(companyId, score)
    }
  }
  return results
}

const scorePart = async (tx: Db, ids: number[], contacts?: Map<number, Contact>): Promise<Scored[]> => {
  const rows = await tx
    .select()
    .from(companies)
    .where(and(inArray(companies.id, ids), isNull(companies.deletedAt)))
    .orderBy(companies.id)
    .for('update')
  const scored = (await loadKnown(tx, rows, contacts)).map(({ company, findings, isRead, input }) => ({
    companyId: company.id,
    score: input ? scoreCompany(input) : null,
    weaknesses: weaknessesOf(findings),
    isRead,
  }))
  await saveScores(tx, scored)
  return scored
}

const saveScores = async (tx: Db, scored: Scored[]): Promise<void> => {
  if (scored.length === 0) return
  await tx.execute(sql`
    UPDATE companies SET score = new.value, score_level = new.level, score_points = new.points,
      weaknesses = new.weaknesses, cms = CASE WHEN new.read THEN companies.cms END, scored_at = CASE WHEN new.value IS NULL THEN NULL ELSE now() END
    FROM jsonb_to_recordset(${JSON.stringify(scored.map(rowOf))}::text::jsonb)
      AS new(id int, value int, level text, points jsonb, weaknesses jsonb, read boolean)
    WHERE companies.id = new.id
      AND ((companies.score, companies.score_level, companies.score_points, companies.weaknesses)
        IS DISTINCT FROM (new.value, new.level, new.points, new.weaknesses)
        OR companies.cms IS NOT NULL AND NOT new.read)`)
  const last = new Map(
    (
      await lastScores(
        tx,
        scored.map(({ companyId }) => companyId),
      )
    ).map((row) => [row.companyId, row]),
  )
  const changed = scored.flatMap(({ companyId, score }) =>
    score && !Bun.deepEquals(last.get(companyId), { companyId, ...score }) ? [{ companyId, ...score }] : [],
  )
  if (changed.length > 0) await tx.insert(scores).values(changed)
}

const rowOf = ({ companyId, score, weaknesses, isRead }: Scored) => ({
  id: companyId,
  value: score?.value ?? null,
  level: score?.level ?? null,
  points: score?.points ?? [],
  weaknesses,
  read: isRead,
})

const lastScores = (tx: Db, ids: number[]) =>
  tx
    .selectDistinctOn([scores.companyId], {
      companyId: scores.companyId,
      value: scores.value,
      level: scores.level,
      points: scores.points,
    })
    .from(scores)
    .where(inArray(scores.companyId, ids))
    .orderBy(scores.companyId, desc(scores.at), desc(scores.id))

/** Companies of an import that need no visit to be scored, or that were changed since their last one. */
export const companiesToScoreAfter = async (db: Db, importId: number): Promise<number[]> => {
  const rows = await db
    .selectDistinct({ id: companies.id })
    .from(importRows)
    .innerJoin(companies, eq(companies.id, importRows.companyId))
    .where(
      and(
        eq(importRows.importId, importId),
        isNull(companies.deletedAt),
        sql`(${importRows.outcome} = 'updated' OR ${importRows.outcome} = 'created' AND ${companies.website} IS NULL)`,
      ),
    )
  return rows.map(({ id }) => id)
}

/** Scores companies that this was asked for, oldest request first, until none is left. Returns how many. */
export const scoreRequested = async (db: Db): Promise<number> => {
  let scored = 0
  for (;;) {
    const asked = await db
      .select({ companyId: scoreRequests.companyId, at: sql<string>`${scoreRequests.at}::text` })
      .from(scoreRequests)
      .orderBy(scoreRequests.at, scoreRequests.companyId)
      .limit(COMPANIES_AT_ONCE)
    if (asked.length === 0) return scored
    await scoreManyAgain(
      db,
      asked.map(({ companyId }) => companyId),
    )
    scored += asked.length
    // One that was asked for again meanwhile stays.
    await db.execute(sql`DELETE FROM score_requests asked
      USING jsonb_to_recordset(${JSON.stringify(asked)}::text::jsonb) AS done ("companyId" int, at timestamptz)
      WHERE asked.company_id = done."companyId" AND asked.at = done.at`)
  }
}
