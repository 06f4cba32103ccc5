import type { Db } from '#src/db/open.ts'
import type { Locale } from '#src/lib/i18n.ts'
import type { MessageEvidence } from '#src/tracking/schema.ts'
import { loadCompanies, type Wanted } from './queries-values.ts'
import { valuesOf } from './values-of.ts'
import { needsOf } from './variables.ts'

export type ValueRecipient = { companyId: number | null; address: string; contactName: string | null }

/** Whose mail it will be. `hasSignature`: sending adds a signature of its own under the letter. */
export type ValueSender = { name: string; address: string; organisation: string; hasSignature?: boolean }

/** `variables`: the only ones that will be asked for (CompiledMessage.variables); what they do not need is not read. */
export type ValueOptions = {
  locale: Locale
  sender: ValueSender | null
  now: Date
  variables?: Iterable<string>
}

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
  const ids = [...new Set(recipients.flatMap(({ companyId }) => companyId ?? []))]
  const known = await loadCompanies(db, ids, wantedBy(options.variables))
  return new Map(
    recipients.map((recipient) => {
      const company = recipient.companyId === null ? undefined : known.get(recipient.companyId)
      return [valuesKey(recipient), valuesOf(company ?? null, recipient, options)]
    }),
  )
}

const wantedBy = (names: Iterable<string> | undefined): Wanted => {
  if (names === undefined) return { pages: true, averages: true, facts: true, findings: true }
  const wanted = { pages: false, averages: false, facts: false, findings: false }
  for (const name of names) {
    const need = needsOf(name)
    wanted.pages ||= need.pages
    wanted.averages ||= need.averages
    wanted.facts ||= need.facts
    wanted.findings ||= need.findings
  }
  return wanted
}
