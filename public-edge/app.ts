import { Hono } from 'hono/tiny'
import type { Log } from '#src/lib/log.ts'

const DATABASE_WITHIN_MS = 3000

export type EdgeDeps = {
  log: Log
  /** Names of the settings that are still to be given. */
  missing: string[]
  /** Asks the database for a sign of life; null when the edge has none of its own. */
  pingDatabase: (() => Promise<unknown>) | null
}

/** The whole of what the Internet may ask the edge; everything else is 404. */
export const createEdge = (deps: EdgeDeps): Hono => {
  const app = new Hono()
  app.use(async (context, next) => {
    await next()
    context.header('X-Content-Type-Options', 'nosniff')
    context.header('Referrer-Policy', 'no-referrer')
    context.header('Cache-Control', 'no-store')
  })
  app.get('/healthz', async (context) => {
    const database = await checkDatabase(deps)
    const healthy = deps.missing.length === 0 && database !== 'unreachable'
    const status = healthy ? 'ok' : 'unavailable'
    return context.json({ status, missing: deps.missing, database }, healthy ? 200 : 503)
  })
  app.notFound((context) => context.text('Not found\n', 404))
  app.onError((error, context) => {
    deps.log.error('a request failed', { reason: error.message })
    return context.text('Internal error\n', 500)
  })
  return app
}

const checkDatabase = async ({ pingDatabase }: EdgeDeps): Promise<'ok' | 'unreachable' | 'none'> => {
  if (pingDatabase === null) return 'none'
  const late = Promise.withResolvers<'unreachable'>()
  const timer = setTimeout(() => late.resolve('unreachable'), DATABASE_WITHIN_MS)
  const answer = pingDatabase().then(
    () => 'ok' as const,
    () => 'unreachable' as const,
  )
  return Promise.race([answer, late.promise]).finally(() => clearTimeout(timer))
}
