import type { CompanyList } from '#src/companies/list-companies.ts'
import type { SortKey } from '#src/companies/company-filter.ts'
import type { Locale } from '#src/lib/i18n.ts'
import { EmptyState } from '#templates/components/empty-state.tsx'
import { CsrfField } from '#templates/components/form.tsx'
import { Icon } from '#templates/components/icon.tsx'
import { Pagination } from '#templates/components/pagination.tsx'
import { Layout } from '#templates/layout.tsx'
import { commonMessages } from '#templates/messages.ts'
import type { PageContext } from '#templates/page.ts'
import { CompanyRows } from './company-rows.tsx'
import { BulkActions } from './list-bulk.tsx'
import { ListFilters, type ListOptions } from './list-filters.tsx'
import { listMessages } from './messages.ts'
import { UndoDeletion, type Deletion } from './undo-deletion.tsx'

type ListProps = { page: PageContext; list: CompanyList; options: ListOptions }

export const CompaniesPage = (props: ListProps & { deletion: Deletion | null }) => {
  const { page, list } = props
  const t = listMessages(page.locale)
  return (
    <Layout page={page} title={t.title} actions={<Actions page={page} />}>
      {props.deletion && <UndoDeletion page={page} deletion={props.deletion} />}
      {list.count === 0 && !list.filtered ? (
        <div class="card" id="results">
          <EmptyState icon="building" title={t.emptyTitle} text={t.emptyText}>
            <a class="btn btn-primary" href="/imports">
              <Icon name="upload" /> {t.import}
            </a>{' '}
            <a class="btn" href="/companies/new">
              <Icon name="plus" /> {t.add}
            </a>{' '}
            <a class="btn" href="/site-test">
              <Icon name="world" /> {commonMessages(page.locale).siteTest}
            </a>
          </EmptyState>
        </div>
      ) : (
        <>
          <ListFilters page={page} list={list} options={props.options} />
          <ListResults {...props} />
        </>
      )}
    </Layout>
  )
}

const Actions = ({ page }: { page: PageContext }) => {
  const t = listMessages(page.locale)
  return (
    <>
      <a class="btn btn-primary" href="/companies/new">
        <Icon name="plus" /> {t.add}
      </a>
      <a class="btn" href="/groups">
        {t.groups}
      </a>
      <a class="btn" href="/segments">
        {t.segments}
      </a>
      <a class="btn" href="/companies/deleted">
        <Icon name="trash" /> {t.deletedList}
      </a>
    </>
  )
}

/** What htmx swaps when the search, the order or the page changes. */
export const ListResults = ({ page, list, options }: ListProps) => {
  const t = listMessages(page.locale)
  const common = commonMessages(page.locale)
  const countText = t.count(list.count, list.capped)
  return (
    <div class="card" id="results" hx-target:inherited="#results" hx-swap:inherited="outerHTML show:top">
      {/* Belong to the filter's form, which stays while the results are swapped. */}
      <input type="hidden" form="filters" name="sort" value={list.view.sort} />
      <input type="hidden" form="filters" name="dir" value={list.view.direction} />
      <div class="card-header d-flex flex-wrap gap-2 justify-content-between">
        <strong aria-live="polite">{countText}</strong>
        <SortLinks locale={page.locale} list={list} />
      </div>
      {list.rows.length === 0 ? (
        <Nothing page={page} list={list} />
      ) : (
        <form method="post" action="/companies/bulk">
          <CsrfField token={page.csrf} />
          <input type="hidden" name="filter" value={list.filterQuery} />
          <BulkActions page={page} list={list} options={options} countText={countText} />
          <CompanyRows page={page} rows={list.rows} />
        </form>
      )}
      {list.pages > 1 && (
        <div class="card-footer">
          <Pagination
            label={t.pages}
            page={list.view.page}
            pages={list.pages}
            pathOf={list.pagePath}
            texts={{
              previous: common.previous,
              next: common.next,
              page: common.page(list.view.page, list.pages),
            }}
          />
        </div>
      )}
    </div>
  )
}

const Nothing = ({ page, list }: { page: PageContext; list: CompanyList }) => {
  const t = listMessages(page.locale)
  return list.count > 0 ? (
    <EmptyState icon="search" title={t.beyondTitle} text={t.beyondText}>
      <a class="btn" href={list.pagePath(1)}>
        {t.firstPage}
      </a>
    </EmptyState>
  ) : (
    <EmptyState icon="search" title={t.nothingTitle} text={t.nothingText}>
      <a class="btn" href="/companies">
        {t.clear}
      </a>
    </EmptyState>
  )
}

const sortTexts = (locale: Locale): Record<SortKey, string> => {
  const t = listMessages(locale)
  return {
    score: t.sortScore,
    name: t.sortName,
    created: t.sortCreated,
    crawled: t.sortCrawled,
    city: t.sortCity,
    status: t.sortStatus,
  }
}

const SortLinks = ({ locale, list }: { locale: Locale; list: CompanyList }) => {
  const t = listMessages(locale)
  const texts = sortTexts(locale)
  const { sort, direction } = list.view
  return (
    <div class="d-flex flex-wrap gap-2">
      <span class="text-secondary">{t.sortBy}</span>
      {list.sortPaths.map(({ key, path }) => (
        <a
          class={key === sort ? 'fw-bold' : 'text-secondary'}
          href={path}
          hx-get={path}
          aria-current={key === sort ? 'true' : undefined}
        >
          {texts[key]}
          {key === sort && (
            <>
              <Icon name={direction === 'desc' ? 'chevronDown' : 'chevronUp'} />
              <span class="visually-hidden">{direction === 'desc' ? t.descending : t.ascending}</span>
            </>
          )}
        </a>
      ))}
    </div>
  )
}
