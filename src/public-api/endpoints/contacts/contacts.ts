import { z } from 'zod'
import type { Sql } from '#src/db/open.ts'
import { failure, failureSchema } from '../../answers/failures.ts'
import { companySchema } from '../companies/company-shape.ts'
import {
  allEmails,
  allPhones,
  emailSchema,
  foundPhone,
  isPersonal,
  mainPhone,
  personOf,
  phoneSchema,
} from './contact-shape.ts'
import { cursorParam, makeCursor } from '../../input/cursor.ts'
import { endpoint, type ApiAnswer, type Endpoint } from '../../endpoint.ts'
import { flagParam, needed, pathId, textParam, wholeParam } from '../../input/params.ts'
import { readFromPlace } from '../numbers/known-places.ts'
import { phoneSpellings } from './phone-spellings.ts'
import { findCompany } from '../companies/queries-companies.ts'
import {
  findByMainEmail,
  findByMainPhone,
  findEmail,
  findMainContacts,
  findPhone,
  listEmails,
  listEmailsOf,
  listPhonesOf,
  type EmailRow,
  type MainContacts,
} from './queries-contacts.ts'

const MAX_EMAIL = 254
const MAX_PHONE = 60
const MAX_LIMIT = 1000
const TAG = 'contacts'
const UNKNOWN = failure(404, 'Entreprise introuvable.')

const text = z.string().nullable()
const moment = z.iso.datetime().nullable()
const params = z.object({ id: pathId })
const listOf = <T extends z.ZodType>(item: T) =>
  z.looseObject({ success: z.literal(true), entreprise_id: z.int(), count: z.int(), data: z.array(item) })

const byEmailEndpoint = endpoint({
  method: 'get',
  path: '/entreprises/by-email',
  scopes: ['companies:read', 'emails:read'],
  cacheSeconds: 35,
  tag: TAG,
  summary: 'The company of an address: found on its site, else its main address. Case does not matter.',
  query: z.object({ email: needed(textParam(MAX_EMAIL)), include_emails: flagParam() }),
  answers: {
    200: z.looseObject({
      success: z.literal(true),
      data: z.looseObject({
        entreprise: companySchema,
        match: z.looseObject({
          source: z.enum(['scraper', 'principal']),
          email: z.string(),
          page_url: text,
          date_found: moment,
          is_person: z.boolean(),
          person: z.looseObject({}).nullable(),
        }),
        emails: z.array(emailSchema).optional(),
        emails_count: z.int().optional(),
      }),
    }),
    400: failureSchema,
    404: failureSchema,
  },
  handle: async ({ sql, query }) => {
    if (query.email === null) return failure(400, 'Paramètre « email » requis.')
    if (!/^[^\s@]+@[^\s@]+$/.test(query.email)) return failure(400, 'Paramètre « email » invalide.')
    const found = await findEmail(sql, query.email)
    const main = found ? null : await findByMainEmail(sql, query.email)
    const id = found?.entreprise_id ?? main?.id
    const entreprise = id === undefined ? null : await findCompany(sql, id)
    if (!entreprise) return UNKNOWN
    const match = found
      ? {
          source: 'scraper',
          email: found.email,
          page_url: found.page_url,
          date_found: found.date_scraping,
          is_person: isPersonal(found),
          person: personOf(found.nom),
        }
      : {
          source: 'principal',
          email: main?.email,
          page_url: null,
          date_found: null,
          is_person: false,
          person: null,
        }
    const emails = query.include_emails ? await emailsOf(sql, entreprise.id) : null
    const more = emails ? { emails, emails_count: emails.length } : {}
    return { status: 200, body: { success: true, data: { entreprise, match, ...more } } }
  },
})

const byPhoneEndpoint = endpoint({
  method: 'get',
  path: '/entreprises/by-phone',
  scopes: ['companies:read'],
  cacheSeconds: 35,
  tag: TAG,
  summary:
    'The company of a telephone number, written in any way (0X, 33X, +33X and 0033X are one): found on its site, else its main number.',
  query: z.object({ phone: needed(textParam(MAX_PHONE)), include_phones: flagParam() }),
  answers: {
    200: z.looseObject({
      success: z.literal(true),
      data: z.looseObject({
        entreprise: companySchema,
        match: z.looseObject({
          source: z.enum(['scraper', 'principal']),
          phone: z.string(),
          page_url: text,
          date_found: moment,
          phone_e164: text,
        }),
        phones: z.array(phoneSchema).optional(),
        phones_count: z.int().optional(),
      }),
    }),
    400: failureSchema,
    404: failureSchema,
  },
  handle: async ({ sql, query }) => {
    if (query.phone === null) return failure(400, 'Paramètre « phone » requis.')
    const spellings = phoneSpellings(query.phone)
    if (!spellings) return failure(400, 'Paramètre « phone » invalide.')
    const found = await findPhone(sql, spellings.e164)
    const id = found?.entreprise_id ?? (await findByMainPhone(sql, spellings))
    const [entreprise, main] =
      id === null ? [null, null] : await Promise.all([findCompany(sql, id), findMainContacts(sql, id)])
    if (!entreprise || !main) return UNKNOWN
    const matched = found ? foundPhone(found) : mainPhone(main)
    const { source, phone, page_url, date_found, phone_e164 } = matched!
    const phones = query.include_phones ? allPhones(main, await listPhonesOf(sql, entreprise.id)) : null
    const more = phones ? { phones, phones_count: phones.length } : {}
    const match = { source, phone, page_url, date_found, phone_e164 }
    return { status: 200, body: { success: true, data: { entreprise, match, ...more } } }
  },
})

