import { and, inArray, isNotNull, isNull, sql } from 'drizzle-orm'
import { companies } from '#src/companies/schema.ts'
import type { Db } from '#src/db/open.ts'

const PROSPECTS_SHOWN = 10
// Statuses of companies nobody has written to yet.
const NOT_CONTACTED = ['Nouveau', 'À qualifier']

/** Numbers of all companies that are not deleted, by level and by status, in one pass over narrow indexes. */
export const countCompaniesBy = async (db: Db) => {
  const byStatus = await db
    .select({ value: companies.status, count: sql<number>`count(*)::int` })
    .from(companies)
    .where(isNull(companies.deletedAt))
    .groupBy(companies.status)
  const byLevel = await db
    .select({ value: companies.scoreLevel, count: sql<number>`count(*)::int` })
    .from(companies)
    .where(isNull(companies.deletedAt))
    .groupBy(companies.scoreLevel)
  return { byStatus, byLevel, total: byStatus.reduce((sum, { count }) => sum + count, 0) }
}

/** The best prospects that can be reached and that nobody has contacted. */
export const bestProspects = (db: Db) =>
  db
    .select({
      id: companies.id,
      name: companies.name,
      city: companies.city,
      score: companies.score,
      scoreLevel: companies.scoreLevel,
      contactEmail: sql<string | null>`coalesce(${companies.contactEmail}, ${companies.email})`,
    })
    .from(companies)
    .where(
      and(
        isNull(companies.deletedAt),
        isNotNull(companies.score),
        inArray(companies.status, NOT_CONTACTED),
        sql`NOT EXISTS (SELECT FROM messages m WHERE m.company_id = ${companies.id} AND m.state <> 'failed'
          AND NOT is_rehearsal(m.campaign_id))`,
        sql`coalesce(${companies.contactEmail}, ${companies.email}, ${companies.contactPhone}, ${companies.phone}) IS NOT NULL`,
      ),
    )
    .orderBy(sql`${companies.score} DESC NULLS LAST, ${companies.id} DESC`)
    .limit(PROSPECTS_SHOWN)

export type Prospect = Awaited<ReturnType<typeof bestProspects>>[number]
