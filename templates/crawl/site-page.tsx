import type { Child } from 'hono/jsx'
import type { Company } from '#src/companies/queries-edit.ts'
import type { Crawl, Fact } from '#src/crawl/contacts/queries-facts.ts'
import type { CompanyProfile, FeatureFact, Provenance } from '#src/crawl/site-record.ts'
import { capitalised, type Locale } from '#src/lib/i18n.ts'
import { CompanyFrame } from '#templates/companies/company-frame.tsx'
import { Badge } from '#templates/components/badge.tsx'
import { EmptyState } from '#templates/components/empty-state.tsx'
import { addSite } from './add-site.tsx'
import { OutsideLink } from '#templates/components/outside-link.tsx'
import type { PageContext } from '#templates/page.ts'
import { BelongingCard } from './belonging.tsx'
import { featureText } from './change-messages.ts'
import { Crawled } from './fact-item.tsx'
import { methodText } from './method-messages.ts'
import { LatestVisit } from './pages.tsx'
import { categoryText, siteMessages } from './site-messages.ts'

/** That a version is maintained no more, since which day, and who says so. */
export type Maintenance = { since: string | null; source: string }

export type SiteView = {
  company: Company
  latest: Crawl | null
  /** The crawl that the facts are from; null when the site of today was not read. */
  read: Crawl | null
  technologies: (Fact & { maintenance: Maintenance | null })[]
}

const LEGAL = new Set<FeatureFact['name']>([
  'legal_notice',
  'privacy_policy',
  'terms_of_sale',
  'cookie_policy',
])

/** What a site says of its company, what it offers and what it is made with, each with its page. */
export const SitePage = ({ page, view }: { page: PageContext; view: SiteView }) => {
  const t = siteMessages(page.locale)
  const { company, latest, read } = view
  const site = read?.site
  return (
    <CompanyFrame page={page} company={company} tab="site">
      <LatestVisit page={page} latest={latest} read={read} />
      {read === null ? (
        <EmptyState icon="world" title={t.unknownTitle} text={t.unknownText}>
          {addSite(page, company)}
        </EmptyState>
      ) : (
        <>
          {site?.belongs && <BelongingCard page={page} belongs={site.belongs} />}
          <div class="row g-4 mb-4">
            <div class="col-lg-6">
              <h2 class="h3">{t.company}</h2>
              <Profile page={page} profile={site?.company} />
            </div>
            <div class="col-lg-6">
              <Features page={page} features={site?.features ?? []} />
            </div>
          </div>
          <Technologies page={page} technologies={view.technologies} />
        </>
      )}
    </CompanyFrame>
  )
}

const Profile = ({ page, profile }: { page: PageContext; profile: CompanyProfile | undefined }) => {
  const { locale } = page
  const t = siteMessages(locale)
  const euros = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: 'EUR',
    maximumFractionDigits: 2,
    trailingZeroDisplay: 'stripIfInteger',
  })
  const one = (label: string, told: (Provenance & { value: string }) | null | undefined): Row[] =>
    told ? [{ label, value: told.value, told }] : []
  const rows = profile
    ? [
        ...one(t.legalForm, profile.legalForm),
        ...(profile.capital
          ? [{ label: t.capital, value: euros.format(profile.capital.value), told: profile.capital }]
          : []),
        ...one(t.director, profile.director),
        ...one(t.host, profile.host),
        ...profile.openingHours.map((told, index) => ({
          label: index === 0 ? t.openingHours : '',
          value: readableHours(locale, told.value),
          told,
        })),
        ...profile.languages.map((told, index) => ({
          label: index === 0 ? t.languages : '',
          value: languageName(locale, told.value),
          told,
        })),
      ]
    : []
  if (rows.length === 0) return <p class="text-secondary">{t.companyNothing}</p>
  return <ToldList page={page} rows={rows} />
}

type Row = { label: string; value: string; told: Provenance | null; child?: Child }

const ToldList = ({ page, rows }: { page: PageContext; rows: Row[] }) => {
  const t = siteMessages(page.locale)
  return (
    <dl class="row mb-0">
      {rows.map(({ label, value, told, child }) => (
        <>
          <dt class="col-sm-4 text-break-all">{capitalised(page.locale, label)}</dt>
          <dd class="col-sm-8 text-break-all">
            {value && <Crawled>{value}</Crawled>} {child}
            {told && (
              <div class="small text-secondary">
                {t.seenOn} <OutsideLink url={told.pageUrl} />
              </div>
            )}
          </dd>
        </>
      ))}
    </dl>
  )
}

