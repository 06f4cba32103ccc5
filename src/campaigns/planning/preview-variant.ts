import type { Clock } from '#src/lib/clock.ts'
import type { Db } from '#src/db/open.ts'
import { answerSubject } from '#src/mail/answer-subject.ts'
import { compileMessage, type MessageProblem } from '../templates/compile.ts'
import { renderMessage, type RenderedMessage } from '../templates/render.ts'
import { sampleCompany } from '../templates/sample-company.ts'
import { valuesOf } from '../templates/values-of.ts'
import { readValues, valuesKey, type Values, type ValueSender } from '../templates/values.ts'
import { firstRecipients } from './estimate.ts'
import { accountsOf, type Step, type Variant } from './queries-plan.ts'
import type { Campaign } from './queries-states.ts'

export type Previewed =
  | { ok: true; recipient: string; mail: RenderedMessage }
  | { ok: false; problems: MessageProblem[] }

export type PreviewRecipient = { recipient: string; values: Values }

/** The first recipient of the audience, a made-up company while there is none, with what messages can say of it. */
export const previewRecipient = async (
  { db, clock }: { db: Db; clock: Clock },
  campaign: Campaign,
): Promise<PreviewRecipient> => {
  const { locale } = campaign
  const now = clock.now()
  const options = { locale, sender: await senderOf(db, campaign), now }
  const [first] = await firstRecipients(db, campaign, now)
  const known = first && (await readValues(db, [first], options)).get(valuesKey(first))
  const sample = sampleCompany(locale, now)
  const someone = { companyId: 0, address: sample.company.contactEmail ?? '', contactName: 'Anne Martin' }
  const values = known ?? valuesOf(sample, someone, options)
  return { recipient: first?.address ?? someone.address, values }
}

type Words = Pick<Variant, 'subject' | 'html' | 'text'>

/** A message as this recipient would get it. A follow-up is given the subject of the first mail (threadSubject). */
export const previewVariant = async (
  { recipient, values }: PreviewRecipient,
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
  if (!account) return null
  const { senderName: name, senderAddress: address, organisation, signature } = account
  return { name, address, organisation, hasSignature: signature.trim() !== '' }
}
