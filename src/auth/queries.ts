import { and, asc, count, desc, eq, gt, inArray, isNull, lt, ne, or, sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import { loginFailures, oneTimeTokens, sessions, users } from './schema.ts'

// Any constants will do, as long as every node of this product uses the same.
const ADMIN_LOCK = 7_203_501
const THROTTLE_LOCK = 7_203_502

export type User = typeof users.$inferSelect
export type Role = User['role']
export type NewUser = typeof users.$inferInsert

export const findUserByEmail = async (db: Db, email: string): Promise<User | null> => {
  const [user] = await db
    .select()
    .from(users)
    .where(eq(sql`lower(${users.email})`, email.toLowerCase()))
  return user ?? null
}

export const findUser = async (db: Db, id: number): Promise<User | null> => {
  const [user] = await db.select().from(users).where(eq(users.id, id))
  return user ?? null
}

export const listUsers = (db: Db) =>
  db
    .select({
      id: users.id,
      email: users.email,
      name: users.name,
      role: users.role,
      disabledAt: users.disabledAt,
      createdAt: users.createdAt,
      lastSeenAt: sql<Date | null>`max(${sessions.lastSeenAt})`.mapWith(sessions.lastSeenAt),
    })
    .from(users)
    .leftJoin(sessions, eq(sessions.userId, users.id))
    .groupBy(users.id)
    .orderBy(asc(users.email))

export type ListedUser = Awaited<ReturnType<typeof listUsers>>[number]

export const hasUsers = async (db: Db): Promise<boolean> =>
  (await db.select({ id: users.id }).from(users).limit(1)).length > 0

/** Null when the address is taken. */
export const insertUser = async (db: Db, user: NewUser): Promise<User | null> => {
  const [made] = await db.insert(users).values(user).onConflictDoNothing().returning()
  return made ?? null
}

export const updateUser = async (db: Db, id: number, change: Partial<NewUser>): Promise<boolean> =>
  (await db.update(users).set(change).where(eq(users.id, id)).returning({ id: users.id })).length > 0

/** Holds everyone else back who adds the first, or takes away the last, administrator; to the transaction's end. */
export const lockAdmins = async (tx: Db): Promise<void> => {
  await tx.execute(sql`SELECT pg_advisory_xact_lock(${ADMIN_LOCK})`)
}

export const countOtherAdmins = async (db: Db, id: number): Promise<number> => {
  const [row] = await db
    .select({ count: count() })
    .from(users)
    .where(and(eq(users.role, 'admin'), isNull(users.disabledAt), ne(users.id, id)))
  return row?.count ?? 0
}

export const insertSession = async (db: Db, session: typeof sessions.$inferInsert): Promise<void> => {
  await db.insert(sessions).values(session)
}

/** The session with its user, when neither has expired nor been disabled. */
export const findSession = async (db: Db, idHash: string, now: Date, idleSince: Date) => {
  const [found] = await db
    .select({ session: sessions, user: users })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(
      and(
        eq(sessions.idHash, idHash),
        gt(sessions.expiresAt, now),
        gt(sessions.lastSeenAt, idleSince),
        isNull(users.disabledAt),
      ),
    )
  return found ?? null
}

export const listSessions = (db: Db, userId: number, now: Date, idleSince: Date) =>
  db
    .select()
    .from(sessions)
    .where(and(eq(sessions.userId, userId), gt(sessions.expiresAt, now), gt(sessions.lastSeenAt, idleSince)))
    .orderBy(desc(sessions.lastSeenAt))

export type ListedSession = Awaited<ReturnType<typeof listSessions>>[number]

export const touchSession = async (db: Db, idHash: string, now: Date): Promise<void> => {
  await db.update(sessions).set({ lastSeenAt: now }).where(eq(sessions.idHash, idHash))
}

export const deleteSession = async (db: Db, idHash: string, userId?: number): Promise<boolean> => {
  const mine = userId === undefined ? undefined : eq(sessions.userId, userId)
  const gone = await db
    .delete(sessions)
    .where(and(eq(sessions.idHash, idHash), mine))
    .returning()
  return gone.length > 0
}

/** All sessions of a user, or all but the one kept. */
export const deleteSessionsOf = async (db: Db, userId: number, keep?: string | null): Promise<void> => {
  const others = keep ? ne(sessions.idHash, keep) : undefined
  await db.delete(sessions).where(and(eq(sessions.userId, userId), others))
}

export const deleteExpiredSessions = async (db: Db, now: Date, idleSince: Date): Promise<void> => {
  await db.delete(sessions).where(or(lt(sessions.expiresAt, now), lt(sessions.lastSeenAt, idleSince)))
}

/** One at a time for each of the keys, to the transaction's end. */
export const lockThrottleKeys = async (tx: Db, keys: string[]): Promise<void> => {
  for (const key of [...keys].sort())
    await tx.execute(sql`SELECT pg_advisory_xact_lock(${THROTTLE_LOCK}, hashtext(${key}))`)
}

export const countFailures = async (db: Db, keys: string[], since: Date) =>
  db
    .select({
      key: loginFailures.key,
      failures: count(),
      last: sql`max(${loginFailures.at})`.mapWith(loginFailures.at),
    })
    .from(loginFailures)
    .where(and(inArray(loginFailures.key, keys), gt(loginFailures.at, since)))
    .groupBy(loginFailures.key)

export const insertFailures = async (db: Db, keys: string[], at: Date): Promise<number[]> => {
  const rows = await db
    .insert(loginFailures)
    .values(keys.map((key) => ({ key, at })))
    .returning({ id: loginFailures.id })
  return rows.map((row) => row.id)
}

export const deleteFailures = async (db: Db, which: { ids: number[]; keys: string[] }): Promise<void> => {
  await db
    .delete(loginFailures)
    .where(or(inArray(loginFailures.id, which.ids), inArray(loginFailures.key, which.keys)))
}

export const deleteFailuresBefore = async (db: Db, before: Date): Promise<void> => {
  await db.delete(loginFailures).where(lt(loginFailures.at, before))
}

export const insertSetupToken = async (
  db: Db,
  tokenHash: string,
  now: Date,
  expiresAt: Date,
): Promise<void> => {
  await db.delete(oneTimeTokens).where(lt(oneTimeTokens.expiresAt, now))
  await db.insert(oneTimeTokens).values({ tokenHash, purpose: 'setup', expiresAt })
}

export const isSetupToken = async (db: Db, tokenHash: string, now: Date): Promise<boolean> => {
  const found = await db
    .select({ tokenHash: oneTimeTokens.tokenHash })
    .from(oneTimeTokens)
    .where(
      and(
        eq(oneTimeTokens.tokenHash, tokenHash),
        eq(oneTimeTokens.purpose, 'setup'),
        gt(oneTimeTokens.expiresAt, now),
      ),
    )
  return found.length > 0
}

/** Ends every setup link: they are worth nothing once somebody can sign in. */
export const deleteSetupTokens = async (db: Db): Promise<void> => {
  await db.delete(oneTimeTokens).where(eq(oneTimeTokens.purpose, 'setup'))
}
