import { expect, test } from 'bun:test'
import { companies } from '#src/companies/schema.ts'
import type { Hit, HitFacts } from '#src/tracking/hit.ts'
import { judgeHits } from '#src/tracking/judge-hits.ts'
import { makeMonths, moveHits } from '#src/tracking/move-hits.ts'
import { findOldLink, insertHits } from '#src/tracking/queries.ts'
import { findSuppression } from '#src/tracking/queries-inbox.ts'
import { messageLinks, messages } from '#src/tracking/schema.ts'
import { renewSalt } from '#src/tracking/queries-judge.ts'
import { newMessageKey } from '#src/tracking/token.ts'
import { readTrackingSettings, writeTrackingSettings } from '#src/tracking/tracking-settings.ts'
import { testDatabase } from '#tests/support/database.ts'

const { db, sql } = await testDatabase()

type Given = Partial<typeof messages.$inferInsert>
const newMessage = async (given: Given = {}) => {
  const [made] = await db
    .insert(messages)
    .values({
      token: newMessageKey(),
      recipient: `${newMessageKey()}@exemple.fr`,
      subject: 'Votre site',
      opens: 'individual',
      clicks: 'individual',
      ...given,
    })
    .returning()
  return made!
}

const FACTS = { method: 'GET', ip: '203.0.113.0', headers: { 'user-agent': 'Mozilla/5.0' } }
const hitOn = (message: string | null, given: Partial<Hit> = {}): Hit => ({
  event_id: Bun.randomUUIDv7(),
  type: 'open',
  at: new Date().toISOString(),
  message,
  campaign_id: null,
  link: null,
  facts: FACTS,
  detail: null,
  ...given,
})
const arrive = async (...hits: Hit[]) => {
  await insertHits(
    sql,
    hits.map((hit) => JSON.stringify(hit)),
  )
  return moveHits(db)
}
const eventsOf = (hits: Hit[]) =>
  sql`SELECT event_id, type, message_id, campaign_id, link, facts, verdict FROM tracking_events
      WHERE event_id = ANY (${hits.map((hit) => hit.event_id)}) ORDER BY event_id`

test('a hit becomes an event of its message, once, however often it comes', async () => {
  const message = await newMessage({ campaignId: 7 })
  const hit = hitOn(message.token, { type: 'click', link: 'https://exemple.fr/' })
  expect([await arrive(hit, hit), await arrive(hit)]).toEqual([2, 1])
  expect([...(await eventsOf([hit]))]).toEqual([
    {
      event_id: hit.event_id,
      type: 'click',
      message_id: message.id,
      campaign_id: 7,
      link: 'https://exemple.fr/',
      facts: FACTS,
      verdict: null,
    },
  ])
})

test('what may not be known of a person is not kept, whatever the link said', async () => {
  const off = await newMessage({ opens: 'off' })
  const counted = await newMessage({ opens: 'aggregate', campaignId: 3 })
  const hits = [
    hitOn(counted.token),
    hitOn(newMessageKey()),
    hitOn(null, { campaign_id: 3, facts: { method: 'GET', headers: { 'sec-purpose': 'prefetch' } } }),
    hitOn(off.token),
  ]
  await arrive(...hits)
  expect(
    (await eventsOf(hits)).map((event) => [event['message_id'], event['campaign_id'], event['facts']]),
  ).toEqual([
    [null, 3, { method: 'GET' }],
    [null, null, { method: 'GET' }],
    [null, 3, { method: 'GET', headers: { 'sec-purpose': 'prefetch' } }],
  ])
})

