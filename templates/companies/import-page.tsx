import { importProblemText, readWarningText, rejectReasonText } from '#src/companies/import/messages.ts'
import type { ImportView } from '#src/companies/import/queries-imports.ts'
import { formatNumber, withColon } from '#src/lib/i18n.ts'
import type { BatchView } from '#src/operations/view-batches.ts'
import { CsrfField } from '#templates/components/form.tsx'
import { Icon } from '#templates/components/icon.tsx'
import { BudgetFields } from '#templates/crawl/budget-fields.tsx'
import { Layout } from '#templates/layout.tsx'
import { LiveBatchProgress } from '#templates/operations/batch-progress.tsx'
import type { PageContext } from '#templates/page.ts'
import { PhaseBadge, UndoForm } from './import-list.tsx'
import { MappingStep, type MappingProps } from './import-mapping.tsx'
import { importMessages } from './import-messages.ts'

export { ImportPreview } from './import-mapping.tsx'

type PageProps = MappingProps & {
  batch: BatchView | null
  /** Back from the check to the columns. */
  editing: boolean
  /** The first of those refused. */
  rejected: readonly RejectedRow[]
}
type RejectedRow = { row: number; reason: string | null; cells: string[] | null }

const ROW_LENGTH = 80
const STEP: Partial<Record<ImportView['phase'], number>> = { draft: 1, checking: 2, checked: 2, running: 3 }

/** One import, at the step where it stands. */
export const ImportPage = (props: PageProps) => {
  const { page, record, batch, editing, rejected } = props
  const t = importMessages(page.locale)
  const { phase } = record
  const step = STEP[phase]
  const isOpen = ['draft', 'checked', 'stopped', 'failed'].includes(phase)
  const isMapping = phase === 'draft' || (isOpen && editing)
  return (
    <Layout
      page={page}
      title={record.fileName}
      pretitle={step ? `${t.title} · ${t.step(step)}` : t.title}
      actions={
        <>
          <span class="align-self-center">
            <PhaseBadge page={page} phase={phase} />
          </span>
          {isOpen && <Discard page={page} id={record.id} />}
        </>
      }
    >
      {isOpen && (phase === 'failed' || phase === 'stopped') && <BrokenOff page={page} record={record} />}
      {(phase === 'checking' || phase === 'running') && batch && (
        <AtWork page={page} record={record} batch={batch} />
      )}
      {isMapping && <MappingStep {...props} />}
      {!isMapping && (phase === 'checked' || phase === 'done' || phase === 'undone') && (
        <Counts page={page} record={record} rejected={rejected} />
      )}
      {!isMapping && isOpen && <Confirm page={page} record={record} />}
      {phase === 'done' && <WhatNext page={page} record={record} />}
      {phase === 'undone' && (
        <div class="alert alert-warning" role="status">
          {t.isUndone} <a href="/companies/deleted">{t.bin}</a>
        </div>
      )}
      <Warnings page={page} record={record} />
    </Layout>
  )
}

type StepProps = { page: PageContext; record: ImportView }

const Discard = ({ page, id }: { page: PageContext; id: number }) => {
  const t = importMessages(page.locale)
  return (
    <form method="post" action={`/imports/${id}/discard`} data-confirm={t.discardConfirm}>
      <CsrfField token={page.csrf} />
      <button class="btn" type="submit">
        {t.discard}
      </button>
    </form>
  )
}

const BrokenOff = ({ page, record }: StepProps) => {
  const t = importMessages(page.locale)
  const { problem } = record
  const code = String(problem?.values?.['problem'] ?? problem?.code ?? '')
  return (
    <div class="alert alert-danger" role="alert">
      {record.phase === 'stopped' ? t.stoppedText : `${importProblemText(page.locale, code)} ${t.failedText}`}
    </div>
  )
}

const AtWork = ({ page, record, batch }: StepProps & { batch: BatchView }) => (
  <>
    <LiveBatchProgress page={page} batch={batch} />
    <div hx-get={`/imports/${record.id}/state`} hx-trigger="every 1s" hx-swap="none" />
    <noscript>
      <a class="btn" href={`/imports/${record.id}`}>
        {importMessages(page.locale).reload}
      </a>
    </noscript>
  </>
)

