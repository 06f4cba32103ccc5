import { z } from 'zod'
import { failure, failureSchema } from '../../answers/failures.ts'
import { companyAnswer, companySchema } from './company-shape.ts'
import { cursorParam, makeCursor } from '../../input/cursor.ts'
import { endpoint, type Endpoint } from '../../endpoint.ts'
import { needed, pathId, textParam, wholeParam } from '../../input/params.ts'
import { keepNumbers } from '../numbers/kept-numbers.ts'
import { readFromPlace } from '../numbers/known-places.ts'
import {
  countCompanies,
  findByWebsite,
  findCompany,
  isCompany,
  listCompanies,
  listImages,
} from './queries-companies.ts'
import { listStatuses } from './queries-statuses.ts'
import { readWebsite, siteKeysOf } from '../requests/site-keys.ts'
import { expandStatus } from './statuses.ts'

const MAX_LIMIT = 1000
const MAX_GALLERY = 80
const TAG = 'entreprises'
const UNKNOWN = failure(404, 'Entreprise introuvable.')

/** The optional cursor of lists that go down the ids. */
const idCursor = cursorParam(z.tuple([z.int().min(1).max(2_147_483_647)]))

const statusesEndpoint = endpoint({
  method: 'get',
  path: '/entreprises/statuses',
  scopes: ['companies:read'],
  cacheSeconds: 300,
  tag: TAG,
  summary: 'The statuses a company can have, sorted without regard to case.',
  answers: { 200: z.looseObject({ success: z.literal(true), count: z.int(), data: z.array(z.string()) }) },
  handle: async ({ sql }) => {
    const order = (text: string) => text.toLowerCase()
    const data = (await listStatuses(sql)).sort((a, b) => (order(a) < order(b) ? -1 : 1))
    return { status: 200, body: { success: true, count: data.length, data } }
  },
})

const listEndpoint = endpoint({
  method: 'get',
  path: '/entreprises',
  scopes: ['companies:read'],
  cacheSeconds: 25,
  tag: TAG,
  summary:
    'Companies, newest first. `statut` Gagné, Perdu and Relance stand for all statuses of that kind; `total` is told at offset 0 only.',
  query: z.object({
    limit: wholeParam(100, { min: 1, max: MAX_LIMIT }),
    offset: wholeParam(0),
    cursor: idCursor,
    secteur: textParam(),
    statut: textParam(),
    opportunite: textParam(),
    search: textParam(),
  }),
  answers: {
    200: z.looseObject({
      success: z.literal(true),
      count: z.int(),
      limit: z.int(),
      offset: z.int(),
      data: z.array(companySchema),
      total: z.int().optional(),
      next_cursor: z.string().nullable(),
    }),
    400: failureSchema,
  },
  handle: async ({ sql, clock, query }) => {
    const { limit, secteur, statut, opportunite, search } = query
    const before = query.cursor?.[0]
    const offset = before === undefined ? query.offset : 0
    const filter = { secteur, opportunite, search, statuts: statut === null ? null : expandStatus(statut) }
    const isFirst = offset === 0 && before === undefined
    const key = `companies ${JSON.stringify(filter)}`
    const page = await readFromPlace(sql, key, clock.now(), { limit, offset, before }, (from) =>
      listCompanies(sql, filter, from),
    )
    const { data, ids } = page
    const total = isFirst
      ? (page.total ?? (await keepNumbers(sql, key, clock.now(), () => countCompanies(sql, filter))))
      : undefined
    const last = ids.length === limit ? ids.at(-1) : undefined
    const body = {
      success: true,
      count: data.length,
      limit,
      offset,
      data,
      ...(total === undefined ? {} : { total }),
      next_cursor: last === undefined ? null : makeCursor([last]),
    }
    return { status: 200, body }
  },
})

const companyEndpoint = endpoint({
  method: 'get',
  path: '/entreprises/:id',
  scopes: ['companies:read'],
  cacheSeconds: 35,
  tag: TAG,
  summary: 'One company.',
  params: z.object({ id: pathId }),
  answers: { 200: companyAnswer, 404: failureSchema },
  handle: async ({ sql, params }) => {
    const data = await findCompany(sql, params.id)
    return data ? { status: 200, body: { success: true, data } } : UNKNOWN
  },
})

const byWebsiteEndpoint = endpoint({
  method: 'get',
  path: '/entreprises/by-website',
  scopes: ['companies:read'],
  cacheSeconds: 35,
  tag: TAG,
  summary: 'The company of a website, however its address is written.',
  query: z.object({ website: needed(textParam(2_000)) }),
  answers: { 200: companyAnswer, 400: failureSchema, 404: failureSchema },
  handle: async ({ sql, query }) => {
    if (query.website === null) return failure(400, 'Paramètre « website » requis.')
    const url = readWebsite(query.website)
    if (!url) return failure(400, 'Paramètre « website » invalide.')
    const pages = [url.href, url.href.replace(/\/$/, '')]
    const id = await findByWebsite(sql, siteKeysOf(url), pages)
    const data = id === null ? null : await findCompany(sql, id)
    return data ? { status: 200, body: { success: true, data } } : UNKNOWN
  },
})

const galleryEndpoint = endpoint({
  method: 'get',
  path: '/entreprises/:id/gallery',
  scopes: ['companies:read'],
  cacheSeconds: 45,
  tag: TAG,
  summary: 'Pictures found on the site of a company, at most 80.',
  params: z.object({ id: pathId }),
  answers: {
    200: z.looseObject({
      success: z.literal(true),
      data: z.looseObject({
        images: z.array(
          z.looseObject({
            url: z.string(),
            alt_text: z.string().nullable(),
            source: z.enum(['site', 'open_graph']),
            page_url: z.string(),
          }),
        ),
        count: z.int(),
      }),
    }),
    404: failureSchema,
  },
  handle: async ({ sql, params }) => {
    if (!(await isCompany(sql, params.id))) return UNKNOWN
    const images = await listImages(sql, params.id, MAX_GALLERY)
    return { status: 200, body: { success: true, data: { images, count: images.length } } }
  },
})

const screenshotsEndpoint = endpoint({
  method: 'get',
  path: '/entreprises/:id/screenshots',
  scopes: ['companies:read'],
  cacheSeconds: 20,
  tag: TAG,
  summary: 'Screenshots of the site of a company, latest first. None are taken yet: `latest` is null.',
  params: z.object({ id: pathId }),
  query: z.object({ limit: wholeParam(20, { min: 1, max: 100 }) }),
  answers: {
    200: z.looseObject({
      success: z.literal(true),
      entreprise_id: z.int(),
      latest: z.looseObject({}).nullable(),
      count: z.int(),
      data: z.array(z.looseObject({})),
    }),
    404: failureSchema,
  },
  handle: async ({ sql, params }) => {
    if (!(await isCompany(sql, params.id))) return UNKNOWN
    const data: never[] = []
    const body = {
      success: true,
      entreprise_id: params.id,
      latest: data[0] ?? null,
      count: data.length,
      data,
    }
    return { status: 200, body }
  },
})

/** Companies and what belongs to one of them. */
export const companyEndpoints: Endpoint[] = [
  statusesEndpoint,
  listEndpoint,
  byWebsiteEndpoint,
  companyEndpoint,
  galleryEndpoint,
  screenshotsEndpoint,
]
