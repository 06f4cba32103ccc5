import type { Sql } from '#src/db/open.ts'
import { versionOf } from '../numbers/queries-versions.ts'
import { idsOfPage, literal, type Fragment, type Page, type PageRead } from '../queries-page.ts'
import type { Company } from './company-shape.ts'
import { searchTexts } from './search-texts.ts'

// Up to so many matches of a search are all found and put in order; of more, the newest are sought by walking on.
const FEW = 10_000
// As many of the newest are looked at first, and as many when these promise a whole page.
const FIRST_PROBE = 400
const PROBE = 3_000
const MIN_ANYWHERE = 3
// A number this long is in few companies, unless it is a postal code: as many are looked through for the other words.
const NUMBER = /\d{4}/
const POSTAL_CODE = /^\d{5}$/
const FEW_OF_NUMBER = 1_000

/** `statuts`: any of them (coarse levels already expanded); null: whatever. */
export type CompanyFilter = {
  secteur: string | null
  statuts: readonly string[] | null
  opportunite: string | null
  search: string | null
}

const shown = (sql: Sql) => sql`
  c.id, c.analyse_id, c.nom, c.website, c.secteur, c.categorie, c.statut, c.etape_prospection, c.opportunite, c.score,
  c.score_level, c.email_principal, c.responsable, c.responsable_role, NULL AS taille_estimee,
  c.site_told[2] AS hosting_provider, c.site_told[1] AS framework, c.cms, ${hasFeature(sql, 'blog')} AS has_blog,
  CASE WHEN c.site_features IS NOT NULL THEN c.site_told[5]::boolean END AS has_contact_form,
  ${hasFeature(sql, 'shop')} AS has_checkout, NULL AS performance_score, NULL AS score_securite, c.tags, c.notes,
  c.favori, c.telephone, c.telephone_e164, c.pays, c.address_1, c.address_2, c.ville, c.code_postal, c.longitude,
  c.latitude, c.note_google, c.nb_avis_google, c.siren, c.siret, c.site_told[3] AS resume, c.site_told[4] AS og_image,
  NULL AS favicon, NULL AS logo, c.statut_scraping, c.date_analyse, c.date_creation, c.date_modification`

const hasFeature = (sql: Sql, name: 'blog' | 'shop') =>
  sql`jsonb_path_exists(c.site_features, ${sql.unsafe(`'$[*] ? (@.name == "${name}" && @.present == true)'`)})`

// OFFSET 0: all that is told of a company is read once, and for the rows of the page only, never for every company,
// however small the tables were when it was planned.
const rowOf = (sql: Sql, id: Fragment) => sql`(SELECT * FROM api_companies one WHERE one.id = ${id} OFFSET 0)`

/** One company by its id; null when there is none. */
export const findCompany = async (sql: Sql, id: number): Promise<Company | null> => {
  const [row] = await sql<Company[]>`SELECT ${shown(sql)} FROM ${rowOf(sql, sql`${id}`)} c`
  return row ?? null
}

/** Those of these ids that exist, in their order. */
export const findCompanies = async (sql: Sql, ids: readonly number[]): Promise<Company[]> => {
  if (ids.length === 0) return []
  return sql<Company[]>`
    SELECT ${shown(sql)} FROM unnest(${ids}::int[]) WITH ORDINALITY AS at (id, place)
    CROSS JOIN LATERAL ${rowOf(sql, sql`at.id`)} c ORDER BY at.place`
}

export const isCompany = async (sql: Sql, id: number): Promise<boolean> => {
  const [row] = await sql`SELECT FROM api_companies WHERE id = ${id}`
  return row !== undefined
}

/** The oldest company of one of these site keys, or with this very page as its only address. */
export const findByWebsite = async (
  sql: Sql,
  keys: readonly string[],
  pages: readonly string[],
): Promise<number | null> => {
  const [row] = await sql<{ id: number }[]>`
    SELECT id FROM api_companies WHERE site_key = ANY (${keys}::text[])
    ORDER BY array_position(${keys}::text[], site_key) DESC, id LIMIT 1`
  if (row) return row.id
  const [other] = await sql<{ id: number }[]>`
    SELECT id FROM api_companies WHERE profile_url = ANY (${pages}::text[]) ORDER BY id + 0 LIMIT 1`
  return other?.id ?? null
}

const conditions = (
  sql: Sql,
  { secteur, statuts, opportunite, search }: CompanyFilter,
  walked = false,
): Fragment =>
  [
    secteur === null ? null : sql`c.secteur = ${secteur}`,
    statuts === null ? null : ofStatus(sql, statuts),
    // The level is what the index knows.
    opportunite === null ? null : sql`c.score_level = ${LEVELS.get(opportunite) ?? ''}`,
    ...searchTexts(search ?? '').map((text) => contains(sql, text, walked)),
  ].reduce<Fragment>((all, one) => (one === null ? all : sql`${all} AND ${one}`), sql`true`)

