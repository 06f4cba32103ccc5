import { expect, setDefaultTimeout, test } from 'bun:test'
import { eq, inArray } from 'drizzle-orm'
import { campaignMessages, campaignSteps } from '#src/campaigns/schema.ts'
import { companies, companyChanges } from '#src/companies/schema.ts'
import { mailAccounts } from '#src/mail/accounts/schema.ts'
import { insertSuppression } from '#src/tracking/queries-inbox.ts'
import { suppressionRemovals, suppressions } from '#src/tracking/schema.ts'
import { suppress } from '#src/tracking/suppress.ts'
import { testDatabase } from '#tests/support/database.ts'
import { startMailServer } from '#tests/support/mail-server.ts'
import { newAccount, newCampaign } from './running-campaign.ts'
import { smallSender } from './small-sender.ts'

setDefaultTimeout(20_000)
const { db, sql } = await testDatabase()
const sender = smallSender({ db, sql })
let number = 0
const newAddress = () => `paul${(number += 1)}@exemple.fr`

/** Sends mails one after another to a server that answers each recipient as told. */
const sendAll = async (
  answers: string[],
  before: (at: number, addresses: string[]) => Promise<unknown> = () => Promise.resolve(),
) => {
  const left = [...answers]
  const server = await startMailServer({
    answers: { rcpt: () => Promise.resolve(left.shift() ?? '250 2.1.5 Ok') },
  })
  const account = await newAccount(db, server.port)
  const addresses = answers.map(newAddress)
  // One by one, in their order.
  const rows = []
  for (const [at, address] of addresses.entries()) {
    await before(at, addresses)
    const { campaign } = await newCampaign(db, account.id, [address], { companies: true })
    const isOver = (row: { state: string; reason: string | null }) =>
      !['claimed', 'sending'].includes(row.state) && (row.state !== 'planned' || row.reason !== null)
    rows.push(...(await sender.sendUntil(campaign.id, isOver)))
  }
  await db.update(mailAccounts).set({ active: false }).where(eq(mailAccounts.id, account.id))
  await server.stop()
  const listed = await db.select().from(suppressions).where(inArray(suppressions.address, addresses))
  const known = await db
    .select()
    .from(companies)
    .where(
      inArray(
        companies.id,
        rows.map((row) => row.companyId!),
      ),
    )
  return {
    addresses,
    bounces: (
      await db.select().from(campaignMessages).where(inArray(campaignMessages.address, addresses))
    ).map(({ bounceKind }) => bounceKind),
    states: rows.map(({ state, reason }) => `${state} ${reason ?? ''}`.trim()),
    suppressed: addresses.map((address) => listed.some((one) => one.address === address)),
    statuses: rows.map((row) => known.find(({ id }) => id === row.companyId)!.status),
    companyIds: rows.map((row) => row.companyId!),
  }
}

test('recipients who are all refused without a word are not held to be gone: whom the first refusals suppressed is put back', async () => {
  const { addresses, bounces, states, suppressed, statuses, companyIds } = await sendAll([
    '250 2.1.5 Ok',
    ...Array.from({ length: 6 }, () => '550'),
  ])
  expect(states).toEqual([
    'sent',
    ...Array.from({ length: 4 }, () => 'failed recipient_refused'),
    'planned busy',
    'planned busy',
  ])
  expect(suppressed).toEqual(addresses.map(() => false))
  // An audience leaves out whom a mail came back from.
  expect(bounces).toEqual(addresses.map(() => null))
  expect(new Set(statuses.slice(1))).toEqual(new Set(['Nouveau']))
  const removed = await db
    .select()
    .from(suppressionRemovals)
    .where(inArray(suppressionRemovals.address, addresses))
  expect(removed.map(({ source, reason, suppressedReason }) => [source, reason, suppressedReason])).toEqual(
    Array.from({ length: 4 }, () => ['bounce', 'provider_refused', '550']),
  )
  const history = await db.select().from(companyChanges).where(eq(companyChanges.companyId, companyIds[1]!))
  expect(history.map(({ kind }) => kind)).toContain('unsuppressed')
  expect(history.map(({ detail }) => detail)).toContainEqual({
    status: ['Bounce', 'Nouveau'],
    because: 'provider_refused',
  })
})

test('refused without a word among others who are taken, or with a word, are gone', async () => {
  const bare = '550 5.0.0'
  const mixed = await sendAll([bare, bare, bare, '250 2.1.5 Ok', bare, bare, bare])
  expect(mixed.suppressed).toEqual([true, true, true, false, true, true, true])
  const told = '550 5.1.1 <anne@exemple.fr>: User unknown'
  const gone = await sendAll([told, told, told, told, told, told])
  expect(gone.suppressed).toEqual(gone.addresses.map(() => true))
})

test('who said no since the first refusals stays on the list', async () => {
  const now = new Date()
  const { addresses, suppressed, companyIds } = await sendAll(
    Array.from({ length: 6 }, () => '550'),
    async (at, [page, hand, complaint]) => {
      if (at !== 4) return
      const said = { scope: 'all', campaignId: null, reason: '', messageId: null, at: now } as const
      await insertSuppression(db, { ...said, address: page!, source: 'page' })
      await suppress(db, { address: hand!, source: 'hand' }, now)
      await suppress(db, { address: complaint!, source: 'complaint' }, now)
    },
  )
  expect(suppressed).toEqual([true, true, true, false, false, false])
  expect(companyIds).toHaveLength(6)
  const listed = await db.select().from(suppressions).where(inArray(suppressions.address, addresses))
  expect(listed.map(({ source }) => source).toSorted()).toEqual(['complaint', 'hand', 'page'])
})

test('whom another mail came back from stays on the list', async () => {
  const { addresses, suppressed } = await sendAll(
    Array.from({ length: 6 }, () => '550'),
    async (at, [gone]) => {
      if (at !== 4) return
      const [first] = await db.select().from(campaignMessages).where(eq(campaignMessages.address, gone!))
      const { campaignId, stepId, variantId, accountId, address, provider, dueAt } = first!
      const [step] = await db
        .insert(campaignSteps)
        .values({ campaignId, position: 1, delayDays: 1 })
        .returning()
      expect(step!.id).not.toBe(stepId)
      const earlier = { campaignId, stepId: step!.id, variantId, accountId, address, provider, dueAt }
      await db.insert(campaignMessages).values({ ...earlier, state: 'bounced', bounceKind: 'hard' })
    },
  )
  expect(suppressed).toEqual([true, ...addresses.slice(1).map(() => false)])
})
