import { sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'

/** How many campaigns that have not ended may still send from an account. */
export const countCampaignsOf = async (db: Db, accountId: number): Promise<number> => {
  const [row] = await db.execute<{ count: number }>(sql`
    SELECT count(*)::int AS count FROM campaigns c
    WHERE c.deleted_at IS NULL AND c.state IN ('scheduled', 'running', 'paused') AND (
      ${accountId} = ANY (c.account_ids) OR EXISTS (
        SELECT FROM campaign_messages m
        WHERE m.campaign_id = c.id AND m.account_id = ${accountId}
          AND m.state IN ('planned', 'held', 'claimed', 'sending')))`)
  return row?.count ?? 0
}
