import type { Deps } from '#src/deps.ts'
import { checkDomain, systemDnsResolver } from '#src/mail/dns-check/check-domain.ts'
import type { DnsResolver } from '#src/mail/dns-check/ask.ts'
import { readEnvironmentServer } from '#src/mail/mail-settings.ts'
import type { FetchOptions } from '#src/lib/safe-fetch.ts'
import { testReach } from '#src/tracking/reach-test.ts'
import { countAudience } from '../audience/queries-audience.ts'
import type { MayBegin } from './begin-due.ts'
import { preflight, refusals, type PreflightCheck } from './preflight.ts'
import { lastStart } from './queries-log.ts'
import { findCampaign, type Campaign } from './queries-states.ts'
import type { Account } from './queries-plan.ts'

type Needs = Pick<Deps, 'db' | 'clock' | 'config' | 'keys'> & {
  /** Instead of this machine's name servers and way out; for tests. */
  resolver?: DnsResolver
  fetchOptions?: FetchOptions
}

/** The preflight as this installation makes it: name servers and BASE_URL are asked now. */
export const runPreflight = (deps: Needs, campaign: Campaign): Promise<PreflightCheck[]> =>
  preflight(
    {
      db: deps.db,
      clock: deps.clock,
      baseUrl: deps.config.BASE_URL,
      countRecipients: async ({ audience, recipients, id }) =>
        (await countAudience(deps.db, audience, recipients, id, deps.clock.now())).recipients,
      checkDomain: (account) =>
        checkDomain(deps.resolver ?? systemDnsResolver(), {
          domain: account.senderAddress.slice(account.senderAddress.lastIndexOf('@') + 1),
          selector: account.dkimSelector,
          host: hostOf(deps, account),
          senderAddress: account.senderAddress,
        }),
      checkReach: () => testReach(deps, deps.config.BASE_URL ?? '', deps.fetchOptions),
    },
    campaign,
  )

const hostOf = ({ config }: Needs, { origin, host }: Account): string =>
  origin === 'environment' ? (readEnvironmentServer(config)?.server.host ?? host) : host

/** The same when a scheduled campaign's time has come. Nobody is there then to open a test link on a phone: where that was
 *  what proved the page when it was scheduled, it is not asked for again. */
export const mayBegin =
  (deps: Needs): MayBegin =>
  async (campaignId) => {
    const campaign = await findCampaign(deps.db, campaignId)
    if (!campaign) return { ok: false, checks: [] }
    const reachedBy = (await lastStart(deps.db, campaignId))?.['reachedBy']
    const refused = refusals(await runPreflight(deps, campaign)).filter(
      ({ name }) => name !== 'reachable' || reachedBy !== 'report',
    )
    return refused.length === 0 ? { ok: true } : { ok: false, checks: refused.map(({ key }) => key) }
  }
