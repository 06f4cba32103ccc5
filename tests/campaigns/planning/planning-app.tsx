import { Hono } from 'hono'
import { draftFor } from '#src/campaigns/audience/draft-for.ts'
import { campaignCheckRoutes } from '#src/campaigns/check-routes.tsx'
import { draftRoutes } from '#src/campaigns/draft-routes.tsx'
import { campaignMessageRoutes } from '#src/campaigns/message-routes.tsx'
import { campaignRoutes } from '#src/campaigns/routes.tsx'
import { loadConfig } from '#src/config.ts'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import { AppError } from '#src/lib/errors.ts'
import { deriveKeys } from '#src/lib/keys.ts'
import { silentLog } from '#src/lib/log.ts'
import type { FetchOptions } from '#src/lib/safe-fetch.ts'
import type { DnsResolver } from '#src/mail/dns-check/ask.ts'
import type { Queue } from '#src/queue/open-queue.ts'
import type { TestDatabase } from '#tests/support/database.ts'

type User = { id: number; email: string; name: string; role: 'admin' | 'member' }

/** A queue that only notes what it is asked for. */
export const notingQueue = () => {
  const asked: { job: string; input: object }[] = []
  const queue = {
    enqueue: async (_tx: unknown, job: string, inputs: object[]) =>
      void asked.push(...inputs.map((input) => ({ job, input }))),
    insert: async () => {},
    withdraw: async () => {},
  } as unknown as Queue
  return { queue, asked }
}

/** Name servers that know nothing, which is an answer. */
export const emptyResolver = (): DnsResolver => {
  const nothing = () => Promise.reject(Object.assign(new Error('no data'), { code: 'ENODATA' }))
  return {
    resolveMx: nothing,
    resolveTxt: nothing,
    resolve4: nothing,
    resolve6: nothing,
    resolvePtr: nothing,
  } as unknown as DnsResolver
}

/** The pages of campaigns with a reader who is signed in already. */
export const planningApp = (
  { db, sql }: TestDatabase,
  environment: Record<string, string> = {},
  outside: { resolver?: DnsResolver; fetchOptions?: FetchOptions } = {},
) => {
  const { queue, asked } = notingQueue()
  let now: Date | null = null
  let user: User = { id: 0, email: 'admin@agence.fr', name: 'Ada', role: 'admin' }
  const deps = {
    db,
    sql,
    queue,
    log: silentLog,
    clock: { now: () => now ?? new Date() },
    keys: deriveKeys('a secret for tests only'),
    config: loadConfig(environment),
    resolver: emptyResolver(),
    ...outside,
  } as unknown as Deps & { resolver: DnsResolver }
  const app = new Hono<AppEnv>()
  let flash = ''
  app.use(async (c, next) => {
    c.set('page', { locale: 'fr', theme: 'auto', user, csrf: 'token', path: c.req.path, flash: null })
    await next()
    flash = c.get('nextFlash')?.text ?? flash
  })
  app.route('/campaigns', campaignRoutes(deps, draftFor(db)))
  app.route('/campaigns', draftRoutes(deps))
  app.route('/campaigns', campaignMessageRoutes(deps))
  app.route('/campaigns', campaignCheckRoutes(deps))
  app.onError((error, c) => {
    if (error instanceof AppError) return c.text(error.code, error.status)
    throw error
  })
  const send = async (path: string, init?: RequestInit) => {
    const response = await app.request(path, init)
    const location = response.headers.get('location') ?? ''
    return { status: response.status, location, headers: response.headers, text: await response.text() }
  }
  return {
    deps,
    asked,
    flash: () => flash,
    become: (given: User) => void (user = given),
    setTime: (at: Date | null) => void (now = at),
    get: (path: string) => send(path),
    post: (path: string, form: Record<string, string> | [string, string][] = {}) =>
      send(path, { method: 'POST', body: new URLSearchParams(form) }),
  }
}
