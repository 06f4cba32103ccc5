import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { deriveKeys } from '#src/lib/keys.ts'
import { upstreamKey } from '#src/operations/edge-routes.ts'
import { edgeKeys } from '#src/operations/edge-settings.ts'
import { messages } from '#src/tracking/schema.ts'
import { linkKeys, newMessageKey, signToken } from '#src/tracking/token.ts'
import { testDatabase } from '#tests/support/database.ts'
import { freePort } from '#tests/support/free-port.ts'
import { serveProduct, temporaryFolder } from '#tests/support/product.ts'
import { until } from '#tests/support/until.ts'
import { startEdge, type EdgeProcess } from './edge-process.ts'

setDefaultTimeout(180_000)

const SECRET_KEY = 'a-secret-key-of-the-tests-0123456789'
const keys = deriveKeys(SECRET_KEY)
const links = linkKeys(keys.links)
const { db, sql, url, beforeClose } = await testDatabase()
const folder = temporaryFolder('upstream')
const port = String(freePort())
const ending = new Set<() => Promise<unknown>>()
beforeClose(() => Promise.all([...ending].map((end) => end())))
afterAll(() => folder.remove())

const serve = async () => {
  const server = await serveProduct({
    env: { DATABASE_URL: url, SECRET_KEY, DATA_DIR: join(folder.path, 'server'), PORT: port, WORKERS: '1' },
  })
  const end = () => server.kill()
  ending.add(end)
  return async () => {
    ending.delete(end)
    await server.kill()
  }
}
const edgeEnv = {
  EDGE_UPSTREAM: `http://127.0.0.1:${port}`,
  EDGE_UPSTREAM_KEY: upstreamKey(keys),
  EDGE_KEYS: edgeKeys(links),
  DATA_DIR: join(folder.path, 'edge'),
}
const startForwarding = async (env: Record<string, string> = {}): Promise<EdgeProcess> => {
  const edge = await startEdge({ ...edgeEnv, ...env })
  ending.add(edge.kill)
  return edge
}
const health = async (edge: EdgeProcess) => {
  const answer = await fetch(`${edge.base}/healthz`)
  const { upstream, delivery } = (await answer.json()) as {
    upstream: string
    delivery: { state: string; reason: string | null }
  }
  return [answer.status, upstream, delivery.state, delivery.reason]
}

test('killed in between on both sides, an edge without a database loses nothing and doubles nothing', async () => {
  const kill = await serve()
  let edge = await startForwarding()
  expect(await health(edge)).toEqual([200, 'ok', 'ok', null])

  const message = newMessageKey()
  await db
    .insert(messages)
    .values({ token: message, recipient: 'a@e.fr', subject: 'x', opens: 'individual', clicks: 'individual' })
  const token = (kind: 'click' | 'unsubscribe', target = '') =>
    signToken(links, { kind, subject: { mode: 'individual', message }, locale: 'fr', target }, new Date())!
  const acknowledged: string[] = []
  let made = 0
  const click = async () => {
    const target = `https://exemple.fr/${(made += 1)}`
    const answer = await fetch(`${edge.base}/track/click/${token('click', target)}`, { redirect: 'manual' })
    expect([answer.status, answer.headers.get('location')]).toEqual([302, target])
    acknowledged.push(target)
  }
  const events = async () => {
    const rows = await sql`SELECT type, link FROM tracking_events WHERE message_id IS NOT NULL`
    return rows.map(({ type, link }) => (type === 'click' ? String(link) : String(type)))
  }

  for (let at = 0; at < 20; at++) await click()
  await until('the clicks are events on the server', async () => (await events()).length === 20, 20_000)

  const storm = Promise.all(Array.from({ length: 100 }, click))
  await kill()
  await storm
  const goodbye = await fetch(`${edge.base}/track/unsubscribe/${token('unsubscribe')}`, {
    method: 'POST',
    body: 'List-Unsubscribe=One-Click',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  })
  const api = await fetch(`${edge.base}/api/public/entreprises`)
  expect([goodbye.status, api.status]).toEqual([200, 503])
  await until(
    'the edge says that events only pile up',
    async () => JSON.stringify(await health(edge)) === '[503,"unreachable","failing","unreachable"]',
    30_000,
  )

  await edge.kill()
  ending.delete(edge.kill)
  edge = await startForwarding()
  for (let at = 0; at < 20; at++) await click()
  await serve()
  await until('every event has arrived', async () => (await events()).length >= 141, 30_000)
  await until('the edge is well again', async () => (await health(edge))[0] === 200, 20_000)
  const found = await events()
  expect(found.toSorted()).toEqual([...acknowledged, 'unsubscribe'].toSorted())
  await until('the address is written to no more', async () => {
    const [row] = await sql`SELECT count(*)::int AS n FROM suppressions WHERE address = 'a@e.fr'`
    return row?.n === 1
  })

  const other = await startForwarding({
    DATA_DIR: join(folder.path, 'other'),
    EDGE_UPSTREAM_KEY: 'f'.repeat(64),
  })
  expect((await health(other)).slice(0, 2)).toEqual([503, 'refused'])

  // The API answers over the server, as the server itself.
  const [direct, forwarded] = await Promise.all(
    [`http://127.0.0.1:${port}`, edge.base].map((base) => fetch(`${base}/api/public/entreprises`)),
  )
  expect([forwarded!.status, await forwarded!.text()]).toEqual([direct!.status, await direct!.text()])
})