test('an unsubscribe suppresses the address and is told in the history of the company, once', async () => {
  const [company] = await db.insert(companies).values({ name: 'Garage', status: 'Relance' }).returning()
  const message = await newMessage({ recipient: 'Anne@Exemple.FR', companyId: company!.id })
  const detail = { scope: 'all' as const, source: 'one-click' as const, reason: 'trop de mails' }
  const hit = hitOn(message.token, { type: 'unsubscribe', detail })
  await arrive(hit)
  await arrive(hit, hitOn(message.token, { type: 'unsubscribe', detail }))
  expect(await findSuppression(db, 'anne@exemple.fr', null)).toMatchObject({
    scope: 'all',
    reason: 'trop de mails',
    source: 'one-click',
  })
  const [after] = await sql`SELECT status FROM companies WHERE id = ${company!.id}`
  expect(after?.['status']).toBe('Désabonné')
  const history = await sql`SELECT kind, detail FROM company_changes WHERE company_id = ${company!.id}`
  expect([...history]).toEqual([
    { kind: 'edited', detail: { status: ['Relance', 'Désabonné'], because: 'unsubscribed' } },
  ])
})

test('"not this campaign" leaves the others and the company alone', async () => {
  const [company] = await db.insert(companies).values({ name: 'Fleuriste' }).returning()
  const message = await newMessage({ companyId: company!.id, campaignId: 21 })
  await arrive(hitOn(message.token, { type: 'unsubscribe', detail: { scope: 'campaign' } }))
  const asked = [21, 22, null].map((campaign) => findSuppression(db, message.recipient, campaign))
  expect((await Promise.all(asked)).map((found) => found?.scope ?? null)).toEqual(['campaign', null, null])
  const [after] = await sql`SELECT status FROM companies WHERE id = ${company!.id}`
  expect(after?.['status']).toBe('Nouveau')
})

test('after consent is taken back, hits on mails already sent are kept with nobody', async () => {
  const message = await newMessage()
  const before = hitOn(message.token)
  await arrive(before)
  await arrive(hitOn(message.token, { type: 'consent', detail: { withdrawConsent: true } }))
  const other = await newMessage({ recipient: message.recipient.toUpperCase() })
  const after = [hitOn(message.token), hitOn(other.token, { type: 'click' })]
  await arrive(...after)
  expect((await eventsOf([before]))[0]?.['message_id']).toBe(message.id)
  expect(
    (await eventsOf(after)).map((event) => [event['message_id'], event['facts'], event['verdict']]),
  ).toEqual([
    [null, { method: 'GET' }, 'machine'],
    [null, { method: 'GET' }, 'machine'],
  ])
  expect(await findSuppression(db, message.recipient, null)).toBeNull()
})

test('events go to the table of their month, also those that came before it was made; wrong clocks harm nobody', async () => {
  const message = await newMessage()
  const times = [
    '1970-01-01T00:00:01.000Z',
    '2025-03-31T23:59:59.999Z',
    '2025-04-01T00:00:00.000Z',
    '2199-01-01T00:00:00.000Z',
  ]
  const hits = times.map((at) => hitOn(message.token, { at }))
  await arrive(...hits)
  await makeMonths(db, new Date())
  await makeMonths(db, new Date())
  const tables = await sql`SELECT tableoid::regclass::text AS name FROM tracking_events
    WHERE event_id = ANY (${hits.map((hit) => hit.event_id)}) ORDER BY at`
  expect(tables.map((row) => row['name'])).toEqual([
    'tracking_events_default',
    'tracking_events_2025_03',
    'tracking_events_2025_04',
    'tracking_events_default',
  ])
  expect(await arrive(...hits)).toBe(4)
  expect((await eventsOf(hits)).length).toBe(4)
})

test('several nodes empty one inbox together, and every hit becomes one event', async () => {
  const message = await newMessage()
  const hits = Array.from({ length: 3000 }, () => hitOn(message.token))
  await insertHits(
    sql,
    hits.map((hit) => JSON.stringify(hit)),
  )
  await Promise.all([moveHits(db), moveHits(db), moveHits(db)])
  await moveHits(db)
  expect((await eventsOf(hits)).length).toBe(3000)
})

