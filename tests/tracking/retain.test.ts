import { expect, test } from 'bun:test'
import { reclassify } from '#src/tracking/reclassify.ts'
import { forgetOldTracking } from '#src/tracking/retain.ts'
import { listMonths } from '#src/tracking/queries-retention.ts'
import { ensureMonths } from '#src/tracking/queries-inbox.ts'
import { messages, trackingEvents } from '#src/tracking/schema.ts'
import { newMessageKey } from '#src/tracking/token.ts'
import { readTrackingSettings, writeTrackingSettings } from '#src/tracking/tracking-settings.ts'
import { testDatabase } from '#tests/support/database.ts'

const { db, sql } = await testDatabase()
const NOW = new Date('2026-11-22T03:00:00Z')

const newMessage = async (createdAt: Date) => {
  const [made] = await db
    .insert(messages)
    .values({
      token: newMessageKey(),
      recipient: 'anne@exemple.fr',
      subject: 'x',
      opens: 'individual',
      clicks: 'individual',
      html: Bun.gzipSync('html'),
      createdAt,
      sentAt: createdAt,
    })
    .returning()
  return made!
}

test('events, what was seen of them and the words of mails go after their months, and not before', async () => {
  await writeTrackingSettings(db, {
    ...(await readTrackingSettings(db)),
    eventMonths: 12,
    factMonths: 3,
    bodyMonths: 6,
  })
  await ensureMonths(db, ['2025-10', '2025-11', '2026-07', '2026-08', '2026-11'])
  const days = ['2020-01-01', '2025-10-31', '2025-11-01', '2026-07-31', '2026-08-01', '2026-11-20']
  const ids = days.map(() => Bun.randomUUIDv7())
  await db.insert(trackingEvents).values(
    days.map((day, place) => ({
      eventId: ids[place]!,
      at: new Date(`${day}T12:00:00Z`),
      type: 'open' as const,
      facts: { method: 'GET', ip: '203.0.113.0', headers: { accept: '*/*' } },
      judgedAt: NOW,
    })),
  )
  const [old, young] = [await newMessage(new Date('2026-04-30')), await newMessage(new Date('2026-05-02'))]

  const forgotten = await forgetOldTracking(db, NOW)
  expect(forgotten).toEqual({ months: ['2025-10'], events: 1, facts: 2, bodies: 1 })
  expect(await listMonths(db)).not.toContain('2025-10')
  const rows = await sql`SELECT event_id, facts ? 'headers' AS whole FROM tracking_events ORDER BY at`
  expect(rows.map((row) => [row['event_id'], row['whole']])).toEqual([
    [ids[2], false],
    [ids[3], false],
    [ids[4], true],
    [ids[5], true],
  ])
  const bodies = await sql`SELECT id, html IS NULL AS gone FROM messages ORDER BY id`
  expect(bodies.map((row) => [row['id'], row['gone']])).toEqual([
    [old.id, true],
    [young.id, false],
  ])
  expect(await forgetOldTracking(db, NOW)).toEqual({ months: [], events: 0, facts: 0, bodies: 0 })
})

test('history is judged again by the rules of today; what cannot be judged any more stays as it was', async () => {
  const message = await newMessage(new Date('2026-11-20T09:00:00Z'))
  const event = (given: Partial<typeof trackingEvents.$inferInsert>) => ({
    eventId: Bun.randomUUIDv7(),
    at: new Date('2026-11-20T12:00:00Z'),
    type: 'open' as const,
    messageId: message.id,
    verdict: 'human' as const,
    reason: 'no_evidence',
    judgedAt: NOW,
    facts: { method: 'HEAD', headers: {} },
    ...given,
  })
  const wrong = event({})
  const trimmed = event({ facts: { method: 'HEAD' } })
  const waiting = event({ judgedAt: null, verdict: null, reason: null })
  const right = event({ verdict: 'machine', reason: 'method' })
  await db.insert(trackingEvents).values([wrong, trimmed, waiting, right])
  const expected = { messages: 1, events: 2, unknown: 1, changed: 1, toHuman: 0, toMachine: 1 }
  expect(await reclassify(db)).toEqual(expected)
  const verdictOf = async ({ eventId }: { eventId: string }) =>
    (await sql`SELECT verdict, reason FROM tracking_events WHERE event_id = ${eventId}`)[0]
  expect(await verdictOf(wrong)).toEqual({ verdict: 'machine', reason: 'method' })
  expect(await verdictOf(trimmed)).toEqual({ verdict: 'human', reason: 'no_evidence' })
  expect(await verdictOf(waiting)).toEqual({ verdict: null, reason: null })
  expect(await reclassify(db)).toEqual({ ...expected, changed: 0, toMachine: 0 })
})
