import type { Deps } from '#src/deps.ts'
import type { Locale } from '#src/lib/i18n.ts'
import { listAccounts } from '#src/mail/accounts/queries.ts'
import { accountOf, type SendingAccount } from '#src/mail/accounts/read-account.ts'
import { composeMail, newMessageId } from '#src/mail/compose-mail.ts'
import { deliverMail } from '#src/mail/deliver-mail.ts'
import { dueReport, toldSince } from './due-report.ts'
import { lastReported, listNews, listWarm, settleReport, takeReport } from './queries-reports.ts'
import { readReportSettings } from './report-settings.ts'
import { writeReport, type ReportContent } from './write-report.ts'

const DAY_MS = 24 * 3600 * 1000

type Needs = Pick<Deps, 'db' | 'clock' | 'config' | 'keys'>

/** nothing: there was nothing to tell. failed: `reply` is what the mail server said. */
export type ReportOutcome =
  | { state: 'sent'; to: string[] }
  | { state: 'nothing' | 'no_account' | 'no_address' }
  | { state: 'failed'; reply: string }

/** Scheduled every minute: sends the report that is due, once whatever the number of nodes; nothing when nothing happened. */
export const sendDueReport = async (deps: Needs): Promise<ReportOutcome | null> => {
  const { db, clock } = deps
  const settings = await readReportSettings(db)
  const due = settings.active && settings.to.length > 0 ? dueReport(settings.times, clock.now()) : null
  if (due === null) return null
  const since = toldSince(await lastReported(db), due)
  if (since >= due) return null
  const id = await takeReport(db, { dueAt: due, since, origin: 'schedule' })
  if (id === null) return null
  const outcome = await report(deps, { since, until: due }, settings)
  await settleReport(db, id, settled(outcome))
  return outcome
}

/** Sends because somebody asked: what happened since yesterday to those of the settings or, of one campaign, all that
 *  happened to it to the one who asked. */
export const sendReportNow = async (
  deps: Needs,
  asked: { campaignId: number; to: string } | null,
): Promise<ReportOutcome> => {
  const { db, clock } = deps
  const now = clock.now()
  const stored = await readReportSettings(db)
  const settings = asked === null ? stored : { ...stored, to: [asked.to] }
  if (settings.to.length === 0) return { state: 'no_address' }
  const campaignId = asked?.campaignId ?? null
  const since = campaignId === null ? new Date(now.getTime() - DAY_MS) : new Date(0)
  const id = await takeReport(db, { dueAt: now, since, origin: 'by_hand' })
  const outcome = await report(deps, { since, until: now, campaignId }, settings)
  if (id !== null) await settleReport(db, id, settled(outcome))
  return outcome
}

type Wanted = { since: Date; until: Date; campaignId?: number | null }

const report = async (
  deps: Needs,
  wanted: Wanted,
  { to, locale }: { to: string[]; locale: Locale },
): Promise<ReportOutcome> => {
  const { db } = deps
  const news = await listNews(db, wanted)
  if (news.length === 0) return { state: 'nothing' }
  const account = await usableAccount(deps)
  if (!account) return { state: 'no_account' }
  const warm = await listWarm(db, { ...wanted, campaignIds: news.map(({ id }) => id) })
  return deliver(deps, account, { ...wanted, news, warm }, { to, locale })
}

/** The first account that may send; the default comes first. */
const usableAccount = async (deps: Needs): Promise<SendingAccount | null> => {
  const rows = (await listAccounts(deps.db)).filter(({ active, pausedAt }) => active && pausedAt === null)
  for (const row of rows) {
    const account = accountOf(deps, row)
    if (account) return account
  }
  return null
}

const deliver = async (
  { clock, config }: Needs,
  account: SendingAccount,
  content: ReportContent,
  { to, locale }: { to: string[]; locale: Locale },
): Promise<ReportOutcome> => {
  const mail = writeReport(content, locale)
  const clientName = config.BASE_URL ? new URL(config.BASE_URL).hostname : 'localhost'
  for (const address of to) {
    const composed = composeMail({
      ...mail,
      from: account.sender,
      to: { name: '', address },
      messageId: newMessageId(account.sender),
      unsubscribeUrl: null,
      at: clock.now(),
    })
    const delivery = await deliverMail(account.server, { ...composed, clientName }, async () => true)
    if (delivery.state !== 'sent') return { state: 'failed', reply: delivery.reply }
  }
  return { state: 'sent', to }
}

const settled = (outcome: ReportOutcome) => ({
  state:
    outcome.state === 'sent'
      ? ('sent' as const)
      : outcome.state === 'nothing'
        ? ('nothing' as const)
        : ('failed' as const),
  detail: outcome.state === 'failed' ? outcome.reply : outcome.state === 'no_account' ? outcome.state : null,
})
