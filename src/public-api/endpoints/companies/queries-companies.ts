import type { Sql } from '#src/db/open.ts'
import type { Company } from './company-shape.ts'
import { searchTexts } from './search-texts.ts'

// Up to so many matches of a search are all found and put in order; of more, the newest are sought by walking on.
const FEW = 10_000
// As many of the newest are looked at first, and as many when these promise a whole page.
const FIRST_PROBE = 400
const PROBE = 3_000
const MIN_ANYWHERE = 3

/** `statuts`: any of them (coarse levels already expanded); null: whatever. */
export type CompanyFilter = {
  secteur: string | null
  statuts: readonly string[] | null
  opportunite: string | null
  search: string | null
}

/** `before`: only companies with a smaller id, whatever the offset. */
export type Page = { limit: number; offset: number; before: number | undefined }

type Fragment = ReturnType<Sql>

/** Rows of `page` (ids) as companies, in the order of `order`. */
const shown = (sql: Sql) => sql`
  c.id, c.analyse_id, c.nom, c.website, c.secteur, c.categorie, c.statut, c.etape_prospection, c.opportunite, c.score,
  c.score_level, c.email_principal, c.responsable, c.responsable_role, NULL AS taille_estimee, s.hosting_provider,
  s.framework, c.cms, s.has_blog, s.has_contact_form, s.has_checkout, NULL AS performance_score,
  NULL AS score_securite, c.tags, c.notes, c.favori, c.telephone, c.telephone_e164, c.pays, c.address_1, c.address_2,
  c.ville, c.code_postal, c.longitude, c.latitude, c.note_google, c.nb_avis_google, c.siren, c.siret, s.resume,
  s.og_image, NULL AS favicon, NULL AS logo, c.statut_scraping, c.date_analyse, c.date_creation, c.date_modification`

// OFFSET 0: for the rows of the page, never for every company, however small the tables were when it was planned.
const site = (sql: Sql) =>
  sql`LEFT JOIN LATERAL (SELECT * FROM api_company_sites sites WHERE sites.id = c.id OFFSET 0) s ON true`

/** One company by its id; null when there is none. */
export const findCompany = async (sql: Sql, id: number): Promise<Company | null> => {
  const [row] = await sql<
    Company[]
  >`SELECT ${shown(sql)} FROM api_companies c ${site(sql)} WHERE c.id = ${id}`
  return row ?? null
}

/** Those of these ids that exist, in their order. */
export const findCompanies = async (sql: Sql, ids: readonly number[]): Promise<Company[]> => {
  if (ids.length === 0) return []
  return sql<Company[]>`
    SELECT ${shown(sql)} FROM unnest(${ids}::int[]) WITH ORDINALITY AS page (id, place)
    JOIN api_companies c ON c.id = page.id ${site(sql)} ORDER BY page.place`
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
    statuts === null ? null : sql`c.statut = ANY (${statuts}::text[])`,
    // The level is what the index knows.
    opportunite === null ? null : sql`c.score_level = ${LEVELS.get(opportunite) ?? ''}`,
    ...searchTexts(search ?? '').map((text) => contains(sql, text, walked)),
  ].reduce<Fragment>((all, one) => (one === null ? all : sql`${all} AND ${one}`), sql`true`)

// The trigram index finds three letters anywhere, fewer only at the beginning of a word.
const contains = (sql: Sql, text: string, walked: boolean): Fragment => {
  const pattern = sql`${text.length < MIN_ANYWHERE ? '% ' : '%'}::text || fold(${escapeLike(text)}::text) || '%'`
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

/** One page of ids, newest company first, and how many match when that cost nothing (`null`: ask `countCompanies`). */
export const listIds = async (
  sql: Sql,
  filter: CompanyFilter,
  page: Page,
): Promise<{ ids: number[]; total: number | null }> => {
  const { statuts, search } = filter
  if (search !== null && searchTexts(search).length > 0) return searchIds(sql, filter, page)
  const rows =
    statuts !== null && filter.secteur === null
      ? await listOfStatuses(sql, filter, statuts, page)
      : await walk(sql, filter, page)
  return { ids: rows.map(({ id }) => id), total: null }
}

// Each status has its own order in the index; what is newest of each is merged.
const listOfStatuses = (sql: Sql, filter: CompanyFilter, statuts: readonly string[], page: Page) => {
  const { limit, offset, before } = page
  const own = conditions(sql, { ...filter, statuts: null })
  return sql<{ id: number }[]>`
    SELECT newest.id FROM unnest(${statuts}::text[]) AS wanted (statut) CROSS JOIN LATERAL (
      SELECT c.id FROM api_companies c WHERE c.statut = wanted.statut AND ${own} ${earlier(sql, before)}
      ORDER BY c.id DESC LIMIT ${limit + offset}
    ) newest ORDER BY newest.id DESC LIMIT ${limit} OFFSET ${offset}`
}

const walk = (sql: Sql, filter: CompanyFilter, { limit, offset, before }: Page, walked = false) => sql<
  { id: number }[]
>`SELECT c.id FROM api_companies c WHERE ${conditions(sql, filter, walked)} ${earlier(sql, before)}
  ORDER BY c.id DESC LIMIT ${limit} OFFSET ${offset}`

const earlier = (sql: Sql, before: number | undefined): Fragment =>
  before === undefined ? sql`` : sql`AND c.id < ${before}`

// A search that many companies match is soon answered by the newest of them; what few match is all found by the index
// and put in order.
const searchIds = async (
  sql: Sql,
  filter: CompanyFilter,
  page: Page,
): Promise<{ ids: number[]; total: number | null }> => {
  const { limit, offset, before } = page
  const newest = await amongNewest(sql, filter, page)
  if (newest) return { ids: newest, total: null }
  const [found] = await sql<{ count: number; ids: number[] }[]>`
    WITH matching AS MATERIALIZED (
      SELECT c.id FROM api_companies c WHERE ${conditions(sql, filter)} ${earlier(sql, before)} LIMIT ${FEW + 1}
    ) SELECT (SELECT count(*)::int FROM matching) AS count,
      ARRAY(SELECT id FROM matching ORDER BY id DESC LIMIT ${limit} OFFSET ${offset}) AS ids`
  const count = found?.count ?? 0
  if (count <= FEW) return { ids: found?.ids ?? [], total: before === undefined ? count : null }
  const rows = await walk(sql, filter, page, true)
  return { ids: rows.map(({ id }) => id), total: null }
}

/** The page, when the newest companies fill it; else null. */
const amongNewest = async (
  sql: Sql,
  filter: CompanyFilter,
  { limit, offset, before }: Page,
): Promise<number[] | null> => {
  const needed = offset + limit
  const matching = async (looked: number) => {
    const rows = await sql<{ id: number }[]>`
      SELECT c.id FROM (
        SELECT * FROM api_companies c WHERE true ${earlier(sql, before)} ORDER BY c.id DESC LIMIT ${looked}
      ) c WHERE ${conditions(sql, filter)} ORDER BY c.id DESC LIMIT ${needed}`
    return rows.map(({ id }) => id)
  }
  if (needed <= FIRST_PROBE) {
    const ids = await matching(FIRST_PROBE)
    if (ids.length === needed) return ids.slice(offset)
    if ((ids.length * PROBE) / FIRST_PROBE < needed) return null
  }
  if (needed > PROBE) return null
  const ids = await matching(PROBE)
  return ids.length === needed ? ids.slice(offset) : null
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
