// Longer cells are texts; it also keeps the patterns below from long searches.
const MAX_TELLING = 300
const EMAIL = /^[^\s@<>,;]+@[^\s@<>,;]+\.[a-z]{2,}$/i
const WEBSITE =
  /^(?:https?:\/\/|www\.)\S+\.\S+$|^(?:[a-z0-9-]+\.)+(?:fr|com|net|org|eu|be|ch|lu|ca|info|biz|io|co|shop|paris|bzh|pro|re|uk|de|es|it)(?:\/\S*)?$/i
const PHONE = /^(?:\+|00)?\(?\d[\d\s().\-/]{7,18}\d$/
const POSTAL_CODE = /^\d{5}$/
const COMPANY_ID = /^\d{3}[ .]?\d{3}[ .]?\d{3}(?:[ .]?\d{5})?$/
const NUMBER = /^-?\d+(?:[.,]\d+)?$/

export type ContentKind = 'email' | 'website' | 'phone' | 'postalCode' | 'companyId' | 'number' | 'text'

/** What one cell looks like by itself, whatever its column is called. */
export const contentKind = (text: string): ContentKind => {
  if (text.length > MAX_TELLING) return 'text'
  if (EMAIL.test(text)) return 'email'
  if (WEBSITE.test(text)) return 'website'
  if (POSTAL_CODE.test(text)) return 'postalCode'
  if (isCompanyId(text)) return 'companyId'
  if (PHONE.test(text) && digitCount(text) >= 9 && digitCount(text) <= 15) return 'phone'
  return NUMBER.test(text) ? 'number' : 'text'
}

/** True for a row that can only be a company, not column names: it holds an address of a site, of a mailbox or
 *  of a phone. */
export const looksLikeData = (cells: string[]): boolean =>
  cells.some((cell) => ['email', 'website', 'phone', 'companyId'].includes(contentKind(cell)))

/** A French SIREN (9 digits) or SIRET (14): Luhn's sum holds, or La Poste's exception to it. */
export const isCompanyId = (text: string): boolean => {
  if (!COMPANY_ID.test(text)) return false
  const digits = text.replace(/\D/g, '')
  if (luhnSum(digits) % 10 === 0) return true
  return digits.length === 14 && digits.startsWith('356000000') && digitSum(digits) % 5 === 0
}

const luhnSum = (digits: string): number =>
  [...digits].reverse().reduce((sum, digit, i) => {
    const value = Number(digit) * (i % 2 === 1 ? 2 : 1)
    return sum + (value > 9 ? value - 9 : value)
  }, 0)

const digitSum = (digits: string): number => [...digits].reduce((sum, digit) => sum + Number(digit), 0)

const digitCount = (text: string): number => text.replace(/\D/g, '').length
