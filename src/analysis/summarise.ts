import type { SiteRecord } from '#src/crawl/site-record.ts'
import { severities, type Finding } from './finding.ts'

export type Weakness = { id: string; severity: string }

// In this order: a shop plug-in runs inside a content management system.
const CMS_CATEGORIES = ['cms', 'ecommerce', 'builder', 'static-generator']

/** Each weak point once with its worst severity, worst first; mere information is left out. */
export const weaknessesOf = (findings: readonly Pick<Finding, 'id' | 'severity'>[]): Weakness[] => {
  const worst = new Map<string, Finding['severity']>()
  for (const { id, severity } of findings) {
    const known = worst.get(id)
    if (severity === 'info' || (known && severities.indexOf(known) <= severities.indexOf(severity))) continue
    worst.set(id, severity)
  }
  return [...worst]
    .map(([id, severity]) => ({ id, severity }))
    .sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity))
}

/** The system the site is made with, surest fact first; null when none was recognised. */
export const cmsOf = (site: Pick<SiteRecord, 'technologies'>): string | null => {
  const rank = (category: string) => CMS_CATEGORIES.indexOf(category)
  return (
    site.technologies
      .filter(({ category }) => rank(category) >= 0)
      .toSorted((a, b) => rank(a.category) - rank(b.category) || b.confidence - a.confidence)[0]?.name ?? null
  )
}
