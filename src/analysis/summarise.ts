import type { SiteRecord } from '#src/crawl/site-record.ts'
import { severities, type Finding } from './finding.ts'
import { entryOf } from './site-view.ts'

export type Weakness = { id: string; severity: string }

export type TechnicalSummary = {
  cms: string | null
  server: string | null
  poweredBy: string | null
  certificate: {
    issuer: string | null
    validTo: string | null
    protocol: string | null
    problem: string | null
  }
  pages: number
  bytes: number
  /** Middle of the pages' times to first byte, in ms; null without a page. */
  ttfbMs: number | null
}

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

/** The few technical facts shown beside the findings. */
export const technicalSummary = (site: SiteRecord): TechnicalSummary => {
  const home = entryOf(site.pages)
  const times = site.pages.map((page) => page.ttfbMs).toSorted((a, b) => a - b)
  return {
    cms: cmsOf(site),
    server: home?.headers['server'] ?? null,
    poweredBy: home?.headers['x-powered-by'] ?? null,
    certificate: {
      issuer: site.tls.issuer,
      validTo: site.tls.validTo,
      protocol: site.tls.protocol,
      problem: site.tls.state === 'none' ? 'none' : site.tls.problem,
    },
    pages: site.pages.length,
    bytes: site.pages.reduce((sum, page) => sum + page.bytes, 0),
    ttfbMs: times[Math.floor(times.length / 2)] ?? null,
  }
}
