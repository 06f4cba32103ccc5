import { expect, test } from 'bun:test'
import { inArray, sql } from 'drizzle-orm'
import { settleCampaigns } from '#src/campaigns/planning/jobs.ts'
import { planCampaign } from '#src/campaigns/planning/plan-campaign.ts'
import { relaunchCampaign } from '#src/campaigns/planning/copy-campaign.ts'
import { addVariant, updateDraft, updateVariant } from '#src/campaigns/planning/queries-drafts.ts'
import { findCampaign, fingerprintOf } from '#src/campaigns/planning/queries-states.ts'
import { beginDue } from '#src/campaigns/planning/begin-due.ts'
import { startCampaign } from '#src/campaigns/planning/start-campaign.ts'
import { cancelCampaign, pauseCampaign, resumeCampaign } from '#src/campaigns/planning/states.ts'
import { campaignMessages } from '#src/campaigns/schema.ts'
import { silentLog } from '#src/lib/log.ts'
import { messages } from '#src/tracking/schema.ts'
import { testDatabase } from '#tests/support/database.ts'
import { givenCompanies, givenDraft, ledgerOf, neighboursOf } from './given-draft.ts'
import { notingQueue } from './planning-app.tsx'

const { db } = await testDatabase()
const { queue, asked } = notingQueue()
const clock = { now: () => new Date() }
const parts = { db, queue, clock, log: silentLog }
const begin = { userId: null, at: null }

test('a started campaign is running and a job is asked to write its ledger, once', async () => {
  const { id } = await givenDraft(db)
  expect(await startCampaign(parts, id, begin)).toBe(true)
  expect(await startCampaign(parts, id, begin)).toBe(false)
  expect(asked).toEqual([{ job: 'campaigns.plan', input: { campaignId: id } }])
  expect(await findCampaign(db, id)).toMatchObject({ state: 'running', plannedAt: null })
})

test('what was changed since it was checked does not start', async () => {
  const { id } = await givenDraft(db)
  const change = [
    () => updateDraft(db, id, { accountIds: [] }),
    () =>
      db.execute(sql`UPDATE campaign_variants SET html = html || '!' WHERE step_id IN
      (SELECT id FROM campaign_steps WHERE campaign_id = ${id})`),
  ]
  for (const each of change) {
    const checked = await fingerprintOf(db, id)
    await each()
    expect(await startCampaign(parts, id, { ...begin, checked })).toBe(false)
  }
  expect(await findCampaign(db, id)).toMatchObject({ state: 'draft' })
  expect(await startCampaign(parts, id, { ...begin, checked: await fingerprintOf(db, id) })).toBe(true)
})

test('every recipient has one row with account, provider and time; a second run adds none', async () => {
  const { id, accountIds } = await givenDraft(db, { accounts: 2 })
  const recipients = await givenCompanies(db, 60)
  await startCampaign(parts, id, begin)
  expect(await planCampaign(parts, neighboursOf(recipients), id)).toBe(60)
  expect(await planCampaign(parts, neighboursOf(recipients), id)).toBeNull()
  const rows = await ledgerOf(db, id)
  expect(rows.map(({ address }) => address).toSorted()).toEqual(
    recipients.map(({ address }) => address).toSorted(),
  )
  expect(new Set(rows.map(({ state, provider }) => `${state} ${provider}`))).toEqual(new Set(['planned ovh']))
  const perAccount = accountIds.map((one) => rows.filter(({ accountId }) => accountId === one).length)
  expect(Math.min(...perAccount)).toBeGreaterThan(15)
})

