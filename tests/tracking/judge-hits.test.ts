import { expect, test } from 'bun:test'
import type { Hit } from '#src/tracking/hit.ts'
import { judgeHits } from '#src/tracking/judge-hits.ts'
import { moveHits } from '#src/tracking/move-hits.ts'
import { insertHits } from '#src/tracking/queries.ts'
import { messageLinks, messages } from '#src/tracking/schema.ts'
import { newMessageKey } from '#src/tracking/token.ts'
import { testDatabase } from '#tests/support/database.ts'

const { db, sql } = await testDatabase()
const TARGETS = [
  'https://exemple.fr/1',
  'https://exemple.fr/2',
  'https://exemple.fr/3',
  'https://exemple.fr/4',
]
const FIREFOX = {
  'user-agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0',
  accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'accept-language': 'fr,fr-FR;q=0.8,en-US;q=0.5',
  'accept-encoding': 'gzip, deflate, br, zstd',
  'sec-fetch-dest': 'document',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-site': 'cross-site',
  'sec-fetch-user': '?1',
  'upgrade-insecure-requests': '1',
}

const newMessage = async (sentAt: Date): Promise<string> => {
  const token = newMessageKey()
  const [made] = await db
    .insert(messages)
    .values({
      token,
      recipient: 'a@exemple.fr',
      subject: 'x',
      opens: 'individual',
      clicks: 'individual',
      sentAt,
    })
    .returning()
  await db
    .insert(messageLinks)
    .values(TARGETS.map((target, position) => ({ messageId: made!.id, position, target })))
  return token
}

const newLedgerRow = async (kind: string): Promise<{ campaign: number; row: number }> => {
  const [made] = await sql`
    WITH c AS (INSERT INTO campaigns (name, kind, audience, recipients) VALUES ('Essai', ${kind}, '{}', '{}') RETURNING id),
      s AS (INSERT INTO campaign_steps (campaign_id, position) SELECT id, 0 FROM c RETURNING id),
      v AS (INSERT INTO campaign_variants (step_id, label, subject, html) SELECT id, 'A', 's', 'h' FROM s RETURNING id),
      a AS (INSERT INTO mail_accounts (slug, label, sender_address, host, port, tls)
        VALUES (gen_random_uuid()::text, 'a', 'a@b.fr', 'localhost', 25, 'none') RETURNING id)
    INSERT INTO campaign_messages (campaign_id, step_id, variant_id, account_id, address, provider, state, due_at, sent_at)
      SELECT c.id, s.id, v.id, a.id, 'a@exemple.fr', 'exemple.fr', 'sent', now(), now() FROM c, s, v, a
    RETURNING campaign_id AS campaign, id AS row`
  return made as unknown as { campaign: number; row: number }
}

const ago = (milliseconds: number) => new Date(Date.now() - milliseconds)
const hit = (message: string, at: Date, given: Partial<Hit>): string =>
  JSON.stringify({
    event_id: Bun.randomUUIDv7(),
    type: 'click',
    at: at.toISOString(),
    message,
    facts: { method: 'GET', ip: '198.51.100.0', headers: FIREFOX },
    ...given,
  })
const arrive = async (...hits: string[]) => {
  await insertHits(sql, hits)
  await moveHits(db)
  await judgeHits(db)
}
const verdictsOf = async (message: string) => {
  const rows = await sql`SELECT type, verdict, reason, judged_at IS NOT NULL AS final FROM tracking_events
    WHERE message_id = (SELECT id FROM messages WHERE token = ${message}) ORDER BY at`
  return rows.map(({ type, verdict, reason, final }) => ({ type, verdict, reason: reason !== null, final }))
}

test('a hit has a verdict with its reason at once, and the final one after ten seconds', async () => {
  const message = await newMessage(ago(3_600_000))
  await arrive(
    hit(message, ago(60_000), { link: TARGETS[0]! }),
    hit(message, ago(500), { link: TARGETS[1]! }),
  )
  expect(await verdictsOf(message)).toEqual([
    { type: 'click', verdict: 'human', reason: true, final: true },
    { type: 'click', verdict: 'human', reason: true, final: false },
  ])
})

