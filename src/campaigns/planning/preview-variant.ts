import type { Clock } from '#src/lib/clock.ts'
import type { Db } from '#src/db/open.ts'
import { answerSubject } from '#src/mail/answer-subject.ts'
import { footerOf, type Origin } from '#src/mail/footer.ts'
import { withTail } from '#src/mail/mail-tail.ts'
import { originKey, readOrigins } from '#src/mail/queries-origins.ts'
import { compileMessage, type MessageProblem } from '../templates/compile.ts'
import { UNSUBSCRIBE_PLACE } from '../templates/engine.ts'
import { renderMessage, type RenderedMessage } from '../templates/render.ts'
import { sampleCompany } from '../templates/sample-company.ts'
import { valuesOf } from '../templates/values-of.ts'
import { readValues, valuesKey, type Values, type ValueSender } from '../templates/values.ts'
import { accountChooser } from './choose-account.ts'
import { firstRecipients } from './estimate.ts'
import { accountsOf, lastAccounts, type Account, type Step, type Variant } from './queries-plan.ts'
import type { Campaign } from './queries-states.ts'

/** So many recipients are offered to look at a message as. */
const CHOICES = 20

export type Previewed =
  | { ok: true; recipient: string; mail: RenderedMessage }
  | { ok: false; problems: MessageProblem[] }

export type PreviewRecipient = {
  recipient: string
  /** Null: made up, as the audience is empty. */
  companyId: number | null
  /** Who would write to them. */
  account: Account | null
  values: Values
  /** Recipients to look at it as. */
  choices: string[]
}

/** One recipient of the audience (`wanted`, else the first), a made-up company while there is none, with what messages can
 *  say of it. */
export const previewRecipient = async (
  { db, clock }: { db: Db; clock: Clock },
  campaign: Campaign,
  wanted = '',
): Promise<PreviewRecipient> => {
  const { locale } = campaign
  const now = clock.now()
  const recipients = await firstRecipients(db, campaign, now)
  const one = recipients.find(({ address }) => address === wanted) ?? recipients[0]
  const account = await accountFor(db, campaign, one?.companyId ?? null)
  const options = { locale, sender: account && senderNamed(account), now }
  const known = one && (await readValues(db, [one], options)).get(valuesKey(one))
  const sample = sampleCompany(locale, now)
  const someone = { companyId: 0, address: sample.company.contactEmail ?? '', contactName: 'Anne Martin' }
  const choices = [...new Set([...(one ? [one] : []), ...recipients].map(({ address }) => address))]
  return {
    recipient: one?.address ?? someone.address,
    companyId: one?.companyId ?? null,
    account,
    values: known ?? valuesOf(sample, someone, options),
    choices: choices.slice(0, CHOICES),
  }
}

const accountFor = async (
  db: Db,
  { id, accountIds }: Campaign,
  companyId: number | null,
): Promise<Account | null> => {
  const accounts = await accountsOf(db, accountIds)
  if (companyId === null || accounts.length < 2) return accounts[0] ?? null
  const known = await lastAccounts(db, [companyId], accountIds)
  const chosen = accountChooser(id, accounts, known)(companyId)
  return accounts.find((account) => account.id === chosen) ?? null
}

type Words = Pick<Variant, 'subject' | 'html' | 'text'>

/** A message as this recipient would get it. A follow-up is given the subject of the first mail (threadSubject). */
export const previewVariant = async (
  { recipient, values }: Pick<PreviewRecipient, 'recipient' | 'values'>,
  { locale }: Pick<Campaign, 'locale'>,
  written: Words,
  follows: string | null,
): Promise<Previewed> => {
  const { subject: typed, html, text } = written
  const isFollowUp = follows !== null
  const compiled = await compileMessage({ subject: typed, html, text, locale, isFollowUp })
  if (!compiled.ok) return compiled
  const mail = renderMessage(compiled.message, values)
  const subject = compiled.message.followsThread ? answerSubject(follows ?? '') : mail.subject
  return { ok: true, recipient, mail: { ...mail, subject } }
}

/** How the address of this recipient came to be known, as the footer tells them. */
export const originOf = async (
  db: Db,
  { companyId, recipient: address }: Pick<PreviewRecipient, 'companyId' | 'recipient'>,
): Promise<Origin> =>
  (await readOrigins(db, [{ companyId, address }])).get(originKey({ companyId, address })) ?? {
    how: 'hand',
    at: null,
  }

/** The HTML of a mail with what sending puts below it: signature and footer. Its links lead nowhere. */
export const withEnd = async (
  db: Db,
  first: PreviewRecipient,
  html: string,
  { locale }: Pick<Campaign, 'locale'>,
): Promise<string> => {
  const { account } = first
  const shown = html.replaceAll(UNSUBSCRIBE_PLACE, '#')
  if (!account) return shown
  const origin = await originOf(db, first)
  const footer = footerOf(account, { origin, locale, unsubscribeUrl: '#' })
  return withTail(shown, account.signature, footer.html)
}

/** The subject of the first mail as this recipient reads it, where that can be told. */
export const threadSubject = async (
  first: PreviewRecipient,
  campaign: Pick<Campaign, 'locale'>,
  steps: readonly Step[],
): Promise<string> => {
  const subject = steps[0]?.variants[0]?.subject ?? ''
  const seen = await previewVariant(first, campaign, { subject, html: '…', text: '' }, null)
  return (seen.ok && seen.mail.subject) || subject || '…'
}

/** The subject of each message that is written as the first recipient reads it, by the number of its variant; as it is
 *  written where that cannot be told. */
export const shownSubjects = async (
  parts: { db: Db; clock: Clock },
  campaign: Campaign,
  steps: readonly Step[],
): Promise<Map<number, string>> => {
  const first = await previewRecipient(parts, campaign)
  const thread = await threadSubject(first, campaign, steps)
  const subjectOf = async (variant: Variant, follows: string | null): Promise<[number, string]> => {
    const seen = await previewVariant(first, campaign, variant, follows)
    const written = variant.subject === '' ? answerSubject(thread) : variant.subject
    return [variant.id, (seen.ok && seen.mail.subject) || written]
  }
  const subjects = steps.flatMap(({ position, variants }) =>
    variants
      .filter((variant) => isWritten(position, variant))
      .map((variant) => subjectOf(variant, position > 0 ? thread : null)),
  )
  return new Map(await Promise.all(subjects))
}

/** Whether it says something; the subject of a follow-up may be that of the first message. */
export const isWritten = (position: number, { subject, html }: Pick<Words, 'subject' | 'html'>): boolean =>
  html !== '' && (subject !== '' || position > 0)

/** Whose name a campaign's mails bear: that of its first account. */
export const senderOf = async (
  db: Db,
  { accountIds }: Pick<Campaign, 'accountIds'>,
): Promise<ValueSender | null> => {
  const [account] = await accountsOf(db, accountIds)
  return account ? senderNamed(account) : null
}

const senderNamed = ({ senderName, senderAddress, organisation, signature }: Account): ValueSender => ({
  name: senderName,
  address: senderAddress,
  organisation,
  hasSignature: signature.trim() !== '',
})
