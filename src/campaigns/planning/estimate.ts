import { OFFICE_CALENDAR } from '#src/mail/limits/calendar.ts'
import type { Forecast } from '#src/mail/limits/forecast.ts'
import { providerOf } from '#src/mail/limits/provider.ts'
import { readForecast } from '#src/mail/limits/read-forecast.ts'
import { readProviders } from '#src/mail/limits/queries-providers.ts'
import type { Clock } from '#src/lib/clock.ts'
import type { Db } from '#src/db/open.ts'
import { inAscii } from '#src/lib/mail-address.ts'
import { countAudience, listRecipients, type Recipient } from '../audience/queries-audience.ts'
import { shareRecipients } from './ab-sample.ts'
import { accountWeights } from './choose-account.ts'
import { waitingElsewhere } from './queries-list.ts'
import { accountsOf } from './queries-plan.ts'
import type { Campaign } from './queries-states.ts'

const EPOCH = new Date(0)

export type Estimate = { recipients: number; forecast: Forecast; timeZone: string }

/** How many get the first mail of a draft and when the last of them would leave. Providers are those of the first
 *  thousand companies, as they are known: nobody is asked. */
export const estimateCampaign = async (
  { db, clock }: { db: Db; clock: Clock },
  campaign: Campaign,
): Promise<Estimate> => {
  const { audience, recipients: rules, id, calendar } = campaign
  const now = clock.now()
  const { recipients } = await countAudience(db, audience, rules, id, now)
  const accounts = await accountsOf(db, campaign.accountIds)
  const shares = await providerShares(db, await firstRecipients(db, campaign, now))
  const byAccount = shareRecipients(
    accountWeights(accounts).map((one) => ({ label: String(one.id), weight: one.weight })),
    recipients,
  )
  const mails = byAccount.flatMap((account) =>
    shareRecipients(shares, account.recipients).map(({ label, recipients: count }) => ({
      accountId: Number(account.label),
      provider: label,
      mails: count,
    })),
  )
  const from = campaign.scheduledAt && campaign.scheduledAt > now ? campaign.scheduledAt : now
  const forecast = await readForecast(db, {
    mails: mails.filter((one) => one.mails > 0),
    others: await waitingElsewhere(db, id),
    calendar,
    from,
  })
  const timeZone = calendar?.timeZone ?? accounts[0]?.calendar?.timeZone ?? OFFICE_CALENDAR.timeZone
  return { recipients, forecast, timeZone }
}

/** The first batch of those a draft reaches. */
export const firstRecipients = async (
  db: Db,
  { audience, recipients: rules, id }: Pick<Campaign, 'audience' | 'recipients' | 'id'>,
  now: Date,
): Promise<Recipient[]> => {
  for await (const batch of listRecipients(db, audience, rules, id, now)) return batch
  return []
}

const providerShares = async (
  db: Db,
  recipients: readonly Recipient[],
): Promise<{ label: string; weight: number }[]> => {
  const domains = recipients.map(({ address }) => inAscii(address.slice(address.lastIndexOf('@') + 1)))
  const known = await readProviders(db, [...new Set(domains)], EPOCH)
  const counts = new Map<string, number>()
  for (const domain of domains) {
    const provider = known.get(domain) ?? providerOf(domain, null)
    counts.set(provider, (counts.get(provider) ?? 0) + 1)
  }
  return [...counts].map(([label, weight]) => ({ label, weight }))
}
