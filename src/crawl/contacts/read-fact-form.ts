import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { cleanEmails } from '#src/companies/clean-email.ts'
import { cleanPhones } from '#src/companies/clean-phone.ts'
import { countryCode } from '#src/companies/country-code.ts'
import { cleanText } from '#src/companies/import/clean-row.ts'
import { typeOf } from '../extract/phone-numbers.ts'
import { addressValue } from '../fact-rows.ts'
import type { PhoneFact } from '../site-record.ts'
import type { Correction } from './apply-correction.ts'

const MAX_NAME = 200
const MAX_ROLE = 200
const MAX_LINE = 300
const DEFAULT_COUNTRY = 'FR'

/** Kinds of facts a person can write: correct and, but for addresses, add. */
export const writableKinds = ['email', 'phone', 'person', 'address'] as const
export type WritableKind = (typeof writableKinds)[number]
export const emailKinds = ['person', 'role', 'agency', 'thirdparty'] as const
export const roleKinds = [
  'owner',
  'director',
  'manager',
  'marketing',
  'sales',
  'technical',
  'hr',
  'accounting',
  'other',
] as const

export type FactProblem =
  | 'required'
  | 'too_long'
  | 'too_many'
  | 'email'
  | 'phone'
  | 'choice'
  | 'already_known'
  | 'gone'
  | 'same'
export type FactProblems = Record<string, FactProblem>
export type Written = { value: string; fields: Omit<Correction, 'value' | 'personKey'> }

/** A form about one fact as values of that fact, cleaned like an import, or what is wrong with each field.
 *  `country` (ISO code or name) is where national numbers are dialled. */
export const readFactForm = (
  kind: WritableKind,
  values: Record<string, string>,
  country: string | null,
): { ok: true; written: Written } | { ok: false; problems: FactProblems } => {
  const problems: FactProblems = {}
  const line = (name: string, max: number): string | null => {
    const text =
      cleanText(values[name] ?? '')
        ?.replace(/[\s\p{Cc}]+/gu, ' ')
        .trim() ?? null
    if (text && text.length > max) problems[name] = 'too_long'
    return text || null
  }
  const choice = <T extends string>(name: string, choices: readonly T[]): T | null => {
    const value = values[name] ?? ''
    if (value === '') return null
    const chosen = choices.find((one) => one === value) ?? null
    if (chosen === null) problems[name] = 'choice'
    return chosen
  }
  const read = { email, phone, person, address }[kind]({ values, country, line, choice, problems })
  return Object.keys(problems).length > 0 || read === null
    ? { ok: false, problems }
    : { ok: true, written: read }
}

type Reader = {
  values: Record<string, string>
  country: string | null
  line: (name: string, max: number) => string | null
  choice: <T extends string>(name: string, choices: readonly T[]) => T | null
  problems: FactProblems
}

const email = ({ line, choice, problems }: Reader): Written | null => {
  const text = line('value', MAX_LINE)
  const kind = choice('kind', emailKinds)
  const { valid } = cleanEmails(text ?? '')
  if (valid.length !== 1) problems['value'] ??= text === null ? 'required' : 'email'
  return valid[0] ? { value: valid[0].toLowerCase(), fields: kind ? { kind } : {} } : null
}

const phone = ({ values, country, line, choice, problems }: Reader): Written | null => {
  const text = line('value', MAX_LINE)
  const kind = choice('kind', ['agency', 'thirdparty'])
  const dialledIn = (country ? countryCode(country) : null) ?? DEFAULT_COUNTRY
  const [number, ...more] = cleanPhones(text ?? '', dialledIn)
  if (!number?.e164 || more.length > 0) {
    problems['value'] ??= text === null ? 'required' : 'phone'
    return null
  }
  const type = values['fax'] === '1' ? 'fax' : phoneType(number.e164)
  return { value: number.e164, fields: { raw: number.raw, type, kind } }
}

const phoneType = (e164: string): PhoneFact['type'] => {
  const number = parsePhoneNumberFromString(e164)
  return number ? typeOf(number) : 'other'
}

const person = ({ line, choice, problems }: Reader): Written | null => {
  const name = line('value', MAX_NAME)
  const role = line('role', MAX_ROLE)
  const roleKind = choice('roleKind', roleKinds)
  if (name === null) problems['value'] ??= 'required'
  return name === null ? null : { value: name, fields: { role, roleKind } }
}

const address = ({ line, problems }: Reader): Written | null => {
  const place = {
    street: line('street', MAX_LINE),
    postalCode: line('postalCode', 20),
    city: line('city', 200),
    country: line('country', 100),
  }
  const value = addressValue(place)
  if (!place.street && !place.postalCode && !place.city) problems['street'] ??= 'required'
  return value === '' ? null : { value, fields: place }
}
