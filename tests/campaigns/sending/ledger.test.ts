import { expect, test } from 'bun:test'
import { eq, inArray } from 'drizzle-orm'
import { startSending } from '#src/campaigns/sending/start-sending.ts'
import { transportOf } from '#src/campaigns/sending/transport.ts'
import { countUnknownAsSent, resendUnknown } from '#src/campaigns/sending/queries-ledger.ts'
import type { Claimed, Outcome, Prepared } from '#src/campaigns/sending/ledger.ts'
import { claimDue, noteAlive, recoverLeft } from '#src/campaigns/sending/queries-claim.ts'
import { sendStep } from '#src/campaigns/sending/queries-commit.ts'
import { campaignLog, campaignMessages, campaigns } from '#src/campaigns/schema.ts'
import { companies } from '#src/companies/schema.ts'
import type { Db } from '#src/db/open.ts'
import { messages } from '#src/tracking/schema.ts'
import { newMessageKey } from '#src/tracking/token.ts'
import { testDatabase } from '#tests/support/database.ts'
import { until } from '#tests/support/until.ts'
import { newAccount, newCampaign } from './running-campaign.ts'
import { smallSender } from './small-sender.ts'

const { db, sql } = await testDatabase()
const sender = smallSender({ db, sql })
const SILENT_MS = 1_500
let number = 0
const newAddress = () => `anne${(number += 1)}@exemple.fr`
const taking = () => {
  const taken: string[] = []
  const deliver = async ({ envelope }: { envelope: { to: string[] } }) => {
    taken.push(envelope.to[0]!)
    return { state: 'sent', reply: '250 Ok' } as const
  }
  return { taken, options: { real: () => transportOf(3, deliver), rehearsal: () => transportOf(3, deliver) } }
}

/** A row that a node was handing over when it died. */
const leftInTheAir = async () => {
  const account = await newAccount(db, 1)
  const { campaign, rows } = await newCampaign(db, account.id, [newAddress(), newAddress()])
  const [message] = await db
    .insert(messages)
    .values({
      token: newMessageKey(),
      recipient: rows[0]!.address,
      subject: 'x',
      opens: 'off',
      clicks: 'off',
    })
    .returning()
  const dead = { claimedBy: 'a node that died', claimedAt: new Date(Date.now() - 60_000) }
  await db
    .update(campaignMessages)
    .set({ ...dead, state: 'sending', messageId: message!.id })
    .where(eq(campaignMessages.id, rows[0]!.id))
  await db
    .update(campaignMessages)
    .set({ ...dead, state: 'claimed' })
    .where(eq(campaignMessages.id, rows[1]!.id))
  return { campaign, rows, message: message!, account }
}
const messageState = async (id: number) =>
  (await db.select().from(messages).where(eq(messages.id, id)))[0]?.state

test('of a node that died, what it made ready is planned again and what it was handing over is unknown, never sent again', async () => {
  const { campaign, rows, message } = await leftInTheAir()
  expect(await recoverLeft(db, SILENT_MS)).toEqual({ planned: 1, unknown: 1 })
  expect((await sender.rowsOf(campaign.id)).map(({ state, reason }) => [state, reason])).toEqual([
    ['unknown', 'crash'],
    ['planned', null],
  ])
  expect(await messageState(message.id)).toBe('unknown')
  const { taken, options } = taking()
  const isSettled = ({ state }: { state: string }) => state === 'sent' || state === 'unknown'
  await sender.sendUntil(campaign.id, isSettled, options)
  expect(taken).toEqual([rows[1]!.address])
})

test('a company won at the last moment gets no first mail, even where nothing took the ready mail back', async () => {
  const account = await newAccount(db, 1)
  const { campaign, rows } = await newCampaign(db, account.id, [newAddress()], { companies: true })
  await db
    .update(campaignMessages)
    .set({ chosenStatus: 'Nouveau', chosenStage: 'À prospecter' })
    .where(eq(campaignMessages.campaignId, campaign.id))
  const taken: string[] = []
  const transport = transportOf(1, async ({ envelope }) => {
    taken.push(envelope.to[0]!)
    return { state: 'sent', reply: '250 Ok' }
  })
  const connect = async () => {
    // The mail is ready by now.
    await db.transaction(async (tx) => {
      await tx.execute('ALTER TABLE companies DISABLE TRIGGER companies_judge_claimed')
      await tx.update(companies).set({ status: 'Gagné' }).where(eq(companies.id, rows[0]!.companyId!))
      await tx.execute('ALTER TABLE companies ENABLE TRIGGER companies_judge_claimed')
    })
    return transport.connect()
  }
  const isOver = ({ state }: { state: string }) => ['sent', 'skipped'].includes(state)
  const [row] = await sender.sendUntil(campaign.id, isOver, { real: () => ({ lines: 1, connect }) })
  expect([row?.state, row?.reason, taken]).toEqual(['skipped', 'status', []])
})

