import type { EmailReason } from './contacts/rate-emails.ts'

/** What one crawl of one site yields: plain JSON, made by the crawl, read by analysis and scoring.
 *  CrawlDocument is the public shape printed by `prospectlab crawl URL --json`; SiteRecord adds what the
 *  analysis needs from the same responses, so that nothing is fetched twice. */

/** Where a fact comes from. `method` names the extractor rule (`mailto`, `text`, `json-ld`, `cfemail` …),
 *  `snippet` is ≤ 200 characters of surrounding text, `confidence` is 0–1. */
export type Provenance = { pageUrl: string; method: string; snippet: string; confidence: number }

export type EmailFact = Provenance & {
  value: string
  kind: 'role' | 'person' | 'agency' | 'thirdparty'
  /** At a provider of free mailboxes */
  free?: boolean
  disposable?: boolean
  /** Whether the domain takes mail; null when that could not be checked */
  mx?: boolean | null
  /** Name of the person it belongs to */
  person?: string | null
  /** 0–100, with why (texts in messages.ts) */
  quality?: number
  reasons?: EmailReason[]
}
export type PhoneFact = Provenance & {
  /** E.164 */
  value: string
  raw: string
  type: 'fixed' | 'mobile' | 'fax' | 'tollfree' | 'premium' | 'other'
  kind?: 'agency' | 'thirdparty'
}
export type PersonFact = Provenance & {
  name: string
  role: string | null
  roleKind: string | null
  email: string | null
  phone: string | null
  linkedin: string | null
}
export type AddressFact = Provenance & {
  street: string | null
  postalCode: string | null
  city: string | null
  country: string | null
}
export type CompanyIdFact = Provenance & { kind: 'siren' | 'siret' | 'vat' | 'rcs'; value: string }
export type SocialFact = Provenance & { network: string; url: string }
export type TechnologyFact = Provenance & { name: string; category: string; version: string | null }
export type OpenGraphFact = Provenance & { property: string; value: string }
export type FormFact = Provenance & {
  action: string
  /** `get` or `post` */
  formMethod: string
  fields: { name: string; type: string }[]
  hasPassword: boolean
  hasFileUpload: boolean
  hasCsrfToken: boolean
}
export type ImageFact = {
  src: string
  alt: string | null
  width: number | null
  height: number | null
  pageUrl: string
}
export type ExternalLinkFact = {
  url: string
  text: string
  rel: string | null
  credit: boolean
  pageUrl: string
}

/** One thing a site says of its company. Texts as written, except: `capital` in euros, `openingHours` as schema.org
 *  writes them (`Mo-Fr 09:00-12:00`), `languages` as two letters. */
export type Told<T> = Provenance & { value: T }
export type CompanyProfile = {
  /** SARL, SAS, EI … */
  legalForm: Told<string> | null
  capital: Told<number> | null
  director: Told<string> | null
  /** Named in the legal notice */
  host: Told<string> | null
  openingHours: Told<string>[]
  /** Most used first */
  languages: Told<string>[]
}

export type FeatureName =
  | 'blog'
  | 'last_post'
  | 'shop'
  | 'booking'
  | 'newsletter'
  | 'chat'
  | 'jobs'
  | 'cookie_banner'
  | 'legal_notice'
  | 'privacy_policy'
  | 'terms_of_sale'
  | 'cookie_policy'
/** What a site offers. `present` is false only for the pages the law asks for; `value` is the page, or the day of
 *  the last post (YYYY-MM-DD). */
export type FeatureFact = Provenance & { name: FeatureName; present: boolean; value: string | null }

export type CrawlErrorCode =
  | 'refused_address'
  | 'unreachable'
  | 'dns'
  | 'tls'
  | 'timeout'
  | 'robots'
  | 'not_html'
export type PageError = { url: string; code: string; message: string }

