import { Hono } from 'hono'
import { companyRoutes } from '#src/companies/routes.tsx'
import { loadConfig } from '#src/config.ts'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import { AppError } from '#src/lib/errors.ts'
import type { Locale } from '#src/lib/i18n.ts'
import { deriveKeys } from '#src/lib/keys.ts'
import { silentLog } from '#src/lib/log.ts'
import { mailRoutes } from '#src/mail/routes.tsx'
import { openQueue } from '#src/queue/open-queue.ts'
import { companyNeighbours } from '#src/scoring/company-neighbours.ts'
import type { TestDatabase } from '#tests/support/database.ts'

/** The pages about mail with a reader who is signed in already. `more` mounts others. */
export const mailApp = (
  { db, sql, beforeClose }: TestDatabase,
  environment: Record<string, string>,
  {
    locale = 'fr',
    more,
    role,
  }: {
    locale?: Locale
    more?: (app: Hono<AppEnv>, deps: Deps) => void
    /** Of the reader, who is somebody without a name when not given. */
    role?: 'admin' | 'member'
  } = {},
) => {
  const queue = openQueue({ db, sql, log: silentLog })
  beforeClose(() => queue.stop(0))
  const deps = {
    db,
    sql,
    queue,
    log: silentLog,
    clock: { now: () => new Date() },
    keys: deriveKeys('a secret for tests only'),
    config: loadConfig(environment),
  } as unknown as Deps
  const app = new Hono<AppEnv>()
  let flash = ''
  app.use(async (c, next) => {
    const user = role ? { id: 1, email: 'lecteur@agence.fr', name: '', role } : null
    c.set('page', { locale, theme: 'auto', user, csrf: 'token', path: c.req.path, flash: null })
    await next()
    flash = c.get('nextFlash')?.text ?? flash
  })
  app.route('/companies', companyRoutes(deps, companyNeighbours(deps)))
  app.route('/companies', mailRoutes(deps))
  more?.(app, deps)
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
    flash: () => flash,
    send,
    get: (path: string) => send(path),
    post: (path: string, form: Record<string, string> = {}) =>
      send(path, { method: 'POST', body: new URLSearchParams(form) }),
  }
}
