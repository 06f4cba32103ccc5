import { readMigrationFiles } from 'drizzle-orm/migrator'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
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
    await replaceObjects(sql, join(migrationsFolder(), 'objects'))
  } finally {
    await reserved`SELECT pg_advisory_unlock(${MIGRATION_LOCK})`.catch(() => {})
    reserved.release()
  }
}

const readObjects = (folder: string): string =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .toSorted()
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n')

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Views, functions and grants hold no data: drizzle/objects/*.sql, in the order of their names, makes them anew in one
 *  transaction whenever one of these files differs from what the database was last given. */
const replaceObjects = async (sql: Sql, folder: string): Promise<void> => {
  const text = readObjects(folder)
  const hash = hashOf(text)
  const [known] = await sql`SELECT value #>> '{}' AS hash FROM settings WHERE key = 'database_objects'`
  if (known?.hash === hash) return
  await sql.begin(async (tx) => {
    await tx.unsafe(text)
    await tx`INSERT INTO settings (key, value) VALUES ('database_objects', to_jsonb(${hash}::text))
      ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = now()`
  })
}

/** How this database stands to this program: `behind` wants a migration, `ahead` was migrated by a newer program. */
export type MigrationState = 'current' | 'behind' | 'ahead' | 'empty'

/** Compares what was migrated with what this program brings; changes nothing. */
export const readMigrationState = async (sql: Sql): Promise<MigrationState> => {
  const folder = migrationsFolder()
  const wanted = readMigrationFiles({ migrationsFolder: folder })
  const [table] = await sql`SELECT to_regclass('drizzle.__drizzle_migrations') IS NOT NULL AS there`
  if (table?.there !== true) return 'empty'
  const done = await sql<{ hash: string; at: string }[]>`
    SELECT hash, created_at AS at FROM drizzle.__drizzle_migrations`
  const newest = Math.max(...wanted.map(({ folderMillis }) => folderMillis))
  if (done.some(({ at }) => Number(at) > newest)) return 'ahead'
  const hashes = new Set(done.map(({ hash }) => hash))
  const [known] = await sql`SELECT value #>> '{}' AS hash FROM settings WHERE key = 'database_objects'`
  const complete = wanted.every(({ hash }) => hashes.has(hash))
  return complete && known?.hash === hashOf(readObjects(join(folder, 'objects'))) ? 'current' : 'behind'
}
