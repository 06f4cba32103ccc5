import { domainToASCII } from 'node:url'
import type { Deps } from '#src/deps.ts'
import type { Locale } from '#src/lib/i18n.ts'
import { composeMail, newMessageId } from '../compose-mail.ts'
import { deliverMail, type DeliveryProblem } from '../deliver-mail.ts'
import type { DnsResolver } from '../dns-check/ask.ts'
import { checkDomain, systemDnsResolver, type DomainCheck } from '../dns-check/check-domain.ts'
import { formatText } from '../format-text.ts'
import { mailboxProblem, openMailbox, type MailboxProblem } from '../inbound/open-mailbox.ts'
import type { Mailbox } from '../mailbox.ts'
import { withTail } from '../mail-tail.ts'
import { plainText } from '../plain-text.ts'
import { connectLine, type Patience } from '../smtp-line.ts'
import { testMailTexts } from './messages.ts'
import type { MailboxSettings, SendingAccount } from './read-account.ts'
import type { AccountCheck } from './schema.ts'

/** Shorter than for mails: a person waits. */
const PATIENCE: Patience = { connectMs: 10_000, envelopeMs: 20_000, answerMs: 20_000 }
const MAX_DETAIL = 300

export type AccountTestCode = 'connected' | 'sent' | DeliveryProblem | 'lost'
export type MailboxTestCode = 'readable' | 'move_folder' | MailboxProblem['code']

type Clock = Pick<Deps, 'clock'>

/** Connects to the mail server and logs in; no mail is sent. */
export const testConnection = async (
  { clock }: Clock,
  account: SendingAccount,
  clientName: string,
  patience: Patience = PATIENCE,
): Promise<AccountCheck> => {
  const connected = await connectLine(account.server, clientName, patience)
  if (connected.ok) connected.line.close()
  const code: AccountTestCode = connected.ok ? 'connected' : connected.problem
  return checked(clock, connected.ok, code, connected.ok ? '' : connected.reply)
}

/** Sends a short mail to oneself, signed as the mails of a campaign are. It is not tracked and not kept. */
export const sendTestMail = async (
  { clock }: Clock,
  account: SendingAccount,
  { to, locale, clientName }: { to: Mailbox; locale: Locale; clientName: string },
): Promise<AccountCheck> => {
  const t = testMailTexts(locale)
  const html = withTail(formatText(t.text(account.label), locale), account.signature, '')
  const mail = composeMail({
    from: account.sender,
    to,
    replyTo: account.replyTo,
    subject: t.subject,
    html,
    text: plainText(html),
    messageId: newMessageId(account.sender),
    unsubscribeUrl: null,
    at: clock.now(),
  })
  const delivery = await deliverMail(account.server, { ...mail, clientName }, () => Promise.resolve(true))
  if (delivery.state === 'sent') return checked(clock, true, 'sent', delivery.reply)
  return checked(clock, false, delivery.state === 'unknown' ? 'lost' : delivery.problem, delivery.reply)
}

/** Logs in to the mailbox and opens its folders; nothing in it is changed or marked. */
export const testMailbox = async ({ clock }: Clock, settings: MailboxSettings): Promise<AccountCheck> => {
  const { folder, moveTo } = settings
  let client: Awaited<ReturnType<typeof openMailbox>> | null = null
  let stage: 'connect' | MailboxTestCode = 'connect'
  try {
    client = await openMailbox(settings)
    stage = 'folder'
    const opened = await client.mailboxOpen(folder, { readOnly: true })
    stage = 'move_folder'
    if (moveTo !== null) await client.mailboxOpen(moveTo, { readOnly: true })
    return checked(clock, true, 'readable', String(opened.exists))
  } catch (error) {
    const { code, detail } = mailboxProblem(error)
    // What the server says to a folder is about the folder; what breaks the connection is not.
    const isAnswer = stage !== 'connect' && client?.usable === true
    return checked(clock, false, isAnswer ? stage : code, detail)
  } finally {
    await client?.logout().catch(() => {})
    client?.close()
  }
}

const checked = (
  clock: Deps['clock'],
  isRight: boolean,
  code: AccountTestCode | MailboxTestCode | 'connect',
  detail: string,
): AccountCheck => ({
  at: clock.now().toISOString(),
  ok: isRight,
  code,
  detail: detail.slice(0, MAX_DETAIL),
})

/** The names of the domain an account writes from, asked now. */
export const checkAccountDomain = (
  { sender, server, row }: Pick<SendingAccount, 'sender' | 'server' | 'row'>,
  resolver: DnsResolver = systemDnsResolver(),
): Promise<DomainCheck> =>
  checkDomain(resolver, {
    domain: domainOf(sender.address),
    selector: row.dkimSelector,
    host: server.host,
    senderAddress: sender.address,
  })

/** What this program calls itself towards a mail server (EHLO): the host of BASE_URL, else the sender's domain. */
export const clientNameOf = (baseUrl: string | undefined, { sender }: SendingAccount): string =>
  baseUrl === undefined ? domainToASCII(domainOf(sender.address)) || 'localhost' : new URL(baseUrl).hostname

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1)
