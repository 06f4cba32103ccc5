import { and, asc, eq, isNull } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import { mailAccounts } from './schema.ts'

export type AccountRow = typeof mailAccounts.$inferSelect

const present = isNull(mailAccounts.deletedAt)

/** Every account there is, the paused and the inactive ones too, by their label. Passwords are sealed in it. */
export const listAccounts = (db: Db): Promise<AccountRow[]> =>
  db.select().from(mailAccounts).where(present).orderBy(asc(mailAccounts.label), asc(mailAccounts.id))

/** An account; null when there is none or it was deleted. */
export const findAccount = async (db: Db, id: number): Promise<AccountRow | null> => {
  const [row] = await db
    .select()
    .from(mailAccounts)
    .where(and(eq(mailAccounts.id, id), present))
  return row ?? null
}
