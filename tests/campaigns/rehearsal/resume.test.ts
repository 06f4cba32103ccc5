import { expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { openSink } from '#src/campaigns/rehearsal/sink.ts'
import { campaignMessages } from '#src/campaigns/schema.ts'
import { systemClock } from '#src/lib/clock.ts'
import { silentLog } from '#src/lib/log.ts'
import { messages } from '#src/tracking/schema.ts'
import { newMessageKey } from '#src/tracking/token.ts'
import { testDatabase } from '#tests/support/database.ts'
import { until } from '#tests/support/until.ts'
import { newAccount, newCampaign } from '../sending/running-campaign.ts'

const { db, sql } = await testDatabase()
const deps = { db, sql, clock: systemClock, log: silentLog }
/** Everything happens within two seconds. */
const PACE = 0.05

test('what a rehearsal had still to invent when its program ended is invented by the next, once', async () => {
  const account = await newAccount(db, 25)
  const addresses = Array.from({ length: 6 }, (_, n) => `contact@garage${n}.example`)
  const { campaign, rows } = await newCampaign(db, account.id, addresses, { campaign: { kind: 'rehearsal' } })
  const first = openSink(deps, { pace: PACE })
  const connected = await first.open(account as never).connect()
  if (!connected.ok) throw new Error(connected.reply)
  for (const { id, address } of rows) {
    const token = newMessageKey()
    const mail = {
      token,
      recipient: address,
      subject: 'Bonjour',
      opens: 'individual',
      clicks: 'individual',
    } as const
    const [message] = await db
      .insert(messages)
      .values({
        ...mail,
        state: 'sent',
        messageId: `<${token}@agence.fr>`,
        accountId: account.id,
        campaignId: campaign.id,
      })
      .returning()
    await db
      .update(campaignMessages)
      .set({ state: 'sent', messageId: message!.id, rehearsed: true })
      .where(eq(campaignMessages.id, id))
    const raw = Buffer.from(`Message-ID: <${token}@agence.fr>\r\nSubject: Bonjour\r\n\r\nBonjour\r\n`)
    const envelope = { from: 'jean@agence.fr', to: [address], size: raw.length }
    expect((await connected.line.send({ envelope, message: raw })).state).toBe('sent')
  }
  await first.stop()
  const left = async () => (await sql`SELECT FROM rehearsal_deeds`).length
  expect(await left()).toBeGreaterThan(0)

  // Two nodes start.
  const [second, third] = [openSink(deps, { pace: PACE }), openSink(deps, { pace: PACE })]
  await until('nothing is left to invent', async () => (await left()) === 0)
  await Promise.all([second.stop(), third.stop()])
  const states = await db
    .select({ state: campaignMessages.state })
    .from(campaignMessages)
    .where(eq(campaignMessages.campaignId, campaign.id))
    .orderBy(campaignMessages.id)
  // As fates.ts has it: the fourth answers, the sixth comes back.
  expect(states.map(({ state }) => state)).toEqual(['sent', 'sent', 'sent', 'replied', 'sent', 'bounced'])
  const [hits] = await sql`SELECT count(*)::int AS count FROM tracking_inbox`
  // Of mails without links nobody clicks any.
  expect(hits!['count']).toBe(4)
})
