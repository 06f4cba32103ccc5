import { cleanPlace } from './clean-place.ts'
import { cleanPhones, type CleanPhone } from '#src/companies/clean-phone.ts'
import { cleanEmails } from '#src/companies/clean-email.ts'
import { companyKey } from '#src/companies/company-key.ts'
import { countryCode } from '#src/companies/country-code.ts'
import type { CompanyField, Mapping } from './recognise-columns.ts'
import { isCompanyId } from './recognise-content.ts'
import { siteKey } from '#src/companies/site-key.ts'
import { isErrorCell, tidyCell } from './tables/tidy-cell.ts'

const MAX_NAME = 300
const MAX_LINE = 500
const MAX_NOTES = 20_000
const MAX_TAGS = 30
const MAX_TAG = 60
const MAX_REVIEWS = 100_000_000
const EMPTY_WORDS =
  /^(?:nan|none|null|nil|n\/?a|n\.a\.?|n\/?c|undefined|\(?vide\)?|\(?blank\)?|-+|—|–|\?+|\.+)$/i
const TOTAL = /^(?:(?:sous|sub|grand)[\s-]?)?tota(?:l|ux)(?:\s+g[ée]n[ée]ral)?(?:\s*:)?$/i
const SUM = /^[\d\s.,%€]+$/
const REACHED_BY = ['website', 'email', 'phone', 'postalCode', 'city', 'companyId'] as const
const FRENCH_POSTAL_CODE = /^\d{4}$/
// Four digits are a whole postal code there: without a country column these endings forbid adding a zero.
const FOREIGN_SITE = /\.(?:be|ch|lu|at|dk|no|nl|hu|pt|au|nz|za|tn)$/

export type RowWarning =
  | 'website_not_a_site'
  | 'email_invalid'
  | 'phone_invalid'
  | 'coordinates_invalid'
  | 'rating_invalid'
  | 'reviews_invalid'
  | 'company_id_invalid'
  | 'postal_code_completed'
  | 'text_cut'

export type RejectReason = 'no_name' | 'total'

/** One row, ready to be compared and stored. Every text is tidy and bounded, absent values are null. */
export type ImportedCompany = {
  name: string
  website: string | null
  siteKey: string | null
  /** Folded name and address: finds the company when it has no site of its own. */
  nameKey: string
  profileUrl: string | null
  profileNetwork: string | null
  email: string | null
  otherEmails: string[]
  phone: string | null
  phoneE164: string | null
  otherPhones: CleanPhone[]
  category: string | null
  categoryTranslated: string | null
  country: string | null
  countryCode: string | null
  address1: string | null
  address2: string | null
  addressFull: string | null
  postalCode: string | null
  city: string | null
  longitude: number | null
  latitude: number | null
  rating: number | null
  reviewsCount: number | null
  siren: string | null
  siret: string | null
  contactName: string | null
  notes: string | null
  tags: string[]
}

export type CleanRow =
  | { ok: true; company: ImportedCompany; warnings: RowWarning[] }
  | { ok: false; reason: RejectReason }

/** One sheet row as a company. Only a missing name rejects it, and sums below the list; a value that cannot be right is
 *  left out and named in `warnings`. `defaultCountry` (ISO code) holds for rows that name none. */
export const cleanRow = (cells: string[], mapping: Mapping, defaultCountry = 'FR'): CleanRow => {
  const warnings = new Set<RowWarning>()
  const read = (field: CompanyField, max = MAX_LINE): string | null => {
    const column = mapping[field]
    const text = column === undefined ? null : cleanText(cells[column] ?? '')
    if (text === null || text.length <= max) return text
    warnings.add('text_cut')
    return text.slice(0, max).toWellFormed().trim()
  }
  const name = read('name', MAX_NAME)?.replace(/\s+/g, ' ')
  if (!name) return { ok: false, reason: 'no_name' }
  if (TOTAL.test(name) && isSum(cells, mapping)) return { ok: false, reason: 'total' }
  const country = read('country')
  const code = country ? countryCode(country) : null
  const site = readSite(read('website', 2_000), warnings)
  const phones = cleanPhones(read('phone') ?? '', code ?? defaultCountry)
  if (phones.some(({ e164 }) => e164 === null)) warnings.add('phone_invalid')
  const emails = cleanEmails(read('email', 2_000) ?? '')
  if (emails.invalid) warnings.add('email_invalid')
  const place = cleanPlace({
    address1: read('address1'),
    address2: read('address2'),
    addressFull: read('addressFull'),
    postalCode: read('postalCode', 20),
    city: read('city', 200),
  })
  if (lostZero(place.postalCode, country, code, site.siteKey, defaultCountry)) {
    place.postalCode = `0${place.postalCode}`
    warnings.add('postal_code_completed')
  }
  return {
    ok: true,
    company: {
      name,
      ...site,
      nameKey: companyKey({ name, ...place }),
      email: emails.valid[0] ?? null,
      otherEmails: emails.valid.slice(1),
      phone: phones[0]?.raw ?? null,
      phoneE164: phones[0]?.e164 ?? null,
      otherPhones: phones.slice(1),
      category: read('category'),
      categoryTranslated: read('categoryTranslated'),
      country,
      countryCode: code,
      ...place,
      ...readPosition(read('longitude'), read('latitude'), warnings),
      ...readRating(read('rating'), read('reviewsCount'), warnings),
      ...readCompanyId(read('companyId'), warnings),
      contactName:
        [read('contactFirstName', 200), read('contactName', 200)].filter(Boolean).join(' ') || null,
      notes: read('notes', MAX_NOTES),
      tags: readTags(read('tags')),
    },
    warnings: [...warnings],
  }
}

