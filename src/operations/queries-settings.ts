import { eq, sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import { settings } from './schema.ts'

export const readSetting = async (db: Db, key: string): Promise<unknown> => {
  const [row] = await db.select({ value: settings.value }).from(settings).where(eq(settings.key, key))
  return row?.value
}

/** Sets it when it is not set; returns what holds afterwards. */
export const settleSetting = async (db: Db, key: string, value: unknown): Promise<unknown> => {
  await db.insert(settings).values({ key, value }).onConflictDoNothing()
  return readSetting(db, key)
}

export const writeSetting = async (db: Db, key: string, value: unknown): Promise<void> => {
  await db
    .insert(settings)
    .values({ key, value })
    .onConflictDoUpdate({ target: settings.key, set: { value, updatedAt: sql`now()` } })
}

/** Whether the database answers and has been made ready: tables, and an account or a link to make one. */
export const isInstalled = async (db: Db): Promise<boolean> => {
  const [tables] = await db.execute<{ there: boolean }>(
    sql`SELECT to_regclass('one_time_tokens') IS NOT NULL AS there`,
  )
  if (!tables?.there) return false
  const [row] = await db.execute<{ ready: boolean }>(
    sql`SELECT EXISTS (SELECT FROM users) OR EXISTS (SELECT FROM one_time_tokens) AS ready`,
  )
  return row?.ready === true
}

export const readMetrics = async (db: Db) => {
  const [row] = await db.execute<{
    database_bytes: string
    companies: string
    users: string
    sessions: string
  }>(sql`
    SELECT pg_database_size(current_database()) AS database_bytes,
      (SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'companies'::regclass) AS companies,
      (SELECT count(*) FROM users WHERE disabled_at IS NULL) AS users,
      (SELECT count(*) FROM sessions WHERE expires_at > now()) AS sessions`)
  return row
}
