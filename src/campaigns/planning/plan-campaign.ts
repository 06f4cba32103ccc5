import type { Clock } from '#src/lib/clock.ts'
import type { Db } from '#src/db/open.ts'
import { inAscii } from '#src/lib/mail-address.ts'
import type { Audience, RecipientRules } from '../audience/audience.ts'
import { accountChooser } from './choose-account.ts'
import { pickStable } from './pick-variant.ts'
import {
  accountsOf,
  countPlanned,
  holdRunning,
  lastAccounts,
  listSteps,
  plannedCompanies,
  type Account,
  type Step,
} from './queries-plan.ts'
import { insertPlanned } from './queries-sequences.ts'
import { findCampaign, logCampaign, moveCampaign, type Campaign } from './queries-states.ts'

export type Recipient = {
  companyId: number
  address: string
  contactName: string | null
  /** Status and stage of the company when it was chosen; without them, what they are when it is written down. */
  chosenAs?: readonly [string, string]
}

/** What planning asks of its neighbours. Recipients come by company: those of one follow one another. */
export type PlanNeighbours = {
  listRecipients: (
    db: Db,
    audience: Audience,
    rules: RecipientRules,
    campaignId: number | null,
  ) => AsyncIterable<Recipient[]>
  /** Who takes in the mail of each domain. */
  providersOf: (domains: string[]) => Promise<Map<string, string>>
}

/** Writes a campaign's first mails into the ledger, batch by batch: a crash loses none, and the next try goes on with
 *  the companies that have none yet. Returns how many rows the campaign has; null when it does not run any more. */
export const planCampaign = async (
  { db, clock }: { db: Db; clock: Clock },
  neighbours: PlanNeighbours,
  campaignId: number,
): Promise<number | null> => {
  const campaign = await findCampaign(db, campaignId)
  if (!campaign || campaign.plannedAt || !['running', 'paused'].includes(campaign.state)) return null
  const [step] = await listSteps(db, campaignId)
  const accounts = await accountsOf(db, campaign.accountIds)
  if (!step || step.variants.length === 0 || accounts.length === 0) {
    await moveCampaign(db, campaignId, ['running', 'paused'], {
      state: 'failed',
      pauseReason: accounts.length === 0 ? 'no_account' : 'no_message',
      finishedAt: clock.now(),
    })
    return null
  }
  const done = await plannedCompanies(db, step.id)
  const batches = wholeCompanies(
    neighbours.listRecipients(db, campaign.audience, campaign.recipients, campaignId),
  )
  for await (const batch of batches) {
    const fresh = batch.filter(({ companyId }) => !done.has(companyId))
    if (!(await writeBatch(db, neighbours, { campaign, step, accounts, now: clock.now() }, fresh)))
      return null
  }
  return db.transaction(async (tx) => {
    const planned = await countPlanned(tx, campaignId)
    await moveCampaign(tx, campaignId, ['running', 'paused'], { plannedAt: clock.now() })
    await logCampaign(tx, { campaignId, kind: 'planned', userId: null, detail: { messages: planned } })
    return planned
  })
}

/** The same recipients, but no company is spread over two batches: one that is written is written whole. */
async function* wholeCompanies(batches: AsyncIterable<Recipient[]>): AsyncIterable<Recipient[]> {
  let kept: Recipient[] = []
  for await (const batch of batches) {
    const all = [...kept, ...batch]
    const last = all.at(-1)?.companyId
    const cut = all.findIndex(({ companyId }) => companyId === last)
    kept = all.slice(cut)
    if (cut > 0) yield all.slice(0, cut)
  }
  if (kept.length > 0) yield kept
}

type Plan = { campaign: Campaign; step: Step; accounts: Account[]; now: Date }

const writeBatch = async (
  db: Db,
  { providersOf }: PlanNeighbours,
  { campaign, step, accounts, now }: Plan,
  recipients: Recipient[],
): Promise<boolean> => {
  const domains = [...new Set(recipients.map(({ address }) => domainOf(address)))]
  const providers = await providersOf(domains)
  const companyIds = [...new Set(recipients.map(({ companyId }) => companyId))]
  const known = await lastAccounts(
    db,
    companyIds,
    accounts.map(({ id }) => id),
  )
  const accountOf = accountChooser(campaign.id, accounts, known)
  const rows = recipients.map(({ companyId, address, contactName, chosenAs }) => ({
    campaign_id: campaign.id,
    step_id: step.id,
    variant_id: pickStable(step.variants, `${step.id}:${address}`).id,
    company_id: companyId,
    account_id: accountOf(companyId),
    address,
    contact_name: contactName,
    chosen_status: chosenAs?.[0],
    chosen_stage: chosenAs?.[1],
    provider: providers.get(domainOf(address)) ?? domainOf(address),
    due_at: (campaign.startedAt ?? now).toISOString(),
    rehearsed: campaign.kind === 'rehearsal',
  }))
  return db.transaction(async (tx) => {
    if (!(await holdRunning(tx, campaign.id))) return false
    await insertPlanned(tx, rows, now)
    return true
  })
}

const domainOf = (address: string): string => inAscii(address.slice(address.lastIndexOf('@') + 1))
