import { and, desc, eq, inArray } from 'drizzle-orm'
import { users } from '#src/auth/schema.ts'
import type { Db } from '#src/db/open.ts'
import { campaignLog } from '../schema.ts'

/** What was noted when the campaign was last scheduled. */
export const lastStart = async (db: Db, campaignId: number): Promise<Record<string, unknown> | null> => {
  const [row] = await db
    .select({ detail: campaignLog.detail })
    .from(campaignLog)
    .where(and(eq(campaignLog.campaignId, campaignId), eq(campaignLog.kind, 'scheduled')))
    .orderBy(desc(campaignLog.id))
    .limit(1)
  return row?.detail ?? null
}

/** How these users are called. */
export const userNames = async (db: Db, ids: number[]): Promise<Map<number, string>> => {
  const rows = await db
    .select({ id: users.id, name: users.name, email: users.email })
    .from(users)
    .where(inArray(users.id, [0, ...ids]))
  return new Map(rows.map(({ id, name, email }) => [id, name || email]))
}
