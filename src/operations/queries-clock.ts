import { sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'

/** What the database takes for now, and the newest change or mail that was noted before the last hour: what a clock that
 *  has just been set wrong wrote is no evidence for it. */
export const readEvidence = async (db: Db): Promise<{ databaseNow: Date; newest: Date | null }> => {
  const [row] = await db.execute<{ now: string; newest: string | null }>(sql`
    SELECT now() AS now, greatest(
      (SELECT max(at) FROM (SELECT at FROM company_changes ORDER BY id DESC LIMIT 10000) AS last WHERE at < now() - interval '1 hour'),
      (SELECT max(created_at) FROM (SELECT created_at FROM messages ORDER BY id DESC LIMIT 10000) AS last
        WHERE created_at < now() - interval '1 hour'),
      (SELECT max(created_at) FROM (SELECT created_at FROM companies ORDER BY id DESC LIMIT 10000) AS last
        WHERE created_at < now() - interval '1 hour')) AS newest`)
  return { databaseNow: new Date(row?.now ?? 0), newest: row?.newest ? new Date(row.newest) : null }
}
