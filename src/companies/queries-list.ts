import { and, asc, eq, inArray, isNotNull, isNull, or, sql, type SQL } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { Db } from '#src/db/open.ts'
import { isFiltered, searchTerms, type CompanyFilter, type SortKey } from './company-filter.ts'
import { companies, companyGroups } from './schema.ts'

/** Counting stops here: beyond it nobody reads the number, and an exact one would cost more than the rows. */
export const COUNT_CAP = 10_000

// How far the order's index is walked for a filter that matches much, before all matches are sorted instead.
const PROBE = 5_000

/** Companies chosen on the list: by hand, or all that match the filter. */
export type Selection = { ids: number[] } | { filter: CompanyFilter }

const notDeleted = isNull(companies.deletedAt)

const escapeLike = (text: string): string => text.replace(/[\\%_]/g, String.raw`\$&`)

// A trigram index cannot find less than three letters, but PostgreSQL would read all of it trying.
const contains = (text: string): SQL =>
  text.length < 3
    ? sql`strpos(${companies.searchText}, fold(${text})) > 0`
    : sql`${companies.searchText} LIKE '%' || fold(${escapeLike(text)}) || '%'`

const searchCondition = (q: string): SQL | undefined => {
  const { words, digits } = searchTerms(q)
  const everyWord = and(...words.map(contains))
  return digits === null ? everyWord : or(everyWord, contains(digits))
}

const reachable = or(isNotNull(companies.contactEmail), isNotNull(companies.email))

/** The filter as a condition on `companies`; deleted companies never match. */
export const filterCondition = (filter: CompanyFilter): SQL =>
  and(
    notDeleted,
    searchCondition(filter.q),
    filter.status.length > 0 ? inArray(companies.status, filter.status) : undefined,
    filter.stage ? eq(companies.stage, filter.stage) : undefined,
    filter.level === 'unscored' ? isNull(companies.scoreLevel) : undefined,
    filter.level && filter.level !== 'unscored' ? eq(companies.scoreLevel, filter.level) : undefined,
    filter.contact === 'yes' ? reachable : undefined,
    filter.contact === 'no' ? and(isNull(companies.contactEmail), isNull(companies.email)) : undefined,
    filter.crawl ? sql`${companies.crawlState} = ${filter.crawl}` : undefined,
    filter.favourite ? eq(companies.favourite, true) : undefined,
    filter.tag ? sql`${companies.tags} @> ARRAY[${filter.tag}]::text[]` : undefined,
    filter.group === null
      ? undefined
      : sql`${companies.id} IN (SELECT ${companyGroups.companyId} FROM ${companyGroups} WHERE ${companyGroups.groupId} = ${filter.group})`,
    filter.importId === null ? undefined : eq(companies.importId, filter.importId),
    filter.weakness
      ? sql`${companies.weaknesses} @> ${JSON.stringify([{ id: filter.weakness }])}::jsonb`
      : undefined,
  ) ?? notDeleted

export const selectionCondition = (selection: Selection): SQL =>
  'ids' in selection
    ? (and(notDeleted, sql`${companies.id} = ANY(${`{${selection.ids.join(',')}}`}::int[])`) ?? notDeleted)
    : filterCondition(selection.filter)

const sortColumns = {
  score: companies.score,
  name: companies.name,
  created: companies.createdAt,
  crawled: companies.crawledAt,
  city: companies.city,
  status: companies.status,
}

export type Page = { sort: SortKey; direction: 'asc' | 'desc'; limit: number; offset: number }

/** Each order ends in the id, so that pages never overlap. Nulls come last both ways. */
const orderBy = (column: SQL | PgColumn, direction: 'asc' | 'desc'): SQL =>
  direction === 'desc'
    ? sql`${column} DESC NULLS LAST, ${companies.id} DESC`
    : sql`${column} ASC NULLS LAST, ${companies.id} ASC`

