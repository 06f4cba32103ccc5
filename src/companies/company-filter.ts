import { z } from 'zod'
import { crawlStates, scoreLevels, stageValues, statusValues } from './statuses.ts'

const MAX_SEARCH = 200
const MAX_WORDS = 8
const POSTAL_CODE = /^\d{5}$/
const SIREN = 9
/** Pages beyond this are not offered: narrowing the search is faster for everybody. */
export const MAX_PAGE = 200
export const PAGE_SIZE = 50

export const sortKeys = ['score', 'name', 'created', 'crawled', 'city', 'status'] as const
export type SortKey = (typeof sortKeys)[number]

const naturalDirection: Record<SortKey, 'asc' | 'desc'> = {
  score: 'desc',
  name: 'asc',
  created: 'desc',
  crawled: 'desc',
  city: 'asc',
  status: 'asc',
}

export type CompanyFilter = {
  q: string
  status: string[]
  stage: string
  level: string
  contact: '' | 'yes' | 'no'
  crawl: string
  favourite: boolean
  tag: string
  group: number | null
  importId: number | null
  weakness: string
}

export type ListView = { filter: CompanyFilter; sort: SortKey; direction: 'asc' | 'desc'; page: number }

// PostgreSQL refuses U+0000, and nobody searches for control characters.
const plainText = (text: string): string => text.replace(/\p{Cc}+/gu, ' ').trim()

const id = z.coerce.number().int().positive().max(2_147_483_647).nullable().catch(null)
const oneOf = (values: readonly string[]) =>
  z
    .string()
    .refine((value) => values.includes(value))
    .catch('')

// A list address may be old or mistyped: what is not understood is left out, never refused.
const filterFields = z.object({
  q: z
    .string()
    .catch('')
    .transform((text) => plainText(text).slice(0, MAX_SEARCH).trim()),
  stage: oneOf(stageValues),
  level: oneOf([...scoreLevels, 'unscored']),
  contact: z.enum(['yes', 'no']).or(z.literal('')).catch(''),
  crawl: oneOf(crawlStates),
  favourite: z
    .literal('1')
    .transform(() => true)
    .or(z.boolean())
    .catch(false),
  tag: z.string().max(100).catch('').transform(plainText),
  group: id,
  import: id,
  weakness: z
    .string()
    .regex(/^[a-z0-9._-]{1,80}$/i)
    .catch(''),
})

/** The filter named by a query string or a form (`q`, `status` repeated, `stage`, `level`, `contact`, `crawl`,
 *  `favourite`, `tag`, `group`, `import`, `weakness`). */
export const readFilter = (params: URLSearchParams): CompanyFilter => {
  const { import: importId, ...fields } = filterFields.parse(Object.fromEntries(params))
  const status = [...new Set(params.getAll('status'))].filter((value) =>
    statusValues.some((known) => known === value),
  )
  return { ...fields, status, importId }
}

/** Filter, order (`sort`, `dir`) and page (`page`, from 1) of the list. */
export const readView = (params: URLSearchParams): ListView => {
  const sort = sortKeys.find((key) => key === params.get('sort')) ?? 'score'
  const dir = params.get('dir')
  const direction = dir === 'asc' || dir === 'desc' ? dir : naturalDirection[sort]
  const page = z.coerce
    .number()
    .int()
    .min(1)
    .max(MAX_PAGE)
    .catch(1)
    .parse(params.get('page') ?? 1)
  return { filter: readFilter(params), sort, direction, page }
}

/** The shortest query string that reads back as the same filter. */
export const filterParams = (filter: CompanyFilter): URLSearchParams => {
  const params = new URLSearchParams()
  const set = (name: string, value: string | number | null) => {
    if (value !== '' && value !== null) params.append(name, String(value))
  }
  set('q', filter.q)
  for (const status of filter.status) set('status', status)
  set('stage', filter.stage)
  set('level', filter.level)
  set('contact', filter.contact)
  set('crawl', filter.crawl)
  if (filter.favourite) set('favourite', '1')
  set('tag', filter.tag)
  set('group', filter.group)
  set('import', filter.importId)
  set('weakness', filter.weakness)
  return params
}

/** Address of the list for this view, defaults left out. */
export const viewPath = (view: ListView): string => {
  const params = filterParams(view.filter)
  if (view.sort !== 'score' || view.direction !== naturalDirection.score) params.set('sort', view.sort)
  if (view.direction !== naturalDirection[view.sort]) params.set('dir', view.direction)
  if (view.page > 1) params.set('page', String(view.page))
  const query = params.toString()
  return query ? `/companies?${query}` : '/companies'
}

/** Address of the first page of the list for this filter, in its usual order. */
export const filterPath = (filter: CompanyFilter): string =>
  viewPath({ filter, sort: 'score', direction: naturalDirection.score, page: 1 })

/** The same view ordered by `sort`: a second choice of the same column turns the order round. */
export const sortedBy = (view: ListView, sort: SortKey): ListView => {
  const turned = view.direction === 'asc' ? 'desc' : 'asc'
  return { ...view, page: 1, sort, direction: view.sort === sort ? turned : naturalDirection[sort] }
}

/** Whether anything is left out of the list. */
export const isFiltered = (filter: CompanyFilter): boolean => filterParams(filter).size > 0

/** Texts that must all be found in a company. A telephone number typed in any national or international way is
 *  one text, its significant digits; a SIREN or SIRET may be written in groups. */
export const searchTerms = (q: string): string[] => {
  const text = q.trim()
  if (/^[+(]?\d[\d\s.()/-]*$/.test(text)) {
    const digits = text.replace('(0)', '').replace(/\D/g, '')
    const significant = digits.replace(/^00/, '').replace(/^0/, '')
    const isNumber = /^[+0(]/.test(text) && significant.length >= 3 && !POSTAL_CODE.test(text)
    if (isNumber || digits.length >= SIREN) return [significant]
  }
  return text
    .split(/\s+/)
    .map((word) =>
      word
        .replace(/^https?:\/\//i, '')
        .replace(/^www\./i, '')
        .replace(/\/+$/, ''),
    )
    .filter(Boolean)
    .slice(0, MAX_WORDS)
}