test('a verdict that is not final is revised by what comes after it', async () => {
  const message = await newMessage(ago(3_600_000))
  const at = Date.now()
  await arrive(hit(message, new Date(at), { link: TARGETS[0]! }))
  expect((await verdictsOf(message))[0]).toMatchObject({ verdict: 'human', final: false })
  await arrive(...TARGETS.slice(1).map((link, n) => hit(message, new Date(at + 40 * (n + 1)), { link })))
  await sql`UPDATE tracking_events SET at = at - interval '20 seconds'
    WHERE message_id = (SELECT id FROM messages WHERE token = ${message})`
  await judgeHits(db)
  expect(new Set((await verdictsOf(message)).map(({ verdict, final }) => `${verdict} ${final}`))).toEqual(
    new Set(['machine true']),
  )
})

test('an unsubscribe by POST and a reading time are people’s; a flood on one mail is judged to its end', async () => {
  const message = await newMessage(ago(3_600_000))
  const times = Array.from({ length: 3000 }, (_, n) => ago(600_000 - n * 100))
  await arrive(
    ...times.map((at) => hit(message, at, { type: 'open' })),
    hit(message, ago(30_000), { type: 'unsubscribe', facts: { method: 'POST' } }),
    hit(message, ago(29_000), { type: 'read_time', facts: { method: 'POST' }, detail: { seconds: 5 } }),
  )
  const verdicts = await verdictsOf(message)
  expect(verdicts.length).toBe(3002)
  expect(verdicts.filter(({ final, verdict }) => !final || verdict === null)).toEqual([])
  expect(verdicts.slice(-2).map(({ type, verdict }) => [type, verdict])).toEqual([
    ['unsubscribe', 'human'],
    ['read_time', 'human'],
  ])
})

test('what a person did moves the status of the company and shows in the ledger that the mail arrived', async () => {
  const [company] = await sql`INSERT INTO companies (name) VALUES ('Garage') RETURNING id`
  const ledger = await newLedgerRow('real')
  const message = await newMessage(ago(3_600_000))
  const owned = sql`UPDATE messages SET company_id = ${company!['id']}, campaign_id = ${ledger.campaign} WHERE token = ${message} RETURNING id`
  await sql`UPDATE campaign_messages SET message_id = ${(await owned)[0]!['id']} WHERE id = ${ledger.row}`
  await arrive(hit(message, ago(60_000), { link: TARGETS[0]!, campaign_id: ledger.campaign }))
  const status = async () =>
    (await sql`SELECT status FROM companies WHERE id = ${company!['id']}`)[0]!['status']
  const row = async () =>
    (
      await sql`SELECT state, delivered_at IS NOT NULL AS arrived, unsubscribed_at IS NOT NULL AS gone
    FROM campaign_messages WHERE id = ${ledger.row}`
    )[0]!
  expect([await status(), { ...(await row()) }]).toEqual([
    'Relance',
    { state: 'delivered', arrived: true, gone: false },
  ])
  await arrive(
    hit(message, ago(30_000), {
      type: 'unsubscribe',
      facts: { method: 'POST' },
      campaign_id: ledger.campaign,
    }),
  )
  expect([await status(), { ...(await row()) }]).toEqual([
    'Désabonné',
    { state: 'unsubscribed', arrived: true, gone: true },
  ])
})

test('what happens in a rehearsal moves no status', async () => {
  const [company] = await sql`INSERT INTO companies (name) VALUES ('Garage') RETURNING id`
  const { campaign } = await newLedgerRow('rehearsal')
  const message = await newMessage(ago(3_600_000))
  await sql`UPDATE messages SET company_id = ${company!['id']}, campaign_id = ${campaign} WHERE token = ${message}`
  await arrive(hit(message, ago(60_000), { link: TARGETS[0]!, campaign_id: campaign }))
  expect((await sql`SELECT status FROM companies WHERE id = ${company!['id']}`)[0]!['status']).toBe('Nouveau')
})
