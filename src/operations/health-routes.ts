import { createHash, timingSafeEqual } from 'node:crypto'
import { Hono, type Context } from 'hono'
import { clientOf, isHttps } from '#src/auth/request.ts'
import { loadSession, readCookie } from '#src/auth/sessions.ts'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import { AppError } from '#src/lib/errors.ts'
import packageJson from '../../package.json' with { type: 'json' }
import { isInstalled, readMetrics } from './queries-settings.ts'

const DATABASE_DEADLINE_MS = 1_500

const withinDeadline = async <T>(work: Promise<T>): Promise<T> => {
  let timer: Timer | undefined
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), DATABASE_DEADLINE_MS)
  })
  return Promise.race([work, deadline]).finally(() => clearTimeout(timer))
}

/** One question at a time, however many ask: a database that is away must not be asked by a growing queue. */
const sharedCheck = (deps: Deps) => {
  let running: Promise<boolean> | undefined
  return (): Promise<boolean> => {
    running ??= isInstalled(deps.db).finally(() => (running = undefined))
    return withinDeadline(running)
  }
}

/** 200 when the server does its work, 503 when it cannot, with the reason; no more than that is told. */
export const healthRoutes = (deps: Deps): Hono<AppEnv> => {
  const routes = new Hono<AppEnv>()
  const check = sharedCheck(deps)
  routes.get('/', async (c) => {
    c.header('Cache-Control', 'no-store')
    const { version } = packageJson
    const spool = spoolOf(deps)
    try {
      // After an update the tables of the version before are there, and not yet those of this one.
      if (!(await check()) || deps.isPrepared?.() === false)
        return c.json({ status: 'starting', database: 'ok', version, ...spool }, 503)
      const isKept = !spool.spool || (spool.spool.disk === 'ok' && spool.spool.shedding === 'none')
      return c.json(
        { status: isKept ? 'ok' : 'failing', database: 'ok', version, ...spool },
        isKept ? 200 : 503,
      )
    } catch {
      return c.json({ status: 'failing', database: 'unreachable', version, ...spool }, 503)
    }
  })
  return routes
}

/** Events that wait on this server's disk, once there have been any; an edge has its own. */
const spoolOf = ({ tracking }: Pick<Deps, 'tracking'>) => {
  const state = tracking?.state()
  if (!state) return {}
  const { bytes, maxBytes, shedding, disk, lost } = state
  return { spool: { bytes, maxBytes, shedding, disk, lost } }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

const mayReadMetrics = async (c: Context<AppEnv>, deps: Deps): Promise<boolean> => {
  const given = /^Bearer (.+)$/i.exec(c.req.header('authorization') ?? '')?.[1]
  const { METRICS_TOKEN } = deps.config
  if (given !== undefined && METRICS_TOKEN) return timingSafeEqual(digest(given), digest(METRICS_TOKEN))
  const https = isHttps(c, clientOf(c, deps.config), deps.config)
  const token = readCookie(c, deps.keys, 'session', https)
  return token !== undefined && (await loadSession(deps, token)) !== null
}

type Metric = { name: string; type: 'gauge' | 'counter'; help: string; value: number; labels?: string }

const processMetrics = (): Metric[] => {
  const { user, system } = process.cpuUsage()
  const labels = `{version="${packageJson.version}"}`
  return [
    { name: 'prospectlab_build_info', type: 'gauge', help: 'The running version.', value: 1, labels },
    {
      name: 'process_cpu_seconds_total',
      type: 'counter',
      help: 'CPU time used.',
      value: (user + system) / 1e6,
    },
    {
      name: 'process_resident_memory_bytes',
      type: 'gauge',
      help: 'Resident memory.',
      value: process.memoryUsage.rss(),
    },
    {
      name: 'process_start_time_seconds',
      type: 'gauge',
      help: 'Start, in seconds since 1970.',
      value: Math.round(Date.now() / 1000 - process.uptime()),
    },
  ]
}

const databaseMetrics = async (deps: Deps): Promise<Metric[]> => {
  const facts = await withinDeadline(readMetrics(deps.db)).catch(() => undefined)
  const gauge = (name: string, help: string, value: unknown): Metric[] =>
    value === undefined ? [] : [{ name, type: 'gauge', help, value: Number(value) }]
  return [
    ...gauge('prospectlab_database_up', 'Whether the database answers.', facts ? 1 : 0),
    ...gauge('prospectlab_database_size_bytes', 'Size of the database.', facts?.database_bytes),
    ...gauge('prospectlab_companies', 'Companies, estimated by PostgreSQL.', facts?.companies),
    ...gauge('prospectlab_users', 'Accounts that may sign in.', facts?.users),
    ...gauge('prospectlab_sessions', 'Sessions that have not expired.', facts?.sessions),
  ]
}

const spoolMetrics = ({ tracking }: Pick<Deps, 'tracking'>): Metric[] => {
  const state = tracking?.state()
  if (!state) return []
  const metric = (type: Metric['type'], name: string, help: string, value: number): Metric => ({
    name: `prospectlab_${name}`,
    type,
    help,
    value,
  })
  const shed = 'Events given up because the spool is full.'
  return [
    metric('gauge', 'spool_bytes', 'Events on disk, not yet in the database.', state.bytes),
    metric('gauge', 'spool_max_bytes', 'SPOOL_MAX_MB.', state.maxBytes),
    metric('gauge', 'spool_writable', 'Whether the disk takes events.', state.disk === 'ok' ? 1 : 0),
    metric('counter', 'spool_events_total', 'Events made durable.', state.stored),
    metric('counter', 'spool_delivered_total', 'Events handed to the database.', state.delivered),
    metric('counter', 'spool_lost_total', 'Events neither disk nor database took.', state.lost),
    metric('counter', 'spool_shed_opens_total', shed, state.shedOpens),
    metric('counter', 'spool_shed_clicks_total', shed, state.shedClicks),
  ]
}

const asText = (metrics: Metric[]): string =>
  metrics
    .map(({ name, type, help, value, labels = '' }) =>
      [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, `${name}${labels} ${value}`, ''].join('\n'),
    )
    .join('')

/** Prometheus text for METRICS_TOKEN or a session, from the local network only whatever else is open. */
export const metricsRoutes = (deps: Deps): Hono<AppEnv> => {
  const routes = new Hono<AppEnv>()
  routes.get('/', async (c) => {
    if (!clientOf(c, deps.config).local)
      throw new AppError('not_found', 'There is nothing at this address.', { status: 404 })
    if (!(await mayReadMetrics(c, deps))) {
      c.header('WWW-Authenticate', 'Bearer')
      return c.text('Send METRICS_TOKEN as a bearer token, or sign in.\n', 401)
    }
    c.header('Cache-Control', 'no-store')
    c.header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
    return c.body(asText([...processMetrics(), ...spoolMetrics(deps), ...(await databaseMetrics(deps))]))
  })
  return routes
}
