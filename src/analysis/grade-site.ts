import type { SiteRecord } from '#src/crawl/site-record.ts'
import { rules, severities, type Category, type Finding } from './finding.ts'
import { viewSite } from './site-view.ts'

/** A mark of 0–100 and what was taken off it: 100 − the points always equals the value. */
export type Grade = { value: number; deductions: { points: number; id: Finding['id']; evidence: string }[] }

export type GradeName = 'security' | 'seo' | 'performance' | 'mobile' | 'legal'

/** Null: could not be checked. */
export type Grades = Record<GradeName, Grade | null>

const FULL = 100
// The deduction of rules.data.json is for the rule's usual severity; a milder case costs half.
const MILDER = 0.5

/** Marks per topic. The home page must have been read, else nothing can be said (null). */
export const gradeSite = (findings: readonly Finding[], site: SiteRecord): Grades => {
  const { home } = viewSite(site, new Date(0))
  const parked = home !== null && home.parked !== null
  const mark = (name: GradeName, checkable: boolean) => (checkable ? gradeFindings(findings, name) : null)
  const read = home !== null && !parked
  return {
    security: mark('security', read),
    seo: mark('seo', read),
    performance: mark('performance', read),
    mobile: mark('mobile', read && !home.truncated),
    legal: mark('legal', read && !home.needsBrowser),
  }
}

/** The mark of one topic, for a site that could be checked. */
export const gradeFindings = (findings: readonly Finding[], name: Category): Grade => {
  const due = findings
    .filter((finding) => (rules[finding.id].grade ?? rules[finding.id].category) === name)
    .map((finding) => ({ points: deductionOf(finding), id: finding.id, evidence: finding.evidence }))
    .filter((deduction) => deduction.points > 0)
    .sort((a, b) => b.points - a.points)
  let value = FULL
  const deductions: Grade['deductions'] = []
  for (const deduction of due) {
    const points = Math.min(deduction.points, value)
    if (points === 0) break
    deductions.push({ ...deduction, points })
    value -= points
  }
  return { value, deductions }
}

const deductionOf = (finding: Finding): number => {
  const rule = rules[finding.id]
  const milder = severities.indexOf(finding.severity) > severities.indexOf(rule.severity)
  return Math.round(rule.deduct * (milder ? MILDER : 1))
}
