import { expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { checkDue } from '#src/campaigns/planning/check-due.ts'
import { planCampaign } from '#src/campaigns/planning/plan-campaign.ts'
import { planNextStep } from '#src/campaigns/planning/plan-next-step.ts'
import { skipStopped } from '#src/campaigns/planning/queries-due.ts'
import { updateStep } from '#src/campaigns/planning/queries-drafts.ts'
import { startCampaign } from '#src/campaigns/planning/start-campaign.ts'
import { stopSequences } from '#src/campaigns/planning/stop-sequences.ts'
import { cancelCampaign } from '#src/campaigns/planning/states.ts'
import { campaignMessages } from '#src/campaigns/schema.ts'
import { companies } from '#src/companies/schema.ts'
import { messages, trackingEvents } from '#src/tracking/schema.ts'
import { makeMonths } from '#src/tracking/move-hits.ts'
import { testDatabase } from '#tests/support/database.ts'
import { givenCompanies, givenDraft, ledgerOf, neighboursOf } from './given-draft.ts'
import { notingQueue } from './planning-app.tsx'

const { db } = await testDatabase()
await makeMonths(db, new Date())
const clock = { now: () => new Date() }
const parts = { db, queue: notingQueue().queue, clock }
// A Thursday, and the Friday after it is a public holiday in France (1 May 2026).
const THURSDAY = '2026-04-30T08:30:00.000Z'

type Condition = 'always' | 'not_clicked' | 'not_opened'

/** A running campaign with one follow-up after two working days, of which the first mail was sent. */
const givenSent = async (count = 1, { condition = 'always' as Condition, delayDays = 2 } = {}) => {
  const draft = await givenDraft(db, { followUps: [{ delayDays }] })
  await updateStep(db, { campaignId: draft.id, stepId: draft.steps[1]!.id }, { delayDays, condition })
  const firms = await givenCompanies(db, count)
  await startCampaign(parts, draft.id, { userId: null, at: null })
  await planCampaign(parts, neighboursOf(firms), draft.id)
  for (const { id, address, companyId } of await ledgerOf(db, draft.id)) {
    const [message] = await db
      .insert(messages)
      .values({
        token: crypto.randomUUID(),
        companyId,
        campaignId: draft.id,
        recipient: address,
        subject: 'Un',
        opens: 'individual',
        clicks: 'individual',
      })
      .returning()
    await db
      .update(campaignMessages)
      .set({ state: 'sent', sentAt: new Date(THURSDAY), messageId: message!.id })
      .where(eq(campaignMessages.id, id))
  }
  const sent = await ledgerOf(db, draft.id)
  return { ...draft, firms, sent }
}

const followUpsOf = async (campaignId: number, stepId: number) =>
  (await ledgerOf(db, campaignId)).filter((row) => row.stepId === stepId)

const hit = (messageId: number, type: 'click' | 'open', verdict: 'human' | 'machine' | null) =>
  db.insert(trackingEvents).values({
    eventId: crypto.randomUUID(),
    at: new Date(),
    type,
    messageId,
    facts: { method: 'GET' },
    verdict,
  })

test('a follow-up is planned after working days, for the same address and account, once', async () => {
  const { id, sent, steps } = await givenSent(2)
  const ids = sent.map((row) => row.id)
  expect(await planNextStep(db, ids)).toBe(2)
  expect(await planNextStep(db, ids)).toBe(0)
  const followUps = await followUpsOf(id, steps[1]!.id)
  expect(followUps.map(({ address, accountId, state }) => [address, accountId, state])).toEqual(
    sent.map(({ address, accountId }) => [address, accountId, 'planned']),
  )
  // Friday is a holiday: Monday, Tuesday; at the same time by the clock of Paris.
  expect(followUps[0]!.dueAt.toISOString()).toBe('2026-05-05T08:30:00.000Z')
})

test('nothing is planned after the last step, after a mail that did not go out, or in a cancelled campaign', async () => {
  const { id, sent, steps } = await givenSent(2)
  const [one, two] = sent
  await db
    .update(campaignMessages)
    .set({ state: 'failed', sentAt: null })
    .where(eq(campaignMessages.id, one!.id))
  expect(await planNextStep(db, [one!.id])).toBe(0)
  expect(await planNextStep(db, [two!.id])).toBe(1)
  const [followUp] = await followUpsOf(id, steps[1]!.id)
  await db
    .update(campaignMessages)
    .set({ state: 'sent', sentAt: new Date() })
    .where(eq(campaignMessages.id, followUp!.id))
  expect(await planNextStep(db, [followUp!.id])).toBe(0)
  const other = await givenSent()
  await cancelCampaign(db, other.id, { userId: null })
  expect(
    await planNextStep(
      db,
      other.sent.map((row) => row.id),
    ),
  ).toBe(0)
})

test.each(['replied', 'bounced', 'unsubscribed', 'complained'] as const)(
  'a sequence stops once somebody has %s, for them and nobody else',
  async (reason) => {
    const { id, sent, steps } = await givenSent(2)
    await planNextStep(
      db,
      sent.map((row) => row.id),
    )
    expect(await stopSequences(db, { campaignMessageIds: [sent[0]!.id] }, reason)).toBe(1)
    const followUps = await followUpsOf(id, steps[1]!.id)
    expect(followUps.map(({ state, reason: why }) => [state, why])).toEqual([
      ['skipped', reason],
      ['planned', null],
    ])
  },
)

test('a reply of a company stops what waits for its other people, an unsubscribe what waits anywhere for the address', async () => {
  const { sent, firms } = await givenSent(1)
  const again = await givenDraft(db)
  await startCampaign(parts, again.id, { userId: null, at: null })
  await planCampaign(parts, neighboursOf([{ ...firms[0]!, address: 'autre@exemple.fr' }, ...firms]), again.id)
  await planNextStep(
    db,
    sent.map((row) => row.id),
  )
  expect(await stopSequences(db, { address: sent[0]!.address.toUpperCase() }, 'unsubscribed')).toBe(2)
  expect(await stopSequences(db, { companyId: firms[0]!.companyId }, 'replied')).toBe(1)
  expect((await ledgerOf(db, again.id)).map(({ reason }) => reason)).toEqual(['replied', 'unsubscribed'])
})

test.each([
  ['a reply nobody acted upon', 'replied', `UPDATE campaign_messages SET replied_at = now()`],
  ['a bounce', 'bounced', `UPDATE campaign_messages SET state = 'bounced'`],
  ['an unsubscribe', 'unsubscribed', `UPDATE campaign_messages SET unsubscribed_at = now()`],
])('when a follow-up is due, %s stops it', async (_what, reason, statement) => {
  const { id, sent, steps } = await givenSent()
  await planNextStep(db, [sent[0]!.id])
  const [followUp] = await followUpsOf(id, steps[1]!.id)
  expect(await checkDue(db, [followUp!.id])).toEqual(new Map())
  await db.execute(`${statement} WHERE id = ${sent[0]!.id}`)
  expect(await checkDue(db, [followUp!.id, sent[0]!.id])).toEqual(new Map([[followUp!.id, reason]]))
})

test.each([
  [{ status: 'À rappeler' }, 'status'],
  [{ status: 'Perdu' }, 'status'],
  [{ stage: 'RDV' }, 'meeting'],
  [{ stage: 'Proposition' }, 'meeting'],
  [{ deletedAt: new Date() }, 'company_deleted'],
  // What a click does to the status by itself is no decision of anybody.
  [{ status: 'Relance' }, null],
  [{ status: 'À qualifier' }, null],
])('a company that becomes %j stops its follow-ups (%p), first mails go on', async (changes, reason) => {
  const { id, sent, steps, firms } = await givenSent()
  await planNextStep(db, [sent[0]!.id])
  await db.update(companies).set(changes).where(eq(companies.id, firms[0]!.companyId))
  await skipStopped(db)
  const [followUp] = await followUpsOf(id, steps[1]!.id)
  expect(followUp).toMatchObject(
    reason === null ? { state: 'planned', reason: null } : { state: 'skipped', reason },
  )
})

test.each([
  ['not_clicked', 'click', 'human', 'clicked'],
  ['not_clicked', 'click', null, 'clicked'],
  ['not_clicked', 'click', 'machine', null],
  ['not_clicked', 'open', 'human', null],
  ['not_opened', 'open', 'human', 'opened'],
  ['not_opened', 'open', 'machine', null],
  ['always', 'click', 'human', null],
] as const)('with %s, a %s judged %p makes %p', async (condition, type, verdict, reason) => {
  const { id, sent, steps } = await givenSent(1, { condition })
  await planNextStep(db, [sent[0]!.id])
  const [followUp] = await followUpsOf(id, steps[1]!.id)
  await hit(sent[0]!.messageId!, type, verdict)
  expect((await checkDue(db, [followUp!.id])).get(followUp!.id) ?? null).toBe(reason)
})
