import { afterEach, beforeEach, expect, test } from 'bun:test'
import { setStatusOf } from '#src/companies/queries-edit.ts'
import { judgeHits } from '#src/tracking/judge-hits.ts'
import { moveHits } from '#src/tracking/move-hits.ts'
import type { Hit } from '#src/tracking/hit.ts'
import { insertHits } from '#src/tracking/queries.ts'
import { messages } from '#src/tracking/schema.ts'
import { newMessageKey } from '#src/tracking/token.ts'
import { testDatabase } from '#tests/support/database.ts'
import { insertToken } from './api-tokens.ts'
import { insertWebhook } from './webhook-rows.ts'

const database = await testDatabase()
const { db, sql } = database
let webhookId = 0
beforeEach(async () => {
  webhookId = (await insertWebhook(database, 'https://example.com/hook')).id
})
afterEach(async () => void (await sql`DELETE FROM webhooks`))

const noted = async () => [
  ...(await sql`SELECT type, payload -> 'data' AS data FROM webhook_deliveries
    WHERE webhook_id = ${webhookId} ORDER BY created_at, payload ->> 'timestamp'`),
]
const newCompany = async (name = 'Atelier Lune') => {
  const [row] = await sql`INSERT INTO companies (name, website, contact_email)
    VALUES (${name}, 'https://lune.example.com', 'contact@lune.example.com') RETURNING id`
  return row!.id as number
}
const LONG_AGO = 20_000
// Old versions are a sign of machines: this one is never more than some weeks old.
const CHROME = 120 + Math.floor((Date.now() - Date.UTC(2023, 11, 5)) / (28 * 24 * 3_600_000))
const hitOn = (message: string, given: Partial<Hit> = {}): Hit => ({
  event_id: Bun.randomUUIDv7(),
  type: 'open',
  at: new Date(Date.now() - LONG_AGO).toISOString(),
  message,
  campaign_id: null,
  link: null,
  facts: {
    method: 'GET',
    ip: '90.12.34.0',
    headers: {
      'user-agent': `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${CHROME}.0.0.0 Safari/537.36`,
      accept: 'text/html,application/xhtml+xml',
      'accept-language': 'fr-FR,fr;q=0.9',
      'sec-fetch-mode': 'navigate',
    },
  },
  detail: null,
  ...given,
})
const newMessage = async (modes: Partial<typeof messages.$inferInsert> = {}) => {
  const [row] = await db
    .insert(messages)
    .values({
      token: newMessageKey(),
      recipient: 'Anne@lune.example.com',
      subject: 'Votre site',
      opens: 'individual',
      clicks: 'individual',
      sentAt: new Date(Date.now() - 3_600_000),
      ...modes,
    })
    .returning()
  return row!
}
const arrive = async (...hits: Hit[]) => {
  await insertHits(
    sql,
    hits.map((hit) => JSON.stringify(hit)),
  )
  await moveHits(db)
  await judgeHits(db)
}

test('a status that changes tells the old one and the new one, in the transaction that changes it', async () => {
  const [a, b] = [await newCompany(), await newCompany('Autre')]
  await db.transaction((tx) =>
    setStatusOf(tx, { ids: [a, b] }, { status: 'Relance', userId: null }).then(() =>
      setStatusOf(tx, { ids: [b] }, { status: 'Relance', userId: null }),
    ),
  )
  await sql`UPDATE companies SET name = 'Lune', status = 'Relance' WHERE id = ${a}`
  await sql
    .begin(async (tx) => {
      await tx`UPDATE companies SET status = 'Perdu' WHERE id = ${a}`
      throw new Error('rolled back')
    })
    .catch(() => {})
  const events = await noted()
  expect(events.map(({ data }) => data.entreprise_id).toSorted()).toEqual([a, b].toSorted())
  expect(events[0]).toEqual({
    type: 'company.status_changed',
    data: {
      entreprise_id: a,
      nom: 'Atelier Lune',
      website: 'https://lune.example.com',
      email: 'contact@lune.example.com',
      ancien_statut: 'Nouveau',
      statut: 'Relance',
    },
  })
})

