import { parsePhoneNumberFromString } from 'libphonenumber-js/max'

/** A phone as it is dialled: `+33387001122` is 03 87 00 11 22, a number of elsewhere keeps its country. What is not
 *  in E.164 stays as it was written. */
export const readablePhone = (phone: string): string => {
  const number = phone.startsWith('+') ? parsePhoneNumberFromString(phone) : undefined
  if (number === undefined) return phone
  return number.country === 'FR' ? number.formatNational() : number.formatInternational()
}

/** `siret:73282932000074` as it stands on paper: SIRET 732 829 320 00074. */
export const readableCompanyId = (id: string): string => {
  const [, kind = '', value = ''] = /^([a-z]+):(.*)$/.exec(id) ?? []
  if (kind === '') return id
  const grouped = /^\d{9}(?:\d{5})?$/.test(value)
    ? value.replace(/^(...)(...)(...)(.*)$/, '$1 $2 $3 $4').trim()
    : value
  return `${kind.toUpperCase()} ${grouped}`
}
