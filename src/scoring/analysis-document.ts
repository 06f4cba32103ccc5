import { analyseSite } from '#src/analysis/analyse-site.ts'
import type { Finding } from '#src/analysis/finding.ts'
import { gradeSite, type Grades } from '#src/analysis/grade-site.ts'
import { chooseContact } from '#src/crawl/contacts/choose-contact.ts'
import { crawlDocument } from '#src/crawl/crawl-document.ts'
import type { CrawlDocument, SiteRecord } from '#src/crawl/site-record.ts'
import type { Deps } from '#src/deps.ts'
import type { Level } from './levels.ts'
import { reasonText } from './messages.ts'
import { scoreCompany, type Score } from './score-company.ts'
import { stateOfPages } from './site-state.ts'

/** What `prospectlab analyse URL --json` prints. `reason` is an English sentence, `code` its stable name. */
export type AnalysisDocument = CrawlDocument & {
  findings: Finding[]
  grades: Grades
  score: {
    value: number
    level: Level
    points: { points: number; reason: string; evidence: string; code: string }[]
  }
}

/** What is weak about a site and what it is worth, as its document and as points that a page can translate. */
export type SiteJudgement = { document: AnalysisDocument; score: Score }

/** Crawl, findings and score of a site seen for itself: nothing is known of its company (status, reviews). */
export const analysisDocument = (site: SiteRecord, now: Date): AnalysisDocument => {
  const findings = analyseSite(site, now)
  return judgementOf(site, { findings, grades: gradeSite(findings, site) }).document
}

/** The same for the pages, with the analysis made in a thread. */
export const judgeSite =
  ({ threads, clock }: Pick<Deps, 'threads' | 'clock'>) =>
  async (site: SiteRecord): Promise<SiteJudgement> =>
    judgementOf(site, await threads.analyseSite({ site, now: clock.now().toISOString() }))

const judgementOf = (
  site: SiteRecord,
  { findings, grades }: { findings: Finding[]; grades: Grades },
): SiteJudgement => {
  const score = scoreCompany({
    status: 'Nouveau',
    contact: chooseContact(site),
    rating: null,
    reviewsCount: null,
    site: stateOfPages(site.pages),
    findings,
  })
  const document = {
    ...site,
    ...crawlDocument(site),
    findings,
    grades,
    score: {
      value: score.value,
      level: score.level,
      points: score.points.map((point) => ({
        points: point.points,
        reason: reasonText('en', point),
        evidence: point.evidence,
        code: point.reason,
      })),
    },
  }
  return { document, score }
}
