import { expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { preflight, refusals, type PreflightParts } from '#src/campaigns/planning/preflight.ts'
import { updateDraft, updateStep, updateVariant } from '#src/campaigns/planning/queries-drafts.ts'
import { findCampaign } from '#src/campaigns/planning/queries-states.ts'
import type { DomainCheck } from '#src/mail/dns-check/check-domain.ts'
import { mailAccounts } from '#src/mail/accounts/schema.ts'
import type { ReachAnswer } from '#src/tracking/reach-test.ts'
import { testDatabase } from '#tests/support/database.ts'
import { givenDraft } from './given-draft.ts'

const { db } = await testDatabase()

const dns = (spf: string, dkim: string) =>
  ({ domain: 'agence.fr', spf: { status: spf }, dkim: { status: dkim } }) as unknown as DomainCheck

const parts = (given: Partial<PreflightParts> = {}): PreflightParts => ({
  db,
  clock: { now: () => new Date() },
  baseUrl: 'https://suivi.agence.fr',
  countRecipients: async () => 12,
  checkDomain: async () => dns('ok', 'ok'),
  checkReach: async () => ({ ok: true, by: 'server' }),
  ...given,
})

/** A draft of which everything is in order. */
const givenReady = async (campaign: Parameters<typeof givenDraft>[1] = {}) => {
  const draft = await givenDraft(db, campaign)
  for (const { variants } of draft.steps)
    await updateVariant(
      db,
      { campaignId: draft.id, variantId: variants[0]!.id },
      { subject: 'Bonjour', html: '<p>Bonjour {{ entreprise }}</p>' },
    )
  return draft
}

const refusedBy = async (id: number, given: Partial<PreflightParts> = {}) =>
  refusals(await preflight(parts(given), (await findCampaign(db, id))!)).map(({ code }) => code)

test('a campaign that is in order is refused by nothing, and every check says so', async () => {
  const { id } = await givenReady()
  const checks = await preflight(parts(), (await findCampaign(db, id))!)
  expect(checks.map(({ name, status }) => [name, status])).toEqual(
    (['recipients', 'messages', 'accounts', 'identity', 'base_url', 'reachable', 'spf', 'dkim'] as const).map(
      (name) => [name, 'ok'],
    ),
  )
  expect(refusals(checks)).toEqual([])
})

test.each([
  ['senderName', 'identity_sender'],
  ['organisation', 'identity_organisation'],
  ['contactLine', 'identity_contact'],
] as const)('without %s of the sender it does not start', async (field, code) => {
  const { id, accountIds } = await givenReady()
  await db
    .update(mailAccounts)
    .set({ [field]: ' ' })
    .where(eq(mailAccounts.id, accountIds[0]!))
  expect(await refusedBy(id)).toEqual([code])
})

test.each([
  [undefined, 'base_url_missing'],
  ['http://suivi.agence.fr', 'base_url_not_https'],
  ['https://192.168.1.4', 'base_url_not_public'],
])('with BASE_URL %p it does not start, and nothing is asked there', async (baseUrl, code) => {
  const { id } = await givenReady()
  const checkReach = () => Promise.reject(new Error('asked'))
  expect(await refusedBy(id, { baseUrl, checkReach })).toEqual([code])
})

test.each(['unreachable', 'tls', 'other_page'] as const)(
  'an unsubscribe page that is %s refuses, unless an admin said why it may be so',
  async (why) => {
    const { id } = await givenReady()
    const reach: ReachAnswer = { ok: false, why, detail: '', link: 'https://suivi.agence.fr/track/…' }
    expect(await refusedBy(id, { checkReach: async () => reach })).toEqual([`reachable_${why}`])
    const override = { check: 'reachable', reason: 'testé au téléphone', userId: null, at: '' }
    await updateDraft(db, id, { overrides: [override] })
    expect(await refusedBy(id, { checkReach: async () => reach })).toEqual([])
  },
)

test.each([
  ['failed', 'ok', ['spf_failed']],
  ['ok', 'failed', ['dkim_failed']],
  ['failed', 'failed', ['spf_failed', 'dkim_failed']],
  ['unknown', 'unknown', []],
  ['warning', 'warning', []],
])('SPF %s and DKIM %s: refused by %j', async (spf, dkim, codes) => {
  const { id, accountIds } = await givenReady()
  const checkDomain = async () => dns(spf, dkim)
  expect(await refusedBy(id, { checkDomain })).toEqual(codes)
  const checks = await preflight(parts({ checkDomain }), (await findCampaign(db, id))!)
  expect(checks.find(({ name }) => name === 'spf')).toMatchObject({
    status: spf,
    key: `spf:${accountIds[0]}`,
  })
  await updateDraft(db, id, {
    overrides: ['spf', 'dkim'].map((check) => ({
      check: `${check}:${accountIds[0]}`,
      reason: 'relais interne',
      userId: null,
      at: '',
    })),
  })
  expect(await refusedBy(id, { checkDomain })).toEqual([])
})

test('an override of one account is none of another', async () => {
  const { id, accountIds } = await givenReady({ accounts: 2 })
  await updateDraft(db, id, {
    overrides: [{ check: `spf:${accountIds[0]}`, reason: 'oui', userId: null, at: '' }],
  })
  expect(await refusedBy(id, { checkDomain: async () => dns('failed', 'ok') })).toEqual(['spf_failed'])
})

test('nobody to write to, no account, paused and switched off ones, messages that are not written', async () => {
  const { id, accountIds, steps } = await givenReady()
  expect(await refusedBy(id, { countRecipients: async () => 0 })).toEqual(['recipients_none'])
  await db.update(mailAccounts).set({ pausedAt: new Date() }).where(eq(mailAccounts.id, accountIds[0]!))
  expect(await refusedBy(id)).toEqual(['accounts_paused'])
  await db
    .update(mailAccounts)
    .set({ pausedAt: null, active: false })
    .where(eq(mailAccounts.id, accountIds[0]!))
  expect(await refusedBy(id)).toEqual(['accounts_inactive'])
  await updateVariant(db, { campaignId: id, variantId: steps[0]!.variants[0]!.id }, { html: '{{ inconnu }}' })
  await updateDraft(db, id, { accountIds: [] })
  expect(await refusedBy(id)).toEqual(['messages_bad', 'accounts_none'])
})

test('an account without any limit is warned about, not refused; one limit or a gap between mails is enough', async () => {
  const { id, accountIds } = await givenReady()
  const said = async (limits: Partial<typeof mailAccounts.$inferInsert>) => {
    await db
      .update(mailAccounts)
      .set({ perMinute: null, perHour: null, perDay: null, minGapMs: 0, ...limits })
      .where(eq(mailAccounts.id, accountIds[0]!))
    const checks = await preflight(parts(), (await findCampaign(db, id))!)
    expect(refusals(checks)).toEqual([])
    return checks.find(({ name }) => name === 'accounts')
  }
  expect(await said({})).toMatchObject({ status: 'warning', code: 'accounts_unlimited' })
  for (const limits of [{ perMinute: 2 }, { perHour: 20 }, { perDay: 50 }, { minGapMs: 30_000 }])
    expect(await said(limits)).toMatchObject({ status: 'ok', code: 'accounts_ready' })
})

test('a follow-up may not depend on what is not known of each recipient', async () => {
  const { id, steps } = await givenReady({ followUps: [{ delayDays: 2 }] })
  const step = { campaignId: id, stepId: steps[1]!.id }
  await updateStep(db, step, { delayDays: 2, condition: 'not_opened' })
  // The settings: opens aggregate, clicks individual.
  expect(await refusedBy(id)).toEqual(['conditions_not_opened'])
  await updateDraft(db, id, { opens: 'individual' })
  expect(await refusedBy(id)).toEqual([])
  await updateStep(db, step, { delayDays: 2, condition: 'not_clicked' })
  expect(await refusedBy(id)).toEqual([])
  await updateDraft(db, id, { clicks: 'off' })
  expect(await refusedBy(id)).toEqual(['conditions_not_clicked'])
})

test('a rehearsal asks nobody and needs neither identity, nor an account that sends, nor public address, nor DNS', async () => {
  const { id, accountIds } = await givenReady()
  await db
    .update(mailAccounts)
    .set({ organisation: '', contactLine: '', pausedAt: new Date() })
    .where(eq(mailAccounts.id, accountIds[0]!))
  await updateDraft(db, id, { kind: 'rehearsal' })
  const asked = () => Promise.reject(new Error('asked'))
  expect(await refusedBy(id, { baseUrl: undefined, checkReach: asked, checkDomain: asked })).toEqual([])
})
