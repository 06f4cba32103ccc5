import type { ListedInbound } from '#src/mail/inbound/queries-inbox.ts'
import { formatDate } from '#src/lib/i18n.ts'
import { inboundKinds, inboundReasons } from '#src/mail/inbound/messages.ts'
import { Badge } from '#templates/components/badge.tsx'
import type { PageContext } from '#templates/page.ts'
import { inboxMessages } from './messages.ts'

const COLOURS = {
  reply: 'green',
  autoreply: 'azure',
  soft: 'yellow',
  hard: 'orange',
  complaint: 'red',
} as const

export const KindBadge = ({ page, kind }: { page: PageContext; kind: ListedInbound['kind'] }) => (
  <Badge colour={COLOURS[kind]}>{inboundKinds(page.locale)[kind]}</Badge>
)

/** Why, in words; '' for an answer of a person, which says it all itself. */
export const reasonOf = (
  page: PageContext,
  { kind, reason }: Pick<ListedInbound, 'kind' | 'reason'>,
): string => {
  if (kind === 'reply' && reason === 'answer') return ''
  const texts = inboundReasons(page.locale)
  return reason in texts ? texts[reason as keyof typeof texts] : ''
}

/** Who wrote it, or whose mail came back. */
export const sayer = ({ kind, fromName, fromAddress, recipient }: ListedInbound): string =>
  kind === 'reply' || kind === 'autoreply' ? fromName || fromAddress || recipient || '' : (recipient ?? '')

type Props = { page: PageContext; rows: readonly ListedInbound[]; withCompany?: boolean }

/** Mails that came in, unread ones in bold. */
export const InboxRows = ({ page, rows, withCompany = true }: Props) => {
  const t = inboxMessages(page.locale)
  return (
    <table class="table table-vcenter card-table table-mobile-md">
      <thead>
        <tr>
          <th>{t.from}</th>
          <th>{t.subject}</th>
          {withCompany && <th>{t.company}</th>}
          <th>{t.received}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row page={page} row={row} withCompany={withCompany} />
        ))}
      </tbody>
    </table>
  )
}

const Row = (props: { page: PageContext; row: ListedInbound; withCompany: boolean }) => {
  const { page, row, withCompany } = props
  const t = inboxMessages(page.locale)
  const reason = reasonOf(page, row)
  return (
    <tr>
      <td data-label={t.from} class="text-break-all">
        <bdi data-foreign class={row.readAt ? '' : 'fw-bold'}>
          {sayer(row)}
        </bdi>
        {!row.readAt && (
          <>
            {' '}
            <Badge colour="blue">{t.unread}</Badge>
          </>
        )}
      </td>
      <td data-label={t.subject} class="text-break-all">
        <a href={`/inbox/${row.id}`} class={row.readAt ? undefined : 'fw-bold'} data-foreign>
          {row.subject || t.noSubject}
        </a>
        <div class="d-flex flex-wrap gap-1 align-items-center small">
          <KindBadge page={page} kind={row.kind} />
          {row.answerId !== null && <Badge colour="green">{t.answered}</Badge>}
          {reason && <span class="text-secondary">{reason}</span>}
        </div>
      </td>
      {withCompany && (
        <td data-label={t.company} class="text-break-all">
          {row.companyId !== null && <a href={`/companies/${row.companyId}`}>{row.companyName}</a>}
        </td>
      )}
      <td data-label={t.received} class="text-nowrap">
        <time datetime={row.receivedAt.toISOString()}>{formatDate(page.locale, row.receivedAt)}</time>
      </td>
    </tr>
  )
}
