import type { Company } from '#src/companies/queries-edit.ts'
import type { Change } from '#src/companies/queries-detail.ts'
import { crawlErrorText } from '#src/crawl/messages.ts'
import { formatDate, formatNumber, withColon, type Locale } from '#src/lib/i18n.ts'
import { CsrfField } from '#templates/components/form.tsx'
import { robotsMessages } from '#templates/crawl/robots-messages.ts'
import { factChangeLines } from '#templates/crawl/fact-history.ts'
import type { PageContext } from '#templates/page.ts'
import { erasedWords } from '#templates/privacy/erased-words.ts'
import { CompanyFrame } from './company-frame.tsx'
import { changeText, detailMessages, detailName } from './detail-messages.ts'
import { fieldName } from './form-messages.ts'
import { statusText } from './messages.ts'

const MAX_SHOWN = 200

export const HistoryPage = (props: { page: PageContext; company: Company; changes: Change[] }) => {
  const { page, company, changes } = props
  const t = detailMessages(page.locale)
  return (
    <CompanyFrame page={page} company={company} tab="history">
      {changes.length === 0 && <p class="text-secondary">{t.historyEmpty}</p>}
      <ul class="list-unstyled mb-0">
        {changes.map((change) => (
          <li class="border-bottom py-2">
            <div class="d-flex flex-wrap gap-2">
              <strong>{changeText(page.locale, change.kind)}</strong>
              <span class="text-secondary">
                <time datetime={change.at.toISOString()}>{formatDate(page.locale, change.at)}</time>{' '}
                {change.userEmail ? t.by(change.userName || change.userEmail) : t.automatically}
              </span>
            </div>
            <ChangeDetail page={page} company={company} change={change} />
          </li>
        ))}
      </ul>
    </CompanyFrame>
  )
}

const ChangeDetail = ({ page, company, change }: { page: PageContext; company: Company; change: Change }) => {
  const { locale } = page
  const t = detailMessages(locale)
  const detail = erasedWords(locale, change.detail)
  if (change.kind === 'merged' || change.kind === 'unmerged') {
    const otherId = detail['otherId'] ?? detail['into']
    return (
      <div class="d-flex flex-wrap gap-2 align-items-center">
        <a href={`/companies/${Number(otherId)}`}>{String(detail['otherName'] ?? detail['name'] ?? '')}</a>
        {change.kind === 'merged' && typeof detail['otherId'] === 'number' && !company.deletedAt && (
          <form method="post" action={`/companies/${company.id}/unmerge`}>
            <CsrfField token={page.csrf} />
            <input type="hidden" name="change" value={change.id} />
            <button class="btn btn-sm" type="submit">
              {t.undoMerge}
            </button>
          </form>
        )}
      </div>
    )
  }
  if (change.kind === 'written')
    return (
      <div class="text-break-all">
        <bdi>{String(detail['recipient'] ?? '')}</bdi> ·{' '}
        <a class="text-decoration-underline" href={`/companies/${company.id}/write#sent`}>
          {String(detail['subject'] ?? '')}
        </a>
      </div>
    )
  if (change.kind === 'received')
    return (
      <div class="text-break-all">
        <bdi>{String(detail['recipient'] ?? '')}</bdi> ·{' '}
        <a class="text-decoration-underline" href={`/inbox/${Number(detail['inboundId'])}`}>
          {String(detail['subject'] || t.noSubject)}
        </a>
      </div>
    )
  if (change.kind === 'robots') return <div class="text-break-all">{robotsText(locale, detail)}</div>
  if (change.kind === 'fact')
    return (
      <>
        {factChangeLines(locale, detail).map((line) => (
          <div class="text-break-all">
            <bdi>{line}</bdi>
          </div>
        ))}
      </>
    )
  return (
    <>
      {Object.entries(detail).map(([key, value]) =>
        key === 'importId' ? (
          <a href={`/imports/${Number(value)}`}>{t.seeImport}</a>
        ) : key === 'because' ? (
          <div class="text-secondary">{becauseText(locale, value)}</div>
        ) : (
          <div class="text-break-all">{describe(locale, key, value, t.emptyValue)}</div>
        ),
      )}
    </>
  )
}

/** What happened to a mail that moved the status. */
const becauseText = (locale: Locale, because: unknown): string => {
  const t = detailMessages(locale)
  // As it was noted before statuses followed everything that happens.
  if (because === 'unsubscribe') return t.because_unsubscribed
  const key = `because_${String(because)}`
  return key in t ? String(t[key as keyof typeof t]) : ''
}

const robotsText = (locale: Locale, detail: Record<string, unknown>): string => {
  const t = robotsMessages(locale)
  if (detail['ignored'] === true) return t.historyIgnored(String(detail['reason'] ?? ''))
  return detail['because'] === 'website' ? t.historySiteChanged : t.historyObeyed
}

const describe = (locale: Locale, key: string, value: unknown, empty: string): string => {
  const show = (one: unknown): string => {
    if (one === null || one === undefined || one === '' || (Array.isArray(one) && one.length === 0))
      return empty
    if (Array.isArray(one)) return one.map(show).join(', ')
    if (typeof one === 'number') return formatNumber(locale, one)
    if (typeof one === 'object') return ''
    const text = String(one).slice(0, MAX_SHOWN)
    return key === 'status' || key === 'stage' ? statusText(locale, text) : text
  }
  const label = detailName(locale, key) ?? fieldName(locale, key)
  if (key === 'error') return `${withColon(locale, label)} ${crawlErrorText(locale, String(value))}`
  if (Array.isArray(value) && value.length === 2)
    return `${withColon(locale, label)} ${show(value[0])} → ${show(value[1])}`
  if (Array.isArray(value) && value.length === 0) return label
  return `${withColon(locale, label)} ${show(value)}`
}
