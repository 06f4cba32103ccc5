import { afterAll, afterEach, expect, test } from 'bun:test'
import { parseNetworks } from '#src/lib/networks.ts'
import { silentLog } from '#src/lib/log.ts'
import { startSendingPushes } from '#src/integrations/push/send-pushes.ts'
import { testDatabase } from '#tests/support/database.ts'
import { until } from '#tests/support/until.ts'
import { insertToken } from './api-tokens.ts'

const database = await testDatabase()
const { sql } = database

// What stands for Expo: answers as its documentation says.
let asked: { path: string; body: any }[] = []
let answer = (_path: string, body: any): Response =>
  Response.json({ data: body.map((one: any) => ({ status: 'ok', id: `ticket-${one.to}` })) })
const usual = answer
const server = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  fetch: async (request) => {
    const { pathname } = new URL(request.url)
    const body = await request.json()
    asked.push({ path: pathname, body })
    return answer(pathname, body)
  },
})
afterAll(() => server.stop(true))
const loopback = parseNetworks(['127.0.0.0/8'])
const parts = {
  ...database,
  log: silentLog,
  clock: { now: () => new Date() },
  expo: { host: `http://127.0.0.1:${server.port}`, allowNetworks: loopback.ok ? loopback.value : [] },
}
const stop = startSendingPushes(parts)
database.beforeClose(stop)
afterEach(async () => {
  answer = usual
  await sql`DELETE FROM push_devices`
  asked = []
})

const tokenOf = (name: string) => `ExponentPushToken[${name}]`
const register = async (name: string, given: Parameters<typeof insertToken>[1] = {}) => {
  const token = await insertToken(database, given)
  await sql`SELECT api_register_push(${token.id}, ${tokenOf(name)}, 'android', NULL)`
  const [row] = await sql`SELECT id FROM push_devices WHERE expo_token = ${tokenOf(name)}`
  return { deviceId: row!.id as number, tokenId: token.id }
}
const tell = async (
  deviceId: number,
  kind = 'analysis_done',
  values: object = { companyId: 5, name: 'Lune' },
) => {
  const [row] = await sql`INSERT INTO push_messages (device_id, kind, "values")
    VALUES (${deviceId}, ${kind}, ${JSON.stringify(values)}::text::jsonb) RETURNING id, pg_notify('push_messages', '')`
  return row!.id as number
}
const messageOf = async (id: number) => {
  const [row] = await sql`SELECT *, extract(epoch FROM next_try_at - now())::float AS seconds
    FROM push_messages WHERE id = ${id}`
  return row
}
const reaches = (id: number, state: string) =>
  until(`the message is ${state}`, async () => (await messageOf(id))?.state === state)

test('a phone is told in the language of its user, and its receipt is asked for later', async () => {
  const [user] = await sql`INSERT INTO users (email, password_hash, role, locale)
    VALUES ('bob@example.org', '', 'member', 'en') RETURNING id`
  const id = await tell((await register('bob', { createdBy: user!.id })).deviceId)
  await reaches(id, 'sent')
  expect(asked).toEqual([
    {
      path: '/--/api/v2/push/send',
      body: [
        {
          to: tokenOf('bob'),
          title: 'Analysis finished',
          body: 'The site of Lune has been analysed.',
          data: { type: 'website-analysis', status: 'done', entreprise_id: 5 },
        },
      ],
    },
  ])
  expect((await messageOf(id))!.seconds).toBeWithin(880, 901)
  answer = (path, { ids }) =>
    path.endsWith('getReceipts')
      ? Response.json({ data: Object.fromEntries(ids.map((one: string) => [one, { status: 'ok' }])) })
      : usual(path, ids)
  await sql`UPDATE push_messages SET next_try_at = now()`
  await sql`SELECT pg_notify('push_messages', '')`
  await reaches(id, 'done')
  expect(asked.at(-1)).toEqual({
    path: '/--/api/v2/push/getReceipts',
    body: { ids: [`ticket-${tokenOf('bob')}`] },
  })
})

