import { afterAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { reasonOf, watchHealth } from '#edge/health.ts'
import { openSpool } from '#edge/spool.ts'
import { openDatabase } from '#src/db/open.ts'
import { silentLog } from '#src/lib/log.ts'
import { checkInbox } from '#src/tracking/queries-edge.ts'
import { emptyDatabase, testDatabase } from '#tests/support/database.ts'
import { until } from '#tests/support/until.ts'
import { testEdge } from './test-edge.ts'

const { sql: owner, url, beforeClose } = await testDatabase()
const folder = mkdtempSync('/tmp/prospectlab-health-')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const healthOf = async (given: Parameters<typeof testEdge>[0]) => {
  const answer = await testEdge(given).app.request('/healthz')
  return [answer.status, (await answer.json()) as Record<string, unknown>] as const
}

test('a role that may no longer do its work is not called well', async () => {
  const role = `${new URL(url).pathname.slice(1)}_edge`
  await owner.unsafe(`CREATE ROLE ${role} LOGIN`)
  await owner`SELECT grant_edge_role()`
  const address = new URL(url)
  address.username = role
  const edge = openDatabase({ url: address.href }, { max: 1 })
  beforeClose(async () => {
    await edge.close()
    await owner.unsafe(`DROP OWNED BY ${role}; DROP ROLE ${role}`)
  })
  const look = async () => {
    const [status, { database }] = await healthOf({ pingDatabase: () => checkInbox(edge.sql) })
    return [status, database]
  }
  expect(await look()).toEqual([200, 'ok'])
  for (const right of [
    'INSERT ON tracking_inbox',
    'EXECUTE ON FUNCTION track_link(text, text[])',
    'USAGE ON SCHEMA public',
  ]) {
    await owner.unsafe(`REVOKE ${right} FROM ${role}`)
    // PUBLIC may use the schema, as PostgreSQL ships it.
    if (right.startsWith('USAGE')) await owner.unsafe('REVOKE USAGE ON SCHEMA public FROM PUBLIC')
    expect([right, await look()]).toEqual([right, [503, 'no_rights']])
    await owner`SELECT grant_edge_role()`
    expect([right, await look()]).toEqual([right, [200, 'ok']])
  }
})

test('a database without tables is not called well', async () => {
  const { connection, beforeClose: before } = await emptyDatabase()
  const empty = openDatabase(connection, { max: 1 })
  before(empty.close)
  const [status, { database }] = await healthOf({ pingDatabase: () => checkInbox(empty.sql) })
  expect([status, database]).toEqual([503, 'no_tables'])
})

test.each([
  [{ oldestSeconds: 3, problem: null }, 200, { state: 'ok', oldestSeconds: 3, reason: null }],
  [
    { oldestSeconds: 4, problem: 'no_rights' },
    200,
    { state: 'waiting', oldestSeconds: 4, reason: 'no_rights' },
  ],
  [
    { oldestSeconds: 11, problem: 'no_rights' },
    503,
    { state: 'failing', oldestSeconds: 11, reason: 'no_rights' },
  ],
  // A long backlog that is being delivered.
  [{ oldestSeconds: 900, problem: null }, 200, { state: 'ok', oldestSeconds: 900, reason: null }],
] as const)(
  'events that only pile up make the edge unwell, and say why: %j',
  async (spoolState, status, said) => {
    const [answered, { delivery }] = await healthOf({ spoolState })
    expect([answered, delivery]).toEqual([status, said])
  },
)

test('a server that is away, or refuses, makes an edge without a database unwell', async () => {
  const [status, { upstream }] = await healthOf({
    pingUpstream: () => Promise.reject(Object.assign(new Error('x'), { code: 'refused' })),
  })
  expect([status, upstream]).toEqual([503, 'refused'])
})

test('many questions at once are one question to the database', async () => {
  let asked = 0
  const health = watchHealth({
    missing: [],
    pingDatabase: async () => {
      asked += 1
      await Bun.sleep(20)
      return 'ok'
    },
    spool: () => ({ oldestSeconds: 0, problem: null, shedding: 'none', disk: 'ok' }) as never,
  })
  await Promise.all(Array.from({ length: 50 }, health))
  expect(asked).toBe(1)
})

test.each([
  ['42501', 'no_rights'],
  ['42P01', 'no_tables'],
  ['42703', 'no_tables'],
  ['28P01', 'login_refused'],
  ['53100', 'disk_full'],
  ['53300', 'too_busy'],
  ['25006', 'read_only'],
  ['ECONNREFUSED', 'unreachable'],
  ['clock', 'clock'],
  ['stranger', 'stranger'],
] as const)('%s is told as %s', (code, word) => {
  expect(reasonOf(Object.assign(new Error('with personal words'), { code }))).toBe(word)
})

test('the spool tells for how long the oldest event waits and why, until it is delivered', async () => {
  let refuses = true
  const spool = openSpool({
    folder,
    maxBytes: 1e6,
    log: silentLog,
    reasonOf,
    deliver: async () => {
      if (refuses) throw Object.assign(new Error('permission denied'), { code: '42501' })
    },
  })
  expect(spool.state()).toMatchObject({ oldestSeconds: 0, problem: null })
  await spool.append({ a: 1 }, 'click')
  await until('the refusal is told', () => spool.state().problem === 'no_rights')
  const before = spool.state().oldestSeconds
  await until('the event grows older', () => spool.state().oldestSeconds > before + 0.05)
  refuses = false
  await until('the event is delivered', () => spool.state().problem === null && spool.state().bytes === 0)
  expect(spool.state().oldestSeconds).toBe(0)
  await spool.close()
})

test('what an earlier process left counts while it cannot be delivered', async () => {
  const first = openSpool({ folder, maxBytes: 1e6, log: silentLog, deliver: null })
  await first.append({ a: 1 }, 'click')
  await first.close()
  const second = openSpool({
    folder,
    maxBytes: 1e6,
    log: silentLog,
    reasonOf,
    deliver: () => Promise.reject(Object.assign(new Error('x'), { code: 'ECONNREFUSED' })),
  })
  await until('the failure is told', () => second.state().problem === 'unreachable')
  expect(second.state().oldestSeconds).toBeGreaterThan(0)
  await second.close()
})
