import { sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import type { RehearsedMail } from './invent-hits.ts'

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
