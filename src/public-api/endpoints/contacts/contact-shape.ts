import { z } from 'zod'
import type { EmailRow, MainContacts, PhoneRow } from './queries-contacts.ts'

const text = z.string().nullable()
const moment = z.iso.datetime().nullable()
const HIGHEST_QUALITY = 100
const FREE = 'free'

const person = z.looseObject({ full_name: z.string(), first_name: text, last_name: text }).nullable()

/** `analysis` is null for an address that was not found on the site; `provider` is `free` or null. */
export const emailSchema = z.looseObject({
  email: z.string(),
  source: z.enum(['scraper', 'principal']),
  page_url: text,
  date_found: moment,
  analysis: z
    .looseObject({
      provider: text,
      type: text,
      format_valid: z.boolean(),
      mx_valid: z.boolean().nullable(),
      risk_score: z.number().nullable(),
      domain: text,
      name_info: z.looseObject({}).nullable(),
      analyzed_at: moment,
    })
    .nullable(),
  is_person: z.boolean(),
  person,
})

/** `carrier` and `location` are always null. */
export const phoneSchema = z.looseObject({
  source: z.enum(['scraper', 'principal']),
  phone: z.string(),
  page_url: text,
  date_found: moment,
  phone_e164: text,
  carrier: z.null(),
  location: z.null(),
  line_type: text,
  valid: z.boolean(),
  analyzed_at: moment,
})

export type Email = z.output<typeof emailSchema>
export type Phone = z.output<typeof phoneSchema>

/** A name in parts: a family name in capitals wherever it stands, else all but the first word. */
export const personOf = (name: string | null) => {
  const full = name?.trim().replace(/\s+/g, ' ') ?? ''
  if (full === '') return null
  const words = full.split(' ')
  const isCapital = (word: string) => /^\p{Lu}[\p{Lu}'’-]+$/u.test(word)
  const capitals = words.filter(isCapital)
  const split = capitals.length > 0 && capitals.length < words.length
  const first = split ? words.filter((word) => !isCapital(word)) : words.slice(0, 1)
  const last = split ? capitals : words.slice(1)
  return { full_name: full, first_name: first.join(' ') || null, last_name: last.join(' ') || null }
}

export const isPersonal = ({ type, nom }: EmailRow): boolean => type === 'person' || nom !== null

const foundEmail = (row: EmailRow): Email => {
  const name = personOf(row.nom)
  return {
    email: row.email,
    source: 'scraper',
    page_url: row.page_url,
    date_found: row.date_scraping,
    analysis: {
      provider: row.free ? FREE : null,
      type: row.type,
      format_valid: true,
      mx_valid: row.mx,
      risk_score: row.quality === null ? null : Math.round(HIGHEST_QUALITY - row.quality),
      domain: row.email.split('@').at(-1)?.toLowerCase() ?? null,
      name_info: name,
      analyzed_at: row.analyzed_at,
    },
    is_person: isPersonal(row),
    person: name,
  }
}

/** Every address of a company once, whatever its case: the main one first, with what its site told of it. */
export const allEmails = (main: MainContacts | null, rows: readonly EmailRow[]): Email[] => {
  const found = new Map(rows.toReversed().map((row) => [row.email.toLowerCase(), foundEmail(row)]))
  const own = [main?.email_principal, main?.own_email].flatMap((email): Email[] => {
    if (!email) return []
    const known = found.get(email.toLowerCase())
    return known
      ? [{ ...known, email, source: 'principal' }]
      : [
          {
            email,
            source: 'principal',
            page_url: null,
            date_found: null,
            analysis: null,
            is_person: false,
            person: null,
          },
        ]
  })
  return firstOfEach([...own, ...rows.map(foundEmail)], ({ email }) => email.toLowerCase())
}

export const foundPhone = (row: PhoneRow): Phone => ({
  source: 'scraper',
  phone: row.phone,
  page_url: row.page_url,
  date_found: row.date_found,
  phone_e164: row.phone_e164,
  carrier: null,
  location: null,
  line_type: row.line_type,
  valid: true,
  analyzed_at: row.analyzed_at,
})

export const mainPhone = ({ telephone, telephone_e164 }: MainContacts): Phone | null =>
  telephone === null
    ? null
    : {
        source: 'principal',
        phone: telephone,
        page_url: null,
        date_found: null,
        phone_e164: telephone_e164,
        carrier: null,
        location: null,
        line_type: null,
        valid: telephone_e164 !== null,
        analyzed_at: null,
      }

/** Every number of a company once: the main one first, with what its site told of it. */
export const allPhones = (main: MainContacts | null, rows: readonly PhoneRow[]): Phone[] => {
  const own = main && mainPhone(main)
  const known = rows.find(({ phone_e164 }) => phone_e164 === own?.phone_e164)
  const first = own && known ? { ...foundPhone(known), source: own.source, phone: own.phone } : own
  return firstOfEach(
    [...(first ? [first] : []), ...rows.map(foundPhone)],
    ({ phone, phone_e164 }) => phone_e164 ?? phone.replaceAll(/\D/g, ''),
  )
}

const firstOfEach = <T>(items: readonly T[], keyOf: (item: T) => string): T[] => {
  const seen = new Set<string>()
  return items.filter((item) => !seen.has(keyOf(item)) && seen.add(keyOf(item)))
}
