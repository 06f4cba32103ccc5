import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max'

const MAX_PHONES = 5
const MAX_RAW = 60

/** As written, and in E.164 when it is a number that can exist. */
export type CleanPhone = { raw: string; e164: string | null }

/** The phones in a cell, in order; `country` (ISO code) is where national numbers are dialled. A French number
 *  that lost its first zero in a spreadsheet (387000001, 33387000001) is understood. */
export const cleanPhones = (text: string, country: string): CleanPhone[] => {
  if (text === '') return []
  const parts = text
    .split(/\s*(?:[;|\n]|\bou\b|\bor\b|,(?=\s*[+0(])|\/(?=\s*[+0(]))\s*/i)
    .filter((part) => /\d/.test(part))
  const phones = (parts.length > 0 ? parts : [text]).map((part) => cleanPhone(part, country))
  const seen = new Set<string>()
  return phones
    .filter(({ raw, e164 }) => !seen.has(e164 ?? raw) && seen.add(e164 ?? raw))
    .slice(0, MAX_PHONES)
}

const cleanPhone = (part: string, country: string): CleanPhone => {
  const raw = part.trim().slice(0, MAX_RAW)
  const digits = raw.replace(/^[^\d+(]+/, '').replace(/\(0\)/, '')
  const tries = [digits, `+${digits.replace(/^\+/, '')}`, `0${digits}`]
  for (const candidate of /^\+|^00/.test(digits) ? tries.slice(0, 1) : tries) {
    const phone = parsePhoneNumberFromString(candidate, country as CountryCode)
    if (phone?.isValid()) return { raw, e164: phone.number }
  }
  return { raw, e164: null }
}
