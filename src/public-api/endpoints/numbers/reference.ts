import { z } from 'zod'
import { endpoint, type Endpoint } from '../../endpoint.ts'
import { distanceKm } from '../companies/globe.ts'
import { decimalParam } from '../../input/params.ts'
import { keepNumbers } from './kept-numbers.ts'
import { OPPORTUNITIES } from '../companies/queries-companies.ts'
import { listCities, type City } from '../companies/queries-places.ts'
import { countTargets, type Counted } from './queries-reference.ts'
import { listStatuses } from '../companies/queries-statuses.ts'

const MAX_CITIES = 500
const TAG = 'reference'
// No degree of latitude is shorter.
const KM_PER_DEGREE = 110.5

const targetsOf = <T extends z.ZodType>(item: T) =>
  z.looseObject({
    success: z.literal(true),
    data: z.looseObject({
      secteurs: z.array(item),
      opportunites: z.array(item),
      statuts: z.array(item),
      tags: z.array(item),
    }),
  })

const targetsEndpoint = endpoint({
  method: 'get',
  path: '/reference/ciblage',
  scopes: ['companies:read'],
  cacheSeconds: 120,
  tag: TAG,
  summary: 'Values to choose companies by: sectors, opportunities, statuses and tags in use.',
  answers: { 200: targetsOf(z.string()) },
  handle: async ({ sql, clock }) => {
    const counted = await keepNumbers(sql, 'targets', clock.now(), () => countTargets(sql))
    const statuses = await listStatuses(sql)
    const data = {
      secteurs: sorted(counted.secteurs),
      opportunites: OPPORTUNITIES.filter((label) => has(counted.opportunites, label)),
      statuts: statuses.filter((statut) => has(counted.statuts, statut)),
      tags: sorted(counted.tags),
    }
    return { status: 200, body: { success: true, data } }
  },
})

const sorted = (values: readonly Counted[]): string[] =>
  values.map(({ value }) => value).sort((a, b) => a.localeCompare(b, 'fr'))
const has = (values: readonly Counted[], wanted: string): boolean =>
  values.some(({ value }) => value === wanted)

const targetCountsEndpoint = endpoint({
  method: 'get',
  path: '/reference/ciblage/counts',
  scopes: ['companies:read'],
  cacheSeconds: 120,
  tag: TAG,
  summary: 'The same values, each with how many companies have it, most first.',
  answers: { 200: targetsOf(z.looseObject({ value: z.string(), count: z.int() })) },
  handle: async ({ sql, clock }) => {
    const data = await keepNumbers(sql, 'targets', clock.now(), () => countTargets(sql))
    return { status: 200, body: { success: true, data } }
  },
})

const citiesEndpoint = endpoint({
  method: 'get',
  path: '/reference/carte-villes',
  scopes: ['companies:read'],
  cacheSeconds: 120,
  tag: TAG,
  summary:
    'Towns with companies whose place is known, most companies first, at most 500. `count`: in the town; `count_rayon`: in the towns around it too.',
  query: z.object({ rayon_km: decimalParam(25, { min: 5, max: 80 }) }),
  answers: {
    200: z.looseObject({
      success: z.literal(true),
      rayon_km: z.number(),
      count: z.int(),
      data: z.array(
        z.looseObject({
          ville: z.string(),
          code_postal: z.string().nullable(),
          pays: z.string().nullable(),
          latitude: z.number(),
          longitude: z.number(),
          count: z.int(),
          count_rayon: z.int(),
        }),
      ),
    }),
  },
  handle: async ({ sql, clock, query: { rayon_km } }) => {
    const cities = await keepNumbers(sql, 'cities', clock.now(), () => listCities(sql, MAX_CITIES))
    const data = withSurroundings(cities, rayon_km)
    return { status: 200, body: { success: true, rayon_km, count: data.length, data } }
  },
})

/** Adds to each town the companies of those whose middle is not farther than the radius. */
const withSurroundings = (cities: readonly City[], radius: number) =>
  cities.map((city) => {
    const around = cities.filter(
      (other) =>
        Math.abs(other.latitude - city.latitude) * KM_PER_DEGREE <= radius &&
        distanceKm(city, other) <= radius,
    )
    return { ...city, count_rayon: around.reduce((sum, { count }) => sum + count, 0) }
  })

/** What a client offers to choose companies by. */
export const referenceEndpoints: Endpoint[] = [targetsEndpoint, targetCountsEndpoint, citiesEndpoint]
