import type { Db } from '#src/db/open.ts'
import type { Locale } from '#src/lib/i18n.ts'
import type { MessageEvidence } from '#src/tracking/schema.ts'
import { loadCompanies } from './queries-values.ts'
import { valuesOf } from './values-of.ts'

export type ValueRecipient = { companyId: number | null; address: string; contactName: string | null }

/** Whose mail it will be. `hasSignature`: sending adds a signature of its own under the letter. */
export type ValueSender = { name: string; address: string; organisation: string; hasSignature?: boolean }

export type ValueOptions = { locale: Locale; sender: ValueSender | null; now: Date }

/** What a template sees of one recipient. Reading a fact of the site notes it in `quoted`. */
export type Values = { scope: Record<string, unknown>; quoted: Map<string, MessageEvidence> }

/** By which readValues returns the values of a recipient. */
export const valuesKey = ({ companyId, address }: Pick<ValueRecipient, 'companyId' | 'address'>): string =>
  `${companyId ?? ''}:${address}`

/** The values of recipients, by valuesKey, in a constant number of queries whatever their number. Crawled text comes
 *  as one bounded line without invisible characters; it is escaped where it is written. */
export const readValues = async (
  db: Db,
  recipients: readonly ValueRecipient[],
  options: ValueOptions,
): Promise<Map<string, Values>> => {
  const known = await loadCompanies(db, [...new Set(recipients.flatMap(({ companyId }) => companyId ?? []))])
  return new Map(
    recipients.map((recipient) => {
      const company = recipient.companyId === null ? undefined : known.get(recipient.companyId)
      return [valuesKey(recipient), valuesOf(company ?? null, recipient, options)]
    }),
  )
}
