import type { Sql } from '#src/db/open.ts'
import {
  countFacts,
  listCrawls,
  listFindings,
  listTechnologies,
  type AnalysisRequest,
  type SiteCrawl,
  type SiteFinding,
} from './queries-requests.ts'

const CRAWLS_LISTED = 50
const FINDINGS_LISTED = 500
/** Analyses that a request makes; the others of the documented list need an authorisation of the site's owner or a
 *  later version. */
export const MODULES = ['scraping', 'technical', 'seo'] as const
const NEVER = { status: 'never', latest: null } as const

/** What the product knows of a company's site, module by module; `latest` is null and the status `never` where
 *  nothing has been analysed. */
export const reportSite = async (sql: Sql, companyId: number, { full }: { full: boolean }) => {
  const crawls = await listCrawls(sql, companyId, CRAWLS_LISTED)
  const latest = crawls.find(({ state }) => state === 'done')
  if (!latest) return neverReport(full ? crawls : null)
  const [facts, technologies, findings] = await Promise.all([
    countFacts(sql, companyId),
    listTechnologies(sql, companyId),
    listFindings(sql, companyId),
  ])
  const seo = findings.filter(({ category }) => category === 'seo')
  const technical = findings.filter(({ category }) => category !== 'seo')
  return {
    scraping: {
      status: 'done',
      latest: { ...crawlOf(latest), ...totalsOf(facts) },
      ...itemsOf(full ? crawls : null),
    },
    technical: {
      status: 'done',
      latest: {
        ...dated(latest),
        tls: latest.tls,
        tls_valid_to: latest.tlsValidTo,
        http_redirects_to_https: latest.httpRedirectsToHttps,
        technologies,
        ...findingsOf(technical),
      },
    },
    seo: { status: 'done', latest: { ...dated(latest), ...findingsOf(seo) } },
    screenshots: NEVER,
    osint: NEVER,
    pentest: NEVER,
  }
}

/** The report on a site that nobody has analysed yet. */
export const neverReport = (crawls: SiteCrawl[] | null = null) => ({
  scraping: { ...NEVER, ...itemsOf(crawls) },
  technical: NEVER,
  seo: NEVER,
  screenshots: NEVER,
  osint: NEVER,
  pentest: NEVER,
})

const itemsOf = (crawls: SiteCrawl[] | null) =>
  crawls ? { items: crawls.map(crawlOf), count: crawls.length } : {}

const dated = ({ id, url, finalUrl, finishedAt }: SiteCrawl) => ({
  id,
  url: finalUrl ?? url,
  date: finishedAt.toISOString(),
})

const crawlOf = (crawl: SiteCrawl) => ({
  id: crawl.id,
  url: crawl.url,
  final_url: crawl.finalUrl,
  state: crawl.state,
  error: crawl.errorCode,
  started_at: crawl.startedAt.toISOString(),
  date: crawl.finishedAt.toISOString(),
  duration_ms: crawl.durationMs,
  total_pages: crawl.pages,
  bytes: crawl.bytes,
})

const totalsOf = (facts: Record<string, number>) => ({
  total_emails: facts['email'] ?? 0,
  total_phones: facts['phone'] ?? 0,
  total_people: facts['person'] ?? 0,
  total_social: facts['social'] ?? 0,
  total_technologies: facts['technology'] ?? 0,
  total_images: facts['image'] ?? 0,
  total_forms: facts['form'] ?? 0,
})

const findingsOf = (findings: SiteFinding[]) => ({
  total_findings: findings.length,
  findings: findings.slice(0, FINDINGS_LISTED),
})

/** How far a request of the caller's token is, in the words of the report. */
export const requestStatus = ({ state }: AnalysisRequest): string =>
  state === 'launched' ? 'running' : state === 'known' ? 'done' : state

/** The task ids of a request: random, and of use to the token that asked only. */
export const tasksOf = (requestId: string | null) => ({
  scraping_task_id: taskId(requestId, 'scraping'),
  technical_task_id: taskId(requestId, 'technical'),
  seo_task_id: taskId(requestId, 'seo'),
  screenshot_task_id: null,
  osint_task_id: null,
  pentest_task_id: null,
})

const taskId = (requestId: string | null, module: (typeof MODULES)[number]): string | null =>
  requestId && `${requestId}-${module}`

/** The request that a task id belongs to, or null when it cannot be one. */
export const requestIdOf = (task: string): string | null =>
  /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:-(?:scraping|technical|seo))?$/.exec(task)?.[1] ?? null
