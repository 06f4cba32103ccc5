import type { CrawlDocument, ExternalLinkFact, ImageFact, Provenance, SiteRecord } from './site-record.ts'

/** What `prospectlab crawl URL --json` prints, and `analyse` with it: every fact with where and how it was seen. */
export const crawlDocument = (site: SiteRecord): CrawlDocument => ({
  url: site.url,
  finalUrl: site.finalUrl,
  durationMs: site.durationMs,
  pages: site.pages.map(({ url, status, title, depth, bytes }) => ({ url, status, title, depth, bytes })),
  emails: site.emails,
  suggestedEmails: site.suggestedEmails,
  phones: site.phones,
  people: site.people,
  addresses: site.addresses,
  companyIds: site.companyIds,
  socials: site.socials,
  technologies: site.technologies,
  openGraph: site.openGraph,
  forms: site.forms,
  images: site.images.map(seenImage),
  externalLinks: site.externalLinks.map(seenLink),
  company: site.company,
  features: site.features,
  errors: site.errors,
})

/** A picture is there or not: its tag is its proof. */
export const seenImage = (fact: ImageFact): ImageFact & Provenance => ({
  ...fact,
  method: 'img',
  snippet: fact.alt ?? '',
  confidence: 1,
})

/** As for a picture. */
export const seenLink = (fact: ExternalLinkFact): ExternalLinkFact & Provenance => ({
  ...fact,
  method: 'link',
  snippet: fact.text,
  confidence: 1,
})