// Numbers and nothing else; a company of that name has at least a town, a phone or a site.
const isSum = (cells: string[], mapping: Mapping): boolean => {
  const others = cells.map((cell, column) => (column === mapping.name ? null : cleanText(cell)))
  return (
    others.some((text) => text !== null) &&
    others.every((text) => text === null || SUM.test(text)) &&
    REACHED_BY.every((field) => (others[mapping[field] ?? -1] ?? null) === null)
  )
}

/** A cell's text, or null when it says nothing: blank, `nan`, `none`, `null`, `n/a`, `-`, or an Excel error. */
export const cleanText = (cell: string): string | null => {
  const text = tidyCell(cell)
  return text === '' || EMPTY_WORDS.test(text) || isErrorCell(text) ? null : text
}

const readSite = (value: string | null, warnings: Set<RowWarning>) => {
  const found = siteKey(value ?? '')
  if (value && !found.siteKey && !found.profileUrl) warnings.add('website_not_a_site')
  return {
    website: found.canonicalUrl,
    siteKey: found.siteKey,
    profileUrl: found.profileUrl,
    profileNetwork: found.profileNetwork ?? null,
  }
}

// Spreadsheets take 01000 for a number. In France a code of four digits can only be that.
const lostZero = (
  postalCode: string | null,
  country: string | null,
  code: string | null,
  site: string | null,
  defaultCountry: string,
): boolean => {
  if (!postalCode || !FRENCH_POSTAL_CODE.test(postalCode) || postalCode.startsWith('0')) return false
  if (country) return code === 'FR'
  return defaultCountry === 'FR' && !FOREIGN_SITE.test(site ?? '')
}

const readPosition = (longitude: string | null, latitude: string | null, warnings: Set<RowWarning>) => {
  const position = { longitude: readNumber(longitude, -180, 180), latitude: readNumber(latitude, -90, 90) }
  const isLost = (longitude && position.longitude === null) || (latitude && position.latitude === null)
  if (isLost) warnings.add('coordinates_invalid')
  return position
}

const readRating = (rating: string | null, reviews: string | null, warnings: Set<RowWarning>) => {
  // "4,5/5", "4.5 ★", "(128 avis)", "1 234"
  const value = readNumber(rating?.replace(/\s*(?:\/\s*5|★+|☆+|étoiles?|stars?)\s*$/i, '') ?? null, 0, 5)
  if (rating && value === null) warnings.add('rating_invalid')
  const digits = reviews
    ?.replace(/\(|\)|avis|reviews?|[\s'’]/gi, '')
    .replace(/^(\d{1,3})([.,]\d{3})+$/, joinThousands)
  const count = readNumber(digits ?? null, 0, MAX_REVIEWS)
  if (reviews && count === null) warnings.add('reviews_invalid')
  return { rating: value, reviewsCount: count === null ? null : Math.round(count) }
}

const joinThousands = (number: string): string => number.replace(/[.,]/g, '')

const readNumber = (text: string | null, min: number, max: number): number | null => {
  const plain = (text ?? '').replace(/[\s']/g, '').replace(',', '.').replace(/^[−–]/, '-')
  if (!/^[+-]?\d+(?:\.\d*)?(?:e[+-]?\d{1,2})?$/i.test(plain)) return null
  const value = Number(plain)
  return value >= min && value <= max ? value : null
}

const readCompanyId = (text: string | null, warnings: Set<RowWarning>) => {
  // A number loses its first zeros in a spreadsheet: 8 digits may be a SIREN, 12 or 13 a SIRET.
  const digits = (text ?? '').replace(/^\D+|[\s.]/g, '')
  const length = digits.length > 9 ? 14 : 9
  const full = /^\d{7,14}$/.test(digits) ? digits.padStart(length, '0') : ''
  if (isCompanyId(full)) return { siren: full.slice(0, 9), siret: length === 14 ? full : null }
  if (text) warnings.add('company_id_invalid')
  return { siren: null, siret: null }
}

const readTags = (text: string | null): string[] => {
  const tags = (text ?? '').split(/[,;|\n]/).map((tag) => tag.trim().slice(0, MAX_TAG))
  return [...new Set(tags.filter((tag) => tag !== ''))].slice(0, MAX_TAGS)
}
