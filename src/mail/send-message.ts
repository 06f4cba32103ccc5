import { recordChange } from '#src/companies/queries-edit.ts'
import type { Deps } from '#src/deps.ts'
import { sleep } from '#src/lib/sleep.ts'
import { messageLinks } from '#src/tracking/message-links.ts'
import { honeypotTarget } from '#src/tracking/honeypot.ts'
import { moveHits } from '#src/tracking/move-hits.ts'
import { findSuppression } from '#src/tracking/queries-inbox.ts'
import { newMessageKey, type Locale, type Mode } from '#src/tracking/token.ts'
import { readTrackingSettings, signingKeys } from '#src/tracking/tracking-settings.ts'
import { asciiDomain, composeMail, newMessageId } from './compose-mail.ts'
import { deliverMail, type Delivery, type DeliveryProblem } from './deliver-mail.ts'
import { countSent } from './limits/count-sent.ts'
import type { Mailbox } from './mailbox.ts'
import type { MailSettings } from './mail-settings.ts'
import { sendProblemText } from './messages.ts'
import { plainText } from './plain-text.ts'
import { hasWithdrawnConsent, insertMessage, settleMessage } from './queries-messages.ts'
import { verpAddress } from './verp.ts'
import { trackHtml, type TrackedLink } from './track-html.ts'

const MAX_SUBJECT = 400
const MAX_HTML = 1_000_000
const SETTLE_TRIES = 5
const SETTLE_AGAIN_MS = 1_000

export type Draft = {
  to: Mailbox
  subject: string
  html: string
  companyId: number | null
  locale: Locale
  /** Null: as the settings say. */
  modes: { opens: Mode; clicks: Mode } | null
  /** Who wrote it; null when nobody in particular. */
  createdBy?: number | null
  /** A new key of the message (newMessageKey). Given twice, the mail is sent once. */
  token?: string
  /** The mail it answers, and all before it, oldest first. */
  thread?: { inReplyTo: string; references: readonly string[] }
  /** Its recipient has written to us: a letter between two people, which nobody unsubscribes from. */
  isConversation?: boolean
  /** The account whose server and sender the settings are; answers go to `replyTo`, else to the sender. */
  accountId?: number | null
  replyTo?: Mailbox | null
  /** Returned mail goes to an address of this mail's own (verp.ts). */
  verp?: boolean
}

export type Suppressed = NonNullable<Awaited<ReturnType<typeof findSuppression>>>

export type Sent = {
  messageId: number
  token: string
  pixelUrl: string | null
  links: TrackedLink[]
  unsubscribeUrl: string
}

/** refused: nothing was tried. failed: the server did not take it. unknown: it may have. `message` says in English what
 *  happened, where and what to do; `reply` is what the mail server answered. */
export type SendProblem = {
  code:
    | 'bad_recipient'
    | 'bad_subject'
    | 'empty_message'
    | 'too_large'
    | 'suppressed'
    | 'outcome_not_stored'
    | DeliveryProblem
  state: 'refused' | 'failed' | 'unknown'
  where: string
  reply: string
  message: string
  suppression?: Suppressed
}

/** already: this draft was sent before, or is being sent. */
export type Outcome =
  | { ok: true; value: Sent }
  | { ok: false; problem: SendProblem }
  | { ok: false; problem: { code: 'already'; message: string } }

type Needs = Pick<Deps, 'db' | 'keys' | 'clock' | 'log'>

/** Sends one mail: noted before anything goes out, so that a crash can neither send it twice nor hide it, and refused as
 *  long as the recipient may still say no. */
export const sendMessage = async (deps: Needs, settings: MailSettings, draft: Draft): Promise<Outcome> => {
  const { db } = deps
  const where = `${settings.server.host}:${settings.server.port}`
  const wrong = wrongDraft(draft)
  if (wrong) return refusal({ code: wrong, state: 'refused', where, reply: '' })
  const suppression = await suppressionOf(deps, draft.to)
  if (suppression) return refusal({ code: 'suppressed', state: 'refused', where, reply: '', suppression })

  const { message, links, mail } = await prepare(deps, settings, draft)
  const id = await insertMessage(db, message, links.all)
  if (id === null)
    return { ok: false, problem: { code: 'already', message: 'This message was sent before.' } }
  const clientName = new URL(settings.baseUrl).hostname
  const delivery = await deliverMail(
    settings.server,
    { ...mail, clientName },
    async () => (await suppressionOf(deps, draft.to)) === null,
    {
      onLate: async (late) => {
        await settle(deps, id, late)
        if (late.state === 'sent') await noteInHistory(deps, draft)
      },
    },
  ).catch(async (error: unknown) => {
    await settle(deps, id, { state: 'failed', problem: 'stopped', reply: '' })
    throw error
  })
  const stored = await settle(deps, id, delivery)
  if (delivery.state !== 'failed') await countAsSent(deps, draft)
  if (delivery.state !== 'sent')
    return refusal({ code: delivery.problem, state: delivery.state, where, reply: delivery.reply })
  if (!stored) return refusal({ code: 'outcome_not_stored', state: 'failed', where, reply: delivery.reply })
  await noteInHistory(deps, draft)
  const { pixelUrl, unsubscribeUrl } = links
  return {
    ok: true,
    value: { messageId: id, token: message.token, pixelUrl, links: links.all, unsubscribeUrl },
  }
}