test('a crash in the middle of writing loses nobody and doubles nobody, also within a company', async () => {
  const { id } = await givenDraft(db)
  const firms = await givenCompanies(db, 30)
  // Two people each, so that the end of a batch falls into a company.
  const recipients = firms.flatMap((one) => [one, { ...one, address: `second-${one.address}` }])
  await startCampaign(parts, id, begin)
  const good = neighboursOf(recipients, 7)
  let calls = 0
  const breaking = {
    ...good,
    providersOf: (domains: string[]) => {
      if (++calls > 4) throw new Error('killed')
      return good.providersOf(domains)
    },
  }
  await expect(planCampaign(parts, breaking, id)).rejects.toThrow('killed')
  const before = (await ledgerOf(db, id)).length
  expect(before).toBeGreaterThan(0)
  expect(before).toBeLessThan(60)
  await settleCampaigns(parts)
  expect(await findCampaign(db, id)).toMatchObject({ state: 'running' })
  expect(await planCampaign(parts, good, id)).toBe(60)
  expect(new Set((await ledgerOf(db, id)).map(({ address }) => address)).size).toBe(60)
})

test('a company stays with the account that wrote to it first', async () => {
  const { id, accountIds } = await givenDraft(db, { accounts: 3 })
  const recipients = await givenCompanies(db, 12)
  const own = accountIds[2]!
  await db.insert(messages).values(
    recipients.map(({ companyId, address }) => ({
      token: crypto.randomUUID(),
      companyId,
      recipient: address,
      subject: 'Avant',
      opens: 'off' as const,
      clicks: 'off' as const,
      state: 'sent' as const,
      accountId: own,
      sentAt: new Date(),
    })),
  )
  await startCampaign(parts, id, begin)
  await planCampaign(parts, neighboursOf(recipients), id)
  expect(new Set((await ledgerOf(db, id)).map(({ accountId }) => accountId))).toEqual(new Set([own]))
})

test('versions are shared out by weight, and an address always gets the same', async () => {
  const { id, steps } = await givenDraft(db)
  const second = await addVariant(db, id, steps[0]!.id)
  await updateVariant(db, { campaignId: id, variantId: second! }, { weight: 3 })
  const recipients = await givenCompanies(db, 400)
  await startCampaign(parts, id, begin)
  await planCampaign(parts, neighboursOf(recipients, 100), id)
  const first = await ledgerOf(db, id)
  const share = first.filter(({ variantId }) => variantId === second).length / first.length
  expect(share).toBeGreaterThan(0.68)
  expect(share).toBeLessThan(0.82)
  await db.delete(campaignMessages).where(
    inArray(
      campaignMessages.id,
      first.map((row) => row.id),
    ),
  )
  const { plannedAt: _, ...still } = (await findCampaign(db, id))!
  expect(still.state).toBe('running')
  await db.execute(`UPDATE campaigns SET planned_at = NULL WHERE id = ${id}`)
  await planCampaign(parts, neighboursOf(recipients.toReversed(), 100), id)
  const again = new Map((await ledgerOf(db, id)).map((row) => [row.address, row.variantId]))
  expect(first.every((row) => again.get(row.address) === row.variantId)).toBe(true)
})

test('paused it stays in place, resumed it goes on, cancelled what waits is skipped; nothing happens twice', async () => {
  const { id } = await givenDraft(db)
  await startCampaign(parts, id, begin)
  await planCampaign(parts, neighboursOf(await givenCompanies(db, 3)), id)
  const [sent, held] = await ledgerOf(db, id)
  await db.execute(`UPDATE campaign_messages SET state = 'sent', sent_at = now() WHERE id = ${sent!.id}`)
  await db.execute(`UPDATE campaign_messages SET state = 'held', reason = 'stale' WHERE id = ${held!.id}`)
  const by = { userId: null }
  expect(await resumeCampaign(db, id, by)).toBe(false)
  expect(await pauseCampaign(db, id, { ...by, reason: 'preflight', detail: 'spf:1' })).toBe(true)
  expect(await pauseCampaign(db, id, by)).toBe(false)
  expect(await findCampaign(db, id)).toMatchObject({
    state: 'paused',
    pauseReason: 'preflight',
    pauseDetail: 'spf:1',
  })
  expect(await resumeCampaign(db, id, by)).toBe(true)
  expect(await findCampaign(db, id)).toMatchObject({ state: 'running', pauseReason: null, pausedAt: null })
  expect(await cancelCampaign(db, id, by)).toBe(true)
  expect(await cancelCampaign(db, id, by)).toBe(false)
  expect((await ledgerOf(db, id)).map(({ state, reason }) => [state, reason])).toEqual([
    ['sent', null],
    ['skipped', 'cancelled'],
    ['skipped', 'cancelled'],
  ])
})

