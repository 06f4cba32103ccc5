import { Hono, type Context } from 'hono'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import { loggableMessage } from '#src/db/failures.ts'
import type { Keys } from '#src/lib/keys.ts'
import { callChecker, hashOf, signAnswer, type CallProblem } from '#src/lib/signed-call.ts'
import { readSmallBody } from '#src/lib/small-body.ts'
import { findOldLink, insertHits } from '#src/tracking/queries.ts'
import { checkInbox } from '#src/tracking/queries-edge.ts'

const MAX_BODY = 8 * 1024 * 1024
const BODY_WITHIN_MS = 10_000
const MAX_URLS = 8

/** A request to /api/public as an edge without a database passes it on. */
export type ForwardedCall = {
  method: string
  url: string
  headers: Record<string, string>
  /** The client's address as the edge resolved it. */
  address: string | null
  /** base64 */
  body: string | null
}

/** What `api` is given in place of a socket. */
export type ForwardedEnv = { clientAddress: string | null }

/** EDGE_UPSTREAM_KEY of this installation. */
export const upstreamKey = ({ edgeUpstream }: Pick<Keys, 'edgeUpstream'>): string =>
  edgeUpstream.toString('hex')

type Needs = Pick<Deps, 'sql' | 'keys' | 'clock' | 'log'>
type Answer = { head: unknown; body?: Uint8Array }
type Answerer = (body: Buffer) => Promise<Answer>

/** What an edge without a database asks of the server: /edge/*, each call signed with EDGE_UPSTREAM_KEY and obeyed
 *  once, each answer signed too, so that no stranger's "200" can make an edge forget an event. */
export const edgeRoutes = (
  { sql, keys, clock, log }: Needs,
  api: (request: Request, env: ForwardedEnv) => Response | Promise<Response>,
): Hono<AppEnv> => {
  const routes = new Hono<AppEnv>()
  const startedAt = clock.now()
  let opened: { key: string; check: ReturnType<typeof callChecker> } | null = null
  // The table of routes is also made without any keys.
  const own = () => {
    const key = opened?.key ?? upstreamKey(keys)
    return (opened ??= { key, check: callChecker(key, startedAt) })
  }

  const refuse = (c: Context, problem: CallProblem | 'body') =>
    c.json({ error: problem, now: clock.now().toISOString() }, 401, { 'Cache-Control': 'no-store' })

  const signed = (answerer: Answerer) => async (c: Context<AppEnv>) => {
    const { key, check } = own()
    const header = c.req.header('authorization')
    const checked = check({ method: c.req.method, path: c.req.path, header }, clock.now())
    if (!checked.ok) return refuse(c, checked.problem)
    const read = await readSmallBody(c.req.raw, { maxBytes: MAX_BODY, withinMs: BODY_WITHIN_MS })
    if (!read.ok || hashOf(read.bytes) !== checked.bodyHash) return refuse(c, 'body')
    const { head, body = new Uint8Array() } = await answerer(read.bytes).catch((error: unknown) => {
      const { code } = error as { code?: unknown }
      log.warn('an edge could not be served', { reason: loggableMessage(error) })
      return { head: { failed: typeof code === 'string' ? code : 'unknown' } } as Answer
    })
    const bytes = Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), body])
    return c.body(bytes, 200, {
      'Content-Type': 'application/octet-stream',
      'Cache-Control': 'no-store',
      'X-Edge-Signature': signAnswer(key, checked.nonce, bytes),
    })
  }

  routes.post(
    '/health',
    signed(async () => ({ head: { inbox: await checkInbox(sql) } })),
  )
  routes.post(
    '/events',
    signed(async (body) => {
      const records = body.toString('utf8').split('\n').filter(Boolean)
      if (records.length > 0) await insertHits(sql, records)
      return { head: { taken: records.length } }
    }),
  )
  routes.post(
    '/link',
    signed(async (body) => {
      const { token, urls } = JSON.parse(body.toString('utf8')) as { token: string; urls: string[] }
      return { head: { target: await findOldLink(sql, token, urls.slice(0, MAX_URLS)) } }
    }),
  )
  routes.post(
    '/api',
    signed(async (bytes) => {
      const call = JSON.parse(bytes.toString('utf8')) as ForwardedCall
      const { method, url, headers, address } = call
      const body = call.body === null ? null : Buffer.from(call.body, 'base64')
      const answer = await api(new Request(url, { method, headers, body }), { clientAddress: address })
      const head = { status: answer.status, headers: Object.fromEntries(answer.headers) }
      return { head, body: await answer.bytes() }
    }),
  )
  return routes
}
