import { createHash, randomBytes } from 'node:crypto'
import type { Sql } from '#src/db/open.ts'
import { silentLog } from '#src/lib/log.ts'
import { SCOPES, type Endpoint, type Scope } from '#src/public-api/endpoint.ts'
import type { PublicApi } from '#src/public-api/public-api.ts'
import { publicApiRoutes } from '#src/public-api/routes.ts'
import { Hono } from 'hono/tiny'
import type { AppEnv } from '#src/http-env.ts'

/** A clock that a test moves by hand; it starts at the real time. */
export const movedClock = () => {
  let moment = Date.now()
  return { now: () => new Date(moment), advance: (ms: number) => void (moment += ms) }
}

type TokenSettings = {
  scopes?: readonly Scope[]
  networks?: string[]
  origins?: string[]
  perMinute?: number
  expiresAt?: Date | null
  text?: string
}

/** A token straight in the table: its text and its id. */
export const givenToken = async (sql: Sql, settings: TokenSettings = {}) => {
  const text = settings.text ?? `pl_${randomBytes(24).toString('hex')}`
  const hash = createHash('sha256').update(text).digest()
  const [row] = await sql`
    INSERT INTO api_tokens (name, hash, preview, scopes, allowed_networks, allowed_origins, requests_per_minute, expires_at)
    VALUES ('test', ${hash}, ${text.slice(0, 10)}, ${[...(settings.scopes ?? SCOPES)]}, ${settings.networks ?? []},
      ${settings.origins ?? []}, ${settings.perMinute ?? 100_000}, ${settings.expiresAt?.toISOString() ?? null})
    RETURNING id`
  return { id: row?.id as number, text }
}

type AppOptions = { endpoints?: readonly Endpoint[]; sql?: () => Sql | null } & Partial<
  Pick<PublicApi, 'clock' | 'log'>
>

export type Call = {
  method?: string
  token?: string | null
  headers?: Record<string, string>
  body?: BodyInit
  json?: unknown
  from?: string
}

/** /api/public alone, asked as a client would; the address a call comes from is the test's to say. */
export const apiApp = (database: Sql, options: AppOptions = {}) => {
  let from: string | null = '203.0.113.5'
  const app = new Hono<AppEnv>()
  const api: PublicApi = {
    clock: options.clock ?? movedClock(),
    log: options.log ?? silentLog,
    sql: options.sql ?? (() => database),
    addressOf: () => from,
  }
  app.route('/api/public', publicApiRoutes(api, options.endpoints))
  const ask = async (path: string, { method, token, headers, body, json, from: address }: Call = {}) => {
    from = address ?? '203.0.113.5'
    const sent = json === undefined ? body : JSON.stringify(json)
    return app.request(`https://api.example/api/public${path}`, {
      method: method ?? (sent === undefined ? 'GET' : 'POST'),
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(sent === undefined ? {} : { body: sent }),
    })
  }
  return { app, ask }
}
