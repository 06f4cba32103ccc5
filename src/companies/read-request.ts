import type { Context } from 'hono'
import { z } from 'zod'
import type { AppEnv } from '#src/http-env.ts'
import { AppError } from '#src/lib/errors.ts'
import { readFilter } from './company-filter.ts'
import type { Selection } from './queries-list.ts'

const MAX_ID = 2_147_483_647
const MAX_IDS = 1_000
const id = z.coerce.number().int().positive().max(MAX_ID)

const notFound = () => new AppError('not_found', 'There is no such company.', { status: 404 })

/** The id in the path; anything that cannot be one is simply not found. */
export const idParam = (c: Context, name = 'id'): number => {
  const parsed = id.safeParse(c.req.param(name))
  if (!parsed.success) throw notFound()
  return parsed.data
}

/** What was loaded for that id, or the page that says there is none. */
export const found = <T>(value: T | null | undefined): T => {
  if (value === null || value === undefined) throw notFound()
  return value
}

/** The fields of a submitted form; the last value of a repeated one, files left out. */
export const formValues = async (c: Context): Promise<Record<string, string>> => {
  const body = await c.req.parseBody()
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, storable(value)]] : [],
    ),
  )
}

// PostgreSQL refuses U+0000 in a text.
const storable = (text: string): string => text.replaceAll('\u0000', '').toWellFormed()

/** Every value of a repeated field (checkboxes). */
export const formIds = async (c: Context, name: string): Promise<number[]> => {
  const body = await c.req.parseBody({ all: true })
  const values = [body[name] ?? []].flat()
  return [...new Set(values.flatMap((value) => id.safeParse(value).data ?? []))].slice(0, MAX_IDS)
}

/** The companies a form on the list is about: `all` with `filter` (a query string), or `ids`; null for none. */
export const readSelection = async (c: Context): Promise<Selection | null> => {
  const values = await formValues(c)
  if (values['all'] === '1') return { filter: readFilter(new URLSearchParams(values['filter'] ?? '')) }
  const ids = await formIds(c, 'ids')
  return ids.length > 0 ? { ids } : null
}

export const userIdOf = (c: Context<AppEnv>): number | null => c.get('page').user?.id ?? null