const Features = ({ page, features }: { page: PageContext; features: FeatureFact[] }) => {
  const { locale } = page
  const t = siteMessages(locale)
  const offered = features.filter(({ name, present }) => present && !LEGAL.has(name))
  const legal = features.filter(({ name }) => LEGAL.has(name))
  return (
    <>
      <h2 class="h3">{t.features}</h2>
      {offered.length === 0 && <p class="text-secondary">{t.featuresNothing}</p>}
      <ToldList page={page} rows={offered.map((feature) => featureRow(locale, feature))} />
      {legal.length > 0 && (
        <>
          <h3 class="mt-3">{t.legal}</h3>
          <ToldList
            page={page}
            rows={legal.map((feature) =>
              feature.present
                ? {
                    ...featureRow(locale, feature),
                    child: <Badge colour="green">{t.present}</Badge>,
                    value: '',
                  }
                : {
                    label: featureText(locale, feature.name),
                    value: '',
                    told: null,
                    child: (
                      <>
                        <Badge colour="orange">{t.missing}</Badge>{' '}
                        <span class="small text-secondary">{t.missingText}</span>
                      </>
                    ),
                  },
            )}
          />
        </>
      )}
    </>
  )
}

/** The page of the thing itself, else the one that told of it. */
const featureRow = (locale: Locale, feature: FeatureFact): Row => {
  const label = featureText(locale, feature.name)
  const { value } = feature
  if (feature.name === 'last_post')
    return { label, value: value ? dayText(locale, value) : '', told: feature }
  const page = value && /^https?:/.test(value) ? { ...feature, pageUrl: value } : feature
  return { label, value: '', told: page }
}

const Technologies = ({
  page,
  technologies,
}: {
  page: PageContext
  technologies: SiteView['technologies']
}) => {
  const { locale } = page
  const t = siteMessages(locale)
  return (
    <section>
      <h2 class="h3">{t.technologies}</h2>
      {technologies.length === 0 ? (
        <p class="text-secondary">{t.technologiesNothing}</p>
      ) : (
        <table class="table table-vcenter table-mobile-md">
          <thead>
            <tr>
              <th>{t.technology}</th>
              <th>{t.category}</th>
              <th>{t.version}</th>
              <th>{t.source}</th>
            </tr>
          </thead>
          <tbody>
            {technologies.map(({ value, data, maintenance, pageUrl, method }) => (
              <tr>
                <td data-label={t.technology} class="text-break-all">
                  <Crawled>{value}</Crawled>
                </td>
                <td data-label={t.category}>{categoryText(locale, String(data['category'] ?? ''))}</td>
                <td data-label={t.version} class="text-break-all">
                  {typeof data['version'] === 'string' && <Crawled>{data['version']}</Crawled>}
                  {maintenance && <Ended locale={locale} maintenance={maintenance} />}
                </td>
                <td data-label={t.source} class="small">
                  <span class="text-secondary">
                    {methodText(locale, method)}, {t.seenOn}
                  </span>{' '}
                  <OutsideLink url={pageUrl} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

const Ended = ({ locale, maintenance }: { locale: Locale; maintenance: Maintenance }) => {
  const t = siteMessages(locale)
  const { since, source } = maintenance
  return (
    <div>
      <span class="badge bg-orange-lt text-wrap text-start">
        {since ? t.endedSince(dayText(locale, since)) : t.ended}
      </span>{' '}
      <span class="small text-secondary">{t.endedSource(source)}</span>
    </div>
  )
}

const dayText = (locale: Locale, day: string): string =>
  Number.isNaN(Date.parse(day))
    ? day
    : new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(day))

const DAYS = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su']
const A_MONDAY = Date.UTC(2024, 0, 1)
const DAY_MS = 86_400_000

/** `Mo-Fr 09:00-12:00` in the reader's words. */
const readableHours = (locale: Locale, hours: string): string => {
  const names = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' })
  return hours.replace(/\b(?:Mo|Tu|We|Th|Fr|Sa|Su)\b/g, (day) =>
    names.format(new Date(A_MONDAY + DAYS.indexOf(day) * DAY_MS)),
  )
}

const languageName = (locale: Locale, code: string): string =>
  /^[a-z]{2,3}$/i.test(code) ? (new Intl.DisplayNames(locale, { type: 'language' }).of(code) ?? code) : code
