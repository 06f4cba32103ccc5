import type { Db, Sql } from '#src/db/open.ts'
import type { Scope } from '#src/public-api/endpoint.ts'

/** Where cases run: one database for all of them, so that each makes what it needs and relies on nothing else. */
export type World = { db: Db; sql: Sql; tokenId: number }

export type CaseRequest = {
  /** Below /api/public, parameters filled in, with its query. */
  path: string
  json?: unknown
  headers?: Record<string, string>
}

/** One documented answer, asked for: its status must be this, its body must fit the endpoint's schema. */
export type ContractCase = {
  /** `get /entreprises/:id` */
  endpoint: string
  name: string
  status: number
  request: CaseRequest | ((world: World) => CaseRequest | Promise<CaseRequest>)
  arrange?: (world: World) => Promise<void>
  /** Of the token; every scope by default. */
  scopes?: readonly Scope[]
  /** What the body must say beside fitting its schema. */
  expect?: (body: any) => void
}
