import { afterEach, expect, test } from 'bun:test'
import { createHmac } from 'node:crypto'
import { startSendingDeliveries } from '#src/integrations/webhooks/send-deliveries.ts'
import { testDatabase } from '#tests/support/database.ts'
import { until } from '#tests/support/until.ts'
import { startReceiver, type Received } from './receivers.ts'
import { emit, insertWebhook, sendingParts } from './webhook-rows.ts'

const database = await testDatabase()
const { sql } = database
const CHANGED = 'company.status_changed'
const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
  await sql`DELETE FROM webhooks`
})
const receiver = (...given: Parameters<typeof startReceiver>) => {
  const made = startReceiver(...given)
  ends.push(made.stop)
  return made
}
const start = (parts = sendingParts(database)) => {
  const stop = startSendingDeliveries(parts)
  ends.push(stop)
  return stop
}
const deliveryOf = async (eventId: string) => {
  const [row] = await sql`SELECT *, extract(epoch FROM next_try_at - now())::float AS seconds
    FROM webhook_deliveries WHERE event_id = ${eventId}`
  return row!
}
const settled = (eventId: string, state: string) =>
  until(`the delivery is ${state}`, async () => (await deliveryOf(eventId)).state === state)
const tried = (eventId: string) =>
  until('the delivery was tried', async () => (await deliveryOf(eventId)).answer !== null)
const isSigned = (secret: string, { headers, body }: Received) => {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  const text = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  return headers['webhook-signature'] === `v1,${createHmac('sha256', key).update(text).digest('base64')}`
}

test('an event is with its receiver within two seconds, signed as Standard Webhooks says', async () => {
  const there = receiver(() => new Response('merci'))
  const { secret } = await insertWebhook(database, there.url)
  start()
  await Bun.sleep(50)
  const before = Date.now()
  const eventId = await emit(database, CHANGED, { entreprise_id: 3 })
  await until('it arrives', () => there.received.length === 1, 2_000)
  const got = there.received[0]!
  expect(got.at - before).toBeLessThan(2_000)
  expect(isSigned(secret, got)).toBe(true)
  expect(isSigned(secret, { ...got, body: got.body.replace('3', '4') })).toBe(false)
  expect(got.headers).toMatchObject({
    'webhook-id': eventId,
    'content-type': 'application/json; charset=utf-8',
  })
  expect(Math.abs(Number(got.headers['webhook-timestamp']) - before / 1000)).toBeLessThan(3)
  expect(JSON.parse(got.body)).toEqual({
    type: CHANGED,
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    data: { entreprise_id: 3 },
  })
  await settled(eventId, 'delivered')
  expect(await deliveryOf(eventId)).toMatchObject({ tries: 1, status_code: 200, answer: 'merci' })
})

test('a webhook is told only of what it asked for, and of nothing while it is off', async () => {
  const there = receiver()
  const { id } = await insertWebhook(database, there.url, ['analysis.finished'])
  await insertWebhook(database, there.url, [CHANGED])
  start()
  await emit(database, CHANGED)
  await until('it arrives', () => there.received.length === 1)
  await sql`UPDATE webhooks SET active = false WHERE id = ${id}`
  await emit(database, 'analysis.finished')
  await settled(await emit(database, CHANGED), 'delivered')
  expect(there.typesReceived()).toEqual([CHANGED, CHANGED])
})

test('an event told twice is delivered once', async () => {
  const there = receiver()
  await insertWebhook(database, there.url)
  const id = crypto.randomUUID()
  for (const _ of [1, 2]) await sql`SELECT emit_webhook_event(${CHANGED}, ${id}, now(), '{}')`
  start()
  await settled(id, 'delivered')
  expect(there.received.length).toBe(1)
})

