import { expect, setDefaultTimeout, test } from 'bun:test'
import { Hono } from 'hono'
import { sessions, users } from '#src/auth/schema.ts'
import { numbersReader } from '#src/campaigns/results/read-numbers.ts'
import { campaignResultRoutes } from '#src/campaigns/results/routes.tsx'
import { loadConfig } from '#src/config.ts'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import { silentLog } from '#src/lib/log.ts'
import { testDatabase } from '#tests/support/database.ts'
import { until } from '#tests/support/until.ts'
import { givenCampaign, givenHit, givenRow } from './given-campaign.ts'

// It waits for what a page shows a second later.
setDefaultTimeout(30_000)

const { db, sql } = await testDatabase()
const [user] = await db
  .insert(users)
  .values({ email: 'anne@example.org', passwordHash: '', role: 'admin' })
  .returning()
await db
  .insert(sessions)
  .values({ idHash: 'hers', userId: user!.id, expiresAt: new Date(Date.now() + 3_600_000) })
const deps = { db, sql, log: silentLog, clock: { now: () => new Date() }, config: loadConfig({}) } as Deps
const app = new Hono<AppEnv>()
app.use(async (c, next) => {
  c.set('page', { locale: 'en', theme: 'auto', user: null, csrf: 't', path: c.req.path, flash: null })
  c.set('sessionId', 'hers')
  await next()
})
app.route(
  '/campaigns',
  campaignResultRoutes(deps, () => '/', { lookEveryMs: 50 }),
)

test('whoever looks at a campaign sees it move, until the session is over', async () => {
  const given = await givenCampaign(db)
  const { id } = given.campaign
  const row = await givenRow(db, given)
  const response = await app.request(`/campaigns/${id}/events`)
  const reader = response.body!.getReader()
  let text = ''
  let ended = false
  const reading = (async () => {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return void (ended = true)
      text += new TextDecoder().decode(value)
    }
  })()
  const opened = (count: number) => new RegExp(`id="funnel-opened">.*?<strong>${count}</strong>`).test(text)
  await until('the first state', () => opened(0))
  await givenHit(db, id, row.messageId, 'open')
  await until('the opening', () => opened(1))
  await sql`UPDATE campaigns SET state = 'paused', pause_reason = 'no_account', updated_at = now() WHERE id = ${id}`
  await until('the pause and why', () => text.includes('no sending account is left'))
  await sql`DELETE FROM sessions`
  await givenHit(db, id, row.messageId, 'click')
  await until('the end', () => ended)
  await reading
})

test('what takes long to count is shown as counted last, and counted by one for all', async () => {
  const given = await givenCampaign(db)
  const { id } = given.campaign
  await givenRow(db, given)
  let now = Date.now()
  const read = numbersReader({ ...deps, clock: { now: () => new Date(now) } }).read
  expect((await read(id)).numbers.counts.sent).toBe(1)
  await givenRow(db, given)
  expect((await read(id)).numbers.counts.sent).toBe(1)
  await sql`UPDATE campaign_results SET took_ms = 5000 WHERE campaign_id = ${id}`
  now += 90_000
  expect((await read(id)).numbers.counts.sent).toBe(1)
  now += 20_000
  const [one, other] = await Promise.all([read(id), read(id)])
  expect([one.numbers.counts.sent, other.numbers.counts.sent]).toEqual([1, 1])
  await until('counted anew', async () => (await read(id)).numbers.counts.sent === 2)
})

test('numbers of a campaign that is gone are kept nowhere', async () => {
  const given = await givenCampaign(db)
  const { read } = numbersReader(deps)
  await sql`DELETE FROM campaigns WHERE id = ${given.campaign.id}`
  expect((await read(given.campaign.id)).numbers.counts.planned).toBe(0)
  expect(await sql`SELECT FROM campaign_results WHERE campaign_id = ${given.campaign.id}`).toHaveLength(0)
})
