import type { ItemView } from '#src/operations/view-batches.ts'
import { Badge } from '#templates/components/badge.tsx'
import { CsrfField } from '#templates/components/form.tsx'
import { Icon } from '#templates/components/icon.tsx'
import { Pagination } from '#templates/components/pagination.tsx'
import { commonMessages } from '#templates/messages.ts'
import type { PageContext } from '#templates/page.ts'
import { SubjectLink } from './batch-progress.tsx'
import { detailText } from './batch-texts.ts'
import { jobsMessages } from './jobs-messages.ts'

type State = ItemView['state']
type Counts = Record<State, number>

export type ItemsPage = {
  batchId: number
  rows: ItemView[]
  state: State | null
  counts: Counts
  total: number
  page: number
  pages: number
  /** Items still wait or run: the list asks for itself again. */
  live: boolean
}

const states = ['failed', 'running', 'pending', 'done', 'cancelled'] as const
const stateColours: Record<State, string> = {
  failed: 'red',
  running: 'blue',
  pending: 'secondary',
  done: 'green',
  cancelled: 'secondary',
}

const stateText = (page: PageContext, state: State): string => {
  const t = jobsMessages(page.locale)
  const texts: Record<State, string> = {
    failed: t.itemFailed,
    running: t.itemRunning,
    pending: t.itemPending,
    done: t.itemDone,
    cancelled: t.itemCancelled,
  }
  return texts[state]
}

const query = (state: State | null, page: number): string =>
  new URLSearchParams({ ...(state ? { state } : {}), page: String(page) }).toString()

/** The items of a batch, failed ones first, with their reasons. */
export const BatchItems = ({ page, items }: { page: PageContext; items: ItemsPage }) => {
  const t = jobsMessages(page.locale)
  const common = commonMessages(page.locale)
  const path = `/jobs/${items.batchId}/items?${query(items.state, items.page)}`
  const live = items.live ? { 'hx-get': path, 'hx-trigger': 'every 5s' } : {}
  return (
    <section class="card" id="items" hx-swap="outerMorph" hx-target="this" {...live} aria-label={t.items}>
      <div class="card-header">
        <StateFilter page={page} items={items} />
      </div>
      {items.rows.length === 0 ? (
        <p class="card-body text-secondary mb-0">{t.noItems}</p>
      ) : (
        <ul class="list-group list-group-flush">
          {items.rows.map((item) => (
            <Row page={page} item={item} batchId={items.batchId} />
          ))}
        </ul>
      )}
      {items.pages > 1 && (
        <div
          class="card-footer"
          hx-target:inherited="#items"
          hx-swap:inherited="outerMorph"
          hx-select:inherited="#items"
          hx-push-url:inherited="true"
        >
          <Pagination
            label={t.pagination}
            page={items.page}
            pages={items.pages}
            pathOf={(target) => `/jobs/${items.batchId}?${query(items.state, target)}`}
            texts={{
              previous: common.previous,
              next: common.next,
              page: common.page(items.page, items.pages),
            }}
          />
        </div>
      )}
    </section>
  )
}

const StateFilter = ({ page, items }: { page: PageContext; items: ItemsPage }) => {
  const t = jobsMessages(page.locale)
  const choices: { state: State | null; text: string }[] = [
    { state: null, text: t.all(items.total) },
    ...states
      .filter((state) => items.counts[state] > 0)
      .map((state) => ({ state, text: `${stateText(page, state)} (${items.counts[state]})` })),
  ]
  return (
    <nav class="nav nav-pills flex-wrap" aria-label={t.filter}>
      {choices.map(({ state, text }) => (
        <a
          class={state === items.state ? 'nav-link active' : 'nav-link'}
          aria-current={state === items.state ? 'true' : undefined}
          href={`/jobs/${items.batchId}?${query(state, 1)}`}
        >
          {text}
        </a>
      ))}
    </nav>
  )
}

const Row = ({ page, item, batchId }: { page: PageContext; item: ItemView; batchId: number }) => {
  const t = jobsMessages(page.locale)
  const path = `/jobs/${batchId}/items/${item.id}/retries`
  return (
    <li class="list-group-item d-flex flex-wrap gap-2 align-items-center" id={`item-${item.id}`}>
      <div class="flex-fill text-break-all">
        <SubjectLink page={page} subject={item.subject} />{' '}
        <Badge colour={stateColours[item.state]}>{stateText(page, item.state)}</Badge>
        {item.attempts > 1 && <span class="text-secondary"> {t.attempts(item.attempts)}</span>}
        {item.detail && <div class="text-secondary">{detailText(page.locale, item.detail)}</div>}
      </div>
      {(item.state === 'failed' || item.state === 'cancelled') && (
        <form method="post" action={path} class="m-0">
          <CsrfField token={page.csrf} />
          <button class="btn btn-sm" type="submit">
            <Icon name="refresh" /> {t.retryOne}
          </button>
        </form>
      )}
    </li>
  )
}
