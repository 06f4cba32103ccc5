import type { Company } from '#src/companies/queries-edit.ts'
import type { Crawl, CrawledPage } from '#src/crawl/contacts/queries-facts.ts'
import { crawlErrorText } from '#src/crawl/messages.ts'
import { formatDate, formatNumber } from '#src/lib/i18n.ts'
import { CompanyFrame } from '#templates/companies/company-frame.tsx'
import { EmptyState } from '#templates/components/empty-state.tsx'
import { readableUrl, safeHref } from '#templates/html.ts'
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
      {pages.length === 0 ? (
        <EmptyState icon="world" title={t.noPagesTitle} text={t.noPagesText} />
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
                  <div>{title || t.noTitle}</div>
                  <a
                    class="text-secondary small"
                    href={safeHref(url)}
                    rel="noopener noreferrer nofollow"
                    target="_blank"
                  >
                    {readableUrl(url)}
                  </a>
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
          {t.failed(date(latest), crawlErrorText(page.locale, latest.errorCode ?? ''))}
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
