import type { Deps } from '#src/deps.ts'
import { saveDnsCheck } from '#src/mail/accounts/queries.ts'
import { checkDomain, systemDnsResolver, type DomainCheck } from '#src/mail/dns-check/check-domain.ts'
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

/** As long as a person looks at the page of the checks before they start. */
const JUST_MS = 5 * 60_000

type Needs = Pick<Deps, 'db' | 'clock' | 'config' | 'keys'> & {
  /** Instead of this machine's name servers and way out; for tests. */
  resolver?: DnsResolver
  fetchOptions?: FetchOptions
}

/** The preflight as this installation makes it: BASE_URL is asked now, name servers too – or, right after, what they said
 *  a moment ago is taken (`just`). */
export const runPreflight = (
  deps: Needs,
  campaign: Campaign,
  asked: 'now' | 'just' = 'now',
): Promise<PreflightCheck[]> =>
  preflight(
    {
      db: deps.db,
      clock: deps.clock,
      baseUrl: deps.config.BASE_URL,
      countRecipients: async ({ audience, recipients, id }) =>
        (await countAudience(deps.db, audience, recipients, id, deps.clock.now())).recipients,
      checkDomain: (account) => domainOf(deps, account, asked),
      checkReach: () => testReach(deps, deps.config.BASE_URL ?? '', deps.fetchOptions),
    },
    campaign,
  )

const domainOf = async (deps: Needs, account: Account, asked: 'now' | 'just'): Promise<DomainCheck> => {
  const { lastDns, lastDnsAt, dkimSelector: selector, senderAddress } = account
  const question = {
    domain: senderAddress.slice(senderAddress.lastIndexOf('@') + 1),
    selector,
    host: hostOf(deps, account),
    senderAddress,
  }
  const now = deps.clock.now()
  const last = lastDns
  const isJust = lastDnsAt !== null && now.getTime() - lastDnsAt.getTime() < JUST_MS
  const isSame = last?.host === question.host.toLowerCase() && last.selector === selector
  if (asked === 'just' && last && isJust && isSame && last.domain === question.domain.toLowerCase())
    return last
  const found = await checkDomain(deps.resolver ?? systemDnsResolver(), question)
  await saveDnsCheck(deps.db, account.id, found, now)
  return found
}

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
