import { expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { keepFresh } from '#src/campaigns/planning/freshness.ts'
import { planCampaign } from '#src/campaigns/planning/plan-campaign.ts'
import { updateDraft, updateVariant } from '#src/campaigns/planning/queries-drafts.ts'
import { releaseHeld } from '#src/campaigns/planning/queries-freshness.ts'
import { PLAN_JOB, startCampaign } from '#src/campaigns/planning/start-campaign.ts'
import { companies } from '#src/companies/schema.ts'
import { silentLog } from '#src/lib/log.ts'
import { openQueue } from '#src/queue/open-queue.ts'
import { testDatabase } from '#tests/support/database.ts'
import { givenCompanies, givenDraft, ledgerOf, neighboursOf } from './given-draft.ts'

const DAY_MS = 86_400_000
const { db, sql, beforeClose } = await testDatabase()
const queue = openQueue({ db, sql, log: silentLog })
beforeClose(() => queue.stop(0))
await queue.ensureQueues(
  ['crawl.company', PLAN_JOB].map((name) => ({ name, concurrency: 1, retryLimit: 1, run: async () => {} })),
)
const now = new Date()
const clock = { now: () => now }
const parts = { db, queue, clock }
const ago = (days: number) => new Date(now.getTime() - days * DAY_MS)

/** A running campaign that quotes findings no older than 30 days, of companies last visited so many days ago. */
const givenQuoting = async (
  visits: (number | null)[],
  { quotes = true, kind = 'real' as 'real' | 'rehearsal' } = {},
) => {
  const { id, steps } = await givenDraft(db)
  await updateVariant(db, { campaignId: id, variantId: steps[0]!.variants[0]!.id }, { quotes })
  await updateDraft(db, id, { kind })
  const firms = await givenCompanies(db, visits.length)
  for (const [place, days] of visits.entries())
    await db
      .update(companies)
      .set({
        website: 'https://exemple.fr/',
        ...(days === null ? {} : { crawledAt: ago(days), crawlState: 'done' as const }),
      })
      .where(eq(companies.id, firms[place]!.companyId))
  await startCampaign(parts, id, { userId: null, at: null })
  await planCampaign(parts, neighboursOf(firms), id)
  return { id, firms }
}
const statesOf = async (id: number) =>
  (await ledgerOf(db, id)).map(({ state, reason }) => (reason ? `${state} ${reason}` : state))

test('from the first moment a mail that would quote an old finding is held, others are not', async () => {
  const { id } = await givenQuoting([31, 29, null])
  expect(await statesOf(id)).toEqual(['held stale', 'planned', 'planned'])
  const plain = await givenQuoting([400], { quotes: false })
  expect(await statesOf(plain.id)).toEqual(['planned'])
  const rehearsed = await givenQuoting([400], { kind: 'rehearsal' })
  expect(await statesOf(rehearsed.id)).toEqual(['planned'])
})

test('a held mail has its site visited again, once, and goes on with what is true then', async () => {
  const { id, firms } = await givenQuoting([50])
  const visitsAsked = async () =>
    (await sql`SELECT count(*)::int AS count FROM batch_items WHERE subject_id = ${firms[0]!.companyId}`)[0]!
      .count as number
  await keepFresh(db, queue, clock)
  await keepFresh(db, queue, clock)
  expect(await visitsAsked()).toBe(1)
  expect(await statesOf(id)).toEqual(['held stale'])
  await db
    .update(companies)
    .set({ crawledAt: now, crawlState: 'done' })
    .where(eq(companies.id, firms[0]!.companyId))
  await keepFresh(db, queue, clock)
  expect(await statesOf(id)).toEqual(['planned'])
})

test('where the site cannot be read the mail stays held until a person decides, and is given up after a week', async () => {
  const { id, firms } = await givenQuoting([50, 60])
  await keepFresh(db, queue, clock)
  for (const { companyId } of firms)
    await db
      .update(companies)
      .set({ crawledAt: now, crawlState: 'failed' })
      .where(eq(companies.id, companyId))
  await keepFresh(db, queue, clock)
  expect(await statesOf(id)).toEqual(['held stale_failed', 'held stale_failed'])
  const [first] = await ledgerOf(db, id)
  expect(await releaseHeld(db, id, [first!.id])).toBe(1)
  await keepFresh(db, queue, clock)
  expect(await statesOf(id)).toEqual(['planned released', 'held stale_failed'])
  await keepFresh(db, queue, { now: () => new Date(now.getTime() + 8 * DAY_MS) })
  expect(await statesOf(id)).toEqual(['planned released', 'skipped stale_failed'])
})

test('what becomes old while it waits for its turn is held then', async () => {
  const { id } = await givenQuoting([29])
  expect(await statesOf(id)).toEqual(['planned'])
  await keepFresh(db, queue, { now: () => new Date(now.getTime() + 2 * DAY_MS) })
  expect(await statesOf(id)).toEqual(['held stale'])
})
