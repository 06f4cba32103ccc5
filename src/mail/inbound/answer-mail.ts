import type { Deps } from '#src/deps.ts'
import type { Locale } from '#src/lib/i18n.ts'
import { accountOf, type SendingAccount } from '../accounts/read-account.ts'
import { findAccount, listAccounts } from '../accounts/queries.ts'
import { answerSubject } from '../answer-subject.ts'
import { formatText } from '../format-text.ts'
import { withTail } from '../mail-tail.ts'
import { readMailSettings, type MailSettings } from '../mail-settings.ts'
import type { Mailbox } from '../mailbox.ts'
import { sendMessage, type Outcome } from '../send-message.ts'
import type { FoundInbound } from './queries-inbox.ts'

const MAX_REFERENCES = 30

type Needs = Pick<Deps, 'db' | 'keys' | 'clock' | 'log' | 'config'>

/** Who answers: the account that wrote the mail, else the one whose mailbox it came into. */
export type Answering = {
  settings: MailSettings
  accountId: number | null
  replyTo: Mailbox | null
  signature: string
}

/** Null when nothing can be sent from here. An account that was deleted is replaced by the settings of the environment. */
export const answeringAs = async (deps: Needs, { mail, about }: FoundInbound): Promise<Answering | null> => {
  const { BASE_URL: baseUrl } = deps.config
  const account = await firstUsable(deps, [about?.accountId ?? null, mail.accountId])
  if (account && baseUrl !== undefined) {
    const { id, server, sender, replyTo, signature } = account
    return { settings: { server, sender, baseUrl }, accountId: id, replyTo, signature }
  }
  const settings = readMailSettings(deps.config)
  return 'missing' in settings ? null : { settings, accountId: null, replyTo: null, signature: '' }
}

const firstUsable = async (deps: Needs, ids: (number | null)[]): Promise<SendingAccount | null> => {
  for (const id of ids) {
    const row = id === null ? null : await findAccount(deps.db, id)
    const account = row && accountOf(deps, row)
    if (account) return account
  }
  const [only, ...others] = await listAccounts(deps.db)
  return only && others.length === 0 ? accountOf(deps, only) : null
}

/** Sends an answer into the thread. Nothing in it is counted or followed; who wrote themselves get no link to unsubscribe
 *  by either. An automatic reply was written by nobody. */
export const answerMail = (
  deps: Needs,
  { mail, about }: FoundInbound,
  as: Answering,
  written: { text: string; token: string; createdBy: number | null; locale: Locale },
): Promise<Outcome> => {
  const { text, token, createdBy, locale } = written
  const references = [mail.mailReferences, about?.mailReferences, about?.messageId]
    .filter((header): header is string => Boolean(header))
    .flatMap((header) => header.split(/\s+/))
  const before = [...new Set([...references.slice(-MAX_REFERENCES), ...(mail.mailId ? [mail.mailId] : [])])]
  const language = about?.locale ?? locale
  return sendMessage(deps, as.settings, {
    to: { name: mail.fromName ?? '', address: mail.fromAddress ?? mail.recipient ?? '' },
    subject: answerSubject(mail.subject || about?.subject || ''),
    html: withTail(formatText(text, language), as.signature),
    companyId: mail.companyId,
    locale: language,
    modes: { opens: 'off', clicks: 'off' },
    isConversation: mail.kind === 'reply',
    createdBy,
    token,
    accountId: as.accountId,
    replyTo: as.replyTo,
    ...(mail.mailId && { thread: { inReplyTo: mail.mailId, references: before } }),
  })
}
