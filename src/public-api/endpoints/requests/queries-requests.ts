import type { Sql } from '#src/db/open.ts'

/** What a caller may ask of an analysis; the server holds it within its own limits. */
export type AskedLimits = { pages: number | null; seconds: number | null; depth: number | null }

export type AnalysisRequest = {
  id: string
  website: string
  state: 'waiting' | 'launched' | 'known' | 'refused' | 'done' | 'failed'
  reason: string | null
  companyId: number | null
  createdAt: Date
  finishedAt: Date | null
}

export type AskOutcome =
  | { outcome: 'created' | 'open'; id: string }
  | { outcome: 'token_quota' | 'site_quota' }

/** Asks the server for an analysis, within the quotas of the token and of the site. */
export const askForAnalysis = async (
  sql: Sql,
  tokenId: number,
  { website, limits, force }: { website: string; limits: AskedLimits; force: boolean },
): Promise<AskOutcome> => {
  const [row] = await sql`
    SELECT outcome, id FROM api_request_analysis(${tokenId}, ${website}, ${JSON.stringify({ ...limits, force })}::text::jsonb)`
  return row?.id ? { outcome: row.outcome, id: row.id } : { outcome: row?.outcome }
}

/** A request of this token: the one named, else the last for this site. */
export const findAnalysis = async (
  sql: Sql,
  tokenId: number,
  which: { id: string } | { website: string },
): Promise<AnalysisRequest | null> => {
  const id = 'id' in which ? which.id : null
  const website = 'website' in which ? which.website : null
  const [row] = await sql`SELECT * FROM api_find_analysis(${tokenId}, ${id}::uuid, ${website})`
  return row === undefined
    ? null
    : {
        id: row.id,
        website: row.website,
        state: row.state,
        reason: row.reason,
        companyId: row.entreprise_id,
        createdAt: new Date(row.created_at),
        finishedAt: row.finished_at && new Date(row.finished_at),
      }
}

/** The company with one of these site keys, the one analysed last first. */
export const findSite = async (
  sql: Sql,
  siteKeys: string[],
): Promise<{ companyId: number; website: string } | null> => {
  const [row] = await sql`
    SELECT entreprise_id, website FROM api_sites site WHERE site_key = ANY (${siteKeys}::text[])
    ORDER BY length(site_key) DESC,
      (SELECT max(finished_at) FROM api_site_crawls crawl WHERE crawl.entreprise_id = site.entreprise_id) DESC NULLS LAST,
      entreprise_id LIMIT 1`
  return row === undefined ? null : { companyId: row.entreprise_id, website: row.website }
}

/** A company's own address, for requests that know the company. */
export const findSiteOf = async (
  sql: Sql,
  companyId: number,
): Promise<{ companyId: number; website: string } | null> => {
  const [row] = await sql`SELECT entreprise_id, website FROM api_sites WHERE entreprise_id = ${companyId}`
  return row === undefined ? null : { companyId: row.entreprise_id, website: row.website }
}

export type SiteCrawl = {
  id: number
  url: string
  finalUrl: string | null
  state: 'done' | 'failed'
  errorCode: string | null
  startedAt: Date
  finishedAt: Date
  durationMs: number
  pages: number
  bytes: number
  tls: string | null
  tlsValidTo: string | null
  httpRedirectsToHttps: boolean | null
}

/** The crawls of a company's site, newest first. */
export const listCrawls = async (sql: Sql, companyId: number, limit: number): Promise<SiteCrawl[]> => {
  const rows = await sql`
    SELECT * FROM api_site_crawls WHERE entreprise_id = ${companyId} ORDER BY finished_at DESC, id DESC LIMIT ${limit}`
  return rows.map((row) => ({
    id: row.id,
    url: row.url,
    finalUrl: row.final_url,
    state: row.state,
    errorCode: row.error_code,
    startedAt: new Date(row.started_at),
    finishedAt: new Date(row.finished_at),
    durationMs: row.duration_ms,
    pages: row.page_count,
    bytes: row.bytes,
    tls: row.tls_state,
    tlsValidTo: row.tls_valid_to,
    httpRedirectsToHttps: row.http_redirects_to_https,
  }))
}

/** How many facts of each kind are known of a company. */
export const countFacts = async (sql: Sql, companyId: number): Promise<Record<string, number>> => {
  const rows = await sql`SELECT kind, total FROM api_site_fact_counts WHERE entreprise_id = ${companyId}`
  return Object.fromEntries(rows.map((row) => [row.kind, row.total]))
}

export type SiteTechnology = { name: string; category: string | null; version: string | null }

export const listTechnologies = async (sql: Sql, companyId: number): Promise<SiteTechnology[]> => [
  ...(await sql<SiteTechnology[]>`
    SELECT name, category, version FROM api_site_technologies WHERE entreprise_id = ${companyId} ORDER BY name`),
]

export type SiteFinding = {
  id: string
  category: string
  severity: string
  evidence: string
  page_url: string
}

export const listFindings = async (sql: Sql, companyId: number): Promise<SiteFinding[]> => [
  ...(await sql<SiteFinding[]>`
    SELECT rule AS id, category, severity, evidence, page_url FROM api_site_findings
    WHERE entreprise_id = ${companyId}
    ORDER BY array_position(ARRAY['critical', 'high', 'medium', 'low', 'info'], severity), rule`),
]

/** Registers a phone; false when it or the token does not count. */
export const registerPush = async (
  sql: Sql,
  tokenId: number,
  device: { expoToken: string; platform: string | null; installationId: string | null },
): Promise<boolean> => {
  const { expoToken, platform, installationId } = device
  const [row] = await sql`
    SELECT api_register_push(${tokenId}, ${expoToken}, ${platform}, ${installationId}) AS done`
  return row?.done === true
}

/** Forgets a phone of this token; whether there was one. */
export const removePush = async (sql: Sql, tokenId: number, expoToken: string): Promise<boolean> => {
  const [row] = await sql`SELECT api_remove_push(${tokenId}, ${expoToken}) AS done`
  return row?.done === true
}