test('an old-form link is found only in the message with that token', async () => {
  const message = await newMessage({ token: 'o'.repeat(43) })
  const other = await newMessage()
  await db.insert(messageLinks).values([
    { messageId: message.id, position: 0, target: 'https://exemple.fr/a?b=%25' },
    { messageId: other.id, position: 0, target: 'https://exemple.fr/other' },
  ])
  const find = (...urls: string[]) => findOldLink(sql, message.token, urls)
  expect(await find('https://evil.example/', 'https://exemple.fr/a?b=%25')).toBe('https://exemple.fr/a?b=%25')
  expect([await find('https://exemple.fr/other'), await find('https://exemple.fr/a?b=%')]).toEqual([
    null,
    null,
  ])
  expect(await findOldLink(sql, `' OR true --`, ['https://exemple.fr/other'])).toBeNull()
})

test('addresses are kept as the settings say: truncated, whole, or hashed once they are judged', async () => {
  const whole = '203.0.113.77'
  const facts = { ...FACTS, whole }
  const ipOf = async (setting?: 'truncated' | 'whole' | 'hashed') => {
    if (setting) await writeTrackingSettings(db, { ...(await readTrackingSettings(db)), addresses: setting })
    const message = await newMessage()
    const hit = hitOn(message.token, { facts, at: new Date(Date.now() - 60_000).toISOString() })
    await arrive(hit)
    const moved = (await eventsOf([hit]))[0]?.['facts'] as HitFacts
    await judgeHits(db)
    const judged = (await eventsOf([hit]))[0]?.['facts'] as HitFacts
    expect([moved.whole, judged.whole]).toEqual([undefined, undefined])
    return [moved.ip, judged.ip]
  }
  expect(await ipOf()).toEqual(['203.0.113.0', '203.0.113.0'])
  expect(await ipOf('whole')).toEqual([whole, whole])
  expect(await ipOf('hashed')).toEqual([whole, undefined])
  await renewSalt(db, { day: '2026-11-22', salt: 'first' })
  const [, first] = await ipOf('hashed')
  await renewSalt(db, { day: '2026-11-22', salt: 'again' })
  const [, same] = await ipOf('hashed')
  await renewSalt(db, { day: '2026-11-23', salt: 'second' })
  const [, next] = await ipOf('hashed')
  expect(first).toMatch(/^h:[0-9a-f]{16}$/)
  expect([same === first, next === first]).toEqual([true, false])
  await writeTrackingSettings(db, { ...(await readTrackingSettings(db)), addresses: 'truncated' })
})

test('a pixel of the existing product counts when there is such a mail, and leaves nothing otherwise', async () => {
  const token = 'x'.repeat(43)
  await newMessage({ token })
  const hits = [hitOn(token, { detail: { old: true } }), hitOn('y'.repeat(43), { detail: { old: true } })]
  expect(await arrive(...hits)).toBe(2)
  expect((await eventsOf(hits)).map((event) => event['event_id'])).toEqual([hits[0]!.event_id])
})

test('who follows a link that nobody sees is a machine, with what it did around', async () => {
  const message = await newMessage()
  const target = 'https://suivi.exemple.fr/track/pixel/h.png'
  await db.insert(messageLinks).values([
    { messageId: message.id, position: 0, target: 'https://exemple.fr/' },
    { messageId: message.id, position: 1, target, honeypot: true },
  ])
  const at = Date.now() - 60_000
  const browser = {
    'user-agent':
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
    'accept-language': 'fr',
    accept: 'text/html',
  }
  const click = (link: string, after: number) =>
    hitOn(message.token, {
      type: 'click',
      link,
      at: new Date(at + after).toISOString(),
      facts: { ...FACTS, headers: browser },
    })
  const hits = [click('https://exemple.fr/', 0), click(target, 800)]
  await arrive(...hits)
  await judgeHits(db)
  expect((await eventsOf(hits)).map((event) => event['verdict'])).toEqual(['machine', 'machine'])
})

test('a whole batch takes time in proportion to its hits', async () => {
  const { token } = await newMessage()
  await insertHits(
    sql,
    Array.from({ length: 10_000 }, () => JSON.stringify(hitOn(token))),
  )
  expect(await moveHits(db)).toBe(10_000)
}, 5_000)
