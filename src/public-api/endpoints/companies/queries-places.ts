import type { Sql } from '#src/db/open.ts'
import { EARTH_KM, type Box } from './globe.ts'

export type Near = { id: number; distance: number }

/** The nearest companies within `radius` kilometres along the great circle, nearest first. */
export const listNear = (
  sql: Sql,
  {
    latitude,
    longitude,
    radius,
    box,
    secteur,
    limit,
  }: {
    latitude: number
    longitude: number
    radius: number
    box: Box
    secteur: string | null
    limit: number
  },
): Promise<Near[]> =>
  sql<Near[]>`
    SELECT id, distance FROM (
      SELECT c.id, 2 * ${EARTH_KM}::float8 * asin(least(1, sqrt(
        sin(radians(c.latitude - ${latitude}::float8) / 2) ^ 2 + cos(radians(${latitude}::float8))
          * cos(radians(c.latitude)) * sin(radians(c.longitude - ${longitude}::float8) / 2) ^ 2))) AS distance
      FROM api_companies c
      WHERE c.latitude BETWEEN ${box.south}::float8 AND ${box.north}::float8 AND ${between(sql, box)}
        ${secteur === null ? sql`` : sql`AND c.secteur = ${secteur}`}
    ) around WHERE distance <= ${radius}::float8 ORDER BY distance, id LIMIT ${limit}`

const between = (sql: Sql, { west, east }: Box) =>
  west <= east
    ? sql`c.longitude BETWEEN ${west}::float8 AND ${east}::float8`
    : sql`(c.longitude >= ${west}::float8 OR c.longitude <= ${east}::float8)`

export type City = {
  ville: string
  code_postal: string | null
  pays: string | null
  latitude: number
  longitude: number
  count: number
}

/** Towns with companies whose place is known, most companies first, each in the middle of its companies. */
export const listCities = (sql: Sql, limit: number): Promise<City[]> =>
  sql<City[]>`
    SELECT min(ville) AS ville, min(code_postal) AS code_postal, pays, avg(latitude) AS latitude,
      avg(longitude) AS longitude, count(*)::int AS count
    FROM api_companies
    WHERE latitude IS NOT NULL AND longitude IS NOT NULL AND ville <> ''
    GROUP BY fold(ville), pays, left(code_postal, 2) ORDER BY count(*) DESC, min(ville), pays LIMIT ${limit}`
