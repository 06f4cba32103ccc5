import { Hono } from 'hono'
import { groupRoutes } from '#src/companies/group-routes.tsx'
import { companyRoutes } from '#src/companies/routes.tsx'
import { companyAnalysisRoutes } from '#src/analysis/routes.tsx'
import { companyCrawlRoutes } from '#src/crawl/routes.tsx'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import { AppError } from '#src/lib/errors.ts'
import type { Locale } from '#src/lib/i18n.ts'
import { silentLog } from '#src/lib/log.ts'
import { dashboardRoutes } from '#src/operations/dashboard-routes.tsx'
import { defineBatchJob } from '#src/queue/define-batch-job.ts'
import { openQueue } from '#src/queue/open-queue.ts'
import { companyNeighbours } from '#src/scoring/company-neighbours.ts'
import { scoreAgain } from '#src/scoring/queries.ts'
import type { TestDatabase } from '#tests/support/database.ts'

type Answer = { status: number; text: string; location: string; headers: Headers; bytes: Uint8Array }

/** The pages of companies with a reader who is signed in already: sign-in has tests of its own. */
export const companiesApp = async ({ db, sql, beforeClose }: TestDatabase, locale: Locale = 'fr') => {
  const queue = openQueue({ db, sql, log: silentLog })
  // The jobs are only asked for here: their run has tests of its own.
  await queue.ensureQueues([
    defineBatchJob({ db }, { name: 'crawl.company', concurrency: 1, run: async () => undefined }),
  ])
  beforeClose(() => queue.stop(0))
  let now = Date.parse('2026-03-01T09:00:00Z')
  const clock = { now: () => new Date((now += 1_000)) }
  const deps = { db, sql, queue, log: silentLog, clock } as unknown as Deps
  const app = new Hono<AppEnv>()
  let flash = ''
  app.use(async (c, next) => {
    c.set('page', {
      locale,
      theme: 'auto',
      user: null,
      csrf: 'token',
      path: c.req.path,
      flash: null,
    })
    await next()
    flash = c.get('nextFlash')?.text ?? flash
  })
  app.route('/', dashboardRoutes(deps))
  app.route('/companies', companyRoutes(deps, companyNeighbours(deps)))
  app.route(
    '/companies',
    companyCrawlRoutes(deps, (id) => scoreAgain(db, id)),
  )
  app.route('/companies', companyAnalysisRoutes(deps))
  app.route('/groups', groupRoutes(deps))
  app.onError((error, c) => {
    if (error instanceof AppError) return c.text(error.code, error.status)
    throw error
  })

  const send = async (path: string, init?: RequestInit): Promise<Answer> => {
    const response = await app.request(path, init)
    const bytes = new Uint8Array(await response.arrayBuffer())
    return {
      status: response.status,
      headers: response.headers,
      location: response.headers.get('location') ?? '',
      bytes,
      text: new TextDecoder().decode(bytes),
    }
  }
  return {
    queue,
    flash: () => flash,
    get: (path: string, headers: Record<string, string> = {}) => send(path, { headers }),
    post: (
      path: string,
      form: Record<string, string> | [string, string][] = {},
      headers: Record<string, string> = {},
    ) => send(path, { method: 'POST', headers, body: new URLSearchParams(form) }),
  }
}