test('a scheduled campaign begins when its time has come, or is paused with the checks that refuse it', async () => {
  const { id } = await givenDraft(db)
  const other = await givenDraft(db)
  const at = new Date(Date.now() + 60_000)
  await startCampaign(parts, id, { userId: null, at })
  await startCampaign(parts, other.id, { userId: null, at })
  await beginDue(parts, async () => ({ ok: true }))
  expect(await findCampaign(db, id)).toMatchObject({ state: 'scheduled' })
  const later = { ...parts, clock: { now: () => new Date(at.getTime() + 1000) } }
  await beginDue(later, async (one) => (one === id ? { ok: true } : { ok: false, checks: ['spf:3'] }))
  expect(await findCampaign(db, id)).toMatchObject({ state: 'running' })
  expect(await findCampaign(db, other.id)).toMatchObject({
    state: 'paused',
    pauseReason: 'preflight',
    pauseDetail: 'spf:3',
  })
  await resumeCampaign(db, other.id, { userId: null })
  expect(await findCampaign(db, other.id)).toMatchObject({ state: 'scheduled' })
})

test('a campaign ends when nothing waits, by what became of its mails, and runs again when something is to be resent', async () => {
  const endsAs = async (states: string[]) => {
    const { id } = await givenDraft(db)
    await startCampaign(parts, id, begin)
    await planCampaign(parts, neighboursOf(await givenCompanies(db, states.length)), id)
    const rows = await ledgerOf(db, id)
    for (const [place, state] of states.entries())
      await db.execute(
        `UPDATE campaign_messages SET state = '${state}', sent_at = ${['sent', 'bounced'].includes(state) ? 'now()' : 'NULL'} WHERE id = ${rows[place]!.id}`,
      )
    await settleCampaigns(parts)
    return { id, state: (await findCampaign(db, id))!.state }
  }
  expect((await endsAs(['sent', 'bounced'])).state).toBe('completed')
  expect((await endsAs(['sent', 'sending'])).state).toBe('running')
  expect((await endsAs(['sent', 'held'])).state).toBe('running')
  expect((await endsAs(['failed', 'failed'])).state).toBe('failed')
  expect((await endsAs([])).state).toBe('completed')
  const ended = await endsAs(['sent', 'unknown'])
  expect(ended.state).toBe('completed_with_errors')
  await db.execute(
    `UPDATE campaign_messages SET state = 'planned' WHERE campaign_id = ${ended.id} AND state = 'unknown'`,
  )
  await settleCampaigns(parts)
  expect(await findCampaign(db, ended.id)).toMatchObject({ state: 'running', finishedAt: null })
})

test('a relaunch is for companies none of whose mails may have arrived', async () => {
  const { id } = await givenDraft(db)
  const firms = await givenCompanies(db, 6)
  await startCampaign(parts, id, begin)
  await planCampaign(parts, neighboursOf(firms), id)
  const rows = await ledgerOf(db, id)
  const become = (place: number, state: string, sent = false) =>
    db.execute(
      `UPDATE campaign_messages SET state = '${state}', sent_at = ${sent ? 'now()' : 'NULL'} WHERE id = ${rows[place]!.id}`,
    )
  await become(0, 'sent', true)
  await become(1, 'failed')
  await become(2, 'unknown')
  await become(3, 'bounced', true)
  await become(4, 'unsubscribed')
  await cancelCampaign(db, id, { userId: null })
  const made = await relaunchCampaign(db, id, { name: 'Encore', userId: null })
  expect(made?.companies).toBe(2)
  expect(await findCampaign(db, made!.id)).toMatchObject({
    state: 'draft',
    copiedFromId: id,
    audience: { mode: 'picked', companyIds: [firms[1]!.companyId, firms[5]!.companyId] },
  })
})
