import { expect, setDefaultTimeout, test } from 'bun:test'
import { eq, inArray } from 'drizzle-orm'
import { companies, companyChanges } from '#src/companies/schema.ts'
import { mailAccounts } from '#src/mail/accounts/schema.ts'
import { suppressionRemovals, suppressions } from '#src/tracking/schema.ts'
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
const sendAll = async (answers: string[]) => {
  const left = [...answers]
  const server = await startMailServer({
    answers: { rcpt: () => Promise.resolve(left.shift() ?? '250 2.1.5 Ok') },
  })
  const account = await newAccount(db, server.port)
  const addresses = answers.map(newAddress)
  // One by one, in their order.
  const rows = []
  for (const address of addresses) {
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
    states: rows.map(({ state, reason }) => `${state} ${reason ?? ''}`.trim()),
    suppressed: addresses.map((address) => listed.some((one) => one.address === address)),
    statuses: rows.map((row) => known.find(({ id }) => id === row.companyId)!.status),
    companyIds: rows.map((row) => row.companyId!),
  }
}

test('recipients who are all refused without a word are not held to be gone: whom the first refusals suppressed is put back', async () => {
  const { addresses, states, suppressed, statuses, companyIds } = await sendAll([
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
