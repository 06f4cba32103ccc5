import type { z } from 'zod'
import type { Sql } from '#src/db/open.ts'
import type { Clock } from '#src/lib/clock.ts'

/** What a token may be allowed to do. */
export const SCOPES = [
  'companies:read',
  'companies:write',
  'companies:delete',
  'emails:read',
  'statistics:read',
  'campaigns:read',
  'audits:write',
] as const

export type Scope = (typeof SCOPES)[number]

/** The token of a call, as `api_find_token` tells it; moments in ISO 8601. */
export type ApiToken = {
  id: number
  name: string
  preview: string
  scopes: Scope[]
  appUrl: string | null
  userId: number | null
  allowedNetworks: string[]
  allowedOrigins: string[]
  requestsPerMinute: number
  createdAt: string
  expiresAt: string | null
  lastUsedAt: string | null
}

/** What a handler is given: its checked input, and a database that knows only the api_* views and functions. */
export type ApiCall<P = unknown, Q = unknown, B = unknown> = {
  sql: Sql
  clock: Clock
  token: ApiToken
  params: P
  query: Q
  body: B
  /** Of the request, without its query. */
  url: URL
}

/** A JSON answer. */
export type ApiAnswer = { status: 200 | 201 | 202 | 400 | 403 | 404 | 409 | 429 | 501 | 503; body: unknown }

/** One route of /api/public: what checks its input, what documents it, and what answers it. Everything known of a
 *  route is said here once: the router, the OpenAPI document and the contract tests are made from it. */
export type Endpoint<
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
> = {
  method: 'get' | 'post' | 'patch' | 'delete'
  /** Below /api/public, with parameters as `:name`. */
  path: string
  /** All of them are needed; empty: any token will do. */
  scopes: readonly Scope[]
  /** How long an answer may be used again; 0: never. */
  cacheSeconds: number
  tag: string
  /** In English, one line. */
  summary: string
  /** Failures are `{error}` only, as the existing product has it for website analyses. */
  plainErrors?: true
  params?: P
  /** Of the first value of each name; what is wrong is answered 400, so that `input.ts` has forgiving ones. */
  query?: Q
  /** Of a JSON object or of the fields of a form; no body at all is `{}`. */
  body?: B
  /** A form is no body here: it is answered 400. */
  jsonOnly?: true
  /** Schema of the body for every status this endpoint itself answers; 401, 403, 413, 429 and 503 need not be said, nor
   *  400 and 404 for a body or a path that cannot be read. */
  answers: Partial<Record<ApiAnswer['status'], z.ZodType>>
  handle: (call: ApiCall<z.output<P>, z.output<Q>, z.output<B>>) => Promise<ApiAnswer>
}

/** Gives an endpoint the types of its own schemas. */
export const endpoint = <P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(
  definition: Endpoint<P, Q, B>,
): Endpoint => definition as unknown as Endpoint