test('a phone without the app is forgotten, whether the ticket says so or the receipt', async () => {
  const gone = { status: 'error', message: 'x', details: { error: 'DeviceNotRegistered' } }
  answer = (path, body) =>
    path.endsWith('send')
      ? Response.json({
          data: body.map((one: any) => (one.to === tokenOf('a') ? gone : { status: 'ok', id: 't' })),
        })
      : Response.json({ data: { t: gone } })
  const [a, b] = [await register('a'), await register('b')]
  await tell(a.deviceId)
  const later = await tell(b.deviceId)
  await reaches(later, 'sent')
  await until('the first is gone', async () => (await sql`SELECT 1 FROM push_devices`).length === 1)
  await sql`UPDATE push_messages SET next_try_at = now()`
  await sql`SELECT pg_notify('push_messages', '')`
  await until('both are gone', async () => (await sql`SELECT 1 FROM push_devices`).length === 0)
})

test('no request carries more than a hundred messages', async () => {
  const { deviceId } = await register('many')
  await sql`INSERT INTO push_messages (device_id, kind, "values") SELECT ${deviceId}, 'batch_done', '{"total": 3}' FROM generate_series(1, 230)`
  await sql`SELECT pg_notify('push_messages', '')`
  await until(
    'all are sent',
    async () => (await sql`SELECT 1 FROM push_messages WHERE state = 'waiting'`).length === 0,
  )
  expect(asked.map(({ body }) => body.length)).toEqual([100, 100, 30])
})

test('a service that is away is tried again later, and not for ever', async () => {
  answer = () => new Response('', { status: 503, headers: { 'retry-after': '120' } })
  const id = await tell((await register('later')).deviceId)
  const isTried = (tries: number) => async () => {
    const row = await messageOf(id)
    return row?.tries === tries && (row.state === 'failed' || row.seconds > 100)
  }
  await until('it was tried', isTried(1))
  expect((await messageOf(id))!.seconds).toBeWithin(100, 121)
  await sql`UPDATE push_messages SET next_try_at = now(), tries = 6`
  await sql`SELECT pg_notify('push_messages', '')`
  await until('it is given up', isTried(7))
  expect(await messageOf(id)).toMatchObject({ state: 'failed', reason: 'unreachable' })
})

test('phones of two projects are told one by one, and one that is refused does not stop the other', async () => {
  answer = (path, body) =>
    body.length > 1 || body[0].to === tokenOf('wrong')
      ? Response.json({ errors: [{ code: 'PUSH_TOO_MANY_EXPERIENCE_IDS', message: '' }] }, { status: 400 })
      : usual(path, body)
  const [right, wrong] = [await register('right'), await register('wrong')]
  const ids = await sql.begin(async (tx) => {
    const rows = await tx`INSERT INTO push_messages (device_id, kind, "values") VALUES
      (${right.deviceId}, 'batch_done', '{}'), (${wrong.deviceId}, 'batch_done', '{}') RETURNING id`
    await tx`SELECT pg_notify('push_messages', '')`
    return rows.map(({ id }) => id as number)
  })
  await reaches(ids[0]!, 'sent')
  await reaches(ids[1]!, 'failed')
})

test('nothing is sent to the phones of a token that was revoked', async () => {
  const { deviceId, tokenId } = await register('revoked')
  await sql`UPDATE api_tokens SET revoked_at = now() WHERE id = ${tokenId}`
  await reaches(await tell(deviceId), 'failed')
  expect(asked).toEqual([])
})

test('a phone belongs to the token that named it last, and an installation has one address', async () => {
  const [a, b] = [await insertToken(database), await insertToken(database)]
  const put = async (id: number, name: string, installation: string | null) =>
    (await sql`SELECT api_register_push(${id}, ${name}, 'ios', ${installation}) AS done`)[0]!.done
  const devices = async () =>
    (await sql`SELECT token_id, expo_token FROM push_devices ORDER BY id`).map((row) => [
      row.token_id,
      row.expo_token,
    ])
  expect(await put(a.id, tokenOf('x'), 'i1')).toBe(true)
  expect(await put(a.id, tokenOf('y'), 'i1')).toBe(true)
  expect(await devices()).toEqual([[a.id, tokenOf('y')]])
  expect(await put(b.id, tokenOf('y'), null)).toBe(true)
  expect(await devices()).toEqual([[b.id, tokenOf('y')]])
  for (const wrong of ['', 'x', 'ExponentPushToken[]', 'ExponentPushToken[a b]', `${tokenOf('x')}x`])
    expect(await put(a.id, wrong, null)).toBe(false)
  const remove = async (id: number) =>
    (await sql`SELECT api_remove_push(${id}, ${tokenOf('y')}) AS done`)[0]!.done
  expect([await remove(a.id), await remove(b.id), await remove(b.id)]).toEqual([false, true, false])
})
