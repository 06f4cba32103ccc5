import type { Clock } from '#src/lib/clock.ts'
import type { Db } from '#src/db/open.ts'
import type { DomainCheck } from '#src/mail/dns-check/check-domain.ts'
import { compileMessage } from '../templates/compile.ts'
import { publicHttps } from './public-https.ts'
import { accountsOf, listSteps, type Account, type Step } from './queries-plan.ts'
import type { Campaign } from './queries-states.ts'
import type { Mode } from '#src/tracking/token.ts'
import { readTrackingSettings } from '#src/tracking/tracking-settings.ts'
import type { ReachAnswer } from '#src/tracking/reach-test.ts'
import type { Override } from '../schema.ts'

export const OVERRIDABLE = ['reachable', 'spf', 'dkim'] as const

export type CheckName =
  | 'recipients'
  | 'messages'
  | 'conditions'
  | 'accounts'
  | 'identity'
  | 'base_url'
  | (typeof OVERRIDABLE)[number]

/** failed: it does not start. unknown: it could not be checked; said, not refused. */
export type CheckStatus = 'ok' | 'warning' | 'failed' | 'unknown'

export type PreflightCheck = {
  name: CheckName
  /** Under which an override is recorded: the name, for accounts with their id. */
  key: string
  status: CheckStatus
  /** Says it in more detail (messages.ts: `check_…`), with what it is about. */
  code: string
  values: Record<string, string>
  account: { id: number; label: string } | null
  override: Override | null
}

export type PreflightParts = {
  db: Db
  clock: Clock
  baseUrl: string | undefined
  countRecipients: (campaign: Campaign) => Promise<number>
  checkDomain: (account: Account) => Promise<DomainCheck>
  checkReach: () => Promise<ReachAnswer>
}

/** All that must be right before a campaign starts, each with its answer. A rehearsal needs only what it is made of:
 *  nothing of it leaves the machine. */
export const preflight = async (parts: PreflightParts, campaign: Campaign): Promise<PreflightCheck[]> => {
  const [steps, accounts, recipients] = await Promise.all([
    listSteps(parts.db, campaign.id),
    accountsOf(parts.db, campaign.accountIds),
    parts.countRecipients(campaign),
  ])
  const checks = [
    check('recipients', recipients > 0 ? 'ok' : 'failed', recipients > 0 ? 'some' : 'none', {
      count: String(recipients),
    }),
    ...(await messageChecks(steps, campaign)),
    ...conditionChecks(steps, await modesOf(parts.db, campaign)),
    ...accountChecks(accounts),
  ]
  // An account that stands still hands nothing over, which a rehearsal does not ask of it.
  if (campaign.kind === 'rehearsal')
    return checks.filter(({ name, account }) => name !== 'accounts' || account === null)
  const url = publicHttps(parts.baseUrl)
  const outside = [
    ...accounts.map(identityCheck),
    check('base_url', url === null ? 'ok' : 'failed', url ?? 'fine', { url: parts.baseUrl ?? '' }),
    // Nothing can be reached at an address that nobody outside could use.
    ...(url === null ? [reachCheck(await parts.checkReach())] : []),
    ...(await Promise.all(accounts.map((account) => domainChecks(account, parts)))).flat(),
  ]
  return [...checks, ...outside].map((one) => ({
    ...one,
    override: campaign.overrides.findLast((override) => override.check === one.key) ?? null,
  }))
}

/** What refuses to start, overrides left aside. */
export const refusals = (checks: readonly PreflightCheck[]): PreflightCheck[] =>
  checks.filter(({ status, override }) => status === 'failed' && override === null)

export const isOverridable = ({ name }: Pick<PreflightCheck, 'name'>): boolean =>
  OVERRIDABLE.some((known) => known === name)

const check = (
  name: CheckName,
  status: CheckStatus,
  code: string,
  values: Record<string, string> = {},
  account: Account | null = null,
): PreflightCheck => ({
  name,
  key: account ? `${name}:${account.id}` : name,
  status,
  code: `${name}_${code}`,
  values,
  account: account && { id: account.id, label: account.label },
  override: null,
})

const messageChecks = async (steps: readonly Step[], { locale }: Campaign): Promise<PreflightCheck[]> => {
  if (steps.length === 0) return [check('messages', 'failed', 'none')]
  const bad: string[] = []
  for (const { position, variants } of steps) {
    if (variants.length === 0) bad.push(`${position + 1}`)
    for (const { label, subject, html, text } of variants) {
      const compiled = await compileMessage({ subject, html, text, locale, isFollowUp: position > 0 })
      if (!compiled.ok) bad.push(variants.length > 1 ? `${position + 1}${label}` : `${position + 1}`)
    }
  }
  return [
    check('messages', bad.length > 0 ? 'failed' : 'ok', bad.length > 0 ? 'bad' : 'fine', {
      which: bad.join(', '),
    }),
  ]
}

const modesOf = async (db: Db, { opens, clicks }: Campaign) => {
  const settings = await readTrackingSettings(db)
  return { opens: opens ?? settings.opens, clicks: clicks ?? settings.clicks }
}

// A condition on what people did can only be judged where it is known who did it.
const conditionChecks = (
  steps: readonly Step[],
  { opens, clicks }: { opens: Mode; clicks: Mode },
): PreflightCheck[] => {
  const blind = steps.find(
    ({ condition }) =>
      (condition === 'not_opened' && opens !== 'individual') ||
      (condition === 'not_clicked' && clicks !== 'individual'),
  )
  return blind ? [check('conditions', 'failed', blind.condition, { step: String(blind.position + 1) })] : []
}

const accountChecks = (accounts: readonly Account[]): PreflightCheck[] => {
  if (accounts.length === 0) return [check('accounts', 'failed', 'none')]
  return accounts.map((account) => {
    if (!account.active) return check('accounts', 'failed', 'inactive', {}, account)
    if (account.pausedAt !== null)
      return check('accounts', accounts.length > 1 ? 'warning' : 'failed', 'paused', {}, account)
    if (isUnlimited(account)) return check('accounts', 'warning', 'unlimited', {}, account)
    return check('accounts', 'ok', 'ready', {}, account)
  })
}

// Everything would leave at once, which mail services take for spam.
const isUnlimited = ({ perMinute, perHour, perDay, minGapMs }: Account): boolean =>
  perMinute === null && perHour === null && perDay === null && minGapMs === 0

const identityCheck = (account: Account): PreflightCheck => {
  const missing = [
    account.senderName.trim() === '' && 'sender',
    account.organisation.trim() === '' && 'organisation',
    account.contactLine.trim() === '' && 'contact',
  ].filter((one) => one !== false)
  const [first] = missing
  return check('identity', first ? 'failed' : 'ok', first ?? 'fine', {}, account)
}

const reachCheck = (reach: ReachAnswer): PreflightCheck =>
  reach.ok
    ? check('reachable', 'ok', reach.by)
    : check('reachable', 'failed', reach.why, { detail: reach.detail, link: reach.link })

const domainChecks = async (account: Account, { checkDomain }: PreflightParts): Promise<PreflightCheck[]> => {
  const found = await checkDomain(account)
  return (['spf', 'dkim'] as const).map((part) => {
    const { status } = found[part]
    return check(part, status, status, { domain: found.domain }, account)
  })
}
