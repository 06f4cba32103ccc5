import { afterEach, expect, test } from 'bun:test'
import { Hono } from 'hono'
import { loadConfig } from '#src/config.ts'
import { startSendingDeliveries } from '#src/integrations/webhooks/send-deliveries.ts'
import { pruneDeliveries } from '#src/integrations/webhooks/queries.ts'
import { SECRET_PURPOSE } from '#src/integrations/webhooks/webhook-secret.ts'
import { webhookRoutes } from '#src/integrations/webhooks/routes.tsx'
import type { AppEnv } from '#src/http-env.ts'
import { AppError } from '#src/lib/errors.ts'
import { unseal } from '#src/lib/sealed-text.ts'
import { dashboardRoutes } from '#src/operations/dashboard-routes.tsx'
import { testDatabase } from '#tests/support/database.ts'
import { until } from '#tests/support/until.ts'
import { startReceiver } from './receivers.ts'
import { emit, insertWebhook, sendingParts, webhookKeys } from './webhook-rows.ts'

const database = await testDatabase()
const { db, sql } = database
const clock = { now: () => new Date() }
const config = loadConfig({ WEBHOOK_ALLOW_NETWORKS: '127.0.0.0/8' })
const app = new Hono<AppEnv>()
let flash = ''
let role: 'admin' | 'member' = 'admin'
app.use(async (c, next) => {
  const user = { id: 1, email: 'anne@example.org', name: '', role }
  c.set('page', { locale: 'fr', theme: 'auto', user, csrf: 'token', path: c.req.path, flash: null })
  await next()
  flash = c.get('nextFlash')?.text ?? ''
})
app.route('/settings/webhooks', webhookRoutes({ db, config, keys: webhookKeys, clock }))
app.route('/', dashboardRoutes({ db }))
app.onError((error, c) => {
  if (error instanceof AppError) return c.text(error.code, error.status)
  throw error
})
await sql`INSERT INTO users (email, password_hash, role) VALUES ('anne@example.org', '', 'admin')`
const stop = startSendingDeliveries(sendingParts(database))
database.beforeClose(stop)
const receivers: { stop: () => unknown }[] = []
afterEach(async () => {
  role = 'admin'
  for (const one of receivers.splice(0)) await one.stop()
  await sql`DELETE FROM webhooks`
})
const receiver = (...given: Parameters<typeof startReceiver>) => {
  const made = startReceiver(...given)
  receivers.push(made)
  return made
}
const get = async (path: string) => (await app.request(path)).text()
const post = async (path: string, form: [string, string][] = []) => {
  const answer = await app.request(path, { method: 'POST', body: new URLSearchParams(form) })
  return { status: answer.status, text: await answer.text() }
}
const LIST = '/settings/webhooks'
const CHANGED = 'company.status_changed'

test('a webhook is made with a secret that is shown once and kept encrypted', async () => {
  const there = receiver()
  const form: [string, string][] = [
    ['name', ' n8n  maison '],
    ['url', there.url],
    ['events', CHANGED],
    ['events', 'analysis.finished'],
    ['events', 'toto'],
  ]
  const { status, text } = await post(LIST, form)
  expect(status).toBe(200)
  const secret = /whsec_[A-Za-z0-9+/=]+/.exec(text)?.[0] ?? ''
  expect(Buffer.from(secret.slice(6), 'base64').length).toBe(32)
  const [row] = await sql`SELECT * FROM webhooks`
  expect(row).toMatchObject({
    name: 'n8n maison',
    events: [CHANGED, 'analysis.finished'],
    active: true,
    created_by: 1,
  })
  expect(unseal(webhookKeys.storedPasswords, SECRET_PURPOSE, row!.secret)).toBe(secret)
  expect(unseal(webhookKeys.links, SECRET_PURPOSE, row!.secret)).toBeNull()
  expect(unseal(webhookKeys.storedPasswords, 'another purpose', row!.secret)).toBeNull()
  for (const path of [LIST, `${LIST}/${row!.id}`]) expect(await get(path)).not.toContain('whsec_')
  const renewed = await post(`${LIST}/${row!.id}/secret`)
  expect(renewed.text).toContain('whsec_')
  expect(renewed.text).not.toContain(secret)
})

test('what cannot be a webhook is refused with the reason beside its field', async () => {
  const cases: [string, string, string[], string][] = [
    ['', 'https://127.0.0.1/', [CHANGED], 'Donnez-lui un nom'],
    ['a', 'ftp://127.0.0.1/', [CHANGED], 'pas une adresse'],
    ['a', 'https://10.0.0.1/', [CHANGED], 'WEBHOOK_ALLOW_NETWORKS s’il est le vôtre'],
    ['a', 'http://93.184.216.34/', [CHANGED], 'commencer par https'],
    ['a', 'https://93.184.216.34:22/', [CHANGED], 'port interdit'],
    ['a', 'https://127.0.0.1/', [], 'au moins un événement'],
  ]
  for (const [name, url, events, reason] of cases) {
    const { status, text } = await post(LIST, [
      ['name', name],
      ['url', url],
      ...events.map((event): [string, string] => ['events', event]),
    ])
    expect([status, text.includes(reason) ? reason : text]).toEqual([422, reason])
  }
  expect((await sql`SELECT 1 FROM webhooks`).length).toBe(0)
})