test('opens and clicks of people are told once their verdict is final, and those of machines never', async () => {
  const message = await newMessage({ companyId: await newCompany() })
  const [open, click] = [
    hitOn(message.token),
    hitOn(message.token, { type: 'click', link: 'https://lune.example.com/devis' }),
  ]
  const early = hitOn((await newMessage()).token, { at: new Date().toISOString() })
  const machine = hitOn((await newMessage()).token, { facts: { method: 'HEAD', ip: '', headers: {} } })
  await arrive(open, click, early, machine)
  expect((await noted()).toSorted((a, b) => (a.type < b.type ? 1 : -1))).toEqual([
    {
      type: 'message.opened',
      data: {
        message_id: message.id,
        email: 'Anne@lune.example.com',
        sujet: 'Votre site',
        entreprise_id: message.companyId,
        campagne_id: null,
      },
    },
    {
      type: 'message.clicked',
      data: expect.objectContaining({ message_id: message.id, url: 'https://lune.example.com/devis' }),
    },
    {
      type: 'company.status_changed',
      data: expect.objectContaining({ ancien_statut: 'Nouveau', statut: 'Relance' }),
    },
  ])
  // Judged once more, as `reclassify` does, it is no new event.
  await sql`UPDATE tracking_events SET judged_at = NULL WHERE event_id = ${open.event_id}`
  await judgeHits(db)
  expect((await noted()).length).toBe(3)
})

test('what is kept with nobody, and what is older than the log, tells nothing', async () => {
  const aggregate = await newMessage({ opens: 'aggregate' })
  const old = await newMessage()
  const at = new Date(Date.now() - 30 * 24 * 3_600_000).toISOString()
  await arrive(hitOn(aggregate.token), hitOn(old.token, { at }))
  expect(await noted()).toEqual([])
})

test('an unsubscribe is told when it comes, with the status that follows from it', async () => {
  const companyId = await newCompany()
  const message = await newMessage({ companyId })
  const hit = hitOn(message.token, {
    type: 'unsubscribe',
    detail: { source: 'page', scope: 'all', reason: 'trop de messages' },
    facts: { method: 'POST', ip: '90.12.34.0', headers: {} },
  })
  await arrive(hit, hit)
  const events = await noted()
  expect(events.map(({ type }) => type).toSorted()).toEqual([
    'company.status_changed',
    'message.unsubscribed',
  ])
  expect(events.find(({ type }) => type === 'message.unsubscribed')!.data).toMatchObject({
    email: 'Anne@lune.example.com',
    entreprise_id: companyId,
    portee: 'all',
    raison: 'trop de messages',
  })
})

test('an analysis is told with what its whole transaction saved', async () => {
  const companyId = await newCompany()
  const insertCrawl = (state: string) => sql`
    INSERT INTO crawls (company_id, url, state, error_code, started_at, finished_at, duration_ms, page_count)
    VALUES (${companyId}, 'https://lune.example.com/', ${state}, ${state === 'done' ? null : 'timeout'}, now(), now(), 5, 4)
    RETURNING id`
  await sql.begin(async (tx) => {
    const [crawl] = await tx`
      INSERT INTO crawls (company_id, url, state, started_at, finished_at, duration_ms, page_count)
      VALUES (${companyId}, 'https://lune.example.com/', 'done', now(), now(), 5, 4) RETURNING id`
    await tx`INSERT INTO findings (company_id, crawl_id, rule, category, severity, evidence, page_url)
      VALUES (${companyId}, ${crawl!.id}, 'seo.title', 'seo', 'low', '', 'https://lune.example.com/')`
    await tx`UPDATE companies SET score = 61, score_level = 'high' WHERE id = ${companyId}`
  })
  await insertCrawl('failed')
  expect((await noted()).map(({ data }) => [data.status, data.erreur, data.constats, data.score])).toEqual([
    ['done', null, 1, 61],
    ['failed', 'timeout', 1, 61],
  ])
})

test('a batch of crawls tells the phones of whoever asked for it, once it is done', async () => {
  const [user] =
    await sql`INSERT INTO users (email, password_hash, role) VALUES ('anne@example.org', '', 'admin') RETURNING id`
  const [mine, other] = [await insertToken(database, { createdBy: user!.id }), await insertToken(database)]
  for (const token of [mine, other])
    await sql`SELECT api_register_push(${token.id}, ${`ExponentPushToken[${token.id}]`}, 'ios', NULL)`
  const insertBatch = (job: string, createdBy: number | null) => sql`
    INSERT INTO batches (job, label, total, created_by) VALUES (${job}, '{"key": "crawl.companies", "values": {}}', 12, ${createdBy})
    RETURNING id`
  const [asked] = await insertBatch('crawl.company', user!.id)
  await insertBatch('crawl.company', null)
  await insertBatch('import.run', user!.id)
  await sql`UPDATE batches SET state = 'done'`
  expect([
    ...(await sql`SELECT kind, "values", token_id FROM push_messages JOIN push_devices d ON d.id = device_id`),
  ]).toEqual([{ kind: 'batch_done', values: { batchId: asked!.id, total: 12 }, token_id: mine.id }])
})
