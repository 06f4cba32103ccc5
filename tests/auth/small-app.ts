import { setDefaultTimeout } from 'bun:test'
import { Hono } from 'hono'
import { accountRoutes } from '#src/auth/account-routes.tsx'
import { csrfGuard, networkGuard, requireAdmin, requireSession, sessionLoader } from '#src/auth/guards.ts'
import { setupRoutes, signInRoutes } from '#src/auth/routes.tsx'
import { userRoutes } from '#src/auth/user-routes.tsx'
import { addUser } from '#src/auth/users.ts'
import { loadConfig } from '#src/config.ts'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import { deriveKeys } from '#src/lib/keys.ts'
import { silentLog } from '#src/lib/log.ts'
import { securityHeaders } from '#src/lib/security-headers.ts'
import { answerError, answerNotFound } from '#src/operations/error-pages.tsx'
import { healthRoutes, metricsRoutes } from '#src/operations/health-routes.ts'
import type { TestDatabase } from '#tests/support/database.ts'

// Hashing a password is slow on purpose, and slower still beside other work.
setDefaultTimeout(30_000)

export const PASSWORD = 'nine-long-words-here'

/** A clock that a test moves by hand; it starts at the real time. */
export const testClock = () => {
  let moment = Date.now()
  return { now: () => new Date(moment), advance: (ms: number) => void (moment += ms) }
}

/** What the parts of auth need of Deps; the rest is never touched. */
export const authDeps = (
  { db, sql }: Pick<TestDatabase, 'db' | 'sql'>,
  {
    environment = {},
    clock = testClock(),
    log = silentLog,
  }: Partial<{ environment: Record<string, string>; clock: Deps['clock']; log: Deps['log'] }> = {},
): Deps => {
  const config = loadConfig(environment)
  return { config, db, sql, clock, log, keys: deriveKeys('a secret for tests only') } as Deps
}

/** Auth's own part of createApp with two pages behind it. */
export const smallApp = (deps: Deps): Hono<AppEnv> => {
  const app = new Hono<AppEnv>()
  app.use(securityHeaders)
  app.route('/healthz', healthRoutes(deps))
  app.route('/metrics', metricsRoutes(deps))
  app.use(networkGuard(deps))
  app.use(sessionLoader(deps))
  app.use(csrfGuard(deps))
  app.route('/', signInRoutes(deps))
  app.route('/setup', setupRoutes(deps))
  const guarded = new Hono<AppEnv>()
  guarded.use(requireSession)
  guarded.get('/private', (c) => c.text(`hello ${c.get('page').user?.email}`))
  guarded.post('/private', async (c) => c.text(`changed ${String((await c.req.parseBody())['word'] ?? '')}`))
  guarded.get('/api/things', (c) => c.json([]))
  guarded.post('/api/things', (c) => c.json([], 201))
  guarded.get('/broken', () => {
    throw new Error('an unforeseen thing')
  })
  guarded.get('/full', () => {
    throw Object.assign(new Error('could not extend file'), { code: '53100' })
  })
  guarded.route('/', accountRoutes(deps))
  guarded.use('/settings/users/*', requireAdmin)
  guarded.route('/settings/users', userRoutes(deps))
  app.route('/', guarded)
  app.notFound(answerNotFound)
  app.onError(answerError(deps))
  return app
}

export const testUser = async (deps: Deps, email: string, role: 'admin' | 'member' = 'member') => {
  const made = await addUser(deps, { email, role, password: PASSWORD })
  if (!made.ok) throw new Error(made.problem.message)
  return made.value.user
}
