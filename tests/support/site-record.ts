import type {
  EmailFact,
  FormFact,
  PageRecord,
  PersonFact,
  PhoneFact,
  SiteRecord,
} from '#src/crawl/site-record.ts'

export const NOW = new Date('2026-11-22T12:00:00Z')

const seenOn = (pageUrl: string) => ({ pageUrl, method: 'text', snippet: '', confidence: 0.9 })

/** A page of a well-made site: no rule has anything to say about it. */
export const page = (over: Partial<PageRecord> = {}): PageRecord => {
  const url = over.url ?? over.finalUrl ?? 'https://www.menuiserie-arbois.fr/'
  return {
    url,
    finalUrl: url,
    status: 200,
    depth: 0,
    bytes: 24_000,
    truncated: false,
    ttfbMs: 180,
    durationMs: 240,
    contentType: 'text/html; charset=utf-8',
    charset: 'utf-8',
    headers: {
      'content-encoding': 'br',
      'cache-control': 'max-age=600',
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
      'content-security-policy': "default-src 'self'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'strict-origin-when-cross-origin',
      'permissions-policy': 'camera=()',
    },
    title: 'Menuiserie sur mesure à Arbois – Atelier Jura',
    description:
      'Portes, fenêtres et escaliers en bois massif, fabriqués à Arbois depuis 1987. Devis gratuit sous 48 heures.',
    canonical: url,
    robots: null,
    viewport: 'width=device-width, initial-scale=1',
    lang: 'fr',
    generator: null,
    h1: ['Menuiserie sur mesure à Arbois'],
    imageCount: 8,
    imagesWithoutAlt: 0,
    scripts: ['/site.js'],
    stylesheets: ['/site.css'],
    mixedContent: [],
    textLength: 2400,
    openGraph: { 'og:title': 'Atelier Jura', 'og:image': '/atelier.jpg' },
    parked: null,
    needsBrowser: false,
    ...over,
  }
}

const HOST = 'https://www.menuiserie-arbois.fr'

/** A further page of the same site with its own address, title and description. */
export const subpage = (path: string, over: Partial<PageRecord> = {}): PageRecord =>
  page({
    url: `${HOST}${path}`,
    depth: 1,
    title: `${path} – menuiserie à Arbois`,
    description: `La page ${path} de la menuiserie d’Arbois, avec tout ce qu’il faut savoir avant de demander un devis.`,
    h1: [path],
    ...over,
  })

/** The record of a well-made French site: the analysis has nothing to say about it. */
export const site = (over: Partial<SiteRecord> = {}): SiteRecord => ({
  url: `${HOST}/`,
  finalUrl: `${HOST}/`,
  durationMs: 900,
  pages: [page(), subpage('/mentions-legales'), subpage('/confidentialite'), subpage('/contact')],
  emails: [email('contact@menuiserie-arbois.fr', 'role')],
  suggestedEmails: [],
  phones: [phone('+33384000000')],
  people: [],
  addresses: [],
  companyIds: [],
  socials: [],
  technologies: [],
  openGraph: [],
  forms: [],
  images: [],
  externalLinks: [],
  company: { legalForm: null, capital: null, director: null, host: null, openingHours: [], languages: [] },
  features: [],
  errors: [],
  tls: {
    state: 'ok',
    problem: null,
    protocol: 'TLSv1.3',
    issuer: "Let's Encrypt",
    validFrom: '2026-10-20T00:00:00Z',
    validTo: '2027-01-18T00:00:00Z',
  },
  httpRedirectsToHttps: true,
  robotsTxt: { status: 200, found: true, disallowsAll: false, sitemaps: [`${HOST}/sitemap.xml`] },
  sitemap: { url: `${HOST}/sitemap.xml`, found: true, urlCount: 12 },
  redirects: [],
  ...over,
})

/** The same site with its home page changed. */
export const siteWithHome = (home: Partial<PageRecord>, over: Partial<SiteRecord> = {}): SiteRecord =>
  site({ pages: [page(home), ...site().pages.slice(1)], ...over })

/** The home page with some headers changed or, by null, absent. */
export const headers = (over: Record<string, string | null>): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ ...page().headers, ...over }).filter(
      (entry): entry is [string, string] => entry[1] !== null,
    ),
  )

export const email = (value: string, kind: EmailFact['kind']): EmailFact => ({
  value,
  kind,
  ...seenOn(`${HOST}/contact`),
})

export const phone = (value: string, over: Partial<PhoneFact> = {}): PhoneFact => ({
  value,
  raw: value,
  type: 'fixed',
  ...seenOn(`${HOST}/contact`),
  ...over,
})

export const person = (over: Partial<PersonFact>): PersonFact => ({
  name: 'Claire Morel',
  role: 'Gérante',
  roleKind: 'owner',
  email: null,
  phone: null,
  linkedin: null,
  ...seenOn(`${HOST}/contact`),
  ...over,
})

export const form = (over: Partial<FormFact> = {}): FormFact => ({
  action: `${HOST}/contact`,
  formMethod: 'post',
  fields: [
    { name: 'email', type: 'email' },
    { name: 'message', type: 'textarea' },
  ],
  hasPassword: false,
  hasFileUpload: false,
  hasCsrfToken: true,
  ...seenOn(`${HOST}/contact`),
  ...over,
})
