import { z } from 'zod'
import { cleanEmails } from './clean-email.ts'
import { cleanPhones } from './clean-phone.ts'
import { companyKey } from './company-key.ts'
import { countryCode } from './country-code.ts'
import { isCompanyId } from './import/recognise-content.ts'
import { siteKey } from './site-key.ts'

const MAX_NAME = 300
const MAX_LINE = 500
const MAX_URL = 2_000
const DEFAULT_COUNTRY = 'FR'

/** Imported fields that can be edited by hand, in the order of the form. */
export const editableFields = [
  'name',
  'website',
  'profileUrl',
  'contactName',
  'email',
  'phone',
  'category',
  'sector',
  'address1',
  'address2',
  'postalCode',
  'city',
  'country',
  'siren',
  'siret',
  'rating',
  'reviewsCount',
  'latitude',
  'longitude',
] as const
export type EditableField = (typeof editableFields)[number]

/** Why a field is refused; templates/companies/form-messages.ts says it to the reader. */
export type FieldProblem =
  | 'required'
  | 'too_long'
  | 'website'
  | 'profile'
  | 'email'
  | 'number'
  | 'range'
  | 'company_id'

const problem = (code: FieldProblem) => ({ error: code })
const line = (max = MAX_LINE) =>
  z
    .string()
    .default('')
    // Control characters come from pasted text and are never meant.
    .transform((text) => text.replace(/[\p{Cc}\s]+/gu, ' ').trim())
    .refine((text) => text.length <= max, problem('too_long'))
    .transform((text) => (text === '' ? null : text))

const url = (isRight: (found: ReturnType<typeof siteKey>) => boolean, code: FieldProblem) =>
  line(MAX_URL).refine((text) => text === null || isRight(siteKey(text)), problem(code))

const decimal = (min: number, max: number, whole = false) =>
  line(40)
    .transform((text) => (text === null ? null : Number(text.replace(/\s/g, '').replace(',', '.'))))
    .refine(
      (value) => value === null || (Number.isFinite(value) && (!whole || Number.isInteger(value))),
      problem('number'),
    )
    .refine(
      (value) => value === null || !Number.isFinite(value) || (value >= min && value <= max),
      problem('range'),
    )

const companyId = (length: number) =>
  line(40)
    .transform((text) => text?.replace(/[\s.]/g, '') ?? null)
    .refine(
      (digits) => digits === null || (digits.length === length && isCompanyId(digits)),
      problem('company_id'),
    )

const fields = z.object({
  name: line(MAX_NAME).refine((text) => text !== null, problem('required')),
  website: url((found) => found.siteKey !== null || found.profileUrl !== null, 'website'),
  profileUrl: url((found) => found.siteKey !== null || found.profileUrl !== null, 'profile'),
  contactName: line(),
  email: line(MAX_LINE).refine(
    (text) => text === null || cleanEmails(text).valid.length === 1,
    problem('email'),
  ),
  phone: line(60),
  category: line(),
  sector: line(),
  address1: line(),
  address2: line(),
  postalCode: line(20),
  city: line(200),
  country: line(),
  siren: companyId(9),
  siret: companyId(14),
  rating: decimal(0, 5),
  reviewsCount: decimal(0, 100_000_000, true),
  latitude: decimal(-90, 90),
  longitude: decimal(-180, 180),
})

type Parsed = z.output<typeof fields>
/** The editable fields and what follows from them. */
export type CompanyFields = Omit<Parsed, 'name'> & {
  name: string
  siteKey: string | null
  phoneE164: string | null
  nameKey: string
}

export type FormProblems = Partial<Record<EditableField, FieldProblem>>

/** A submitted form as a company, or what is wrong with each field. A page on a social network or in a directory
 *  given as website is kept as profile. */
export const readCompanyForm = (
  values: Record<string, string>,
): { ok: true; company: CompanyFields } | { ok: false; problems: FormProblems } => {
  const parsed = fields.safeParse(values)
  if (!parsed.success) {
    const problems: FormProblems = {}
    for (const issue of parsed.error.issues)
      problems[issue.path[0] as EditableField] ??= issue.message as FieldProblem
    return { ok: false, problems }
  }
  const { data } = parsed
  const site = siteKey(data.website ?? '')
  const country = data.country ? countryCode(data.country) : null
  return {
    ok: true,
    company: {
      ...data,
      name: data.name ?? '',
      website: site.canonicalUrl,
      siteKey: site.siteKey,
      profileUrl: data.profileUrl ? profileOf(data.profileUrl) : site.profileUrl,
      email: cleanEmails(data.email ?? '').valid[0] ?? null,
      phoneE164: cleanPhones(data.phone ?? '', country ?? DEFAULT_COUNTRY)[0]?.e164 ?? null,
      siren: data.siren ?? data.siret?.slice(0, 9) ?? null,
      nameKey: companyKey({ ...data, name: data.name ?? '' }),
    },
  }
}

const profileOf = (text: string): string | null => {
  const found = siteKey(text)
  return found.profileUrl ?? found.canonicalUrl
}

/** A company of which only the address of its site is known: its name is the site's. */
export const companyFromUrl = (
  text: string,
): { ok: true; company: CompanyFields } | { ok: false; problems: { url: FieldProblem } } => {
  const found = siteKey(text.slice(0, MAX_URL))
  const name = found.siteKey ?? found.profileUrl
  if (name === null) return { ok: false, problems: { url: text.trim() ? 'website' : 'required' } }
  // The address of a page can be longer than a name.
  const read = readCompanyForm({ website: text, name: name.slice(0, MAX_NAME) })
  return read.ok ? read : { ok: false, problems: { url: read.problems.website ?? 'too_long' } }
}
