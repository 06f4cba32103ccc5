import type { Company } from '#src/companies/queries-edit.ts'
import type { Sibling } from '#src/companies/queries-detail.ts'
import { crawlErrorText } from '#src/crawl/messages.ts'
import { formatDate, formatNumber, type Locale } from '#src/lib/i18n.ts'
import { pointEvidenceText } from '#src/scoring/evidence-messages.ts'
import { reasonText } from '#src/scoring/messages.ts'
import type { Suppression } from '#src/tracking/queries-suppressions.ts'
import { Badge, levelColour, severityColour } from '#templates/components/badge.tsx'
import { ScoreGauge } from '#templates/components/score-gauge.tsx'
import { VisitSummary, type Visit } from '#templates/crawl/visit-summary.tsx'
import { CrawlSettings } from '#templates/crawl/crawl-settings.tsx'
import { OutsideLink } from '#templates/components/outside-link.tsx'
import { WriteAction } from '#templates/mail/write-action.tsx'
import type { PageContext } from '#templates/page.ts'
import { CompanyFrame } from './company-frame.tsx'
import { Contact, weaknessText } from './company-rows.tsx'
import { detailMessages } from './detail-messages.ts'
import { FollowUp, type GroupChoice } from './follow-up.tsx'
import { fieldName } from './form-messages.ts'
import { crawlText, levelText, statusText } from './messages.ts'
import { groupedNumber, readablePhone } from './readable.ts'

type OverviewProps = {
  page: PageContext
  company: Company
  siblings: Sibling[]
  groups: GroupChoice[]
  visit: Visit
  /** Why the chosen address must not be written to. */
  suppression: Suppression | null
}

export const OverviewPage = ({ page, company, siblings, groups, visit, suppression }: OverviewProps) => {
  const t = detailMessages(page.locale)
  return (
    <CompanyFrame page={page} company={company} tab="overview">
      <div class="row g-4">
        <div class="col-lg-7">
          <h2 class="h3">{t.whoToContact}</h2>
          <div class="mb-4">
            <Contact locale={page.locale} row={company} />
            <WriteAction page={page} company={company} suppression={suppression} />
          </div>
          <VisitSummary page={page} company={company} visit={visit} />
          <ScoreBreakdown page={page} company={company} />
          {company.weaknesses.length > 0 && (
            <>
              <h2 class="h3 mt-4">{t.weakTitle}</h2>
              <div class="d-flex flex-wrap gap-1">
                {company.weaknesses.map(({ id, severity }) => (
                  <span class={`badge bg-${severityColour(severity)}-lt text-wrap text-start`}>
                    {weaknessText(page.locale, id)}
                  </span>
                ))}
              </div>
            </>
          )}
        </div>
        <div class="col-lg-5">
          <FollowUp page={page} company={company} groups={groups} />
          <RecordFields page={page} company={company} />
          <CrawlSettings page={page} company={company} />
          {siblings.length > 0 && (
            <>
              <h2 class="h3 mt-4">{t.siblings}</h2>
              <ul class="list-unstyled">
                {siblings.map(({ id, name, city, address1 }) => (
                  <li>
                    <a href={`/companies/${id}`}>{name}</a>{' '}
                    <span class="text-secondary">{[address1, city].filter(Boolean).join(', ')}</span>
                  </li>
                ))}
              </ul>
            </>
          )}
        </div>
      </div>
    </CompanyFrame>
  )
}

