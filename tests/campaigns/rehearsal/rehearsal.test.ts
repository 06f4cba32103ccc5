import { expect, setDefaultTimeout, test } from 'bun:test'
import { planCampaign, type PlanNeighbours } from '#src/campaigns/planning/plan-campaign.ts'
import { rehearseCampaign } from '#src/campaigns/rehearsal/rehearse.ts'
import { openSink } from '#src/campaigns/rehearsal/sink.ts'
import { countCampaign } from '#src/campaigns/results/queries-numbers.ts'
import { startSending } from '#src/campaigns/sending/start-sending.ts'
import { companies } from '#src/companies/schema.ts'
import { loadConfig } from '#src/config.ts'
import { systemClock } from '#src/lib/clock.ts'
import { deriveKeys } from '#src/lib/keys.ts'
import { silentLog } from '#src/lib/log.ts'
import { judgeHits } from '#src/tracking/judge-hits.ts'
import { makeMonths, moveHits } from '#src/tracking/move-hits.ts'
import { testDatabase } from '#tests/support/database.ts'
import { startMailServer } from '#tests/support/mail-server.ts'
import { until } from '#tests/support/until.ts'
import { givenCampaign } from '../results/given-campaign.ts'

// Bounded by the waiting itself.
setDefaultTimeout(30_000)

const RECIPIENTS = 40
const { db, sql, beforeClose } = await testDatabase()
const deps = {
  db,
  sql,
  // Without BASE_URL: a rehearsal needs none.
  config: loadConfig({}),
  clock: systemClock,
  log: silentLog,
  keys: deriveKeys('a secret of this test'),
  queue: { enqueue: async () => {} },
}
const server = await startMailServer()
beforeClose(() => server.stop())
await makeMonths(db, new Date())

/** What must be the same afterwards: all that a real campaign would have moved. */
const outside = async () => ({
  statuses: await sql`SELECT id, status, stage, tags FROM companies ORDER BY id`,
  history: await sql`SELECT count(*)::int AS count FROM company_changes`,
  suppressions: await sql`SELECT * FROM suppressions`,
  webhooks: await sql`SELECT * FROM webhook_deliveries`,
  accounts: await sql`SELECT id, paused_at, pause_reason, warmup_started_at FROM mail_accounts ORDER BY id`,
})

test('a whole campaign is rehearsed: everything happens to it, and nothing outside of it', async () => {
  const given = await givenCampaign(db, {
    state: 'draft',
    startedAt: null,
    plannedAt: null,
    opens: 'individual',
    clicks: 'individual',
  })
  await sql`UPDATE mail_accounts SET host = '127.0.0.1', port = ${server.port}, per_minute = 1 WHERE id = ${given.account.id}`
  await sql`UPDATE campaign_variants SET html = '<p>Bonjour <a href="https://agence.example/offre">voir</a></p>'`
  await sql`
    INSERT INTO webhooks (name, url, events, secret) VALUES ('n8n', 'https://n8n.example/',
      ARRAY['message.opened', 'message.clicked', 'message.unsubscribed', 'message.bounced', 'message.replied', 'company.status_changed'], '')`
  const made = await db
    .insert(companies)
    .values(
      Array.from({ length: RECIPIENTS }, (_, n) => ({
        name: `Garage ${n}`,
        website: `https://garage${n}.example/`,
      })),
    )
    .returning({ id: companies.id })
  const neighbours: PlanNeighbours = {
    listRecipients: async function* () {
      yield made.map(({ id }, n) => ({
        companyId: id,
        address: `contact@garage${n}.example`,
        contactName: null,
      }))
    },
    providersOf: async () => new Map(),
  }
  const before = await outside()
  const id = await rehearseCampaign(deps as never, given.campaign.id, {
    name: (of) => `Essai : ${of}`,
    userId: null,
  })
  expect(await planCampaign(deps, neighbours, id!)).toBe(RECIPIENTS)

  const sink = openSink(deps, { pace: 0.05 })
  const stop = startSending(deps, { rehearsal: sink.open })
  const numbers = () => countCampaign(db, id!, 'Europe/Paris')
  await until(
    'everything invented',
    async () => {
      await moveHits(db)
      await judgeHits(db)
      const { counts } = await numbers()
      return (
        counts.waiting === 0 &&
        counts.replied === 2 &&
        counts.unsubscribed === 2 &&
        counts.bounced === 4 &&
        counts.clickedByPeople === 4
      )
    },
    20_000,
  )
  await stop()
  await sink.stop()

  const { counts, leads } = await numbers()
  expect(counts).toMatchObject({
    planned: 40,
    sent: 38,
    bounced: 4,
    delivered: 34,
    failed: 2,
    replied: 2,
    unsubscribed: 2,
    unknown: 0,
  })
  expect(counts.openedByPeople).toBeGreaterThanOrEqual(14)
  expect(counts.openedByMachines).toBeGreaterThanOrEqual(2)
  expect(leads[0]).toMatchObject({ replied: true })
  expect(server.connections()).toBe(0)
  expect(await outside()).toEqual(before)
  expect((await sql`SELECT state FROM campaigns WHERE id = ${given.campaign.id}`)[0]?.['state']).toBe('draft')
})