const listColumns = {
  id: companies.id,
  name: companies.name,
  website: companies.website,
  siteKey: companies.siteKey,
  profileUrl: companies.profileUrl,
  category: companies.category,
  city: companies.city,
  postalCode: companies.postalCode,
  email: companies.email,
  phone: companies.phone,
  phoneE164: companies.phoneE164,
  contactName: companies.contactName,
  contactEmail: companies.contactEmail,
  contactEmailKind: companies.contactEmailKind,
  contactPerson: companies.contactPerson,
  contactRole: companies.contactRole,
  contactPhone: companies.contactPhone,
  status: companies.status,
  stage: companies.stage,
  favourite: companies.favourite,
  tags: companies.tags,
  crawlState: companies.crawlState,
  crawlError: companies.crawlError,
  crawledAt: companies.crawledAt,
  weaknesses: companies.weaknesses,
  score: companies.score,
  scoreLevel: companies.scoreLevel,
}

export type CompanyRow = Awaited<ReturnType<typeof selectRows>>[number]

const selectRows = (db: Db, where: SQL) => db.select(listColumns).from(companies).where(where)

/** How many match (at most `COUNT_CAP + 1`, which means "more than") and the rows of one page. */
export const findCompanies = async (
  db: Db,
  filter: CompanyFilter,
  page: Page,
): Promise<{ count: number; rows: CompanyRow[] }> => {
  const { count, ids } = await findPage(db, filter, page)
  if (ids.length === 0) return { count, rows: [] }
  const rows = new Map((await selectRows(db, inArray(companies.id, ids))).map((row) => [row.id, row]))
  return { count, rows: ids.flatMap((id) => rows.get(id) ?? []) }
}

// A filter that matches few companies is best answered by finding all of them and sorting; one that matches
// many, by walking the order's index until the page is full. The capped count tells which it is.
const findPage = async (
  db: Db,
  filter: CompanyFilter,
  page: Page,
): Promise<{ count: number; ids: number[] }> => {
  const where = filterCondition(filter)
  const { limit, offset } = page
  const column = sortColumns[page.sort]
  const order = orderBy(column, page.direction)
  const [matching] = await db.execute<{ count: number; ids: number[] }>(sql`
    WITH matching AS MATERIALIZED (
      SELECT ${companies.id} AS id, ${column} AS value FROM ${companies} WHERE ${where} LIMIT ${COUNT_CAP + 1}
    ), page AS (
      SELECT id FROM matching ORDER BY ${sql.raw(page.direction === 'desc' ? 'value DESC NULLS LAST, id DESC' : 'value ASC NULLS LAST, id ASC')} LIMIT ${limit} OFFSET ${offset}
    ) SELECT (SELECT count(*)::int FROM matching) AS count, ARRAY(SELECT id FROM page) AS ids`)
  const count = matching?.count ?? 0
  if (count <= COUNT_CAP) return { count, ids: matching?.ids ?? [] }
  if (isFiltered(filter)) {
    const near = await db.execute<{ id: number }>(sql`
      SELECT id FROM (SELECT * FROM ${companies} WHERE ${notDeleted} ORDER BY ${order} LIMIT ${PROBE}) AS companies
      WHERE ${where} LIMIT ${limit} OFFSET ${offset}`)
    if (near.length === limit) return { count, ids: near.map(({ id }) => id) }
  }
  const sorted = isFiltered(filter) ? sql`(SELECT ${column})` : column
  const rows = await db
    .select({ id: companies.id })
    .from(companies)
    .where(where)
    .orderBy(orderBy(sorted, page.direction))
    .limit(limit)
    .offset(offset)
  return { count, ids: rows.map(({ id }) => id) }
}

export const findRow = async (db: Db, id: number): Promise<CompanyRow | undefined> =>
  (await selectRows(db, and(eq(companies.id, id), notDeleted) ?? notDeleted))[0]

/** Ids of the selection in the order of the list, for what must be done one by one. */
export const findSelectedIds = async (db: Db, selection: Selection): Promise<number[]> => {
  const rows = await db
    .select({ id: companies.id })
    .from(companies)
    .where(selectionCondition(selection))
    .orderBy(asc(companies.id))
  return rows.map(({ id }) => id)
}
