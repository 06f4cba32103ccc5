import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import type { Locale } from '#src/lib/i18n.ts'
import { readableUrl } from '#templates/html.ts'

/** A phone as it is dialled: `+33387001122` is 03 87 00 11 22, a number of elsewhere keeps its country. What is not
 *  in E.164 stays as it was written. */
export const readablePhone = (phone: string): string => {
  const number = phone.startsWith('+') ? parsePhoneNumberFromString(phone) : undefined
  if (number === undefined) return phone
  return number.country === 'FR' ? number.formatNational() : number.formatInternational()
}

const ID_NAMES: Record<Locale, Record<string, string>> = { fr: { vat: 'TVA' }, en: {} }

/** `siret:73282932000074` as it stands on paper: SIRET 732 829 320 00074. */
export const readableCompanyId = (locale: Locale, id: string): string => {
  const [, kind = '', value = ''] = /^([a-z]+):(.*)$/.exec(id) ?? []
  if (kind === '') return id
  return `${ID_NAMES[locale][kind] ?? kind.toUpperCase()} ${groupedNumber(value)}`
}

/** A SIREN or SIRET in its groups, also behind the town of an RCS number. */
export const groupedNumber = (value: string): string =>
  value.replace(/(?<![^\s])(\d{3})(\d{3})(\d{3})(\d{5})?$/, (_, ...groups: (string | undefined)[]) =>
    groups.slice(0, 4).filter(Boolean).join(' '),
  )

/** An address as it is stored, `3 rue Haute, 57000, Metz, FR`, as it stands on a letter: 3 rue Haute, 57000 Metz. */
export const readableAddress = (locale: Locale, address: string): string =>
  address
    .replace(/, FR$/, '')
    .replace(/, ([A-Z]{2})$/, (_, code: string) => `, ${countryName(locale, code)}`)
    .replace(/(^|, )((?:[A-Z]{1,2}-)?\d{4,5}), (?=[^,\d])/, '$1$2 ')

const countryName = (locale: Locale, code: string): string =>
  new Intl.DisplayNames(locale, { type: 'region' }).of(code) ?? code

/** The value of a fact of this kind, or what a history keeps of it, in the reader's words. */
export const readableFact = (locale: Locale, kind: string, value: string): string => {
  if (kind === 'phone') return readablePhone(value)
  if (kind === 'company_id') return readableCompanyId(locale, value)
  if (kind === 'address') return readableAddress(locale, value)
  return kind === 'social' ? readableUrl(value) : value
}
