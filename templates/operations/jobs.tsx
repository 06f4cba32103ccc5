import type { BatchView } from '#src/operations/view-batches.ts'
import { EmptyState } from '#templates/components/empty-state.tsx'
import { Pagination } from '#templates/components/pagination.tsx'
import { Layout } from '#templates/layout.tsx'
import { commonMessages } from '#templates/messages.ts'
import type { PageContext } from '#templates/page.ts'
import { BatchItems, type ItemsPage } from './batch-items.tsx'
import { BatchProgress, LiveBatchProgress } from './batch-progress.tsx'
import { jobsMessages } from './jobs-messages.ts'
import { labelText } from './batch-texts.ts'

type ListProps = { page: PageContext; batches: BatchView[] }

/** All batches, newest first. The first page follows what happens; older pages stand still. */
export const JobsPage = ({
  page,
  batches,
  paging,
}: ListProps & { paging: { page: number; pages: number } }) => {
  const t = jobsMessages(page.locale)
  const common = commonMessages(page.locale)
  const live =
    paging.page === 1
      ? { 'hx-sse:connect': '/jobs/events', 'hx-swap': 'innerMorph', 'hx-target': 'this' }
      : {}
  return (
    <Layout page={page} title={t.title}>
      <div id="jobs-page">
        <div id="jobs" {...live}>
          <JobsList page={page} batches={batches} />
        </div>
        <div
          hx-target:inherited="#jobs-page"
          hx-select:inherited="#jobs-page"
          hx-swap:inherited="outerHTML show:top"
          hx-push-url:inherited="true"
        >
          <Pagination
            label={t.pagination}
            page={paging.page}
            pages={paging.pages}
            pathOf={(target) => `/jobs?page=${target}`}
            texts={{
              previous: common.previous,
              next: common.next,
              page: common.page(paging.page, paging.pages),
            }}
          />
        </div>
      </div>
    </Layout>
  )
}

/** What the page shows and what the server sends again after each change. */
export const JobsList = ({ page, batches }: ListProps) => {
  const t = jobsMessages(page.locale)
  if (batches.length > 0)
    return (
      <>
        {batches.map((batch) => (
          <BatchProgress page={page} batch={batch} />
        ))}
      </>
    )
  return (
    <div class="card">
      <EmptyState icon="briefcase" title={t.emptyTitle} text={t.emptyText}>
        <a class="btn btn-primary" href="/imports">
          {t.importFile}
        </a>{' '}
        <a class="btn" href="/companies">
          {t.chooseCompanies}
        </a>
      </EmptyState>
    </div>
  )
}

/** One batch: its progress, live, and its items. */
export const JobPage = (props: { page: PageContext; batch: BatchView; items: ItemsPage }) => {
  const { page, batch, items } = props
  return (
    <Layout
      page={page}
      title={labelText(page.locale, batch.label)}
      pretitle={jobsMessages(page.locale).jobTitle(batch.id)}
    >
      <LiveBatchProgress page={page} batch={batch} />
      <BatchItems page={page} items={items} />
    </Layout>
  )
}
