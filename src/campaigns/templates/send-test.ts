import type { Deps } from '#src/deps.ts'
import type { Locale } from '#src/lib/i18n.ts'
import { findAccount } from '#src/mail/accounts/queries.ts'
import { accountOf } from '#src/mail/accounts/read-account.ts'
import { composeMail, newMessageId } from '#src/mail/compose-mail.ts'
import { deliverMail, type Delivery } from '#src/mail/deliver-mail.ts'
import { footerOf, type Origin } from '#src/mail/footer.ts'
import { withTail } from '#src/mail/mail-tail.ts'
import type { Mailbox } from '#src/mail/mailbox.ts'
import { plainText } from '#src/mail/plain-text.ts'
import { suppressionOf } from '#src/mail/send-message.ts'
import { trackHtml } from '#src/mail/track-html.ts'
import { base64Lines } from '#src/mail/transfer-encoding.ts'
import { messageLinks } from '#src/tracking/message-links.ts'
import { newMessageKey } from '#src/tracking/token.ts'
import { readTrackingSettings, signingKeys } from '#src/tracking/tracking-settings.ts'
import { UNSUBSCRIBE_PLACE } from './engine.ts'
import { imagePartsOf } from './images.ts'
import { findPreviewAccount } from './queries-preview.ts'
import type { RenderedMessage } from './render.ts'

const PREFIX = '[Test] '

/** no_account: nothing to send with. suppressed: the address must not be written to. Else what the server did. */
export type TestOutcome = { state: 'no_account' | 'suppressed' } | Delivery

/** `exactly`: as a campaign would send it to somebody, from this account and with where their address is from; otherwise
 *  from the first account that may be used, marked as a test. */
export type TestOptions = { to: Mailbox; locale: Locale; exactly?: { accountId: number; origin: Origin } }

type Needs = Pick<Deps, 'db' | 'keys' | 'clock' | 'log' | 'config'>

/** Sends a rendered mail to oneself, with signature and footer as a campaign would. Nothing is tracked and nothing is kept:
 *  its unsubscribe link belongs to no mail and takes nobody off. */
export const sendTest = async (
  deps: Needs,
  mail: RenderedMessage,
  { to, locale, exactly }: TestOptions,
): Promise<TestOutcome> => {
  const { db, keys, clock, config } = deps
  const row = exactly ? await findAccount(db, exactly.accountId) : await findPreviewAccount(db)
  const account = row && accountOf(deps, row)
  const baseUrl = config.BASE_URL
  if (!account || baseUrl === undefined) return { state: 'no_account' }
  if (await suppressionOf(deps, to)) return { state: 'suppressed' }
  const now = clock.now()
  const token = newMessageKey()
  const message = { token, campaignId: null, locale, opens: 'off', clicks: 'off' } as const
  const links = messageLinks(signingKeys(keys.links, await readTrackingSettings(db)), baseUrl, message, now)
  const { unsubscribeUrl } = links
  const origin = exactly?.origin ?? { how: 'hand', at: null }
  const footer = footerOf(account, { origin, locale, unsubscribeUrl })
  const html = withTail(mail.html, account.signature, footer.html)
  const tracked = trackHtml(html, { links, locale, honeypotTarget: null, hasUnsubscribe: true })
  const signature = account.signature.trim() === '' ? '' : `\n${plainText(account.signature)}`
  const images = (await imagePartsOf(db, mail.html)).map(({ cid, filename, contentType, content }) => ({
    cid,
    type: contentType,
    fileName: filename,
    body: base64Lines(content),
  }))
  const composed = composeMail({
    from: account.sender,
    to,
    replyTo: account.replyTo,
    subject: exactly ? mail.subject : `${PREFIX}${mail.subject}`,
    html: tracked.html,
    text: `${mail.text.replaceAll(UNSUBSCRIBE_PLACE, () => unsubscribeUrl)}${signature}\n${footer.text}\n`,
    messageId: newMessageId(account.sender),
    unsubscribeUrl,
    at: now,
    images,
  })
  const clientName = new URL(baseUrl).hostname
  return deliverMail(account.server, { ...composed, clientName }, () => Promise.resolve(true))
}
