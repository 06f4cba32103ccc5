import type { Counts } from '#src/campaigns/results/numbers.ts'
import type { RecipientRow } from '#src/campaigns/results/queries-recipients.ts'
import type { RecipientQuery } from '#src/campaigns/results/recipient-filter.ts'
import { formatDate, formatNumber } from '#src/lib/i18n.ts'
import { Badge } from '#templates/components/badge.tsx'
import { EmptyState } from '#templates/components/empty-state.tsx'
import { Pagination } from '#templates/components/pagination.tsx'
import { commonMessages } from '#templates/messages.ts'
import type { PageContext } from '#templates/page.ts'
import { codeText } from './code-messages.ts'
import { resultMessages } from './messages.ts'
import { dateOf } from './percent.ts'
import { Decisions, HeldDecisions } from './unknown-ones.tsx'

/** `reasons`: the words for the codes of these rows. */
export type RecipientList = {
  rows: readonly RecipientRow[]
  reasons: ReadonlyMap<string, string>
  query: RecipientQuery
  pages: number
  filters: readonly RecipientQuery['filter'][]
}

type ListProps = {
  page: PageContext
  campaignId: number
  list: RecipientList
  counts: Counts
  /** Something may still happen: the rows ask for themselves anew. */
  live: boolean
}

/** Everybody the campaign writes to, with what became of it; narrowed by state or by words. */
export const Recipients = ({ page, campaignId, list, counts, live }: ListProps) => {
  const t = resultMessages(page.locale)
  const common = commonMessages(page.locale)
  const { rows, query, pages } = list
  const pathOf = (to: number) =>
    `/campaigns/${campaignId}?${new URLSearchParams({ filter: query.filter, q: query.q, page: String(to) })}`
  const asking = live
    ? { 'hx-get': pathOf(query.page), 'hx-trigger': 'every 5s', 'hx-select': '#recipient-rows' }
    : {}
  return (
    <section class="card mb-3" id="recipients">
      <div class="card-header d-block">
        <h2 class="card-title mb-2">{t.recipients}</h2>
        <Filters page={page} campaignId={campaignId} list={list} />
      </div>
      <div id="recipient-rows" hx-swap="outerMorph" hx-target="this" {...asking}>
        {rows.length === 0 ? (
          counts.planned === 0 ? (
            <EmptyState icon="users" title={t.notPlanned} text={t.notPlannedText} />
          ) : (
            <EmptyState icon="search" title={t.noRecipients} text={t.noRecipientsText} />
          )
        ) : (
          <Table page={page} campaignId={campaignId} list={list} />
        )}
        {pages > 1 && (
          <div class="card-footer">
            <Pagination
              label={t.pagination}
              page={query.page}
              pages={pages}
              pathOf={(to) => `${pathOf(to)}#recipients`}
              texts={{
                previous: common.previous,
                next: common.next,
                page: common.page(query.page, pages),
              }}
            />
          </div>
        )}
      </div>
    </section>
  )
}

const Filters = ({ page, campaignId, list }: Omit<ListProps, 'counts' | 'live'>) => {
  const t = resultMessages(page.locale)
  return (
    <form method="get" action={`/campaigns/${campaignId}#recipients`} class="row g-2">
      <div class="col-12 col-sm-4">
        <label class="form-label" for="recipient-filter">
          {t.state}
        </label>
        <select id="recipient-filter" name="filter" class="form-select" data-submit-on-change>
          {list.filters.map((filter) => (
            <option value={filter} selected={filter === list.query.filter}>
              {t[`filter_${filter}`]}
            </option>
          ))}
        </select>
      </div>
      <div class="col-12 col-sm-5">
        <label class="form-label" for="recipient-search">
          {t.searchLabel}
        </label>
        <input
          id="recipient-search"
          type="search"
          name="q"
          class="form-control"
          value={list.query.q}
          maxlength={200}
        />
      </div>
      <div class="col-12 col-sm-3 d-flex align-items-end">
        <button class="btn w-100" type="submit">
          {t.show}
        </button>
      </div>
    </form>
  )
}

const Table = ({ page, campaignId, list }: Omit<ListProps, 'counts' | 'live'>) => {
  const t = resultMessages(page.locale)
  return (
    <div class="table-responsive" tabindex={0} role="region" aria-label={t.recipients}>
      <table class="table table-vcenter table-mobile-md card-table">
        <thead>
          <tr>
            <th scope="col">{t.recipient}</th>
            <th scope="col">{t.message}</th>
            <th scope="col">{t.state}</th>
            <th scope="col">
              {t.opens}
              <div class="text-secondary small fw-normal">{t.peopleOfAll}</div>
            </th>
            <th scope="col">
              {t.clicks}
              <div class="text-secondary small fw-normal">{t.peopleOfAll}</div>
            </th>
          </tr>
        </thead>
        <tbody>
          {list.rows.map((row) => (
            <Row page={page} campaignId={campaignId} row={row} reasons={list.reasons} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

export const ROW_COLOURS: Record<string, string> = {
  planned: 'secondary',
  held: 'yellow',
  claimed: 'azure',
  sending: 'azure',
  sent: 'blue',
  delivered: 'blue',
  bounced: 'red',
  replied: 'green',
  unsubscribed: 'purple',
  failed: 'red',
  unknown: 'orange',
  skipped: 'secondary',
}

type RowProps = {
  page: PageContext
  campaignId: number
  row: RecipientRow
  reasons: ReadonlyMap<string, string>
}

const Row = ({ page, campaignId, row, reasons }: RowProps) => {
  const t = resultMessages(page.locale)
  const words = row.reason === null ? null : (reasons.get(row.reason) ?? row.reason)
  return (
    <tr>
      <td data-label={t.recipient} class="text-break-all">
        <a href={`/campaigns/${campaignId}/recipients/${row.id}`}>
          <bdi>{row.company ?? row.contactName ?? row.address}</bdi>
        </a>
        <div class="text-secondary small">
          <bdi>{row.contactName && row.company ? `${row.contactName} · ${row.address}` : row.address}</bdi>
        </div>
      </td>
      <td data-label={t.message}>{`${t.step(row.step)} · ${row.variant}`}</td>
      <td data-label={t.state}>
        <Badge colour={ROW_COLOURS[row.state] ?? 'secondary'}>
          {codeText(page.locale, 'row', row.state)}
        </Badge>
        <div class="text-secondary small">
          {row.sentAt
            ? formatDate(page.locale, dateOf(row.sentAt))
            : row.state === 'planned'
              ? t.due(formatDate(page.locale, dateOf(row.dueAt)))
              : null}
        </div>
        {words !== null && row.state !== 'sent' && <div class="text-secondary small">{words}</div>}
        {row.state === 'held' && <HeldDecisions page={page} campaignId={campaignId} rowId={row.id} />}
        {row.state === 'unknown' && <Decisions page={page} campaignId={campaignId} rowId={row.id} />}
      </td>
      <td data-label={t.opens}>
        <Pair page={page} people={row.opens} all={row.allOpens} sent={row.sentAt !== null} />
      </td>
      <td data-label={t.clicks}>
        <Pair page={page} people={row.clicks} all={row.allClicks} sent={row.sentAt !== null} />
      </td>
    </tr>
  )
}

const Pair = (props: { page: PageContext; people: number | null; all: number | null; sent: boolean }) => {
  const { page, people, all, sent } = props
  if (people === null || all === null)
    return <span class="text-secondary">{sent ? resultMessages(page.locale).notKept : '–'}</span>
  return <>{`${formatNumber(page.locale, people)} / ${formatNumber(page.locale, all)}`}</>
}
