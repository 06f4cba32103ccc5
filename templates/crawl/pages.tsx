import type { Company } from '#src/companies/queries-edit.ts'
import type { Crawl, CrawledPage } from '#src/crawl/contacts/queries-facts.ts'
import { crawlErrorText, siteEndTexts } from '#src/crawl/messages.ts'
import type { SiteEnd } from '#src/crawl/site-record.ts'
import { formatDate, formatNumber } from '#src/lib/i18n.ts'
import { CompanyFrame } from '#templates/companies/company-frame.tsx'
import { Badge } from '#templates/components/badge.tsx'
import { EmptyState } from '#templates/components/empty-state.tsx'
import { addSite } from './add-site.tsx'
import { OutsideLink } from '#templates/components/outside-link.tsx'
import { readableUrl } from '#templates/html.ts'
import type { PageContext } from '#templates/page.ts'
import { crawlMessages } from './messages.ts'

const KILOBYTE = 1024
const ERRORS_SHOWN = 50

type PagesProps = {
  page: PageContext
  company: Company
  latest: Crawl | null
  read: Crawl | null
  pages: CrawledPage[]
}

export const CrawledPages = ({ page, company, latest, read, pages }: PagesProps) => {
  const { locale } = page
  const t = crawlMessages(locale)
  return (
    <CompanyFrame page={page} company={company} tab="pages">
      <LatestVisit page={page} latest={latest} read={read} />
      {read && <HowItWent page={page} company={company} read={read} pages={pages} />}
      {pages.length === 0 ? (
        <EmptyState icon="world" title={t.noPagesTitle} text={t.noPagesText}>
          {addSite(page, company)}
        </EmptyState>
      ) : (
        <table class="table table-vcenter table-mobile-md">
          <thead>
            <tr>
              <th>{t.title}</th>
              <th class="text-end">{t.status}</th>
              <th class="text-end">{t.size}</th>
              <th class="text-end">{t.firstByte}</th>
            </tr>
          </thead>
          <tbody>
            {pages.map(({ url, title, status, bytes, record }) => (
              <tr>
                <td data-label={t.title} class="text-break-all">
                  <div>
                    {title || t.noTitle} <PageMarks page={page} record={record} />
                  </div>
                  <OutsideLink url={url} class="text-secondary small" />
                </td>
                <td data-label={t.status} class="text-end">
                  {status}
                </td>
                <td data-label={t.size} class="text-end text-nowrap">
                  {formatNumber(locale, Math.ceil(bytes / KILOBYTE))} {locale === 'fr' ? 'Ko' : 'KB'}
                </td>
                <td data-label={t.firstByte} class="text-end text-nowrap">
                  {formatNumber(locale, Math.round(record.ttfbMs))} ms
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {read && read.errors.length > 0 && (
        <>
          <h2 class="h3 mt-4">{t.errors}</h2>
          <ul class="text-break-all">
            {read.errors.slice(0, ERRORS_SHOWN).map(({ url, code }) => (
              <li>
                {readableUrl(url)} <span class="text-secondary">{crawlErrorText(locale, code)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </CompanyFrame>
  )
}

// What somebody may set for the company and its import.
const SETTABLE = new Set<SiteEnd>(['pages', 'bytes', 'time', 'requests'])

/** How far the visit went, and how it came by its pages; crawls of older versions do not tell. */
const HowItWent = (props: Pick<PagesProps, 'page' | 'company' | 'pages'> & { read: Crawl }) => {
  const { page, company, pages, read } = props
  const t = crawlMessages(page.locale)
  const endedBy = read.site?.endedBy
  const rendered = pages.filter(({ record }) => record.rendered).length
  if (endedBy === undefined && read.unchangedPages + rendered === 0) return null
  return (
    <ul class="list-unstyled text-secondary">
      {endedBy !== undefined && (
        <li>
          {siteEndTexts(page.locale)[endedBy ?? 'all']}{' '}
          {SETTABLE.has(endedBy) && company.deletedAt === null && (
            <a href={`/companies/${company.id}#crawl-settings`}>{t.changeLimits}</a>
          )}
        </li>
      )}
      {read.unchangedPages > 0 && <li>{t.unchanged(read.unchangedPages)}</li>}
      {rendered > 0 && <li>{t.rendered(rendered)}</li>}
    </ul>
  )
}

const PageMarks = ({ page, record }: { page: PageContext; record: CrawledPage['record'] }) => {
  const t = crawlMessages(page.locale)
  return (
    <>
      {record.unchanged && <Badge colour="secondary">{t.isUnchanged}</Badge>}
      {record.rendered && <Badge colour="blue">{t.isRendered}</Badge>}
      {record.needsBrowser && <Badge colour="orange">{t.needsBrowser}</Badge>}
    </>
  )
}

/** When the site was visited last, and how that ended. */
export const LatestVisit = ({
  page,
  latest,
  read,
}: {
  page: PageContext
  latest: Crawl | null
  read: Crawl | null
}) => {
  const t = crawlMessages(page.locale)
  const date = (crawl: Crawl) => formatDate(page.locale, crawl.finishedAt)
  return (
    <>
      {latest?.state === 'failed' && (
        <div class="alert alert-warning" role="status">
          {(read ? t.failed : t.failedAlone)(
            date(latest),
            crawlErrorText(page.locale, latest.errorCode ?? ''),
          )}
        </div>
      )}
      {read && (
        <p class="text-secondary">
          {t.visited(
            date(read),
            read.pageCount,
            formatNumber(page.locale, Math.round(read.durationMs / 100) / 10),
          )}
        </p>
      )}
    </>
  )
}
