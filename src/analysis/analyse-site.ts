import type { SiteRecord } from '#src/crawl/site-record.ts'
import { severities, type Finding } from './finding.ts'
import { checkAge } from './rules/age.ts'
import { checkContent } from './rules/content.ts'
import { checkCookies } from './rules/cookies.ts'
import { checkHeaders } from './rules/headers.ts'
import { checkIndexing } from './rules/indexing.ts'
import { checkLegal } from './rules/legal.ts'
import { checkLinks } from './rules/links.ts'
import { checkMobile } from './rules/mobile.ts'
import { checkPerformance } from './rules/performance.ts'
import { checkPresence } from './rules/presence.ts'
import { checkSoftware } from './rules/software.ts'
import { checkTitles } from './rules/titles.ts'
import { checkTls } from './rules/tls.ts'
import { checkTransport } from './rules/transport.ts'
import { viewSite } from './site-view.ts'

const checks = [
  checkPresence,
  checkTls,
  checkTransport,
  checkHeaders,
  checkCookies,
  checkSoftware,
  checkAge,
  checkMobile,
  checkTitles,
  checkContent,
  checkIndexing,
  checkPerformance,
  checkLinks,
  checkLegal,
]
// The content of a page that is not the company's own site says nothing about the company.
const checksOfParkedSite = [checkPresence, checkTls]

/** Every weak point of a crawled site, worst first. Reads the crawl's own responses only; a rule whose input is
 *  absent yields nothing, which means "could not be checked" as well as "nothing wrong". */
export const analyseSite = (site: SiteRecord, now: Date): Finding[] => {
  const view = viewSite(site, now)
  const parked = view.entry !== null && view.entry.parked !== null
  return (parked ? checksOfParkedSite : checks)
    .flatMap((check) => check(view))
    .sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity))
}