const wrongDraft = ({ subject, html }: Draft): SendProblem['code'] | null => {
  if (subject.trim() === '' || subject.length > MAX_SUBJECT || /\p{Cc}/u.test(subject)) return 'bad_subject'
  if (html.trim() === '') return 'empty_message'
  return html.length > MAX_HTML ? 'too_large' : null
}

/** Why an address may not be written to, with all that recipients have asked for until this moment. */
export const suppressionOf = async (
  { db }: Pick<Needs, 'db'>,
  { address }: Mailbox,
): Promise<Suppressed | null> => {
  await moveHits(db)
  return findSuppression(db, address, null)
}

const prepare = async ({ db, keys, clock }: Needs, settings: MailSettings, draft: Draft) => {
  const {
    to,
    subject,
    html,
    companyId,
    locale,
    thread,
    accountId = null,
    replyTo = null,
    verp = false,
    isConversation = false,
  } = draft
  const { sender, baseUrl } = settings
  const tracking = await readTrackingSettings(db)
  const wanted = draft.modes ?? tracking
  const counted = (await hasWithdrawnConsent(db, to.address)) ? notIndividual : (mode: Mode) => mode
  const modes = { opens: counted(wanted.opens), clicks: counted(wanted.clicks) }
  const token = draft.token ?? newMessageKey()
  const at = clock.now()
  const links = messageLinks(
    signingKeys(keys.links, tracking),
    baseUrl,
    { token, campaignId: null, locale, ...modes },
    at,
  )
  const trap = tracking.honeypot && modes.clicks !== 'off' ? honeypotTarget(baseUrl) : null
  const hasUnsubscribe = isConversation
  const tracked = trackHtml(html, { links, locale, honeypotTarget: trap, hasUnsubscribe })
  const untracked = { ...links, pixelUrl: null, clickUrl: (target: string) => target }
  const text = plainText(
    trackHtml(html, { links: untracked, locale, honeypotTarget: null, hasUnsubscribe }).html,
  )
  const messageId = newMessageId(sender)
  const envelopeFrom = verp ? verpAddress(sender, token) : null
  const { unsubscribeUrl } = links
  return {
    message: {
      token,
      createdBy: draft.createdBy ?? null,
      companyId,
      recipient: to.address,
      subject,
      html: tracked.html,
      text,
      locale,
      ...modes,
      messageId,
      accountId,
      envelopeFrom,
      inReplyTo: thread?.inReplyTo ?? null,
      mailReferences: thread?.references.join(' ') ?? null,
    },
    links: { all: tracked.links, pixelUrl: links.pixelUrl, unsubscribeUrl },
    mail: composeMail({
      from: sender,
      to,
      subject,
      html: tracked.html,
      text,
      messageId,
      unsubscribeUrl: isConversation ? null : unsubscribeUrl,
      at,
      replyTo,
      ...(envelopeFrom === null ? {} : { envelopeFrom: asciiDomain(envelopeFrom) }),
      ...(thread && { inReplyTo: thread.inReplyTo, references: thread.references }),
    }),
  }
}

const notIndividual = (mode: Mode): Mode => (mode === 'individual' ? 'aggregate' : mode)

/** Notes what became of a mail; false when the database would not take it, however often it was asked. */
const settle = async ({ db, clock, log }: Needs, id: number, delivery: Delivery): Promise<boolean> => {
  const sentAt = delivery.state === 'sent' ? clock.now() : null
  for (let tries = 1; tries <= SETTLE_TRIES; tries++)
    try {
      await settleMessage(db, id, { state: delivery.state, smtpReply: delivery.reply || null, sentAt })
      return true
    } catch {
      if (tries < SETTLE_TRIES) await sleep(SETTLE_AGAIN_MS)
    }
  log.error('what became of a mail could not be noted', { message: id, state: delivery.state })
  return false
}

/** Campaigns get a place less within the limits of the account; a mail that has gone out does not fail for that. */
const countAsSent = async ({ db, clock, log }: Needs, { accountId, to }: Draft): Promise<void> => {
  if (accountId === null || accountId === undefined) return
  await countSent(db, { accountId, address: to.address }, clock.now()).catch(() =>
    log.warn('a mail is missing in the limits of its account', { account: accountId }),
  )
}

/** The mail has gone out: what cannot be noted here must not look as if it had not. */
const noteInHistory = async ({ db, log }: Needs, draft: Draft): Promise<void> => {
  const { companyId, createdBy = null, to, subject } = draft
  if (companyId === null) return
  const detail = { recipient: to.address, subject }
  await recordChange(db, { companyId, userId: createdBy, kind: 'written', detail }).catch(() =>
    log.warn('a mail is missing in the history of its company', { company: companyId }),
  )
}

const refusal = (problem: Omit<SendProblem, 'message'>): Outcome => {
  const { suppression } = problem
  const why = suppression
    ? ` Since ${suppression.at.toISOString()} (${suppression.source})${suppression.reason ? `: ${suppression.reason}` : ''}.`
    : ''
  const said = problem.reply === '' ? '' : ` Last answer: ${problem.reply}`
  return {
    ok: false,
    problem: { ...problem, message: `${sendProblemText('en', { ...problem, message: '' })}${why}${said}` },
  }
}
