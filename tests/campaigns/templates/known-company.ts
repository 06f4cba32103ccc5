import { found } from '#src/analysis/finding.ts'
import type { RuleId } from '#src/analysis/messages.ts'
import { valuesOf } from '#src/campaigns/templates/values-of.ts'
import type { FoundFinding, KnownCompany } from '#src/campaigns/templates/queries-values.ts'
import type { Values } from '#src/campaigns/templates/values.ts'
import type { Values as Params } from '#src/lib/fill-in.ts'
import type { Locale } from '#src/lib/i18n.ts'

const SEEN = new Date('2026-11-02T09:00:00Z')

export const finding = (id: RuleId, params: Params = {}): FoundFinding => ({
  ...found(id, { pageUrl: 'https://www.garage-martin.fr/', params }),
  foundAt: SEEN,
})

/** A company as the database would give it, without one. */
export const knownCompany = (
  company: Partial<KnownCompany['company']> = {},
  findings: FoundFinding[] = [],
): KnownCompany => ({
  company: {
    name: 'Garage Martin',
    website: 'https://www.garage-martin.fr/',
    sector: 'Garage automobile',
    city: 'Metz',
    tags: [],
    status: 'Nouveau',
    score: 72,
    scoreLevel: 'high',
    contactEmail: 'contact@garage-martin.fr',
    ...company,
  } as KnownCompany['company'],
  findings,
  visit: {
    at: SEEN,
    url: 'https://www.garage-martin.fr/',
    tls: { state: 'ok', problem: null, protocol: 'TLSv1.3', issuer: null, validFrom: null, validTo: null },
    robotsTxt: true,
    sitemap: { found: false, urlCount: 0 },
    host: null,
    home: {
      finalUrl: 'https://www.garage-martin.fr/',
      title: 'Accueil',
      description: null,
      canonical: null,
      viewport: null,
      lang: 'fr',
      parked: null,
      needsBrowser: false,
      truncated: false,
      server: 'Apache/2.4.10',
      cookies: null,
      sri: 0,
    },
    pages: 12,
    ttfbMs: 640,
    bytes: 24_000,
  },
  counts: { email: 2, phone: 1 },
  technologies: [
    { name: 'WordPress', category: 'cms', version: '4.9.8', pageUrl: 'https://www.garage-martin.fr/' },
  ],
})

export const valuesFor = (
  known: KnownCompany | null,
  { locale = 'fr', contactName = null }: { locale?: Locale; contactName?: string | null } = {},
): Values =>
  valuesOf(
    known,
    { companyId: 1, address: 'contact@garage-martin.fr', contactName },
    {
      locale,
      sender: { name: 'Zoé Lambert', address: 'zoe@atelier-lambert.fr', organisation: 'Atelier Lambert' },
      now: new Date('2026-11-22T10:00:00Z'),
    },
  )
