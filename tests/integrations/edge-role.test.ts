import { expect, test } from 'bun:test'
import type { Sql } from '#src/db/open.ts'
import { testDatabase } from '#tests/support/database.ts'
import { insertToken } from './api-tokens.ts'
import { callEndpoint } from './call-endpoint.ts'

const database = await testDatabase()
const { sql } = database
const [role] = await sql`SELECT edge_role() AS name`
const name = role!.name as string
database.beforeClose(async () => {
  await sql`DROP OWNED BY ${sql(name)}`
  await sql`DROP ROLE ${sql(name)}`
})

test('the role of the edge asks for analyses and registers phones, and reads neither requests nor phones', async () => {
  await sql`CREATE ROLE ${sql(name)}`
  await sql`SELECT grant_edge_role()`
  const [token, other] = [await insertToken(database), await insertToken(database, { scopes: [] })]
  const [company] = await sql`INSERT INTO companies (name, website, site_key)
    VALUES ('Lune', 'https://lune.example.com', 'lune.example.com') RETURNING id`
  await sql`INSERT INTO crawls (company_id, url, state, started_at, finished_at, duration_ms)
    VALUES (${company!.id}, 'https://lune.example.com/', 'done', now(), now(), 5)`
  const reserved = await sql.reserve()
  try {
    await reserved`SET ROLE ${sql(name)}`
    const edge = { sql: reserved as unknown as Sql }
    const website = 'https://lune.example.com'
    const known = await callEndpoint(edge, 'get /website-analysis', token, { query: { website } })
    expect([known.status, known.body.scraping.status]).toEqual([200, 'done'])
    const asked = await callEndpoint(edge, 'post /website-analysis', token, {
      body: { website, force: true },
    })
    expect([asked.status, asked.body.launched]).toEqual([202, false])
    const body = { expo_push_token: 'ExponentPushToken[abc]' }
    expect((await callEndpoint(edge, 'post /push/register', other, { body })).status).toBe(200)
    for (const table of [
      'analysis_requests',
      'push_devices',
      'push_messages',
      'webhooks',
      'webhook_deliveries',
    ])
      expect(await refusalOf(reserved`SELECT 1 FROM ${sql(table)} LIMIT 1`)).toContain('permission denied')
    for (const call of [
      reserved`SELECT emit_webhook_event('ping', gen_random_uuid(), now(), '{}')`,
      reserved`SELECT token_counts(1)`,
    ])
      expect(await refusalOf(call)).toContain('permission denied')
    const mine = callEndpoint(edge, 'post /website-analysis', other, { body: { website, force: true } })
    expect(await refusalOf(mine)).toContain('may not')
  } finally {
    await reserved`RESET ROLE`
    reserved.release()
  }
})

const refusalOf = (asked: PromiseLike<unknown>): Promise<string> =>
  Promise.resolve(asked).then(
    () => 'allowed',
    (error: Error) => error.message,
  )