const Counts = ({ page, record, rejected }: StepProps & Pick<PageProps, 'rejected'>) => {
  const t = importMessages(page.locale)
  const { counts } = record
  if (!counts) return null
  const lines: [string, number][] = [
    [t.rows, counts.rows],
    [t.created, counts.created],
    ...(counts.branches > 0 ? [[t.branches, counts.branches] as [string, number]] : []),
    [t.updated, counts.updated],
    [t.unchanged, counts.unchanged],
    [t.duplicates, counts.duplicates],
    [t.rejectedRows, counts.rejected],
  ]
  return (
    <section class="card mb-3">
      <div class="card-header">
        <h2 class="card-title">{record.phase === 'checked' ? t.checkTitle : t.resultTitle}</h2>
      </div>
      <div class="card-body">
        <dl class="row mb-0">
          {lines.map(([label, count]) => (
            <>
              <dt class="col-8 col-sm-6">{label}</dt>
              <dd class="col-4 col-sm-6">{formatNumber(page.locale, count)}</dd>
            </>
          ))}
        </dl>
        {rejected.length > 0 && (
          <ul class="list-unstyled text-secondary mt-3 mb-0">
            {rejected.map(({ row, reason, cells }) => (
              <li>
                {withColon(page.locale, t.rejectedRow(row))}{' '}
                {rejectReasonText(page.locale, reason ?? 'unreadable')}{' '}
                <bdi class="text-break">{shortened(cells)}</bdi>
              </li>
            ))}
            {counts.rejected > rejected.length && <li>…</li>}
          </ul>
        )}
        {counts.rejected > 0 && (
          <a class="btn mt-2" href={`/imports/${record.id}/rejected.csv`} download>
            <Icon name="download" /> {t.downloadRejected}
          </a>
        )}
      </div>
    </section>
  )
}

/** Enough of a row to know it again. */
const shortened = (cells: readonly string[] | null): string => {
  const text = (cells ?? []).filter((cell) => cell.trim() !== '').join(' · ')
  return text.length > ROW_LENGTH ? `${text.slice(0, ROW_LENGTH).toWellFormed()}…` : text
}

const Confirm = ({ page, record }: StepProps) => {
  const t = importMessages(page.locale)
  const { counts, phase } = record
  const isCheck = record.state === 'draft' && phase !== 'checked'
  if (isCheck) return <Again page={page} record={record} path="checks" text={t.retryCheck} />
  const created = counts?.created ?? 0
  const nothing = counts !== null && created + counts.updated === 0
  return (
    <form class="card mb-3" method="post" action={`/imports/${record.id}/runs`}>
      <div class="card-body">
        <CsrfField token={page.csrf} />
        {nothing ? (
          <p>{t.nothingToDo}</p>
        ) : (
          <>
            <label class="form-check form-switch">
              <input class="form-check-input" type="checkbox" name="crawl" value="1" checked />
              <span class="form-check-label">{t.crawlNow}</span>
            </label>
            <BudgetFields page={page} budget={record.crawlBudget} sites={created} />
          </>
        )}
        <div class="d-flex flex-wrap gap-2">
          <button class={nothing ? 'btn' : 'btn btn-primary'} type="submit">
            {phase === 'checked' ? t.run(created) : t.retry}
          </button>
          <a class="btn" href={`/imports/${record.id}?columns`}>
            {t.changeMapping}
          </a>
        </div>
      </div>
    </form>
  )
}

const Again = ({ page, record, path, text }: StepProps & { path: string; text: string }) => (
  <form class="d-flex flex-wrap gap-2 mb-3" method="post" action={`/imports/${record.id}/${path}`}>
    <CsrfField token={page.csrf} />
    <button class="btn btn-primary" type="submit">
      {text}
    </button>
    <a class="btn" href={`/imports/${record.id}?columns`}>
      {importMessages(page.locale).changeMapping}
    </a>
  </form>
)

const WhatNext = ({ page, record }: StepProps) => {
  const t = importMessages(page.locale)
  return (
    <div class="d-flex flex-wrap gap-2 mb-3">
      {(record.counts?.created ?? 0) > 0 && (
        <a class="btn btn-primary" href={`/companies?import=${record.id}`}>
          {t.seeCompanies}
        </a>
      )}
      {record.crawlBatchId !== null && (
        <a class="btn" href={`/jobs/${record.crawlBatchId}`}>
          {t.seeCrawl}
        </a>
      )}
      <UndoForm page={page} id={record.id} />
    </div>
  )
}

const Warnings = ({ page, record }: StepProps) => {
  const warnings = Object.entries(record.warnings)
  if (warnings.length === 0) return null
  return (
    <section class="card mb-3">
      <div class="card-header">
        <h2 class="card-title">{importMessages(page.locale).warnings}</h2>
      </div>
      <ul class="card-body list-unstyled mb-0">
        {warnings.map(([code, times]) => (
          <li>{readWarningText(page.locale, code, times)}</li>
        ))}
      </ul>
    </section>
  )
}
