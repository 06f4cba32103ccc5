import { Hono } from 'hono'
import { findCompany } from '#src/companies/queries-edit.ts'
import { found, idParam } from '#src/companies/read-request.ts'
import { findLatestCrawl, listFacts, listPages } from '#src/crawl/contacts/queries-facts.ts'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import { AnalysisPage } from '#templates/analysis/findings.tsx'
import type { Category } from './finding.ts'
import { listFindings } from './queries.ts'

const categories = {
  technical: ['technical', 'performance', 'mobile', 'legal'],
  seo: ['seo'],
  security: ['security'],
} as const satisfies Record<string, Category[]>

/** The tabs of a company's page that show what is weak about its site, with what was read. */
export const companyAnalysisRoutes = ({ db }: Pick<Deps, 'db'>): Hono<AppEnv> => {
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

  return app
}
