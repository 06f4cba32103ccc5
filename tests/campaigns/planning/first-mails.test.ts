import { expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { checkDue } from '#src/campaigns/planning/check-due.ts'
import { planCampaign, type Recipient } from '#src/campaigns/planning/plan-campaign.ts'
import { planNextStep } from '#src/campaigns/planning/plan-next-step.ts'
import { skipStopped } from '#src/campaigns/planning/queries-due.ts'
import { startCampaign } from '#src/campaigns/planning/start-campaign.ts'
import { campaignMessages } from '#src/campaigns/schema.ts'
import { companies } from '#src/companies/schema.ts'
import { testDatabase } from '#tests/support/database.ts'
import { givenCompanies, givenDraft, ledgerOf, neighboursOf } from './given-draft.ts'
import { notingQueue } from './planning-app.tsx'

const { db } = await testDatabase()
const parts = { db, queue: notingQueue().queue, clock: { now: () => new Date() } }

const change = (companyId: number, to: Partial<typeof companies.$inferInsert>) =>
  db.update(companies).set(to).where(eq(companies.id, companyId))

/** A campaign whose first mails to these companies wait. */
const givenWaiting = async (firms: Recipient[], followUps: { delayDays: number }[] = []) => {
  const draft = await givenDraft(db, { followUps })
  await startCampaign(parts, draft.id, { userId: null, at: null })
  await planCampaign(parts, neighboursOf(firms), draft.id)
  return draft.id
}

test.each([
  [{ status: 'Gagné' }, 'status'],
  [{ status: 'Perdu' }, 'status'],
  [{ status: 'Réponse positive' }, 'status'],
  [{ status: 'Réponse négative' }, 'status'],
  [{ status: 'À rappeler' }, 'status'],
  [{ stage: 'RDV' }, 'meeting'],
  [{ stage: 'Gagné' }, 'meeting'],
  [{ deletedAt: new Date() }, 'company_deleted'],
  // What mails do to the status by themselves, and one address that takes none while others are still to be tried.
  [{ status: 'Relance' }, null],
  [{ status: 'À qualifier' }, null],
  [{ status: 'Bounce' }, null],
  [{ stage: 'Contacté' }, null],
])('a company that becomes %j while its first mail waits: it stops for %p', async (changes, reason) => {
  const [firm] = await givenCompanies(db, 1)
  const id = await givenWaiting([firm!])
  const [row] = await ledgerOf(db, id)
  expect(await checkDue(db, [row!.id])).toEqual(new Map())
  await change(firm!.companyId, changes)
  expect((await checkDue(db, [row!.id])).get(row!.id) ?? null).toBe(reason)
  await skipStopped(db)
  expect((await ledgerOf(db, id))[0]).toMatchObject(
    reason === null ? { state: 'planned', reason: null } : { state: 'skipped', reason },
  )
})

test('customers who were chosen as such are written to', async () => {
  const [firm] = await givenCompanies(db, 1)
  await change(firm!.companyId, { status: 'Gagné', stage: 'Gagné' })
  const id = await givenWaiting([firm!])
  await skipStopped(db)
  expect((await ledgerOf(db, id))[0]).toMatchObject({ state: 'planned', chosenStatus: 'Gagné' })
})

test('their follow-ups go out, too, until something changes', async () => {
  const [firm] = await givenCompanies(db, 1)
  await change(firm!.companyId, { status: 'Gagné', stage: 'Gagné' })
  const id = await givenWaiting([firm!], [{ delayDays: 1 }])
  const [first] = await ledgerOf(db, id)
  await db
    .update(campaignMessages)
    .set({ state: 'sent', sentAt: new Date() })
    .where(eq(campaignMessages.id, first!.id))
  // Between the mail and the planning of what follows it.
  await change(firm!.companyId, { status: 'À qualifier' })
  await planNextStep(db, [first!.id])
  await change(firm!.companyId, { status: 'Gagné' })
  await skipStopped(db)
  expect((await ledgerOf(db, id))[1]).toMatchObject({ state: 'planned', reason: null, chosenStatus: 'Gagné' })
  await change(firm!.companyId, { status: 'Réponse négative' })
  await skipStopped(db)
  expect((await ledgerOf(db, id))[1]).toMatchObject({ state: 'skipped', reason: 'status' })
})

test('what a company became between its choice and the writing of its mail counts, too', async () => {
  const [firm] = await givenCompanies(db, 1)
  await change(firm!.companyId, { status: 'Perdu' })
  const id = await givenWaiting([{ ...firm!, chosenAs: ['Nouveau', 'À prospecter'] }])
  await skipStopped(db)
  expect((await ledgerOf(db, id))[0]).toMatchObject({ state: 'skipped', reason: 'status' })
})
