import type { Sql } from '#src/db/open.ts'
import type { ApiToken } from '../endpoint.ts'

/** The token with this SHA-256 (hex), unless it is unknown, revoked or expired. */
export const findToken = async (sql: Sql, hash: string): Promise<ApiToken | null> => {
  const [row] = await sql`SELECT * FROM api_find_token(${Buffer.from(hash, 'hex')})`
  return row === undefined
    ? null
    : {
        id: row.id,
        name: row.name,
        preview: row.preview,
        scopes: row.scopes,
        appUrl: row.app_url,
        userId: row.user_id,
        allowedNetworks: row.allowed_networks,
        allowedOrigins: row.allowed_origins,
        requestsPerMinute: row.requests_per_minute,
        createdAt: iso(row.created_at),
        expiresAt: row.expires_at && iso(row.expires_at),
        lastUsedAt: row.last_used_at && iso(row.last_used_at),
      }
}

// Drizzle, on the same connection, leaves moments as PostgreSQL writes them.
const iso = (moment: string | Date): string => new Date(moment).toISOString()

export type LastUse = { id: number; at: Date; address: string | null }

/** Notes when tokens were last used, and from where. */
export const touchTokens = async (sql: Sql, uses: LastUse[]): Promise<void> => {
  const ids = uses.map(({ id }) => id)
  const moments = uses.map(({ at }) => at.toISOString())
  const addresses = uses.map(({ address }) => address)
  await sql`SELECT api_touch_tokens(${ids}::integer[], ${moments}::text[]::timestamptz[], ${addresses}::text[])`
}

/** Whether pages of this origin may use any token that counts. */
export const isAllowedOrigin = async (sql: Sql, origin: string): Promise<boolean> => {
  const [row] = await sql`SELECT api_allows_origin(${origin}) AS allowed`
  return row?.allowed === true
}
