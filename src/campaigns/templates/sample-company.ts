import { found } from '#src/analysis/finding.ts'
import type { Locale } from '#src/lib/i18n.ts'
import type { KnownCompany } from './queries-values.ts'

const SITE = 'https://www.garage-exemple.fr/'

/** A made-up company with a bit of everything, for the picker and for a preview before there is any real one. */
export const sampleCompany = (locale: Locale, now: Date): KnownCompany => {
  const seen = new Date(now.getTime() - 3 * 24 * 3_600_000)
  const params = {
    host: 'garage-exemple.fr',
    pages: 8,
    count: 8,
    software: 'WordPress 4.9',
    date: '2020-01-01',
    source: 'endoflife.date',
  }
  const findings = (['tls-none', 'viewport-missing', 'cms-end-of-life', 'description-missing'] as const).map(
    (id) => ({
      ...found(id, { pageUrl: SITE, params }),
      foundAt: seen,
    }),
  )
  const company = {
    id: 0,
    name: locale === 'fr' ? 'Garage Exemple' : 'Example Garage',
    website: SITE,
    sector: locale === 'fr' ? 'Garage automobile' : 'Car repair',
    city: 'Metz',
    postalCode: '57000',
    address1: '4 rue des Tilleuls',
    phone: '03 87 00 00 00',
    siren: '123456789',
    rating: 4.3,
    reviewsCount: 57,
    status: 'Nouveau',
    tags: ['garage'],
    score: 78,
    scoreLevel: 'high',
    email: 'contact@garage-exemple.fr',
    contactEmail: 'contact@garage-exemple.fr',
    contactPerson: 'Anne Martin',
    contactRole: locale === 'fr' ? 'gérante' : 'manager',
    cms: 'WordPress',
  } as KnownCompany['company']
  const home = {
    finalUrl: SITE,
    title: locale === 'fr' ? 'Accueil' : 'Home',
    description: null,
    canonical: null,
    viewport: null,
    lang: locale,
    parked: null,
    needsBrowser: false,
    truncated: false,
    server: 'Apache',
    cookies: null,
    sri: 1,
  }
  return {
    company,
    findings,
    visit: {
      at: seen,
      url: SITE,
      tls: null,
      robotsTxt: true,
      sitemap: { found: false, urlCount: 0 },
      host: 'OVH',
      home,
      pages: 8,
      ttfbMs: 910,
      bytes: 42_000,
    },
    counts: { email: 2, phone: 1, person: 1, social: 1, technology: 3 },
    technologies: [
      { name: 'WordPress', category: 'cms', version: '4.9', pageUrl: SITE },
      { name: 'Bootstrap', category: 'framework', version: '3.3.7', pageUrl: SITE },
    ],
  }
}
