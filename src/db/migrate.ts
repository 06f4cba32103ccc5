import { migrate } from 'drizzle-orm/postgres-js/migrator'
import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/postgres-js'
import type { Sql } from './open.ts'

// Any constant will do, as long as every node of this product uses the same.
const MIGRATION_LOCK = 7_203_441

/** In the executable the folder is embedded beside the program; in development it is at the root. */
const migrationsFolder = (): string =>
  fileURLToPath(new URL(Bun.isStandaloneExecutable ? './drizzle' : '../../drizzle', import.meta.url))

/** Brings the database up to this program's schema. Safe on several nodes at once: one migrates, the others wait. */
export const migrateDatabase = async (sql: Sql): Promise<void> => {
  const reserved = await sql.reserve()
  try {
    await reserved`SELECT pg_advisory_lock(${MIGRATION_LOCK})`
    await migrate(drizzle(sql), { migrationsFolder: migrationsFolder() })
  } finally {
    await reserved`SELECT pg_advisory_unlock(${MIGRATION_LOCK})`.catch(() => {})
    reserved.release()
  }
}
