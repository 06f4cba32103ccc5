import { Hono } from 'hono'
import { findCompany } from '#src/companies/queries-edit.ts'
import { found, idParam } from '#src/companies/read-request.ts'
import { findLatestCrawl, findVisit, listFacts, listPages } from '#src/crawl/contacts/queries-facts.ts'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import { SitePage, type Maintenance } from '#templates/crawl/site-page.tsx'
import { AnalysisPage } from '#templates/analysis/findings.tsx'
import type { Category } from './finding.ts'
import { END_OF_LIFE_SOURCE, supportOf } from './end-of-life.ts'
import { listFindings } from './queries.ts'
import { productOf } from './software.ts'

const categories = {
  technical: ['technical', 'performance', 'mobile', 'legal'],
  seo: ['seo'],
  security: ['security'],
} as const satisfies Record<string, Category[]>

/** The tabs of a company's page that show what is weak about its site, with what was read. */
export const companyAnalysisRoutes = ({ db, clock }: Pick<Deps, 'db' | 'clock'>): Hono<AppEnv> => {
  const app = new Hono<AppEnv>()

  for (const tab of ['technical', 'seo', 'security'] as const)
    app.get(`/:id/${tab}`, async (c) => {
      const company = found(await findCompany(db, idParam(c)))
      const latest = await findLatestCrawl(db, company.id)
      // What an earlier visit read is not shown as the site of today.
      const read = latest?.state === 'done' ? latest : null
      const wanted: readonly Category[] = categories[tab]
      const findings = (await listFindings(db, company.id)).filter(({ category }) =>
        wanted.includes(category),
      )
      const pages = read ? await listPages(db, read.id) : []
      const home = pages.find(({ status }) => status < 400) ?? pages[0] ?? null
      const technologies = tab === 'technical' ? await listFacts(db, company.id, ['technology']) : []
      const view = { company, tab, findings, latest, read, home, technologies }
      return c.html(<AnalysisPage page={c.get('page')} view={view} />)
    })

  app.get('/:id/site', async (c) => {
    const company = found(await findCompany(db, idParam(c)))
    const { latest, read } = await findVisit(db, company.id)
    const technologies = (await listFacts(db, company.id, ['technology'])).map((fact) => ({
      ...fact,
      maintenance: maintenanceOf(fact.value, fact.data['version'], clock.now()),
    }))
    return c.html(<SitePage page={c.get('page')} view={{ company, latest, read, technologies }} />)
  })

  return app
}

const maintenanceOf = (name: string, version: unknown, now: Date): Maintenance | null => {
  const product = productOf(name)
  const number = /\d+(?:\.\d+)*/.exec(typeof version === 'string' ? version : '')?.[0]
  const support = product && number ? supportOf(product, number, now) : null
  if (support?.state !== 'ended') return null
  return { since: support.since, source: END_OF_LIFE_SOURCE }
}