/** One fetched page: the response as measured, and what the first pass over its HTML saw. */
export type PageRecord = {
  url: string
  /** Where redirects ended; equal to `url` without redirects. */
  finalUrl: string
  status: number
  depth: number
  /** Decoded body bytes; bodies over the cap are cut and `truncated` is set. */
  bytes: number
  truncated: boolean
  ttfbMs: number
  durationMs: number
  contentType: string | null
  charset: string | null
  /** Lower-cased names; several set-cookie lines joined by \n. */
  headers: Record<string, string>
  title: string | null
  description: string | null
  canonical: string | null
  robots: string | null
  viewport: string | null
  lang: string | null
  generator: string | null
  h1: string[]
  imageCount: number
  imagesWithoutAlt: number
  scripts: string[]
  stylesheets: string[]
  /** http:// subresources of an https page */
  mixedContent: string[]
  /** Visible text length in characters */
  textLength: number
  openGraph: Record<string, string>
  /** Parked, "for sale", default server or under-construction page, with the marker that told it. */
  parked: string | null
  needsBrowser: boolean
  /** Latest year beside a copyright mark in the visible text. */
  copyrightYear?: number | null
  /** Codes of what no site has been made with for years: frameset, tables, font, center, marquee, flash. */
  oldMarkup?: string[]
  /** Content-Security-Policy given by a meta element. */
  metaCsp?: string | null
  /** Addresses of other hosts' scripts without an integrity attribute. */
  scriptsWithoutSri?: string[]
  /** Links to pages about the law (notice, terms, privacy), read or not; `url` is null when they open a part of
   *  the page itself. */
  policyLinks?: { url: string | null; text: string }[]
  /** The same as in the crawl before: not read again where the site said so, measured then. */
  unchanged?: boolean
  /** Drawn by a browser: everything but the response is of the page as drawn. */
  rendered?: boolean
}

export type TlsRecord = {
  /** `ok`: verified; `broken`: served, but verification failed (`problem` says why); `none`: no https. */
  state: 'ok' | 'broken' | 'none'
  /** OpenSSL-style code: CERT_HAS_EXPIRED, ERR_TLS_CERT_ALTNAME_INVALID, DEPTH_ZERO_SELF_SIGNED_CERT … */
  problem: string | null
  protocol: string | null
  issuer: string | null
  validFrom: string | null
  validTo: string | null
}

export type CrawlDocument = {
  url: string
  finalUrl: string
  durationMs: number
  pages: { url: string; status: number; title: string | null; depth: number; bytes: number }[]
  emails: EmailFact[]
  suggestedEmails: EmailFact[]
  phones: PhoneFact[]
  people: PersonFact[]
  addresses: AddressFact[]
  companyIds: CompanyIdFact[]
  socials: SocialFact[]
  technologies: TechnologyFact[]
  openGraph: OpenGraphFact[]
  forms: FormFact[]
  images: ImageFact[]
  externalLinks: ExternalLinkFact[]
  company: CompanyProfile
  features: FeatureFact[]
  errors: PageError[]
}

export type SiteRecord = Omit<CrawlDocument, 'pages'> & {
  pages: PageRecord[]
  tls: TlsRecord
  /** True when http:// answers with a redirect to https:// (null: http was not reachable or not tried). */
  httpRedirectsToHttps: boolean | null
  robotsTxt: {
    status: number | null
    found: boolean
    disallowsAll: boolean
    sitemaps: string[]
    /** Its rules were not obeyed, by an admin's decision. */
    ignored?: boolean
  }
  sitemap: { url: string | null; found: boolean; urlCount: number }
  redirects: { from: string; to: string; status: number }[]
  endedBy?: SiteEnd
}

/** Why pages may have been left unread: a limit, nothing new for many pages, a server too busy; null: none were. */
export type SiteEnd = 'pages' | 'bytes' | 'time' | 'requests' | 'fruitless' | 'busy' | 'stopped' | null

/** A whole crawl either reads a site or says why not; `status` is that of a home page in error. */
export type CrawlOutcome =
  | { ok: true; site: SiteRecord }
  | { ok: false; error: { code: CrawlErrorCode; message: string; status?: number }; errors: PageError[] }
