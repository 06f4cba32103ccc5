import type { Db } from '#src/db/open.ts'
import { compileMessage, type CompiledMessage, type MessageProblem, type MessageSource } from './compile.ts'
import { findPreviewAccount, findPreviewCompany, type PreviewCompany } from './queries-preview.ts'
import { renderMessage, type RenderedMessage } from './render.ts'
import { sampleCompany } from './sample-company.ts'
import { valuesOf } from './values-of.ts'
import { readValues, valuesKey, type Values, type ValueSender } from './values.ts'

/** A message as one recipient would get it. `company` is null for the made-up one. */
export type ShownMessage = {
  company: PreviewCompany | null
  values: Values
  sender: ValueSender | null
  /** HTML under the letter, of the account it would be sent with. */
  signature: string
} & (
  | { ok: true; message: CompiledMessage; mail: RenderedMessage }
  | { ok: false; problems: MessageProblem[] }
)

/** Compiles and renders for a real company, or for a made-up one without `companyId`. */
export const showMessage = async (
  db: Db,
  source: MessageSource,
  { companyId, now }: { companyId: number | null; now: Date },
): Promise<ShownMessage> => {
  const company = companyId === null ? null : await findPreviewCompany(db, companyId)
  const account = await findPreviewAccount(db)
  const sender: ValueSender | null = account && {
    name: account.senderName,
    address: account.senderAddress,
    organisation: account.organisation,
    hasSignature: account.signature.trim() !== '',
  }
  const values = await valuesFor(db, company, { locale: source.locale, sender, now })
  const shown = { company, values, sender, signature: account?.signature ?? '' }
  const made = await compileMessage(source)
  if (!made.ok) return { ...shown, ok: false, problems: made.problems }
  try {
    return { ...shown, ok: true, message: made.message, mail: renderMessage(made.message, values) }
  } catch (error) {
    const detail = error instanceof Error ? error.message.replace(/, line:.*$/s, '') : ''
    return { ...shown, ok: false, problems: [{ part: 'html', code: 'syntax', detail }] }
  }
}

const valuesFor = async (
  db: Db,
  company: PreviewCompany | null,
  options: Parameters<typeof valuesOf>[2],
): Promise<Values> => {
  const own = company && (await readValues(db, [company], options)).get(valuesKey(company))
  if (own) return own
  const known = sampleCompany(options.locale, options.now)
  const recipient = { companyId: null, address: 'contact@garage-exemple.fr', contactName: 'Anne Martin' }
  return valuesOf(known, recipient, options)
}
