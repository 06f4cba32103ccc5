import type { Deps } from '#src/deps.ts'
import { accountTestText, lackText, mailboxTestText } from '#src/mail/accounts/messages.ts'
import { listAccounts, type AccountRow } from '#src/mail/accounts/queries.ts'
import { accountOf, lackOf, mailboxOf, type SendingAccount } from '#src/mail/accounts/read-account.ts'
import {
  checkAccountDomain,
  clientNameOf,
  testConnection,
  testMailbox,
} from '#src/mail/accounts/try-account.ts'
import type { DnsResolver } from '#src/mail/dns-check/ask.ts'
import { DNS_PARTS, type DomainCheck } from '#src/mail/dns-check/check-domain.ts'
import type { DnsRecord } from '#src/mail/dns-check/finding.ts'
import { dnsWhy } from '#src/mail/dns-check/messages.ts'
import { pauseText } from '#src/mail/limits/messages.ts'
import { bad, good, unknown, type Finding } from './finding.ts'

type Needs = Pick<Deps, 'db' | 'keys' | 'config' | 'clock'>

/** Every sending account: whether it can be used, its server takes the login, its mailbox opens and its domain is in order.
 *  Nothing is sent, and nothing is noted. */
export const checkAccounts = async (deps: Needs, resolver?: DnsResolver): Promise<Finding[]> => {
  const accounts = await listAccounts(deps.db).catch(() => null)
  if (accounts === null) return [unknown('accounts', 'The database could not be asked for sending accounts.')]
  return (await Promise.all(accounts.map((row) => checkAccount(deps, row, resolver)))).flat()
}

const checkAccount = async (deps: Needs, row: AccountRow, resolver?: DnsResolver): Promise<Finding[]> => {
  const account = accountOf(deps, row)
  const standing = judgeStanding(deps, row)
  if (!account) return [standing]
  const [login, mailbox, domain] = await Promise.all([
    checkLogin(deps, account),
    checkMailbox(deps, row),
    checkAccountDomain(account, resolver),
  ])
  return [standing, login, ...mailbox, judgeDomain(row, domain)]
}

const judgeStanding = (deps: Needs, row: AccountRow): Finding => {
  const check = `account:${row.slug}`
  const lack = lackOf(deps, row)
  if (lack !== null)
    return bad(
      check,
      lackText('en', lack),
      lack === 'sealed'
        ? 'Settings → Sending accounts → Edit.'
        : 'Set MAIL_SERVER again, or delete the account.',
    )
  if (row.pausedAt !== null) {
    const why = pauseText('en', { reason: row.pauseReason ?? 'hand', detail: row.pauseDetail })
    return bad(check, `Paused. ${why}`, 'Settings → Sending accounts → Resume.')
  }
  const missing = [
    row.senderName.trim() === '' && 'the sender’s name',
    row.organisation.trim() === '' && 'the firm',
    row.contactLine.trim() === '' && 'a contact line',
  ].filter((one) => one !== false)
  if (missing.length > 0)
    return unknown(
      check,
      `For campaigns it lacks ${missing.join(', ')}.`,
      'Settings → Sending accounts → Edit.',
    )
  return good(check, `${row.senderAddress} over ${row.host}:${row.port}.`)
}

const checkLogin = async (deps: Needs, account: SendingAccount): Promise<Finding> => {
  const check = `account_login:${account.row.slug}`
  const test = await testConnection(deps, account, clientNameOf(deps.config.BASE_URL, account))
  const said = test.detail === '' ? '' : ` It said: ${test.detail}`
  const told = accountTestText('en', test) + said
  if (test.ok) return good(check, told)
  return test.code === 'busy'
    ? unknown(check, told)
    : bad(check, told, 'Settings → Sending accounts, or MAIL_* where it comes from there.')
}

const checkMailbox = async (deps: Needs, row: AccountRow): Promise<Finding[]> => {
  const check = `account_mailbox:${row.slug}`
  if (row.imapHost === null) return [unknown(check, 'It has no mailbox: answers and bounces are not read.')]
  const settings = mailboxOf(deps, row)
  const test = settings ? await testMailbox(deps, settings) : { ok: false, code: 'sealed', detail: '' }
  const told = mailboxTestText('en', test)
  if (test.ok) return [good(check, told)]
  return [
    bad(check, [told, test.detail].filter(Boolean).join(' It said: '), 'Settings → Sending accounts → Edit.'),
  ]
}

const judgeDomain = ({ slug }: AccountRow, domain: DomainCheck): Finding => {
  const check = `account_dns:${slug}`
  const of = (status: string) => DNS_PARTS.filter((part) => domain[part].status === status)
  const told = (parts: readonly (typeof DNS_PARTS)[number][]) =>
    parts.map((part) => `${part.toUpperCase()}: ${dnsWhy('en', domain[part])}`).join(' ')
  const failed = of('failed')
  if (failed.length > 0) {
    const records = failed.flatMap((part) => domain[part].records).map(recordText)
    return bad(
      check,
      told(failed),
      records.length > 0 ? records.join('; ') : 'See Settings → Sending accounts.',
    )
  }
  const rest = [...of('warning'), ...of('unknown')]
  return rest.length > 0 ? unknown(check, told(rest)) : good(check, `${domain.domain} is in order.`)
}

const recordText = ({ name, type, value, replaces }: DnsRecord): string =>
  `${replaces.length > 0 ? 'replace' : 'add'} ${name} ${type} ${value}`
