import { defaultRules, emptyAudience } from '#src/campaigns/audience/audience.ts'
import type { PlanNeighbours, Recipient } from '#src/campaigns/planning/plan-campaign.ts'
import { addFollowUp, insertDraft, updateDraft } from '#src/campaigns/planning/queries-drafts.ts'
import { listSteps } from '#src/campaigns/planning/queries-plan.ts'
import { campaignMessages, campaigns } from '#src/campaigns/schema.ts'
import { companies } from '#src/companies/schema.ts'
import type { Db } from '#src/db/open.ts'
import { eq } from 'drizzle-orm'
import { newAccount } from '../sending/running-campaign.ts'

type Given = {
  accounts?: number
  followUps?: { delayDays: number; condition?: 'always' | 'not_clicked' | 'not_opened' }[]
  campaign?: Partial<typeof campaigns.$inferInsert>
}

/** A draft with everything it needs. */
export const givenDraft = async (db: Db, { accounts = 1, followUps = [], campaign = {} }: Given = {}) => {
  const accountIds: number[] = []
  for (let number = 0; number < accounts; number++)
    accountIds.push((await newAccount(db, 25, { perDay: 50 })).id)
  const id = await insertDraft(db, {
    name: 'Essai',
    audience: emptyAudience,
    locale: 'fr',
    userId: null,
    accountIds,
  })
  for (const { delayDays } of followUps) await addFollowUp(db, id, delayDays)
  await updateDraft(db, id, { recipients: defaultRules, ...campaign })
  const steps = await listSteps(db, id)
  return { id, accountIds, steps }
}

/** Companies with one address each, in the order of their ids. */
export const givenCompanies = async (db: Db, count: number): Promise<Recipient[]> => {
  if (count === 0) return []
  const rows = await db
    .insert(companies)
    .values(Array.from({ length: count }, (_, n) => ({ name: `Société ${n}` })))
    .returning({ id: companies.id })
  return rows.map(({ id }) => ({
    companyId: id,
    address: `contact@societe-${id}.fr`,
    contactName: null,
  }))
}

/** Recipients in batches, as an audience lists them. */
export const neighboursOf = (recipients: Recipient[], perBatch = 10): PlanNeighbours => ({
  listRecipients: async function* () {
    for (let at = 0; at < recipients.length; at += perBatch) yield recipients.slice(at, at + perBatch)
  },
  providersOf: async (domains) => new Map(domains.map((domain) => [domain, 'ovh'])),
})

export const ledgerOf = (db: Db, campaignId: number) =>
  db
    .select()
    .from(campaignMessages)
    .where(eq(campaignMessages.campaignId, campaignId))
    .orderBy(campaignMessages.id)