// PostgreSQL thinks of ten where it does not know how many there are.
const ofStatus = (sql: Sql, statuts: readonly string[]): Fragment =>
  statuts.length === 1 ? sql`c.statut = ${statuts[0]!}` : sql`c.statut = ANY (${statuts}::text[])`

// The trigram index finds three letters anywhere, fewer only at the beginning of a word. SELECT: once, not for each row.
const contains = (sql: Sql, text: string, walked: boolean): Fragment => {
  const start = text.length < MIN_ANYWHERE ? '% ' : '%'
  const pattern = sql`(SELECT ${start}::text || fold(${escapeLike(text)}::text) || '%')`
  // Changed in nothing, and no longer what the index is made of.
  return walked ? sql`c.search_text || '' LIKE ${pattern}` : sql`c.search_text LIKE ${pattern}`
}

const escapeLike = (text: string): string => text.replace(/[\\%_]/g, String.raw`\$&`)

/** Labels of the existing product, by the level of the score. */
const LEVELS = new Map([
  ['Très élevée', 'very-high'],
  ['Élevée', 'high'],
  ['Moyenne', 'medium'],
  ['Faible', 'low'],
  ['Très faible', 'very-low'],
])

/** Labels in the order of the scale. */
export const OPPORTUNITIES = [...LEVELS.keys()]

/** `total`: how many match, when that cost nothing (`null`: ask `countCompanies`). */
export type CompanyPage = PageRead & { data: Company[]; total: number | null }

/** One page, newest company first. */
export const listCompanies = async (sql: Sql, filter: CompanyFilter, page: Page): Promise<CompanyPage> => {
  const { statuts, secteur, search } = filter
  if (search !== null && searchTexts(search).length > 0) return searchCompanies(sql, filter, page)
  const merges = statuts !== null && statuts.length > 1 && secteur === null
  const ids = merges ? ofStatuses(sql, filter, statuts, page) : walk(sql, filter, page)
  return readPage(sql, { ids })
}

/** Reads the companies of `ids`, a statement, and what goes for the whole page, at once. `counted`: how many match. */
const readPage = async (
  sql: Sql,
  { before = sql``, ids, counted = sql`NULL::int` }: { before?: Fragment; ids: Fragment; counted?: Fragment },
): Promise<CompanyPage> => {
  const rows = await sql<(Company & { list_total?: number | null; list_version?: string })[]>`
    ${before} SELECT ${shown(sql)}, list.list_total, list.list_version
    FROM (SELECT ${counted} AS list_total, ${versionOf(sql)} AS list_version, ARRAY(${ids}) AS ids) list
    LEFT JOIN LATERAL unnest(list.ids) WITH ORDINALITY AS at (id, place) ON true
    LEFT JOIN LATERAL ${rowOf(sql, sql`at.id`)} c ON true ORDER BY at.place`
  // There is always one row, be it of no company.
  const { list_total: total = null, list_version: version = '' } = rows[0] ?? {}
  const data = rows.filter(({ id }) => id !== null)
  // Not written into the answer; copies without them would cost as much as the writing.
  for (const company of data) company.list_total = company.list_version = undefined
  return { ids: data.map(({ id }) => id), data, total, version }
}

// Each status has its own order in the index; what is newest of each is merged.
const ofStatuses = (sql: Sql, filter: CompanyFilter, statuts: readonly string[], page: Page): Fragment => {
  const { limit, offset, before } = page
  const own = sql`SELECT c.id FROM api_companies c
    WHERE c.statut = wanted.statut AND ${conditions(sql, { ...filter, statuts: null })} ${earlier(sql, before)}
    ORDER BY c.id DESC`
  return sql`SELECT merged.id FROM (VALUES ${statuts.map((statut, index) => (index === 0 ? sql`(${statut}::text)` : sql`, (${statut})`))}) AS wanted (statut)
    CROSS JOIN LATERAL (${idsOfPage(sql, own, { limit: limit + offset, offset: 0 })}) merged
    ORDER BY merged.id DESC LIMIT ${limit} OFFSET ${offset}`
}

const walk = (sql: Sql, filter: CompanyFilter, page: Page, walked = false): Fragment => {
  const all = sql`SELECT c.id FROM api_companies c
    WHERE ${conditions(sql, filter, walked)} ${earlier(sql, page.before)} ORDER BY c.id DESC`
  return idsOfPage(sql, all, page)
}

