import { analyseSite } from '#src/analysis/analyse-site.ts'
import type { Finding } from '#src/analysis/finding.ts'
import { gradeSite, type Grades } from '#src/analysis/grade-site.ts'
import { chooseContact } from '#src/crawl/contacts/choose-contact.ts'
import { crawlDocument } from '#src/crawl/crawl-document.ts'
import type { CrawlDocument, SiteRecord } from '#src/crawl/site-record.ts'
import type { Level } from './levels.ts'
import { reasonText } from './messages.ts'
import { scoreCompany } from './score-company.ts'
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

/** Crawl, findings and score of a site seen for itself: nothing is known of its company (status, reviews). */
export const analysisDocument = (site: SiteRecord, now: Date): AnalysisDocument => {
  const findings = analyseSite(site, now)
  const score = scoreCompany({
    status: 'Nouveau',
    contact: chooseContact(site),
    rating: null,
    reviewsCount: null,
    site: stateOfPages(site.pages),
    findings,
  })
  return {
    ...site,
    ...crawlDocument(site),
    findings,
    grades: gradeSite(findings, site),
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
}
