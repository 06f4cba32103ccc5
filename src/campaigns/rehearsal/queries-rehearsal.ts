import { inArray, lte, sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import type { Deed } from './fates.ts'
import type { RehearsedMail } from './invent-hits.ts'
import { rehearsalDeeds } from './schema.ts'

/** The mails with these Message-IDs that belong to a rehearsal, by Message-ID; real ones are never among them. */
export const findRehearsed = async (db: Db, headerIds: string[]): Promise<Map<string, RehearsedMail>> => {
  const rows = await db.execute<RehearsedMail>(sql`
    SELECT m.id, m.token, m.recipient, m.subject, m.message_id AS "headerId", m.opens, m.clicks,
      m.campaign_id AS "campaignId", a.id AS "accountId", a.sender_address AS sender,
      coalesce((SELECT json_agg(l.target ORDER BY l.position) FROM message_links l
        WHERE l.message_id = m.id AND NOT l.honeypot), '[]') AS links
    FROM messages m JOIN campaigns c ON c.id = m.campaign_id AND c.kind = 'rehearsal'
    JOIN mail_accounts a ON a.id = m.account_id
    WHERE m.message_id IN (SELECT jsonb_array_elements_text(${JSON.stringify(headerIds)}::jsonb))`)
  return new Map(rows.map((row) => [row.headerId, row]))
}

/** `dueAt`: when it is told; `happenedAt`: when it is told to have happened. */
export type Due = { id: number; headerId: string; deed: Deed; dueAt: Date; happenedAt: Date }

export const insertDeeds = async (db: Db, deeds: readonly Omit<Due, 'id'>[]): Promise<void> => {
  if (deeds.length > 0) await db.insert(rehearsalDeeds).values([...deeds])
}

/** What is due now, locked: no other node does it as well. */
export const holdDue = async (tx: Db, now: Date, limit: number): Promise<Due[]> => {
  const rows = await tx
    .select()
    .from(rehearsalDeeds)
    .where(lte(rehearsalDeeds.dueAt, now))
    .orderBy(rehearsalDeeds.dueAt, rehearsalDeeds.id)
    .limit(limit)
    .for('update', { skipLocked: true })
  return rows.map((row) => ({ ...row, deed: row.deed as Deed }))
}

export const deleteDeeds = async (tx: Db, ids: readonly number[]): Promise<void> => {
  await tx.delete(rehearsalDeeds).where(inArray(rehearsalDeeds.id, [0, ...ids]))
}

/** When the next is due; null when there is none. */
export const nextDue = async (db: Db): Promise<Date | null> => {
  const [row] = await db.execute<{ at: string | null }>(sql`SELECT min(due_at) AS at FROM rehearsal_deeds`)
  return row?.at == null ? null : new Date(row.at)
}