const emailsOf = async (sql: Sql, companyId: number) => {
  const [main, rows] = await Promise.all([findMainContacts(sql, companyId), listEmailsOf(sql, companyId)])
  return allEmails(main, rows)
}

const shortEmail = ({ email, nom, page_url, date_scraping, type }: EmailRow) => ({
  email,
  nom,
  page_url,
  date_scraping,
  type,
})
const shortEmailSchema = z.looseObject({
  email: z.string(),
  nom: text,
  page_url: z.string(),
  date_scraping: moment,
  type: text,
})

/** What a company has of one kind: `shape` makes it of its own contacts and of what was found on its site. */
const listContacts = async <Row>(
  sql: Sql,
  id: number,
  listFound: (sql: Sql, id: number) => PromiseLike<Row[]>,
  shape: (main: MainContacts, rows: Row[]) => unknown[],
): Promise<ApiAnswer> => {
  const [main, rows] = await Promise.all([findMainContacts(sql, id), listFound(sql, id)])
  if (!main) return UNKNOWN
  const data = shape(main, rows)
  return { status: 200, body: { success: true, entreprise_id: id, count: data.length, data } }
}

const companyEmailsEndpoint = endpoint({
  method: 'get',
  path: '/entreprises/:id/emails',
  scopes: ['companies:read', 'emails:read'],
  cacheSeconds: 20,
  tag: TAG,
  summary:
    'Addresses found on the site of a company, surest first; not those of its agency or of third parties.',
  params,
  answers: { 200: listOf(shortEmailSchema), 404: failureSchema },
  handle: ({ sql, params: { id } }) => listContacts(sql, id, listEmailsOf, (_, rows) => rows.map(shortEmail)),
})

const allEmailsEndpoint = endpoint({
  method: 'get',
  path: '/entreprises/:id/emails/all',
  scopes: ['companies:read', 'emails:read'],
  cacheSeconds: 20,
  tag: TAG,
  summary: 'Every address of a company once, the main one first, with what is known of each.',
  params,
  query: z.object({ include_primary: flagParam(true) }),
  answers: { 200: listOf(emailSchema), 404: failureSchema },
  handle: ({ sql, params: { id }, query }) =>
    listContacts(sql, id, listEmailsOf, (main, rows) => allEmails(query.include_primary ? main : null, rows)),
})

const phonesEndpoint = endpoint({
  method: 'get',
  path: '/entreprises/:id/phones',
  scopes: ['companies:read'],
  cacheSeconds: 20,
  tag: TAG,
  summary: 'Every telephone number of a company once, the main one first.',
  params,
  query: z.object({ include_primary: flagParam(true) }),
  answers: { 200: listOf(phoneSchema), 404: failureSchema },
  handle: ({ sql, params: { id }, query }) =>
    listContacts(sql, id, listPhonesOf, (main, rows) => allPhones(query.include_primary ? main : null, rows)),
})

const emailsEndpoint = endpoint({
  method: 'get',
  path: '/emails',
  scopes: ['emails:read'],
  cacheSeconds: 20,
  tag: TAG,
  summary: 'Addresses found on the sites of all companies, newest first.',
  query: z.object({
    limit: wholeParam(100, { min: 1, max: MAX_LIMIT }),
    offset: wholeParam(0),
    cursor: cursorParam(z.tuple([z.int().min(1).max(2_147_483_647)])),
    entreprise_id: wholeParam(null),
  }),
  answers: {
    200: z.looseObject({
      success: z.literal(true),
      count: z.int(),
      limit: z.int(),
      offset: z.int(),
      data: z.array(shortEmailSchema.extend({ entreprise_id: z.int(), entreprise_nom: z.string() })),
      next_cursor: z.string().nullable(),
    }),
    400: failureSchema,
  },
  handle: async ({ sql, clock, query: { limit, cursor, entreprise_id, ...query } }) => {
    const before = cursor?.[0]
    const offset = before === undefined ? query.offset : 0
    const list = `emails ${entreprise_id}`
    const { rows: data, ids } = await readFromPlace(
      sql,
      list,
      clock.now(),
      { limit, offset, before },
      (page) => listEmails(sql, entreprise_id, page),
    )
    const last = ids.length === limit ? ids.at(-1) : undefined
    const next_cursor = last === undefined ? null : makeCursor([last])
    return { status: 200, body: { success: true, count: data.length, limit, offset, data, next_cursor } }
  },
})

/** Addresses and telephone numbers of companies, and whose they are. */
export const contactEndpoints: Endpoint[] = [
  byEmailEndpoint,
  byPhoneEndpoint,
  companyEmailsEndpoint,
  allEmailsEndpoint,
  phonesEndpoint,
  emailsEndpoint,
]
