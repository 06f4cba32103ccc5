import { plain } from '#src/analysis/finding.ts'
import { levelNames } from '#src/scoring/messages.ts'
import { UNSUBSCRIBE_PLACE } from './engine.ts'
import { findingValues, type FoundValues } from './finding-values.ts'
import type { FoundFinding, KnownCompany } from './queries-values.ts'
import { greeting } from './value-messages.ts'
import type { ValueOptions, ValueRecipient, Values } from './values.ts'
import { variables } from './variables.ts'

const MAX_VALUE = 300
const MAX_TOP = 5
const WEIGHTY = new Set(['critical', 'high', 'medium'])
const HEADERS = [
  'hsts-missing',
  'csp-missing',
  'frame-protection-missing',
  'nosniff-missing',
  'referrer-policy-missing',
  'permissions-policy-missing',
]

/** The values of one recipient; `known` is null when the company is gone. Prototypes are closed: only names of
 *  variables.ts exist. */
export const valuesOf = (
  known: KnownCompany | null,
  recipient: ValueRecipient,
  options: ValueOptions,
): Values => {
  const quoted: Values['quoted'] = new Map()
  const scope: Record<string, unknown> = Object.create(null)
  const found = findingValues(known?.findings ?? [], options.locale, quoted)
  const read: Read = { known, recipient, options, found }
  const kept = new Map<string, unknown>()
  const foundAt = known?.visit?.at.toISOString() ?? null
  for (const { name, fact, list } of variables)
    Object.defineProperty(scope, name, {
      enumerable: true,
      get: () => {
        // Subject, HTML and text ask for the same.
        const value = kept.has(name) ? kept.get(name) : readers[name]?.(read)
        kept.set(name, value)
        if (value === undefined || value === null || value === '') return null
        // Findings in a list are noted one by one, when they are read.
        if (fact && !list && value !== false && typeof value !== 'object')
          quoted.set(name, {
            id: name,
            evidence: String(value).slice(0, MAX_VALUE),
            pageUrl: known?.visit?.url ?? null,
            foundAt,
          })
        return value
      },
    })
  Object.defineProperty(scope, 'finding', { enumerable: true, get: () => found.byName })
  return { scope, quoted }
}

type Read = {
  known: KnownCompany | null
  recipient: ValueRecipient
  options: ValueOptions
  found: FoundValues
}
type Reader = (read: Read) => unknown

const clean = (text: string | null | undefined): string | null => {
  const line = plain(text ?? '', MAX_VALUE)
  return line === '' ? null : line
}

