import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { moveHits } from '#src/tracking/move-hits.ts'
import { messages } from '#src/tracking/schema.ts'
import { linkKeys, newMessageKey, signToken } from '#src/tracking/token.ts'
import { testDatabase } from '#tests/support/database.ts'
import { until } from '#tests/support/until.ts'
import { startEdge, type EdgeProcess } from './edge-process.ts'
import { relay } from './relay.ts'

setDefaultTimeout(120_000)

const KILLS = 5
const CLIENTS = 16

const { db, sql, url, beforeClose } = await testDatabase()
const folder = mkdtempSync('/tmp/prospectlab-edge-')
const running = new Set<EdgeProcess>()
afterAll(() => rmSync(folder, { recursive: true, force: true }))
beforeClose(() => Promise.all([...running].map((edge) => edge.kill())))

const keys = linkKeys(Buffer.alloc(32, 9))
const EDGE_KEYS = keys.map(({ id, key }) => `${id}:${key.toString('hex')}`).join(',')
const start = async (name: string, databaseUrl: string) => {
  const edge = await startEdge({ DATABASE_URL: databaseUrl, EDGE_KEYS, DATA_DIR: join(folder, name) })
  running.add(edge)
  return edge
}
const stop = async (edge: EdgeProcess, how: 'kill' | 'stop') => {
  running.delete(edge)
  await edge[how]()
}

const newMessage = async () => {
  const token = newMessageKey()
  const recipient = `${token}@exemple.fr`
  await db
    .insert(messages)
    .values({ token, recipient, subject: 'x', opens: 'individual', clicks: 'individual' })
  return token
}

/** Each click has a target of its own, so that it can be found again. */
const clicker = (message: string) => {
  const acknowledged: string[] = []
  let made = 0
  const click = async (base: string): Promise<boolean> => {
    const target = `https://exemple.fr/${(made += 1)}`
    const subject = { mode: 'individual', message } as const
    const token = signToken(keys, { kind: 'click', subject, locale: 'fr', target }, new Date())!
    const answer = await fetch(`${base}/track/click/${token}`, { redirect: 'manual' }).catch(() => null)
    if (answer?.status !== 302 || answer.headers.get('location') !== target) return false
    acknowledged.push(target)
    return true
  }
  return { acknowledged, click }
}

const linksOf = async (message: string): Promise<string[]> => {
  await moveHits(db)
  const rows = await sql`SELECT link FROM tracking_events
    WHERE message_id = (SELECT id FROM messages WHERE token = ${message})`
  return rows.map((row) => String(row['link']))
}

const arrived = async (message: string, acknowledged: string[]) => {
  await until(
    'every acknowledged click is an event',
    async () => {
      const links = new Set(await linksOf(message))
      return acknowledged.every((target) => links.has(target))
    },
    30_000,
  )
  const links = await linksOf(message)
  expect(links.length).toBe(new Set(links).size)
}

test('killed again and again under load, the edge loses no acknowledged event and doubles none', async () => {
  const message = await newMessage()
  const { acknowledged, click } = clicker(message)
  for (let round = 0; round < KILLS; round += 1) {
    const edge = await start('killed', url)
    const before = acknowledged.length
    const killed = new AbortController()
    const clients = Array.from({ length: CLIENTS }, async () => {
      while (!killed.signal.aborted) await click(edge.base)
    })
    await until('it is under load', () => acknowledged.length > before + 150 + round * 40, 20_000)
    await stop(edge, 'kill')
    killed.abort()
    await Promise.all(clients)
  }
  const edge = await start('killed', url)
  await arrived(message, acknowledged)
  await stop(edge, 'stop')
  expect(acknowledged.length).toBeGreaterThan(KILLS * 150)
})

test('while the database is away redirects go on, and nothing is lost when it is back', async () => {
  const message = await newMessage()
  const { acknowledged, click } = clicker(message)
  const database = relay(new URL(url))
  const edge = await start('away', database.url)
  await click(edge.base)
  await arrived(message, acknowledged)

  database.cut()
  const status = async () => (await fetch(`${edge.base}/healthz`)).status
  await until('health says so', async () => (await status()) === 503, 20_000)
  for (let round = 0; round < 20; round += 1)
    expect(await Promise.all(Array.from({ length: 20 }, () => click(edge.base)))).not.toContain(false)
  expect((await linksOf(message)).length).toBe(1)

  database.mend()
  await arrived(message, acknowledged)
  await until('health says so', async () => (await status()) === 200, 20_000)
  expect(acknowledged.length).toBe(401)
  await stop(edge, 'stop')
  database.close()
})

test('two edges on one folder, one of them killed: everything arrives once', async () => {
  const message = await newMessage()
  const { acknowledged, click } = clicker(message)
  const database = relay(new URL(url))
  database.cut()
  const first = await start('shared', database.url)
  const second = await start('shared', database.url)
  for (let round = 0; round < 50; round += 1) await Promise.all([click(first.base), click(second.base)])
  await stop(first, 'kill')
  database.mend()
  await arrived(message, acknowledged)
  expect(acknowledged.length).toBe(100)
  await stop(second, 'stop')
  database.close()
})

test('an edge without its settings starts, says what is missing, answers pixels and knows no token', async () => {
  const edge = await startEdge({ DATA_DIR: join(folder, 'bare') })
  running.add(edge)
  const health = await fetch(`${edge.base}/healthz`)
  expect([health.status, await health.json()]).toMatchObject([
    503,
    { missing: ['DATABASE_URL or EDGE_UPSTREAM', 'EDGE_KEYS'], database: 'none' },
  ])
  const target = 'https://exemple.fr/'
  const subject = { mode: 'aggregate', campaign: null } as const
  const token = signToken(keys, { kind: 'click', subject, locale: 'fr', target }, new Date())
  const statuses = await Promise.all(
    ['pixel/x', `click/${token}`, 'unsubscribe/x', 'read_time/x'].map((path) =>
      fetch(`${edge.base}/track/${path}`, { redirect: 'manual' }).then(({ status }) => status),
    ),
  )
  expect(statuses).toEqual([200, 404, 200, 204])
  await stop(edge, 'stop')
})
