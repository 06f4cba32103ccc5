import { sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'

const TABLE = /^tracking_events_(\d{4})_(\d{2})$/
/** Hits wait for as long as a month's table is being taken away; longer than this, another night has to do. */
const LOCK_TIMEOUT = sql`SET LOCAL lock_timeout = '5s'`

/** The months (`2026-11`) that have a table of events, the oldest first. */
export const listMonths = async (db: Db): Promise<string[]> => {
  const rows = await db.execute<{ name: string }>(sql`
    SELECT relname AS name FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = 'tracking_events'::regclass ORDER BY relname`)
  return rows.flatMap(({ name }) => {
    const [, year, month] = TABLE.exec(name) ?? []
    return year && month ? [`${year}-${month}`] : []
  })
}

const tableOf = (month: string) => sql.identifier(`tracking_events_${month.replace('-', '_')}`)

/** Forgets the events of a month. */
export const dropMonth = (db: Db, month: string): Promise<void> =>
  db.transaction(async (tx) => {
    await tx.execute(LOCK_TIMEOUT)
    await tx.execute(sql`ALTER TABLE tracking_events DETACH PARTITION ${tableOf(month)}`)
    await tx.execute(sql`DROP TABLE ${tableOf(month)}`)
  })

/** Forgets events from before a month that were in no month's table. Returns how many. */
export const dropStrays = async (db: Db, before: Date): Promise<number> => {
  const rows = await db.execute(sql`
    DELETE FROM tracking_events_default WHERE at < ${before.toISOString()}::timestamptz RETURNING event_id`)
  return rows.length
}

/** Forgets what was seen of the requests of a month, up to `limit` of them: only how they were made stays. Returns how
 *  many there were. */
export const trimFacts = async (db: Db, month: string, limit: number): Promise<number> => {
  const rows = await db.execute(sql`
    UPDATE ${tableOf(month)} SET facts = jsonb_build_object('method', facts -> 'method')
    WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM ${tableOf(month)} WHERE facts ? 'headers' OR facts ? 'ip' LIMIT ${limit}))
    RETURNING event_id`)
  return rows.length
}

/** Forgets the words of mails written before, up to `limit` of them. Returns how many there were. */
export const trimBodies = async (db: Db, before: Date, limit: number): Promise<number> => {
  const rows = await db.execute(sql`
    UPDATE messages SET html = NULL, text = NULL WHERE id IN (
      SELECT id FROM messages WHERE created_at < ${before.toISOString()}::timestamptz
        AND (html IS NOT NULL OR text IS NOT NULL) LIMIT ${limit})
    RETURNING id`)
  return rows.length
}
