import { and, asc, desc, eq, gt, isNotNull, or } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import { mailAccountPauses, mailBreakers, mailProviderLimits, mailProviderUsage } from './schema.ts'
import type { Limits } from './windows.ts'

export type BreakerView = typeof mailBreakers.$inferSelect
export type PauseView = typeof mailAccountPauses.$inferSelect

/** The breakers worth a look: open ones, and those of the providers most was sent to lately. */
export const listBreakers = (db: Db, accountId: number, limit: number): Promise<BreakerView[]> =>
  db
    .select()
    .from(mailBreakers)
    .where(
      and(
        eq(mailBreakers.accountId, accountId),
        or(isNotNull(mailBreakers.openUntil), gt(mailBreakers.failures, 0), gt(mailBreakers.sent, 0)),
      ),
    )
    .orderBy(asc(mailBreakers.openUntil), desc(mailBreakers.sent), asc(mailBreakers.provider))
    .limit(limit)

/** Lets mails through to a provider at once; false when there was nothing in their way. */
export const closeBreaker = async (db: Db, accountId: number, provider: string): Promise<boolean> => {
  const closed = await db
    .update(mailBreakers)
    .set({ openUntil: null, failures: 0, openings: 0, trying: false, reason: null })
    .where(
      and(
        eq(mailBreakers.accountId, accountId),
        eq(mailBreakers.provider, provider),
        isNotNull(mailBreakers.openUntil),
      ),
    )
    .returning({ provider: mailBreakers.provider })
  return closed.length > 0
}

export const listPauses = (db: Db, accountId: number, limit: number): Promise<PauseView[]> =>
  db
    .select()
    .from(mailAccountPauses)
    .where(eq(mailAccountPauses.accountId, accountId))
    .orderBy(desc(mailAccountPauses.at), desc(mailAccountPauses.id))
    .limit(limit)

export const countProviderLimits = (db: Db, accountId: number): Promise<number> =>
  db.$count(mailProviderLimits, eq(mailProviderLimits.accountId, accountId))

/** Sets the limits of a provider, or replaces them. */
export const storeProviderLimit = async (
  db: Db,
  { accountId, provider, limits }: { accountId: number; provider: string; limits: Limits },
): Promise<void> => {
  const values = { perMinute: limits.minute, perHour: limits.hour, perDay: limits.day }
  await db
    .insert(mailProviderLimits)
    .values({ accountId, provider, ...values })
    .onConflictDoUpdate({ target: [mailProviderLimits.accountId, mailProviderLimits.provider], set: values })
}

/** False when there was none. */
export const deleteProviderLimit = async (db: Db, accountId: number, provider: string): Promise<boolean> => {
  const deleted = await db
    .delete(mailProviderLimits)
    .where(and(eq(mailProviderLimits.accountId, accountId), eq(mailProviderLimits.provider, provider)))
    .returning({ provider: mailProviderLimits.provider })
  return deleted.length > 0
}

/** What an account has used towards every provider that has, or had, a limit. */
export const listProviderUsage = (
  db: Db,
  accountId: number,
): Promise<(typeof mailProviderUsage.$inferSelect)[]> =>
  db.select().from(mailProviderUsage).where(eq(mailProviderUsage.accountId, accountId))
