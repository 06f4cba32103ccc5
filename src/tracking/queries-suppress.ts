import { sql } from 'drizzle-orm'
import { intArray } from '#src/db/arrays.ts'
import type { Db } from '#src/db/open.ts'

type Entry = {
  source: string
  reason: string
  messageId: number | null
  createdBy: number | null
  at: Date
}

/** What stands in the place of an entry that is there already: only that a mail came back gives way, to what a person says.
 *  It may be taken back by itself, as what somebody said is not. */
export const onEntryThere = sql`
    ON CONFLICT (address, scope, coalesce(campaign_id, 0)) DO UPDATE SET source = excluded.source, reason = excluded.reason,
      message_id = excluded.message_id, created_by = excluded.created_by, at = excluded.at
    WHERE suppressions.source = 'bounce' AND excluded.source <> 'bounce'`

/** One entry; false when it is there already. Lower case is what PostgreSQL makes of it, as where it is asked for. */
export const insertEntry = async (
  tx: Db,
  entry: Entry & { kind: 'address' | 'domain'; key: string; companyId: number | null },
): Promise<boolean> => {
  const { kind, key, companyId, source, reason, messageId, createdBy, at } = entry
  const rows = await tx.execute(sql`
    INSERT INTO suppressions (kind, address, scope, company_id, source, reason, message_id, created_by, at)
    VALUES (${kind}, lower(${key}), 'all', ${companyId}, ${source}, ${reason}, ${messageId}, ${createdBy},
      ${at.toISOString()}::timestamptz)
    ${onEntryThere} RETURNING id`)
  return rows.length > 0
}

/** A company under all it is known again by. */
export const suppressCompanyEntries = async (tx: Db, companyId: number, entry: Entry): Promise<boolean> => {
  const { source, reason, messageId, createdBy, at } = entry
  const rows = await tx.execute(sql`
    INSERT INTO suppressions (kind, address, label, scope, company_id, source, reason, message_id, created_by, at)
    SELECT 'company', key, c.name, 'all', c.id, ${source}, ${reason}, ${messageId}::int, ${createdBy}::int,
      ${at.toISOString()}::timestamptz
    FROM companies c, unnest(company_suppression_keys(c)) AS key
    WHERE c.id = ${companyId}
    ON CONFLICT DO NOTHING RETURNING id`)
  return rows.length > 0
}

/** Those of these companies of whom every address that was written to has bounced for good. */
export const findCompaniesOfNoUse = async (tx: Db, companyIds: readonly number[]): Promise<number[]> => {
  if (companyIds.length === 0) return []
  const rows = await tx.execute<{ id: number }>(sql`
    SELECT c.id FROM companies c
    WHERE c.id = ANY (ARRAY(
        SELECT coalesce(merged_into_id, id) FROM companies WHERE id = ANY (${intArray(companyIds)})))
      AND NOT EXISTS (
        SELECT FROM messages m WHERE m.state IN ('sent', 'unknown') AND NOT is_rehearsal(m.campaign_id)
          AND m.company_id IN (SELECT id FROM companies WHERE id = c.id OR merged_into_id = c.id)
          AND NOT EXISTS (SELECT FROM suppressions s WHERE s.source = 'bounce'
            AND s.address IN (lower(m.recipient), other_spelling(lower(m.recipient)))))`)
  return rows.map(({ id }) => id)
}
