import type { Part } from '#src/campaigns/results/numbers.ts'
import { formatNumber } from '#src/lib/i18n.ts'
import type { PageContext } from '#templates/page.ts'
import { resultMessages } from './messages.ts'
import { percent } from './percent.ts'

const COLUMNS = ['sent', 'openedByPeople', 'clickedByPeople', 'replied', 'unsubscribed', 'bounced'] as const

/** The same numbers for each message, sector or provider, side by side. */
export const Parts = (props: {
  page: PageContext
  id: string
  title: string
  hint?: string
  parts: readonly Part[]
  nameOf?: (label: string) => string
}) => {
  const { page, id, title, hint, parts, nameOf = (label: string) => label } = props
  const t = resultMessages(page.locale)
  if (parts.length === 0) return null
  return (
    <section class="card mb-3" id={id}>
      <div class="card-header">
        <h2 class="card-title">{title}</h2>
        {hint && <span class="ms-2 text-secondary small">{hint}</span>}
      </div>
      <div class="table-responsive" tabindex={0} role="region" aria-label={title}>
        <table class="table table-vcenter card-table text-nowrap">
          <thead>
            <tr>
              <th scope="col">{t.part}</th>
              {COLUMNS.map((column) => (
                <th scope="col">{t[`column_${column}`]}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {parts.map(({ label, counts }) => (
              <tr>
                <td data-label={t.part} class="text-wrap text-break-all">
                  {label !== null ? nameOf(label) : <span class="text-secondary">{t.unknownPart}</span>}
                </td>
                {COLUMNS.map((column) => (
                  <td data-label={t[`column_${column}`]}>
                    {formatNumber(page.locale, counts[column])}
                    {column !== 'sent' && counts.sent > 0 && (
                      <span class="text-secondary">{` · ${percent(page.locale, counts[column], counts.sent)}`}</span>
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
