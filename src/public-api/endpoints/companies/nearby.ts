import { z } from 'zod'
import type { Sql } from '#src/db/open.ts'
import { failure, failureSchema } from '../../answers/failures.ts'
import { companySchema } from './company-shape.ts'
import { endpoint, type Endpoint } from '../../endpoint.ts'
import { boxAround } from './globe.ts'
import { decimalParam, needed, textParam, wholeParam } from '../../input/params.ts'
import { findCompanies } from './queries-companies.ts'
import { listNear } from './queries-places.ts'

const radius = { min: 0.2, max: 100 }
const DEFAULT_RADIUS = 10
const METRES = 1000
// Where companies stand close together the nearest are found without measuring the way to all of them.
const NARROWER = 8
const POLE = 90
const HALF_TURN = 180

const nearbyEndpoint = endpoint({
  method: 'get',
  path: '/entreprises/proches',
  scopes: ['companies:read'],
  cacheSeconds: 15,
  tag: 'entreprises',
  summary: 'Companies around a place, nearest first, each with `distance_km` along the great circle.',
  query: z.object({
    latitude: needed(decimalParam(null)),
    longitude: needed(decimalParam(null)),
    rayon_km: decimalParam(null, radius),
    radius_km: decimalParam(null, radius),
    limit: wholeParam(80, { min: 1, max: 250 }),
    secteur: textParam(),
  }),
  answers: {
    200: z.looseObject({
      success: z.literal(true),
      count: z.int(),
      latitude: z.number(),
      longitude: z.number(),
      rayon_km: z.number(),
      limit: z.int(),
      secteur: z.string().nullable(),
      data: z.array(companySchema.extend({ distance_km: z.number() })),
    }),
    400: failureSchema,
  },
  handle: async ({ sql, query }) => {
    const { latitude, longitude, limit, secteur } = query
    if (latitude === null || longitude === null)
      return failure(400, 'Paramètres « latitude » et « longitude » requis.')
    if (Math.abs(latitude) > POLE || Math.abs(longitude) > HALF_TURN)
      return failure(400, 'Paramètres « latitude » et « longitude » invalides.')
    const rayon_km = query.rayon_km ?? query.radius_km ?? DEFAULT_RADIUS
    const around = { latitude, longitude, secteur, limit }
    const closest = await nearWithin(sql, { ...around, radius: rayon_km / NARROWER })
    const near = closest.length === limit ? closest : await nearWithin(sql, { ...around, radius: rayon_km })
    const distances = new Map(near.map(({ id, distance }) => [id, distance]))
    const companies = await findCompanies(sql, [...distances.keys()])
    const data = companies.map((company) => ({
      ...company,
      distance_km: Math.round((distances.get(company.id) ?? 0) * METRES) / METRES,
    }))
    const asked = { latitude, longitude, rayon_km, limit, secteur }
    return { status: 200, body: { success: true, count: data.length, ...asked, data } }
  },
})

const nearWithin = (sql: Sql, around: Omit<Parameters<typeof listNear>[1], 'box'>) =>
  listNear(sql, { ...around, box: boxAround(around, around.radius) })

/** Companies around a place. */
export const nearbyEndpoints: Endpoint[] = [nearbyEndpoint]