/** Names written in capitals are set as people write them: ANNE MARTIN, Anne Martin. */
const personName = (text: string | null | undefined): string | null => {
  const name = clean(text)
  if (name === null || name !== name.toLocaleUpperCase() || name.length < 4) return name
  return name
    .toLocaleLowerCase()
    .replace(
      /(^|[\s'’-])(\p{L})/gu,
      (_, before: string, letter: string) => before + letter.toLocaleUpperCase(),
    )
}

const company =
  (pick: (row: KnownCompany['company']) => unknown): Reader =>
  ({ known }) => {
    const value = known ? pick(known.company) : null
    return typeof value === 'string' ? clean(value) : value
  }

const technology =
  (categories: readonly string[], field: 'name' | 'version'): Reader =>
  ({ known }) =>
    clean(known?.technologies.find(({ category }) => categories.includes(category))?.[field])

const visit =
  (pick: (visit: NonNullable<KnownCompany['visit']>) => unknown): Reader =>
  ({ known }) => {
    const value = known?.visit ? pick(known.visit) : null
    return typeof value === 'string' ? clean(value) : value
  }

const count =
  (kind: string): Reader =>
  ({ known }) =>
    known?.counts[kind] ?? 0

const top =
  (wanted: (finding: FoundFinding) => boolean): Reader =>
  ({ found }) =>
    found.all.flatMap(({ finding, view }) => (wanted(finding) ? view : [])).slice(0, MAX_TOP)

const some =
  (wanted: (finding: FoundFinding) => boolean) =>
  ({ found }: Read): boolean =>
    found.all.some(({ finding }) => wanted(finding))

const howMany =
  (wanted: (finding: FoundFinding) => boolean): Reader =>
  ({ found }) =>
    found.all.filter(({ finding }) => wanted(finding)).length

const ofCategory =
  (category: string) =>
  (finding: FoundFinding): boolean =>
    finding.category === category
const isHole = (finding: FoundFinding): boolean =>
  finding.category === 'security' && WEIGHTY.has(finding.severity)
const isHeader = ({ id }: FoundFinding): boolean => HEADERS.includes(id)
const hostOf = (url: string | null | undefined): string | null =>
  url && URL.canParse(url) ? new URL(url).hostname.replace(/^www\./, '') : null
const httpUrl = (url: string | null | undefined): string | null =>
  url && /^https?:\/\//i.test(url) && URL.canParse(url) ? new URL(url).href : null

const CMS = ['cms', 'ecommerce', 'builder', 'static-generator']
const FRAMEWORKS = ['framework']
const inverted = (mark: unknown): number | null => (typeof mark === 'number' ? 100 - mark : null)
const mark =
  (name: 'security' | 'seo' | 'performance' | 'mobile' | 'legal'): Reader =>
  ({ known, found }) =>
    found.mark(name, known?.visit?.home ?? null)

const readers: Record<string, Reader> = Object.assign(Object.create(null), {
  salutation: ({ recipient, options }: Read) =>
    greeting(options.locale, personName(recipient.contactName) ?? ''),
  email: ({ recipient }: Read) => clean(recipient.address),
  nom: ({ recipient }: Read) => personName(recipient.contactName),
  responsable: ({ known, recipient }: Read) =>
    personName(known?.company.contactPerson ?? known?.company.contactName ?? recipient.contactName),
  email_principal: company((row) => row.contactEmail ?? row.email),
  role: company((row) => row.contactRole),

  entreprise: company((row) => row.name),
  secteur: company((row) => row.sector ?? row.category),
  ville: company((row) => row.city),
  code_postal: company((row) => row.postalCode),
  adresse: company((row) => [row.address1, row.address2].filter(Boolean).join(', ')),
  telephone: company((row) => row.contactPhone ?? row.phone),
  siren: company((row) => row.siren ?? row.siret?.slice(0, 9)),
  rating: company((row) => row.rating),
  reviews: company((row) => row.reviewsCount),
  statut: company((row) => row.status),
  opportunite: ({ known, options }: Read) => {
    const names: Record<string, string> = levelNames(options.locale)
    return names[known?.company.scoreLevel ?? ''] ?? null
  },
  score: company((row) => row.score),
  tags: ({ known }: Read) => known?.company.tags.flatMap((tag) => clean(tag) ?? []) ?? [],

  website: ({ known }: Read) => httpUrl(known?.company.website),
  site: ({ known }: Read) => hostOf(known?.company.website),
  cms: ({ known }: Read) =>
    clean(known?.company.cms ?? known?.technologies.find(({ category }) => CMS.includes(category))?.name),
  cms_version: ({ known }: Read) =>
    clean(
      known?.technologies.find(({ name, category }) =>
        known.company.cms ? name === known.company.cms : CMS.includes(category),
      )?.version,
    ),
  framework: technology(FRAMEWORKS, 'name'),
  framework_version: technology(FRAMEWORKS, 'version'),
  server: visit(({ home }) => home?.server),
  hosting_provider: (read: Read) => visit(({ host }) => host)(read) ?? technology(['host'], 'name')(read),
  visited_on: ({ known, found }: Read) => (known?.visit ? found.day(known.visit.at) : null),

  findings: ({ found }: Read) => found.weighty,
  security_findings: top(ofCategory('security')),
  seo_findings: top(ofCategory('seo')),
  speed_findings: top(ofCategory('performance')),
  mobile_findings: top(ofCategory('mobile')),
  legal_findings: top(ofCategory('legal')),
  worst: ({ found }: Read) => found.weighty[0] ?? null,
  findings_count: ({ found }: Read) => found.weighty.length,
  vulnerabilities_count: howMany(isHole),
  vulnerabilities_top: top(isHole),
  security_issues: top(ofCategory('security')),
  security_issues_top: top(ofCategory('security')),
  seo_issues: top(ofCategory('seo')),
  security_headers_missing_top: top(isHeader),
  security_headers_missing_count: howMany(isHeader),
  has_issues: ({ found }: Read) => found.weighty.length > 0,
  show_security_issues_fallback: (read: Read) => !some(ofCategory('security'))(read),
  mixed_content_detected: some(({ id }) => id === 'mixed-content'),

  security_score: mark('security'),
  performance_score: mark('performance'),
  seo_score: mark('seo'),
  mobile_score: mark('mobile'),
  legal_score: mark('legal'),
  technical_security_score: mark('security'),
  score_securite: mark('security'),
  risk_score: (read: Read) => inverted(mark('security')(read)),
  score_pentest: (read: Read) => inverted(mark('security')(read)),
  pentest_score: (read: Read) => inverted(mark('security')(read)),
  pentest_surface_score: mark('security'),
  show_technical_security_score: (read: Read) => mark('security')(read) !== null,
  avg_response_time_ms: visit(({ ttfbMs }) => ttfbMs),
  avg_weight_bytes: visit(({ bytes }) => bytes),

  meta_title: visit(({ home }) => home?.title),
  meta_description: visit(({ home }) => home?.description),
  canonical_url: visit(({ home }) => httpUrl(home?.canonical)),
  html_language: visit(({ home }) => home?.lang),
  meta_title_length: ({ known }: Read) => known?.visit?.home?.title?.length ?? 0,
  meta_description_length: ({ known }: Read) => known?.visit?.home?.description?.length ?? 0,
  sitemap_url_count: ({ known }: Read) => known?.visit?.sitemap.urlCount ?? 0,
  mobile_friendly: (read: Read) =>
    Boolean(read.known?.visit?.home) &&
    !some(({ id }) => id === 'viewport-missing' || id === 'viewport-fixed')(read),
  viewport_meta: visit(({ home }) => Boolean(home?.viewport)),
  robots_txt_exists: visit(({ robotsTxt }) => robotsTxt),
  sitemap_exists: visit(({ sitemap }) => sitemap.found),

  pages_scanned: ({ known }: Read) => known?.visit?.pages ?? 0,
  total_emails: count('email'),
  total_people: count('person'),
  total_phones: count('phone'),
  total_social: count('social'),
  total_technologies: count('technology'),
  osint_people_count: count('person'),
  osint_emails_count: count('email'),
  social_count: count('social'),
  scripts_without_sri: ({ known }: Read) => known?.visit?.home?.sri ?? 0,
  cookies_count: ({ known }: Read) => known?.visit?.home?.cookies?.split('\n').length ?? 0,
  has_website: company((row) => row.website !== null),
  has_email: company((row) => (row.contactEmail ?? row.email) !== null),
  has_phone: company((row) => (row.contactPhone ?? row.phone) !== null),
  has_cms: company((row) => row.cms !== null),
  has_social: (read: Read) => Number(count('social')(read)) > 0,
  has_https: visit(({ tls }) => tls !== null && tls.state !== 'none'),
  has_analysis: ({ known }: Read) => known?.visit !== null && known?.visit !== undefined,

  sender_name: ({ options }: Read) => clean(options.sender?.name) ?? clean(options.sender?.organisation),
  sender_email: ({ options }: Read) => clean(options.sender?.address),
  sender_organisation: ({ options }: Read) => clean(options.sender?.organisation),
  has_signature: ({ options }: Read) => options.sender?.hasSignature === true,
  today: ({ options, found }: Read) => found.day(options.now),
  unsubscribe_url: () => UNSUBSCRIBE_PLACE,
} satisfies Record<string, Reader>)

/** Names that have a value; a test holds them equal to the list of variables.ts. */
export const readableNames = Object.keys(readers)
