import type { ImportView } from '#src/companies/import/queries-imports.ts'
import { formatDate } from '#src/lib/i18n.ts'
import { Badge } from '#templates/components/badge.tsx'
import { EmptyState } from '#templates/components/empty-state.tsx'
import { CsrfField } from '#templates/components/form.tsx'
import { Icon } from '#templates/components/icon.tsx'
import { Layout } from '#templates/layout.tsx'
import { commonMessages } from '#templates/messages.ts'
import type { PageContext } from '#templates/page.ts'
import { importMessages } from './import-messages.ts'

type ListProps = {
  page: PageContext
  imports: ImportView[]
  profiles: { id: number; name: string }[]
  /** Why the upload was refused. */
  problem: string | null
  paging: { page: number; pages: number }
}

const phaseColours: Record<ImportView['phase'], string> = {
  draft: 'yellow',
  checking: 'blue',
  checked: 'yellow',
  running: 'blue',
  stopped: 'secondary',
  failed: 'red',
  done: 'green',
  undone: 'secondary',
}

export const PhaseBadge = ({ page, phase }: { page: PageContext; phase: ImportView['phase'] }) => (
  <Badge colour={phaseColours[phase]}>{importMessages(page.locale)[phase]}</Badge>
)

export const ImportListPage = ({ page, imports, profiles, problem, paging }: ListProps) => {
  const t = importMessages(page.locale)
  return (
    <Layout page={page} title={t.title}>
      <UploadForm page={page} problem={problem} />
      <div class="card mb-3">
        {imports.length === 0 ? (
          <EmptyState icon="fileImport" title={t.emptyTitle} text={t.emptyText} />
        ) : (
          <ImportTable page={page} imports={imports} />
        )}
      </div>
      <Pages page={page} paging={paging} />
      {profiles.length > 0 && <Profiles page={page} profiles={profiles} />}
    </Layout>
  )
}

const UploadForm = ({ page, problem }: { page: PageContext; problem: string | null }) => {
  const t = importMessages(page.locale)
  return (
    <form
      class="card mb-3"
      method="post"
      action="/imports"
      enctype="multipart/form-data"
      data-busy={t.uploading}
    >
      <div class="card-body">
        <h2 class="h3">{t.uploadTitle}</h2>
        <CsrfField token={page.csrf} />
        <div class="drop-zone mb-2" data-drop-zone>
          <label class="form-label" for="import-file">
            <Icon name="upload" /> {t.dropHere}
          </label>
          <input
            class={problem ? 'form-control is-invalid' : 'form-control'}
            id="import-file"
            name="file"
            type="file"
            required
            accept=".xlsx,.xlsm,.ods,.xls,.csv,.tsv,.txt"
            aria-describedby={problem ? 'import-file-error import-file-hint' : 'import-file-hint'}
            aria-invalid={problem ? 'true' : undefined}
          />
          {problem && (
            <div id="import-file-error" class="invalid-feedback" role="alert">
              {problem}
            </div>
          )}
          <div id="import-file-hint" class="form-hint">
            {t.uploadHint}
          </div>
        </div>
        <button class="btn btn-primary" type="submit">
          {t.upload}
        </button>
      </div>
    </form>
  )
}

const ImportTable = ({ page, imports }: { page: PageContext; imports: ImportView[] }) => {
  const t = importMessages(page.locale)
  return (
    <div class="table-responsive">
      <table class="table table-vcenter card-table table-mobile-md">
        <thead>
          <tr>
            <th>{t.file}</th>
            <th>{t.state}</th>
            <th>{t.result}</th>
            <th>{t.who}</th>
            <th>{t.when}</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {imports.map((record) => (
            <tr>
              <td class="text-break-all" data-label={t.file}>
                <a href={`/imports/${record.id}`}>{record.fileName}</a>
              </td>
              <td data-label={t.state}>
                <PhaseBadge page={page} phase={record.phase} />
              </td>
              <td data-label={t.result}>{record.counts && summary(page, record.counts)}</td>
              <td class="text-break-all" data-label={t.who}>
                {record.userName ?? t.commandLine}
              </td>
              <td data-label={t.when}>{formatDate(page.locale, record.finishedAt ?? record.createdAt)}</td>
              <td>{record.phase === 'done' && <UndoForm page={page} id={record.id} small />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const summary = ({ locale }: PageContext, counts: NonNullable<ImportView['counts']>): string => {
  const t = importMessages(locale)
  return [
    t.ofRows(counts.rows),
    counts.created > 0 && t.newOnes(counts.created),
    counts.updated > 0 && t.updatedOnes(counts.updated),
    counts.rejected > 0 && t.rejectedOnes(counts.rejected),
  ]
    .filter(Boolean)
    .join(' · ')
}

export const UndoForm = ({ page, id, small }: { page: PageContext; id: number; small?: boolean }) => {
  const t = importMessages(page.locale)
  return (
    <form method="post" action={`/imports/${id}/undo`} data-confirm={t.undoConfirm}>
      <CsrfField token={page.csrf} />
      <button class={small ? 'btn btn-sm' : 'btn'} type="submit">
        {t.undo}
      </button>
    </form>
  )
}

const Pages = ({ page, paging }: Pick<ListProps, 'page' | 'paging'>) => {
  const common = commonMessages(page.locale)
  if (paging.pages <= 1) return null
  return (
    <nav
      class="d-flex align-items-center justify-content-between gap-2 mb-3"
      aria-label={importMessages(page.locale).pagination}
    >
      {paging.page > 1 ? (
        <a class="btn" rel="prev" href={`/imports?page=${paging.page - 1}`}>
          {common.previous}
        </a>
      ) : (
        <span />
      )}
      <span class="text-secondary">{common.page(paging.page, paging.pages)}</span>
      {paging.page < paging.pages ? (
        <a class="btn" rel="next" href={`/imports?page=${paging.page + 1}`}>
          {common.next}
        </a>
      ) : (
        <span />
      )}
    </nav>
  )
}

const Profiles = ({ page, profiles }: Pick<ListProps, 'page' | 'profiles'>) => {
  const t = importMessages(page.locale)
  return (
    <div class="card">
      <div class="card-header">
        <h2 class="card-title">{t.profilesTitle}</h2>
      </div>
      <ul class="list-group list-group-flush">
        {profiles.map(({ id, name }) => (
          <li class="list-group-item d-flex justify-content-between align-items-center gap-2">
            <span class="text-break-all">{name}</span>
            <form
              method="post"
              action={`/imports/profiles/${id}/delete`}
              data-confirm={t.deleteProfileConfirm}
            >
              <CsrfField token={page.csrf} />
              <button class="btn btn-sm" type="submit" aria-label={`${t.deleteProfile} ${name}`}>
                {t.deleteProfile}
              </button>
            </form>
          </li>
        ))}
      </ul>
    </div>
  )
}