test('a test says whether it arrived; it is never tried again and does not make the webhook fail', async () => {
  let answer = 204
  const there = receiver(() => new Response(null, { status: answer }))
  const { id } = await insertWebhook(database, there.url, [CHANGED])
  const ping = async () => {
    await post(`${LIST}/${id}/test`)
    return flash
  }
  expect(await ping()).toContain('est arrivé (réponse 204)')
  answer = 500
  expect(await ping()).toContain('refusé (réponse 500)')
  expect(there.typesReceived()).toEqual(['ping', 'ping'])
  const [row] = await sql`SELECT failing_since FROM webhooks WHERE id = ${id}`
  expect(row!.failing_since).toBeNull()
  await post(`${LIST}/${id}/disable`)
  expect(await ping()).toContain('Activez d’abord')
})

test('what failed is in the log with its answer and can be sent again, one by one or all since a moment', async () => {
  let answer = 400
  const there = receiver(() => new Response('<b>non</b>', { status: answer }))
  const { id } = await insertWebhook(database, there.url, [CHANGED])
  const events = await Promise.all(
    [1, 2, 3].map((entreprise_id) => emit(database, CHANGED, { entreprise_id })),
  )
  const inState = (state: string, total: number) =>
    until(
      `${total} are ${state}`,
      async () => (await sql`SELECT 1 FROM webhook_deliveries WHERE state = ${state}`).length === total,
    )
  await until(
    'all were tried',
    async () => (await sql`SELECT 1 FROM webhook_deliveries WHERE answer IS NULL`).length === 0,
  )
  await sql`UPDATE webhook_deliveries SET state = 'failed', finished_at = now()`
  await sql`UPDATE webhook_deliveries SET created_at = now() - interval '2 days' WHERE event_id = ${events[2]!}`
  const page = await get(`${LIST}/${id}?state=failed`)
  expect(page).toContain('&lt;b&gt;non&lt;/b&gt;')
  expect(page).not.toContain('<b>non</b>')
  expect(page).toContain('Réponse 400')
  answer = 200
  const [one] = await sql`SELECT id FROM webhook_deliveries WHERE event_id = ${events[0]!}`
  await post(`${LIST}/${id}/replay`, [['delivery', one!.id]])
  await inState('delivered', 1)
  await post(`${LIST}/${id}/replay`, [['hours', '24']])
  expect(flash).toContain('1 envoi remis')
  await inState('delivered', 2)
  await inState('failed', 1)
  // A replay keeps the event's id: the receiver can see that it is the same.
  const again = there.received.slice(3).map(({ headers }) => headers['webhook-id'])
  expect(again).toEqual([events[0], events[1]])
  const other = await insertWebhook(database, there.url, [CHANGED])
  await post(`${LIST}/${other.id}/replay`, [['delivery', one!.id]])
  expect(flash).toContain('encore en attente, ou n’existe plus')
})

test('a webhook switched off by the product is told on the dashboard of administrators until it is on again', async () => {
  const { id } = await insertWebhook(database, 'https://example.com/')
  await sql`UPDATE webhooks SET active = false, disabled_reason = 'failing', failing_since = now() - interval '6 days' WHERE id = ${id}`
  expect(await get('/')).toContain(`/settings/webhooks/${id}`)
  expect(await get(`${LIST}/${id}`)).toContain('rien n’est arrivé pendant cinq jours')
  role = 'member'
  expect(await get('/')).not.toContain('/settings/webhooks/')
  role = 'admin'
  await post(`${LIST}/${id}/enable`)
  expect(await get('/')).not.toContain(`/settings/webhooks/${id}`)
  const [row] = await sql`SELECT active, disabled_reason, failing_since FROM webhooks`
  expect(row).toEqual({ active: true, disabled_reason: null, failing_since: null })
})

test('a webhook is changed and deleted with its log; one that is gone is not found', async () => {
  const there = receiver()
  const { id } = await insertWebhook(database, there.url)
  await post(`${LIST}/${id}`, [
    ['name', 'autre'],
    ['url', `${there.url}/2`],
    ['events', CHANGED],
  ])
  const [row] = await sql`SELECT name, url, events FROM webhooks`
  expect(row).toEqual({ name: 'autre', url: `${there.url}/2`, events: [CHANGED] })
  expect((await post(`${LIST}/${id}`, [['name', '']])).status).toBe(422)
  await emit(database, CHANGED)
  await post(`${LIST}/${id}/delete`)
  expect((await sql`SELECT 1 FROM webhook_deliveries`).length).toBe(0)
  for (const path of [`${LIST}/${id}`, `${LIST}/0`, `${LIST}/x`]) expect(await get(path)).toBe('not_found')
  for (const action of ['', '/test', '/enable', '/disable', '/delete', '/replay', '/secret'])
    expect((await post(`${LIST}/${id}${action}`)).status).toBe(404)
})

test('the log goes back thirty days, and what still waits is kept', async () => {
  const { id } = await insertWebhook(database, 'https://example.com/', [])
  const add = (state: string, days: number) => sql`
    INSERT INTO webhook_deliveries (id, webhook_id, event_id, type, payload, state, created_at, next_try_at)
    VALUES (gen_random_uuid(), ${id}, gen_random_uuid(), ${CHANGED}, '{}', ${state}, now() - ${days} * interval '1 day',
      now() + interval '1 day')`
  await add('delivered', 31)
  await add('failed', 31)
  await add('waiting', 31)
  await add('delivered', 29)
  await pruneDeliveries(db, 30)
  const left = await sql`SELECT state FROM webhook_deliveries ORDER BY created_at`
  expect(left.map(({ state }) => state)).toEqual(['waiting', 'delivered'])
})
