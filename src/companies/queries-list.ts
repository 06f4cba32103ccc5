import { and, asc, eq, inArray, isNotNull, isNull, or, sql, type SQL } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import { intArray } from '#src/db/arrays.ts'
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

// The trigram index finds three letters anywhere, fewer only at the beginning of a word.
const contains = (text: string): SQL =>
  sql`${companies.searchText} LIKE ${text.length < 3 ? '% ' : '%'} || fold(${escapeLike(text)}) || '%'`

const searchCondition = (q: string): SQL | undefined => and(...searchTerms(q).map(contains))

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
    ? (and(notDeleted, sql`${companies.id} = ANY(${intArray(selection.ids)})`) ?? notDeleted)
    : filterCondition(selection.filter)

// `unindexed` is the same value in a form that no index knows: the planner then sorts what matches instead of
// walking the whole order in search of it.
const sortColumns = {
  score: { column: companies.score, unindexed: sql`${companies.score} + 0`, nullable: true },
  name: { column: companies.name, unindexed: sql`${companies.name} || ''`, nullable: false },
  created: {
    column: companies.createdAt,
    unindexed: sql`${companies.createdAt} + interval '0'`,
    nullable: false,
  },
  crawled: {
    column: companies.crawledAt,
    unindexed: sql`${companies.crawledAt} + interval '0'`,
    nullable: true,
  },
  city: { column: companies.city, unindexed: sql`${companies.city} || ''`, nullable: true },
  status: { column: companies.status, unindexed: sql`${companies.status} || ''`, nullable: false },
}

export type Page = { sort: SortKey; direction: 'asc' | 'desc'; limit: number; offset: number }

/** Each order ends in the id, so that pages never overlap. Nulls come last both ways. */
const orderBy = (value: SQL | PgColumn, id: SQL | PgColumn, { sort, direction }: Page): SQL => {
  if (direction === 'asc') return sql`${value} ASC, ${id} ASC`
  const nulls = sql.raw(sortColumns[sort].nullable ? 'NULLS LAST' : '')
  return sql`${value} DESC ${nulls}, ${id} DESC`
}

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
  const { column, unindexed } = sortColumns[page.sort]
  const walked = orderBy(column, companies.id, page)
  const idsOf = (rows: Iterable<{ id: number }>) => Array.from(rows, ({ id }) => id)
  if (!isFiltered(filter)) {
    // Both are answered by an index alone.
    const [counted] = await db.execute<{ count: number }>(
      sql`SELECT count(*)::int AS count FROM (SELECT 1 FROM ${companies} WHERE ${where} LIMIT ${COUNT_CAP + 1}) AS shown`,
    )
    const rows = await db.execute<{ id: number }>(
      sql`SELECT id FROM ${companies} WHERE ${where} ORDER BY ${walked} LIMIT ${limit} OFFSET ${offset}`,
    )
    return { count: counted?.count ?? 0, ids: idsOf(rows) }
  }
  const [matching] = await db.execute<{ count: number; ids: number[] }>(sql`
    WITH matching AS MATERIALIZED (
      SELECT ${companies.id} AS id, ${column} AS value FROM ${companies} WHERE ${where} LIMIT ${COUNT_CAP + 1}
    ), page AS (
      SELECT id FROM matching ORDER BY ${orderBy(sql`value`, sql`id`, page)} LIMIT ${limit} OFFSET ${offset}
    ) SELECT (SELECT count(*)::int FROM matching) AS count, ARRAY(SELECT id FROM page) AS ids`)
  const count = matching?.count ?? 0
  if (count <= COUNT_CAP) return { count, ids: matching?.ids ?? [] }

  const near = await db.execute<{ id: number }>(sql`
    SELECT id FROM (
      SELECT * FROM ${companies} WHERE ${notDeleted} ORDER BY ${walked} LIMIT ${PROBE + 2 * (offset + limit)}
    ) AS companies WHERE ${where} LIMIT ${limit} OFFSET ${offset}`)
  if (near.length === limit) return { count, ids: idsOf(near) }
  const sorted = orderBy(unindexed, companies.id, page)
  const rows = await db.execute<{ id: number }>(
    sql`SELECT id FROM ${companies} WHERE ${where} ORDER BY ${sorted} LIMIT ${limit} OFFSET ${offset}`,
  )
  return { count, ids: idsOf(rows) }
}

/** Ids of the selection in the order of the list, for what must be done one by one. */
export const findSelectedIds = async (db: Db, selection: Selection): Promise<number[]> => {
  const rows = await db
    .select({ id: companies.id })
    .from(companies)
    .where(selectionCondition(selection))
    .orderBy(asc(companies.id))
  return rows.map(({ id }) => id)
}