test('a failure is tried again later and later, with the same id and a fresh signature', async () => {
  const there = receiver((_, count) => new Response(`essai ${count}`, { status: count < 3 ? 500 : 200 }))
  const { id, secret } = await insertWebhook(database, there.url)
  start()
  const eventId = await emit(database, CHANGED)
  await tried(eventId)
  const first = await deliveryOf(eventId)
  expect(first).toMatchObject({ state: 'waiting', status_code: 500, answer: 'essai 1' })
  expect(first.seconds).toBeWithin(3, 7)
  expect((await sql`SELECT failing_since FROM webhooks WHERE id = ${id}`)[0]!.failing_since).not.toBeNull()
  await sql`UPDATE webhook_deliveries SET next_try_at = now()`
  // Taken, its lease is a minute; only the answer says that it was tried.
  await until('it was tried again', async () => (await deliveryOf(eventId)).answer === 'essai 2')
  expect((await deliveryOf(eventId)).seconds).toBeWithin(25, 37)
  await sql`UPDATE webhook_deliveries SET next_try_at = now()`
  await settled(eventId, 'delivered')
  expect(there.received.map(({ headers }) => headers['webhook-id'])).toEqual([eventId, eventId, eventId])
  expect(there.received.every((got) => isSigned(secret, got))).toBe(true)
  expect((await sql`SELECT failing_since FROM webhooks WHERE id = ${id}`)[0]!.failing_since).toBeNull()
})

test('Retry-After is waited for, up to a day', async () => {
  const waits = ['7200', '9999999']
  const there = receiver(
    (_, count) => new Response('', { status: 503, headers: { 'retry-after': waits[count - 1] ?? '1' } }),
  )
  await insertWebhook(database, there.url)
  start()
  const [a, b] = [await emit(database, CHANGED), await emit(database, CHANGED)]
  await Promise.all([tried(a), tried(b)])
  const seconds = [await deliveryOf(a), await deliveryOf(b)].map((row) => Math.round(row.seconds / 100) * 100)
  expect(seconds.sort((x, y) => x - y)).toEqual([7_200, 86_400])
})

test('after the last try it is given up, and a receiver that is gone is switched off at once', async () => {
  const failing = receiver(() => new Response('non', { status: 400 }))
  await insertWebhook(database, failing.url, [CHANGED])
  start()
  const eventId = await emit(database, CHANGED)
  await tried(eventId)
  await sql`UPDATE webhook_deliveries SET tries = 12, next_try_at = now()`
  await settled(eventId, 'failed')
  const gone = receiver(() => new Response('', { status: 410 }))
  const { id } = await insertWebhook(database, gone.url, ['analysis.finished'])
  const last = await emit(database, 'analysis.finished')
  await settled(last, 'failed')
  const [webhook] = await sql`SELECT active, disabled_reason FROM webhooks WHERE id = ${id}`
  expect(webhook).toEqual({ active: false, disabled_reason: 'gone' })
})

test('a webhook that nothing got through to for five days is switched off', async () => {
  const there = receiver(() => new Response('', { status: 500 }))
  const { id } = await insertWebhook(database, there.url)
  await sql`UPDATE webhooks SET failing_since = now() - interval '4 days 23 hours' WHERE id = ${id}`
  start()
  await tried(await emit(database, CHANGED))
  const isActive = async () => (await sql`SELECT active FROM webhooks WHERE id = ${id}`)[0]!.active
  expect(await isActive()).toBe(true)
  await sql`UPDATE webhooks SET failing_since = now() - interval '5 days 1 minute' WHERE id = ${id}`
  await emit(database, CHANGED)
  await until('it is switched off', async () => !(await isActive()))
  const [left] =
    await sql`SELECT count(*)::int AS waiting FROM webhook_deliveries WHERE state = 'waiting' AND webhook_id = ${id}`
  expect(left!.waiting).toBe(0)
})