const ScoreBreakdown = ({ page, company }: { page: PageContext; company: Company }) => {
  const { locale } = page
  const t = detailMessages(locale)
  const { score, scoreLevel, scorePoints } = company
  if (score === null)
    return (
      <>
        <h2 class="h3">{t.scoreTitle}</h2>
        <p class="text-secondary">{company.website ? t.notScored : t.noSiteToVisit}</p>
        <CrawlState page={page} company={company} />
      </>
    )
  const level = levelText(locale, scoreLevel)
  return (
    <>
      <h2 class="h3">{t.scoreTitle}</h2>
      <div class="d-flex align-items-center gap-3 mb-3">
        <ScoreGauge value={score} label={t.scoreLabel(String(score), level)} />
        <div>
          <Badge colour={levelColour(scoreLevel)}>{level}</Badge>
          <CrawlState page={page} company={company} />
        </div>
      </div>
      <div class="table-responsive">
        <table class="table table-sm table-vcenter">
          <caption class="visually-hidden">{t.scoreHow}</caption>
          <thead>
            <tr>
              <th class="text-end">{t.points}</th>
              <th>{t.reason}</th>
              <th>{t.evidence}</th>
            </tr>
          </thead>
          <tbody>
            {scorePoints.map(withStatusText(locale)).map((point) => (
              <tr>
                <td class="text-end text-nowrap">{signed(locale, point.points)}</td>
                <td>{reasonText(locale, point)}</td>
                <td class="text-secondary text-break-all">
                  {pointEvidenceText(locale, withReadablePhone(point))}
                </td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <td class="text-end fw-bold">{formatNumber(locale, score)}</td>
              <td class="fw-bold" colspan={2}>
                {t.total}
              </td>
            </tr>
          </tfoot>
        </table>
      </div>
    </>
  )
}

/** Statuses are kept in French, as the public API says them. */
const withStatusText =
  (locale: Locale) =>
  <T extends { params: Record<string, string | number> }>(point: T): T => {
    const { status } = point.params
    return typeof status === 'string'
      ? { ...point, params: { ...point.params, status: statusText(locale, status) } }
      : point
  }

const withReadablePhone = <P extends { params: Record<string, string | number> }>(point: P): P =>
  typeof point.params['phone'] === 'string'
    ? { ...point, params: { ...point.params, phone: readablePhone(point.params['phone']) } }
    : point

const signed = (locale: string, points: number): string =>
  new Intl.NumberFormat(locale, { signDisplay: 'exceptZero' }).format(points)

const CrawlState = ({ page, company }: { page: PageContext; company: Company }) => {
  const t = detailMessages(page.locale)
  return (
    <div class="text-secondary mt-1">
      {company.crawlState === 'done' && company.crawledAt
        ? t.crawledAt(formatDate(page.locale, company.crawledAt))
        : crawlText(page.locale, company.crawlState)}
      {company.crawlState === 'failed' &&
        company.crawlError &&
        ` (${crawlErrorText(page.locale, company.crawlError)})`}
    </div>
  )
}

const RecordFields = ({ page, company }: { page: PageContext; company: Company }) => {
  const { locale } = page
  const t = detailMessages(locale)
  const place = [
    company.address1,
    company.address2,
    [company.postalCode, company.city].filter(Boolean).join(' '),
    company.country,
  ]
  const reviews = company.reviewsCount === null ? null : formatNumber(locale, company.reviewsCount)
  const link = (url: string | null) => url && <OutsideLink url={url} />
  const rows = [
    ['website', t.website, link(company.website)],
    ['profileUrl', t.profile, link(company.profileUrl)],
    ['contactName', fieldName(locale, 'contactName'), company.contactName],
    ['email', t.email, company.email],
    ['phone', t.phone, company.phone && readablePhone(company.phoneE164 ?? company.phone)],
    ['category', t.category, [company.category, company.sector].filter(Boolean).join(' · ')],
    ['address1', t.address, place.filter(Boolean).join(', ')],
    [
      'rating',
      t.rating,
      company.rating === null
        ? reviews && t.reviews(reviews)
        : t.ratingText(formatNumber(locale, company.rating), reviews ?? '0'),
    ],
    ['siret', t.companyId, groupedNumber(company.siret ?? company.siren ?? '')],
  ] as const
  return (
    <>
      <h2 class="h3 mt-4">{t.importedFields}</h2>
      <dl class="row mb-0">
        {rows
          .filter(([, , value]) => value)
          .map(([field, label, value]) => (
            <>
              <dt class="col-4">{label}</dt>
              <dd class="col-8 text-break-all">
                {value}{' '}
                {company.editedFields.includes(field) && (
                  <span class="text-secondary small">({t.editedByHand})</span>
                )}
              </dd>
            </>
          ))}
      </dl>
    </>
  )
}
