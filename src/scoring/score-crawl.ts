import { saveFindings } from '#src/analysis/queries.ts'
import type { AfterCrawl } from '#src/crawl/crawl-company.ts'
import type { Deps } from '#src/deps.ts'
import { saveCms, scoreAgain } from './queries.ts'

/** What follows a crawl: its site is analysed in a thread, then findings and score are saved with the crawl. A site
 *  that could not be read keeps its last findings; the score says that it was not reachable. */
export const scoreCrawl =
  ({ threads, clock }: Pick<Deps, 'threads' | 'clock'>): AfterCrawl =>
  async (companyId, outcome) => {
    const analysis = outcome.ok
      ? await threads.analyseSite({ site: outcome.site, now: clock.now().toISOString() })
      : null
    return async (tx, { crawlId, contacts }) => {
      if (analysis) {
        await saveFindings(tx, companyId, crawlId, analysis.findings)
        await saveCms(tx, companyId, analysis.cms)
      }
      await scoreAgain(tx, companyId, contacts)
    }
  }