test('a receiver that never answers holds up nobody but itself', async () => {
  const stuck = receiver(() => new Promise<Response>(() => {}))
  const quick = receiver()
  await insertWebhook(database, stuck.url, [CHANGED])
  for (let index = 0; index < 60; index++) await emit(database, CHANGED)
  const stop = start()
  await until('the slow one is asked', () => stuck.received.length === 8)
  await insertWebhook(database, quick.url, ['analysis.finished'])
  const before = Date.now()
  await Promise.all(Array.from({ length: 40 }, () => emit(database, 'analysis.finished')))
  await until('the quick one has all', () => quick.received.length === 40)
  expect(Date.now() - before).toBeLessThan(2_000)
  expect(stuck.received.length).toBe(8)
  await stop()
  // What was at work is handed back, not counted as a try.
  const [row] = await sql`SELECT max(tries) AS tries, count(*)::int AS due FROM webhook_deliveries
    WHERE state = 'waiting' AND next_try_at <= now()`
  expect(row).toEqual({ tries: 0, due: 60 })
})

test('private addresses, plain http, redirects and endless answers get nothing', async () => {
  // More than is read, and then nothing for ever.
  const endlessBody = () => new ReadableStream({ start: (body) => body.enqueue('x'.repeat(10_000)) })
  const there = receiver((_, count) =>
    count === 1
      ? new Response('', { status: 302, headers: { location: '/elsewhere' } })
      : new Response(endlessBody()),
  )
  const port = new URL(there.url).port
  await insertWebhook(database, there.url)
  start(sendingParts(database, []))
  const refused = await emit(database, CHANGED)
  await tried(refused)
  expect((await deliveryOf(refused)).answer).toContain('not an address of the public Internet')
  expect(there.received.length).toBe(0)
  await ends.pop()!()
  await sql`DELETE FROM webhooks`

  const outside = sendingParts(database, ['10.0.0.0/8'])
  await insertWebhook(database, `http://exemple.fr:${port === '80' ? '' : '8080'}/`)
  start({ ...outside, resolve: async () => ['93.184.216.34'] })
  const plain = await emit(database, CHANGED)
  await tried(plain)
  expect((await deliveryOf(plain)).answer).toContain('https only')
  await ends.pop()!()
  await sql`DELETE FROM webhooks`

  await insertWebhook(database, there.url)
  start()
  const moved = await emit(database, CHANGED)
  await tried(moved)
  expect(await deliveryOf(moved)).toMatchObject({ state: 'waiting', status_code: 302 })
  const endless = await emit(database, CHANGED)
  await settled(endless, 'delivered')
  expect((await deliveryOf(endless)).answer.length).toBe(1_000)
})

test('nodes that work together deliver each event once; what a dead one had taken comes back', async () => {
  const there = receiver()
  await insertWebhook(database, there.url)
  const events = await Promise.all(Array.from({ length: 100 }, () => emit(database, CHANGED)))
  // A node that died after taking it.
  await sql`UPDATE webhook_deliveries SET tries = 1, next_try_at = now() + interval '1 second' WHERE event_id = ${events[0]!}`
  start()
  start()
  start()
  await until('all arrive', () => there.received.length === 100, 8_000)
  const ids = there.received.map(({ headers }) => headers['webhook-id'])
  expect(new Set(ids)).toEqual(new Set(events))
  expect((await deliveryOf(events[0]!)).tries).toBe(2)
}, 15_000)

test('when an outcome cannot be noted, the log says why without what was sent and answered', async () => {
  const logged: unknown[] = []
  const note = (...line: unknown[]) => void logged.push(line)
  const there = receiver(() => new Response('vu par anne@exemple.fr'))
  await insertWebhook(database, there.url)
  await sql`ALTER TABLE webhook_deliveries ADD CONSTRAINT none CHECK (state <> 'delivered')`
  ends.push(() => sql`ALTER TABLE webhook_deliveries DROP CONSTRAINT none`)
  start({ ...sendingParts(database), log: { info: note, warn: note, error: note } as never })
  await emit(database, CHANGED)
  await until('it is told', () => logged.length > 0)
  expect(JSON.stringify(logged)).toContain('settled')
  expect(JSON.stringify(logged)).not.toContain('anne@')
})
