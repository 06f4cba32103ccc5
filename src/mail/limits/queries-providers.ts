import { and, gt, inArray, sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import { mailExchanges } from './schema.ts'

/** A statement takes at most 65,535 values. */
const BATCH = 5_000

/** The providers of those domains that were looked up after `since`. */
export const readProviders = async (db: Db, domains: string[], since: Date): Promise<Map<string, string>> => {
  const known = new Map<string, string>()
  for (let from = 0; from < domains.length; from += BATCH) {
    const rows = await db
      .select({ domain: mailExchanges.domain, provider: mailExchanges.provider })
      .from(mailExchanges)
      .where(
        and(
          inArray(mailExchanges.domain, domains.slice(from, from + BATCH)),
          gt(mailExchanges.checkedAt, since),
        ),
      )
    for (const { domain, provider } of rows) known.set(domain, provider)
  }
  return known
}

export const storeProviders = async (
  db: Db,
  found: { domain: string; hosts: string[]; provider: string }[],
  checkedAt: Date,
): Promise<void> => {
  const rows = found.toSorted((a, b) => (a.domain < b.domain ? -1 : 1))
  for (let from = 0; from < rows.length; from += BATCH)
    await db
      .insert(mailExchanges)
      .values(rows.slice(from, from + BATCH).map((row) => ({ ...row, checkedAt })))
      .onConflictDoUpdate({
        target: mailExchanges.domain,
        set: {
          hosts: sql`excluded.hosts`,
          provider: sql`excluded.provider`,
          checkedAt: sql`excluded.checked_at`,
        },
      })
}