test('what a living node has stays its own', async () => {
  const account = await newAccount(db, 1)
  const { campaign } = await newCampaign(db, account.id, [newAddress()])
  await noteAlive(db, 'living')
  const claim = { node: 'living', limit: 9, closedCampaigns: [], blockedProviders: [], now: new Date() }
  const lane = { accountId: account.id, kind: 'real' } as const
  expect((await claimDue(db, lane, claim)).length).toBe(1)
  expect(await claimDue(db, lane, { ...claim, node: 'another' })).toEqual([])
  expect(await recoverLeft(db, SILENT_MS)).toEqual({ planned: 0, unknown: 0 })
  await sql`UPDATE sending_nodes SET seen_at = now() - interval '1 minute' WHERE id = 'living'`
  expect((await recoverLeft(db, SILENT_MS)).planned).toBe(1)
  await db.delete(campaignMessages).where(eq(campaignMessages.campaignId, campaign.id))
})

test('a person decides what becomes of the unknown: sent again as a new message, or counted as sent', async () => {
  const [one, other] = [await leftInTheAir(), await leftInTheAir()]
  await recoverLeft(db, SILENT_MS)
  const ids = [one.rows[0]!.id, one.rows[1]!.id]
  await db.update(campaigns).set({ state: 'paused' }).where(eq(campaigns.id, other.campaign.id))
  expect(await resendUnknown(db, ids, null)).toEqual([one.rows[0]!.id])
  const { taken, options } = taking()
  await sender.sendUntil(one.campaign.id, ({ state }) => state === 'sent', options)
  expect(taken.toSorted()).toEqual(one.rows.map(({ address }) => address).toSorted())
  expect(await messageState(one.message.id)).toBe('unknown')

  expect(await countUnknownAsSent(db, [other.rows[0]!.id], null)).toEqual([other.rows[0]!.id])
  const [counted] = await sender.rowsOf(other.campaign.id)
  expect([counted?.state, counted?.sentAt !== null, await messageState(other.message.id)]).toEqual([
    'sent',
    true,
    'sent',
  ])
  const kinds = await db
    .select({ kind: campaignLog.kind })
    .from(campaignLog)
    .where(inArray(campaignLog.campaignId, [one.campaign.id, other.campaign.id]))
  expect(kinds.map(({ kind }) => kind).toSorted()).toEqual(['unknown_counted', 'unknown_resent'])
  expect(await resendUnknown(db, [other.rows[0]!.id], null)).toEqual([])
})

test('a node whose mails were taken from it while it slept hands none of them over', async () => {
  const account = await newAccount(db, 1)
  const { campaign, rows } = await newCampaign(db, account.id, [newAddress()])
  const taken: string[] = []
  const real = () => ({
    lines: 1,
    // What it has made ready is taken while it connects.
    connect: async () => {
      await sql`UPDATE campaign_messages SET claimed_by = 'another node' WHERE id = ${rows[0]!.id}`
      return transportOf(1, async ({ envelope }) => {
        taken.push(envelope.to[0]!)
        return { state: 'sent', reply: '250 Ok' }
      }).connect()
    },
  })
  await sender.sendUntil(campaign.id, ({ claimedBy }) => claimedBy === 'another node', { real })
  expect(taken).toEqual([])
  await db.delete(campaignMessages).where(eq(campaignMessages.campaignId, campaign.id))
})

test('what was noted as on its way in a commit whose answer was lost is not left in the air', async () => {
  const account = await newAccount(db, 1)
  const { campaign } = await newCampaign(db, account.id, [newAddress(), newAddress()])
  let cuts = 0
  // The first commit is done, and its answer does not come.
  const cut = new Proxy(sql, {
    apply: async (target, self, given) => {
      const rows = await Reflect.apply(target, self, given)
      if ((cuts += 1) === 1) throw Object.assign(new Error('cut'), { code: 'CONNECTION_CLOSED' })
      return rows
    },
  })
  const { taken, options } = taking()
  const stop = startSending({ ...sender.deps, sql: cut }, { ...options, silentMs: SILENT_MS })
  await until('both are sent', async () =>
    (await sender.rowsOf(campaign.id)).every(({ state }) => state === 'sent'),
  )
  await stop()
  expect([cuts > 1, taken.length, new Set(taken).size]).toEqual([true, 2, 2])
  const kept = await sql`SELECT 1 FROM messages WHERE campaign_id = ${campaign.id}`
  expect(kept.length).toBe(2)
})

