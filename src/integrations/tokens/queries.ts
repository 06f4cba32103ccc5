import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import { users } from '#src/auth/schema.ts'
import { apiTokens } from '#src/integrations/schema.ts'

export type TokenRow = typeof apiTokens.$inferSelect
export type NewToken = typeof apiTokens.$inferInsert

const shown = {
  id: apiTokens.id,
  name: apiTokens.name,
  preview: apiTokens.preview,
  scopes: apiTokens.scopes,
  appUrl: apiTokens.appUrl,
  allowedNetworks: apiTokens.allowedNetworks,
  allowedOrigins: apiTokens.allowedOrigins,
  requestsPerMinute: apiTokens.requestsPerMinute,
  analysesPerDay: apiTokens.analysesPerDay,
  replacesId: apiTokens.replacesId,
  createdAt: apiTokens.createdAt,
  expiresAt: apiTokens.expiresAt,
  lastUsedAt: apiTokens.lastUsedAt,
  lastAddress: apiTokens.lastAddress,
  revokedAt: apiTokens.revokedAt,
  createdBy: users.email,
}

/** Every token, without its hash, the oldest first. */
export const listTokens = (db: Db) =>
  db
    .select(shown)
    .from(apiTokens)
    .leftJoin(users, eq(users.id, apiTokens.createdBy))
    .orderBy(asc(apiTokens.id))

export type ListedToken = Awaited<ReturnType<typeof listTokens>>[number]

/** Null when a token with this text is there already. */
export const insertToken = async (db: Db, token: NewToken): Promise<TokenRow | null> => {
  const [made] = await db.insert(apiTokens).values(token).onConflictDoNothing().returning()
  return made ?? null
}

/** Held until the transaction ends, so that it is not rotated twice at once. */
export const lockToken = async (tx: Db, id: number): Promise<TokenRow | null> => {
  const [row] = await tx.select().from(apiTokens).where(eq(apiTokens.id, id)).for('update')
  return row ?? null
}

/** It ends at this moment, or sooner if it was to end sooner. */
export const endTokenBy = async (db: Db, id: number, moment: Date): Promise<void> => {
  const at = moment.toISOString()
  await db
    .update(apiTokens)
    .set({ expiresAt: sql`least(${apiTokens.expiresAt}, ${at}::timestamptz)` })
    .where(eq(apiTokens.id, id))
}

/** Null when there is none that could be revoked. */
export const markRevoked = async (db: Db, id: number, moment: Date): Promise<string | null> => {
  const [row] = await db
    .update(apiTokens)
    .set({ revokedAt: moment })
    .where(and(eq(apiTokens.id, id), isNull(apiTokens.revokedAt)))
    .returning({ name: apiTokens.name })
  return row?.name ?? null
}

export const removeToken = async (db: Db, id: number): Promise<string | null> => {
  const [row] = await db.delete(apiTokens).where(eq(apiTokens.id, id)).returning({ name: apiTokens.name })
  return row?.name ?? null
}
