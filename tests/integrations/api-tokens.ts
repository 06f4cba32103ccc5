import { createHash } from 'node:crypto'
import type { Scope } from '#src/public-api/endpoint.ts'
import { SCOPES } from '#src/public-api/endpoint.ts'
import type { TestDatabase } from '#tests/support/database.ts'

let made = 0

/** A token that is in the database; nobody knows its text. */
export const insertToken = async (
  { sql }: Pick<TestDatabase, 'sql'>,
  given: { scopes?: Scope[]; analysesPerDay?: number; createdBy?: number } = {},
) => {
  const name = `jeton ${(made += 1)}`
  const scopes: Scope[] = given.scopes ?? [...SCOPES]
  const [row] = await sql`
    INSERT INTO api_tokens (name, hash, preview, scopes, analyses_per_day, created_by)
    VALUES (${name}, ${createHash('sha256').update(name).digest()}, 'plab_test…', ${scopes}::text[],
      ${given.analysesPerDay ?? 100}, ${given.createdBy ?? null})
    RETURNING id`
  return {
    id: row!.id as number,
    name,
    preview: 'plab_test…',
    scopes,
    appUrl: null,
    userId: given.createdBy ?? null,
    allowedNetworks: [],
    allowedOrigins: [],
    requestsPerMinute: 600,
    createdAt: new Date().toISOString(),
    expiresAt: null,
    lastUsedAt: null,
  }
}
