import { sql, type SQL } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'

const SHOWN = 60

/** Values that companies have, the most frequent first, with how many have them. */
export type Suggestion = { value: string; count: number }
export type Suggestions = {
  sectors: Suggestion[]
  cms: Suggestion[]
  technologies: Suggestion[]
  tags: Suggestion[]
}

/** What a filter may ask for in this installation. Reads whole columns: keep the answer a while (view-audience.ts). */
export const readSuggestions = async (db: Db): Promise<Suggestions> => {
  const [sectors, cms, technologies, tags] = await Promise.all([
    frequent(db, sql`SELECT coalesce(sector, category) AS value FROM companies WHERE deleted_at IS NULL`),
    frequent(db, sql`SELECT cms AS value FROM companies WHERE deleted_at IS NULL`),
    frequent(
      db,
      sql`SELECT value FROM facts WHERE kind = 'technology' AND verdict IS DISTINCT FROM 'rejected'`,
    ),
    frequent(db, sql`SELECT unnest(tags) AS value FROM companies WHERE deleted_at IS NULL AND tags <> '{}'`),
  ])
  return { sectors, cms, technologies, tags }
}

const frequent = async (db: Db, values: SQL): Promise<Suggestion[]> => [
  ...(await db.execute<Suggestion>(sql`
    SELECT value, count(*)::int AS count FROM (${values}) AS known WHERE value <> ''
    GROUP BY value ORDER BY count DESC, value LIMIT ${SHOWN}`)),
]
