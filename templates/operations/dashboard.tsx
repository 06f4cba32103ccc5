import { scoreLevels, statuses } from '#src/companies/statuses.ts'
import { formatDate, formatNumber } from '#src/lib/i18n.ts'
import type { ImportView } from '#src/companies/import/queries-imports.ts'
import type { Prospect } from '#src/operations/queries-dashboard.ts'
import type { BatchView } from '#src/operations/view-batches.ts'
import { Score, StatusBadge } from '#templates/companies/company-rows.tsx'
import { levelText } from '#templates/companies/messages.ts'
import { PhaseBadge } from '#templates/companies/import-list.tsx'
import { EmptyState } from '#templates/components/empty-state.tsx'
import { Icon } from '#templates/components/icon.tsx'
import { Layout } from '#templates/layout.tsx'
import { commonMessages } from '#templates/messages.ts'
import type { PageContext } from '#templates/page.ts'
import { LiveBatchProgress } from './batch-progress.tsx'
import { WebhooksOff } from '#templates/webhooks/webhooks-off.tsx'
import { dashboardMessages } from './dashboard-messages.ts'

type Counted = { value: string | null; count: number }
export type Dashboard = {
  total: number
  byStatus: Counted[]
  byLevel: Counted[]
  prospects: Prospect[]
  imports: ImportView[]
  batches: BatchView[]
  /** Answers that nobody has read. */
  replies: number
  /** Switched off by the product, for administrators. */
  webhooksOff: { id: number; name: string }[]
}

export const DashboardPage = ({ page, data }: { page: PageContext; data: Dashboard }) => {
  const t = dashboardMessages(page.locale)
  const isEmpty = data.total === 0 && data.imports.length === 0 && data.batches.length === 0
  return (
    <Layout page={page} title={t.title} actions={!isEmpty && <Begin page={page} />}>
      <WebhooksOff page={page} webhooks={data.webhooksOff} />
      {data.replies > 0 && (
        <div class="alert alert-info" role="status">
          <a class="alert-link" href="/inbox?unread=1">
            {t.replies(data.replies)}
          </a>
        </div>
      )}
      {isEmpty ? (
        <div class="card">
          <EmptyState icon="fileImport" title={t.welcomeTitle} text={t.welcomeText}>
            <div class="d-flex flex-wrap gap-2 justify-content-center">
              <Begin page={page} />
            </div>
          </EmptyState>
        </div>
      ) : (
        <div class="row g-3">
          <div class="col-lg-7">
            <Prospects page={page} data={data} />
            <section class="mt-3">
              <h2 class="h3">{t.running}</h2>
              {data.batches.length === 0 && <p class="text-secondary">{t.nothingRuns}</p>}
              {data.batches.map((batch) => (
                <LiveBatchProgress page={page} batch={batch} compact />
              ))}
            </section>
          </div>
          <div class="col-lg-5">
            <Totals page={page} data={data} />
            <Imports page={page} data={data} />
          </div>
        </div>
      )}
    </Layout>
  )
}

const Begin = ({ page }: { page: PageContext }) => {
  const t = dashboardMessages(page.locale)
  return (
    <>
      <a class="btn btn-primary" href="/imports">
        <Icon name="upload" /> {t.import}
      </a>
      <a class="btn" href="/companies/new">
        <Icon name="plus" /> {t.add}
      </a>
      <a class="btn" href="/site-test">
        <Icon name="world" /> {commonMessages(page.locale).siteTest}
      </a>
    </>
  )
}

const Prospects = ({ page, data }: { page: PageContext; data: Dashboard }) => {
  const t = dashboardMessages(page.locale)
  return (
    <section class="card">
      <div class="card-header">
        <div>
          <h2 class="card-title">{t.toDo}</h2>
          <p class="card-subtitle mb-0">{t.toDoText}</p>
        </div>
      </div>
      {data.prospects.length === 0 ? (
        <div class="card-body">
          <p class="text-secondary">{t.noProspects}</p>
          <a class="btn" href="/companies?crawl=never">
            {t.visitSites}
          </a>
        </div>
      ) : (
        <ol class="list-group list-group-flush">
          {data.prospects.map(({ id, name, city, score, scoreLevel, contactEmail }) => (
            <li class="list-group-item d-flex gap-2 justify-content-between align-items-center">
              <div class="text-break-all">
                <a class="fw-bold" href={`/companies/${id}`}>
                  {name}
                </a>{' '}
                <span class="text-secondary">{city}</span>
                <div class="text-secondary">{contactEmail}</div>
              </div>
              <div class="flex-shrink-0">
                <Score locale={page.locale} score={score} level={scoreLevel} />
              </div>
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}

const Totals = ({ page, data }: { page: PageContext; data: Dashboard }) => {
  const { locale } = page
  const t = dashboardMessages(locale)
  const countOf = (list: Counted[], value: string | null) =>
    list.find((one) => one.value === value)?.count ?? 0
  const unscored = countOf(data.byLevel, null)
  return (
    <section class="card">
      <div class="card-body">
        <div class="row text-center mb-3">
          <Total count={data.total} text={t.companies} path="/companies" locale={locale} />
          <Total count={data.total - unscored} text={t.scored} locale={locale} />
          <Total count={unscored} text={t.notVisited} path="/companies?level=unscored" locale={locale} />
        </div>
        <h2 class="h3">{t.byLevel}</h2>
        <ul class="list-unstyled">
          {scoreLevels
            .filter((level) => countOf(data.byLevel, level) > 0)
            .map((level) => (
              <li class="d-flex justify-content-between">
                <a href={`/companies?level=${level}`}>{levelText(locale, level)}</a>
                <span>{formatNumber(locale, countOf(data.byLevel, level))}</span>
              </li>
            ))}
        </ul>
        <h2 class="h3">{t.byStatus}</h2>
        <ul class="list-unstyled mb-0">
          {statuses
            .filter(({ value }) => countOf(data.byStatus, value) > 0)
            .map(({ value }) => (
              <li class="d-flex justify-content-between">
                <a class="text-reset" href={`/companies?status=${encodeURIComponent(value)}`}>
                  <StatusBadge locale={locale} status={value} />
                </a>
                <span>{formatNumber(locale, countOf(data.byStatus, value))}</span>
              </li>
            ))}
        </ul>
      </div>
    </section>
  )
}

type TotalProps = { count: number; text: string; path?: string; locale: PageContext['locale'] }

const Total = ({ count, text, path, locale }: TotalProps) => (
  <div class="col">
    <div class="h1 mb-0">
      {path ? <a href={path}>{formatNumber(locale, count)}</a> : formatNumber(locale, count)}
    </div>
    <div class="text-secondary">{text}</div>
  </div>
)

const Imports = ({ page, data }: { page: PageContext; data: Dashboard }) => {
  const t = dashboardMessages(page.locale)
  return (
    <section class="card mt-3">
      <div class="card-header">
        <h2 class="card-title">{t.recentImports}</h2>
      </div>
      {data.imports.length === 0 ? (
        <p class="card-body text-secondary mb-0">{t.noImports}</p>
      ) : (
        <ul class="list-group list-group-flush">
          {data.imports.map(({ id, fileName, phase, counts, createdAt }) => (
            <li class="list-group-item">
              <a class="text-break-all" href={`/imports/${id}`}>
                {fileName}
              </a>{' '}
              <PhaseBadge page={page} phase={phase} />
              <div class="text-secondary">
                {[
                  formatDate(page.locale, createdAt),
                  counts && t.rows(counts.rows),
                  counts && t.created(counts.created),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