const earlier = (sql: Sql, before: number | undefined): Fragment =>
  before === undefined ? sql`` : sql`AND c.id < ${before}`

// A search that many companies match is soon answered by the newest of them; what few match is all found by the index
// and put in order, by a number alone where there is one; in between it is walked.
const searchCompanies = async (sql: Sql, filter: CompanyFilter, page: Page): Promise<CompanyPage> => {
  const needed = page.offset + page.limit
  const first = needed <= FIRST_PROBE ? FIRST_PROBE : needed <= PROBE ? PROBE : 0
  const number = searchTexts(filter.search ?? '').find((text) => NUMBER.test(text) && !POSTAL_CODE.test(text))
  let found = number === undefined ? null : await ofNumber(sql, filter, page, number)
  if (found?.total == null) found = await probe(sql, filter, page, first)
  if (found.data.length === 0 && found.total === null) found = await probe(sql, filter, page, PROBE)
  if (found.total !== null && found.total > FEW) return readPage(sql, { ids: walk(sql, filter, page, true) })
  return { ...found, total: page.before === undefined ? found.total : null }
}

/** The page from all companies that this part of the search is in; no total: there are too many of them. Common words
 *  cost the index the most, and it is not asked for them. */
const ofNumber = (sql: Sql, filter: CompanyFilter, { limit, offset, before }: Page, number: string) =>
  readPage(sql, {
    before: sql`WITH numbered AS MATERIALIZED (
        SELECT c.id, ${conditions(sql, filter, true)} AS fits FROM api_companies c
        WHERE ${contains(sql, number, false)} ${earlier(sql, before)} LIMIT ${literal(sql, FEW_OF_NUMBER + 1)}
      ), counted AS MATERIALIZED (
        SELECT CASE WHEN count(*) <= ${literal(sql, FEW_OF_NUMBER)} THEN count(*) FILTER (WHERE fits)::int END AS total
        FROM numbered
      )`,
    counted: sql`(SELECT total FROM counted)`,
    ids: sql`SELECT id FROM numbered WHERE fits AND (SELECT total IS NOT NULL FROM counted)
      ORDER BY id DESC LIMIT ${limit} OFFSET ${offset}`,
  })

/** The page from the newest `looked` companies when these fill it, else from all that match. No company and no total:
 *  more of the newest promise a whole page; no company and a total: there are none, or more than FEW. */
const probe = (sql: Sql, filter: CompanyFilter, { limit, offset, before }: Page, looked: number) => {
  const needed = offset + limit
  const promising = looked === FIRST_PROBE ? (needed * FIRST_PROBE) / PROBE : needed
  return readPage(sql, {
    before: sql`WITH newest AS MATERIALIZED (
        SELECT c.id FROM (
          SELECT * FROM api_companies c WHERE true ${earlier(sql, before)} ORDER BY c.id DESC LIMIT ${literal(sql, looked)}
        ) c WHERE ${conditions(sql, filter)} ORDER BY c.id DESC LIMIT ${needed}
      ), matching AS MATERIALIZED (
        SELECT c.id FROM api_companies c WHERE ${conditions(sql, filter)} ${earlier(sql, before)}
        LIMIT ${literal(sql, FEW + 1)}
      ), seen AS MATERIALIZED (
        SELECT newest, CASE WHEN newest < ${promising}::float8 THEN (SELECT count(*)::int FROM matching) END AS matching
        FROM (SELECT count(*) AS newest FROM newest) counted
      )`,
    counted: sql`(SELECT matching FROM seen)`,
    ids: sql`SELECT either.id FROM (
        SELECT id FROM newest WHERE (SELECT newest >= ${needed}::bigint FROM seen)
        UNION ALL SELECT id FROM matching WHERE (SELECT matching <= ${literal(sql, FEW)} FROM seen)
      ) either ORDER BY either.id DESC LIMIT ${limit} OFFSET ${offset}`,
  })
}

export const countCompanies = async (sql: Sql, filter: CompanyFilter): Promise<number> => {
  const [row] = await sql<{ count: number }[]>`
    SELECT count(*)::int AS count FROM api_companies c WHERE ${conditions(sql, filter)}`
  return row?.count ?? 0
}

export type Image = { url: string; alt_text: string | null; source: string; page_url: string }

/** Pictures of the company's site, those it shows of itself on social networks first. */
export const listImages = (sql: Sql, companyId: number, limit: number): Promise<Image[]> =>
  sql<Image[]>`SELECT url, alt_text, source, page_url FROM (
    SELECT DISTINCT ON (url) * FROM api_images WHERE entreprise_id = ${companyId} ORDER BY url, source, id
  ) one ORDER BY source, id LIMIT ${limit}`
