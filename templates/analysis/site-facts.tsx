import type { Child } from 'hono/jsx'
import { formatNumber } from '#src/lib/i18n.ts'
import { commonMessages } from '#templates/messages.ts'
import type { PageContext } from '#templates/page.ts'
import type { AnalysisView } from './findings.tsx'
import { analysisMessages } from './messages.ts'

type FactsProps = { page: PageContext; view: AnalysisView }

const securityHeaders = [
  'strict-transport-security',
  'content-security-policy',
  'x-frame-options',
  'x-content-type-options',
  'referrer-policy',
  'permissions-policy',
]

const List = ({ rows }: { rows: [string, Child][] }) => (
  <dl class="row">
    {rows.map(([label, value]) => (
      <>
        <dt class="col-5 text-break-all">{label}</dt>
        <dd class="col-7 text-break-all">{value}</dd>
      </>
    ))}
  </dl>
)

/** What the site is made with and how it is delivered. */
export const TechnicalFacts = ({ page, view }: FactsProps) => {
  const t = analysisMessages(page.locale)
  const server = view.home?.record.headers['server']
  const technologies = view.technologies.map(({ value, data }) =>
    typeof data['version'] === 'string' ? `${value} ${data['version']}` : value,
  )
  return (
    <List
      rows={[
        [t.server, server ?? t.unknown],
        [
          t.technologies,
          technologies.length > 0 ? technologies.join(', ') : commonMessages(page.locale).unknown,
        ],
        [t.language, view.home?.record.lang ?? t.missing],
      ]}
    />
  )
}

/** What a search engine reads first. */
export const SeoFacts = ({ page, view }: FactsProps) => {
  const { locale } = page
  const t = analysisMessages(locale)
  const home = view.home?.record
  const site = view.read?.site
  return (
    <List
      rows={[
        [t.title, home?.title || t.missing],
        [t.description, home?.description || t.missing],
        [t.headings, home?.h1.length ? home.h1.join(' · ') : t.missing],
        [t.robots, presence(page, site?.robotsTxt.found)],
        [
          t.sitemap,
          site?.sitemap.found
            ? t.sitemapCount(formatNumber(locale, site.sitemap.urlCount))
            : presence(page, site?.sitemap.found),
        ],
      ]}
    />
  )
}

/** The certificate and the headers that protect visitors. */
export const SecurityFacts = ({ page, view }: FactsProps) => {
  const { locale } = page
  const t = analysisMessages(locale)
  const common = commonMessages(locale)
  const site = view.read?.site
  const tls = site?.tls
  const headers = view.home?.record.headers
  const states = { ok: t.tlsOk, broken: t.tlsBroken(tls?.problem ?? ''), none: t.tlsNone }
  const day = (text: string | null | undefined) =>
    text && !Number.isNaN(Date.parse(text))
      ? new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(new Date(text))
      : t.unknown
  const certificate: [string, Child][] =
    tls?.state === 'none'
      ? []
      : [
          [t.issuer, tls?.issuer ?? t.unknown],
          [t.validTo, day(tls?.validTo)],
          [t.protocol, tls?.protocol ?? t.unknown],
        ]
  const redirects = site?.httpRedirectsToHttps
  return (
    <>
      <List
        rows={[
          [t.tls, tls ? states[tls.state] : t.unknown],
          ...certificate,
          [
            t.redirects,
            redirects === null || redirects === undefined ? t.unknown : redirects ? common.yes : common.no,
          ],
        ]}
      />
      <h2 class="h3">{t.headers}</h2>
      <List
        rows={securityHeaders.map((name) => [name, headers ? (headers[name] ?? t.missing) : t.unknown])}
      />
    </>
  )
}

const presence = (page: PageContext, found: boolean | undefined): string => {
  const t = analysisMessages(page.locale)
  if (found === undefined) return t.unknown
  return found ? t.present : t.absent
}
