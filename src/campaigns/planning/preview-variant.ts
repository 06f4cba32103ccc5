import type { Clock } from '#src/lib/clock.ts'
import type { Db } from '#src/db/open.ts'
import { compileMessage, type MessageProblem } from '../templates/compile.ts'
import { UNSUBSCRIBE_PLACE } from '../templates/engine.ts'
import { renderMessage, type RenderedMessage } from '../templates/render.ts'
import { sampleCompany } from '../templates/sample-company.ts'
import { valuesOf } from '../templates/values-of.ts'
import { readValues, valuesKey, type Values, type ValueSender } from '../templates/values.ts'
import { firstRecipients } from './estimate.ts'
import { accountsOf, type Variant } from './queries-plan.ts'
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

/** A message as this recipient would get it. */
export const previewVariant = async (
  { recipient, values }: PreviewRecipient,
  { locale }: Pick<Campaign, 'locale'>,
  { subject, html, text }: Pick<Variant, 'subject' | 'html' | 'text'>,
): Promise<Previewed> => {
  const compiled = await compileMessage({ subject, html, text, locale })
  if (!compiled.ok) return compiled
  const mail = renderMessage(compiled.message, values)
  return { ok: true, recipient, mail: { ...mail, html: mail.html.replaceAll(UNSUBSCRIBE_PLACE, '#') } }
}

/** The subject of each message as the first recipient reads it, by the number of its variant; as it is written where
 *  that cannot be told. */
export const shownSubjects = async (
  parts: { db: Db; clock: Clock },
  campaign: Campaign,
  variants: readonly Variant[],
): Promise<Map<number, string>> => {
  const first = await previewRecipient(parts, campaign)
  const subjectOf = async (variant: Variant): Promise<[number, string]> => {
    const seen = await previewVariant(first, campaign, variant)
    return [variant.id, (seen.ok && seen.mail.subject) || variant.subject]
  }
  return new Map(await Promise.all(variants.map(subjectOf)))
}

/** Whose name a campaign's mails bear: that of its first account. */
export const senderOf = async (
  db: Db,
  { accountIds }: Pick<Campaign, 'accountIds'>,
): Promise<ValueSender | null> => {
  const [account] = await accountsOf(db, accountIds)
  if (!account) return null
  return { name: account.senderName, address: account.senderAddress, organisation: account.organisation }
}
