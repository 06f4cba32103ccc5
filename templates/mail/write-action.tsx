import type { Suppression } from '#src/tracking/queries-suppressions.ts'
import { suppressionSourceText } from '#src/mail/messages.ts'
import { formatDate } from '#src/lib/i18n.ts'
import { Icon } from '#templates/components/icon.tsx'
import type { PageContext } from '#templates/page.ts'
import { mailMessages } from './messages.ts'

/** That an address must not be written to: since when, why, and who said so. */
export const SuppressionNotice = ({ page, suppression }: { page: PageContext; suppression: Suppression }) => {
  const t = mailMessages(page.locale)
  const { address, at, source, reason } = suppression
  return (
    <div class="alert alert-warning text-break-all" role="status">
      <p class="mb-0">
        <strong>
          <bdi>{t.mustNotWrite(address)}</bdi>
        </strong>{' '}
        {t.since(formatDate(page.locale, at), suppressionSourceText(page.locale, source))}
        {reason && (
          <>
            {' '}
            – <bdi data-foreign>{reason}</bdi>
          </>
        )}
        . <a href={`/suppressions?q=${encodeURIComponent(address)}`}>{t.seeSuppressions}</a>
      </p>
    </div>
  )
}

/** Below the chosen contact of a company: the way to write to it, or why not. */
export const WriteAction = (props: {
  page: PageContext
  company: { id: number; contactEmail: string | null; deletedAt: Date | null }
  suppression: Suppression | null
}) => {
  const { page, company, suppression } = props
  const t = mailMessages(page.locale)
  const to =
    company.contactEmail === null || suppression ? '' : `?to=${encodeURIComponent(company.contactEmail)}`
  return (
    <div class="mt-2">
      {suppression && <SuppressionNotice page={page} suppression={suppression} />}
      {company.deletedAt === null && (
        <a class="btn btn-sm" href={`/companies/${company.id}/write${to}`}>
          <Icon name="mail" /> {suppression ? t.writeOther : t.write}
        </a>
      )}
    </div>
  )
}
