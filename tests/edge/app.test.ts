import { expect, test } from 'bun:test'
import { silentLog } from '#src/lib/log.ts'
import { testEdge } from './test-edge.ts'

const edge = (missing: string[] = [], pingDatabase: (() => Promise<unknown>) | null = null) =>
  testEdge({ log: silentLog, missing, pingDatabase }).app

test('a complete edge whose database answers is healthy', async () => {
  const answer = await edge([], async () => 1).request('/healthz')
  expect([answer.status, await answer.json()]).toMatchObject([
    200,
    { status: 'ok', missing: [], database: 'ok' },
  ])
})

test('health names the settings that are missing', async () => {
  const answer = await edge(['EDGE_KEYS']).request('/healthz')
  expect([answer.status, await answer.json()]).toMatchObject([
    503,
    { status: 'unavailable', missing: ['EDGE_KEYS'], database: 'none' },
  ])
})

test('a database that fails makes the edge unhealthy, and healthy again when it is back', async () => {
  let down = true
  const app = edge([], async () => {
    if (down) throw new Error('connection refused')
  })
  const before = await app.request('/healthz')
  down = false
  const after = await app.request('/healthz')
  expect([before.status, after.status]).toEqual([503, 200])
  expect(await before.text()).not.toContain('refused')
})

test('a database that hangs is unreachable after three seconds', async () => {
  const answer = await edge([], () => new Promise(() => {})).request('/healthz')
  expect(await answer.json()).toMatchObject({ database: 'unreachable' })
})

test.each([
  '/',
  '/companies',
  '/login',
  '/settings',
  '/assets/app.css',
  '/metrics',
  '/healthz/x',
  '/track/pixel/x/../../../companies',
])('the Internet gets 404 for %s', async (path) => {
  const answer = await edge().request(path)
  expect([answer.status, answer.headers.get('X-Content-Type-Options')]).toEqual([404, 'nosniff'])
})

test('health is only read', async () => {
  expect((await edge().request('/healthz', { method: 'POST' })).status).toBe(404)
})