test('what a machine that stood still did not hand over in time is nobody’s fault and goes at once', async () => {
  const account = await newAccount(db, 1)
  const { campaign } = await newCampaign(db, account.id, Array.from({ length: 6 }, newAddress))
  let commits = 0
  const slow = new Proxy(sql, {
    apply: async (target, self, given) => {
      const first = (commits += 1) === 1
      const rows = await Reflect.apply(target, self, given)
      if (first) await Bun.sleep(SILENT_MS)
      return rows
    },
  })
  const { taken, options } = taking()
  const stop = startSending({ ...sender.deps, sql: slow }, { ...options, silentMs: SILENT_MS })
  await until('all are sent', async () =>
    (await sender.rowsOf(campaign.id)).every(({ state }) => state === 'sent'),
  )
  await stop()
  expect([taken.length, new Set(taken).size]).toEqual([6, 6])
  expect((await sender.rowsOf(campaign.id)).map(({ attempts }) => attempts)).toEqual([1, 1, 1, 1, 1, 1])
  expect((await sql`SELECT 1 FROM messages WHERE campaign_id = ${campaign.id}`).length).toBe(6)
  const held = await sql`SELECT 1 FROM mail_breakers WHERE account_id = ${account.id} AND failures > 0`
  expect(held.length).toBe(0)
})

test('a rehearsal goes to its own transport and moves nothing', async () => {
  const account = await newAccount(db, 1, { perHour: 1 })
  const addresses = Array.from({ length: 5 }, newAddress)
  const { campaign } = await newCampaign(db, account.id, addresses, {
    companies: true,
    campaign: { kind: 'rehearsal' },
  })
  const { taken, options } = taking()
  await sender.sendUntil(campaign.id, ({ state }) => state === 'sent', { rehearsal: options.rehearsal })
  expect(taken.toSorted()).toEqual(addresses.toSorted())
  expect((await sql`SELECT 1 FROM sending_moves`).length).toBe(0)
  expect((await sql`SELECT 1 FROM mail_account_usage WHERE account_id = ${account.id}`).length).toBe(0)
})

test('what is noted of a few mails is found by indexes, however small the tables were when it was planned', async () => {
  const account = await newAccount(db, 1)
  const { rows } = await newCampaign(db, account.id, [newAddress(), newAddress()], { companies: true })
  const doer = { accountId: account.id, kind: 'real', node: 'a node' } as const
  const lane = { accountId: account.id, kind: 'real' } as const
  const options = { node: doer.node, limit: 2, closedCampaigns: [], blockedProviders: [], now: new Date() }
  const claimed = await claimDue(db, lane, options)
  await db.transaction(async (tx) => {
    const before = await wholeReads(tx)
    const made = await sendStep({ tx }, doer, [], claimed.map(preparedOf))
    expect([...made.keys()].toSorted()).toEqual(rows.map(({ id }) => id).toSorted())
    const outcomes = claimed.map((row) => sentOf(row, made.get(row.id)!))
    await sendStep({ tx }, doer, outcomes, [])
    expect(await wholeReads(tx)).toEqual(before)
  })
  expect(
    await db
      .select({ state: campaignMessages.state })
      .from(campaignMessages)
      .where(eq(campaignMessages.accountId, account.id)),
  ).toEqual([{ state: 'sent' }, { state: 'sent' }])
})

/** How often tables of the ledger were read from end to end. */
const wholeReads = async (tx: Db) => [
  ...(await tx.execute(
    `SELECT relname, seq_scan FROM pg_stat_xact_user_tables
    WHERE relname IN ('messages', 'campaign_messages', 'message_links', 'suppressions') ORDER BY relname`,
  )),
]

const preparedOf = (row: Claimed): Prepared => ({
  row,
  calendar: null,
  hasNext: false,
  envelope: { from: 'jean@agence.fr', to: [row.address], size: 1 },
  message: Buffer.from('x'),
  kept: {
    token: newMessageKey(),
    recipient: row.address,
    subject: 'x',
    html: '',
    text: '',
    locale: 'fr',
    opens: 'off',
    clicks: 'off',
    messageId: '<x@agence.fr>',
    envelopeFrom: null,
    inReplyTo: null,
    references: null,
    evidence: [],
    links: [{ target: 'https://exemple.fr/', honeypot: false }],
  },
})
const sentOf = (row: Claimed, messageId: number): Outcome => ({
  row,
  hasNext: false,
  messageId,
  state: 'sent',
  reason: null,
  reply: '250 Ok',
  dueAt: null,
  at: new Date(),
  hardBounce: false,
})
