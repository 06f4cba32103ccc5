import { sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'

/** What the edge may use of the database for one question or one batch; far more than it needs. */
const STATEMENT_TIMEOUT = '30s'
const CONNECTION_LIMIT = 32

/** Whether a role for the edge is there, and whether this connection may make one. */
export type EdgeRoleFacts = { role: string; database: string; exists: boolean; mayCreate: boolean }

export const readEdgeRole = async (db: Db): Promise<EdgeRoleFacts> => {
  const [row] = await db.execute<EdgeRoleFacts>(sql`
    SELECT edge_role() AS role, current_database() AS database,
      EXISTS (SELECT FROM pg_roles WHERE rolname = edge_role()) AS exists,
      (SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user) AS "mayCreate"`)
  return row!
}

const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** One statement per line. `verifier` is what PostgreSQL keeps of the password; it holds no quote. */
export const creationOf = ({ role, database }: EdgeRoleFacts, verifier: string): string =>
  [
    `CREATE ROLE ${identifier(role)} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS CONNECTION LIMIT ${CONNECTION_LIMIT} PASSWORD '${verifier}';`,
    `ALTER ROLE ${identifier(role)} IN DATABASE ${identifier(database)} SET statement_timeout = '${STATEMENT_TIMEOUT}';`,
    `ALTER ROLE ${identifier(role)} IN DATABASE ${identifier(database)} SET idle_in_transaction_session_timeout = '${STATEMENT_TIMEOUT}';`,
    GRANTS,
  ].join('\n')

export const passwordChangeOf = ({ role }: EdgeRoleFacts, verifier: string): string =>
  `ALTER ROLE ${identifier(role)} PASSWORD '${verifier}';`

export const GRANTS = 'SELECT public.grant_edge_role();'

/** All of the statements or none. */
export const runTogether = (db: Db, statements: string): Promise<void> =>
  db.transaction(async (tx) => {
    for (const statement of statements.split('\n')) await tx.execute(sql.raw(statement))
  })

/** What PostgreSQL answers when a role may not do what it asks for. */
export const isRefused = (error: unknown): boolean => {
  const { code, cause } = error as { code?: string; cause?: unknown }
  return code === '42501' || (cause !== undefined && isRefused(cause))
}
