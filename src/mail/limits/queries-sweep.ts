import { and, isNull, lt, or, sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import { mailBreakers, mailExchanges, mailHealth, mailProviderUsage } from './schema.ts'
import { bucketAt } from './windows.ts'

/** Deletes what no decision looks at any more. Usage counts for a day; a breaker that is open stays. */
export const deleteOldLimits = async (
  db: Db,
  { usageBefore, before }: { usageBefore: Date; before: Date },
): Promise<void> => {
  const newest = sql`${mailProviderUsage.dayFrom} + cardinality(${mailProviderUsage.day})`
  await db.delete(mailProviderUsage).where(sql`${newest} < ${bucketAt('day', usageBefore)}`)
  await db
    .delete(mailBreakers)
    .where(
      and(
        lt(mailBreakers.updatedAt, before),
        or(isNull(mailBreakers.openUntil), lt(mailBreakers.openUntil, before)),
      ),
    )
  await db.delete(mailHealth).where(sql`${mailHealth.day} < ${before.toISOString().slice(0, 10)}`)
  await db.delete(mailExchanges).where(lt(mailExchanges.checkedAt, before))
}
