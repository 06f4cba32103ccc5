import { suppressionSourceText } from '#src/mail/messages.ts'
import type { ListedSuppression, Suppression } from '#src/tracking/queries-suppressions.ts'
import { formatDate } from '#src/lib/i18n.ts'
import { SettingsFrame } from '#templates/auth/settings-frame.tsx'
import { EmptyState } from '#templates/components/empty-state.tsx'
import { CsrfField, Field } from '#templates/components/form.tsx'
import { Icon } from '#templates/components/icon.tsx'
import { Pagination } from '#templates/components/pagination.tsx'
import { emptyForm, type FormState, type PageContext } from '#templates/page.ts'
import { suppressionMessages } from './suppression-messages.ts'

type View = {
  rows: readonly ListedSuppression[]
  total: number
  search: string
  number: number
  pages: number
  form: FormState
}
type Props = { page: PageContext; view: View }

const PATH = '/suppressions'

/** Who must not be written to: since when, why, who said so. */
export const SuppressionsPage = ({ page, view }: Props) => {
  const t = suppressionMessages(page.locale)
  return (
    <SettingsFrame page={page} current={PATH}>
      <div class="d-flex flex-wrap gap-2 align-items-center justify-content-between mb-3">
        <p class="text-secondary mb-0">{t.intro}</p>
        {view.total > 0 && (
          <a class="btn btn-sm" href={`${PATH}/export.csv`}>
            <Icon name="download" /> {t.export}
          </a>
        )}
      </div>
      <div class="row row-cards">
        <div class="col-lg-8">
          <List page={page} view={view} />
        </div>
        <div class="col-lg-4">
          <AddForm page={page} view={view} />
        </div>
      </div>
    </SettingsFrame>
  )
}

const List = ({ page, view }: Props) => {
  const t = suppressionMessages(page.locale)
  const { rows, total, search, number, pages } = view
  const pathOf = (wanted: number) => `${PATH}?${new URLSearchParams({ q: search, page: String(wanted) })}`
  return (
    <div class="card">
      <div class="card-header flex-wrap gap-2">
        <h2 class="card-title me-auto">
          {t.title} <span class="text-secondary small">{t.count(total)}</span>
        </h2>
        <form method="get" action={PATH} class="d-flex gap-2" role="search">
          <input
            class="form-control"
            type="search"
            name="q"
            value={search}
            aria-label={t.search}
            placeholder={t.search}
          />
          <button class="btn btn-icon" type="submit" aria-label={t.searchButton}>
            <Icon name="search" />
          </button>
        </form>
      </div>
      {rows.length === 0 && search === '' && (
        <EmptyState icon="mail" title={t.emptyTitle} text={t.emptyText} />
      )}
      {rows.length === 0 && search !== '' && <p class="card-body mb-0">{t.nothingFound}</p>}
      {rows.length > 0 && (
        <table class="table table-vcenter card-table table-mobile-lg">
          <thead>
            <tr>
              <th>{t.address}</th>
              <th>{t.since}</th>
              <th>{t.source}</th>
              <th>{t.actions}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row page={page} row={row} />
            ))}
          </tbody>
        </table>
      )}
      {pages > 1 && (
        <div class="card-footer">
          <Pagination
            label={t.title}
            page={number}
            pages={pages}
            pathOf={pathOf}
            texts={{ previous: t.previous, next: t.next, page: t.pageOf(number, pages) }}
          />
        </div>
      )}
    </div>
  )
}

const Row = ({ page, row }: { page: PageContext; row: ListedSuppression }) => {
  const t = suppressionMessages(page.locale)
  return (
    <tr>
      <td data-label={t.address} class="text-break-all">
        <Entry page={page} entry={row} />
        {row.scope === 'campaign' && <span class="badge bg-secondary-lt ms-2">{t.scope_campaign}</span>}
        {row.companyId !== null && (
          <div class="small">
            <a href={`/companies/${row.companyId}`}>{t.seeCompany}</a>
          </div>
        )}
      </td>
      <td data-label={t.since}>{formatDate(page.locale, row.at)}</td>
      <td data-label={t.source} class="text-break-all">
        {suppressionSourceText(page.locale, row.source)}
        {row.addedBy && <span class="text-secondary"> · {row.addedBy}</span>}
        {row.reason && (
          <div class="text-secondary small">
            <bdi data-foreign>{row.reason}</bdi>
          </div>
        )}
      </td>
      <td data-label={t.actions}>
        <a
          class="btn btn-sm"
          href={`${PATH}/${row.id}/remove`}
          aria-label={t.removeOne(row.erased ? t.erased : (row.label ?? row.address))}
        >
          {t.remove}
        </a>
      </td>
    </tr>
  )
}

/** Who the entry is: what was erased has no name any more. */
const Entry = ({ page, entry }: { page: PageContext; entry: Suppression }) => {
  const t = suppressionMessages(page.locale)
  if (entry.erased) return <em title={t.erasedHint}>{t.erased}</em>
  if (entry.kind === 'address') return <bdi data-foreign>{entry.address}</bdi>
  const name = entry.label ?? entry.address
  return (
    <>
      <bdi data-foreign>{name}</bdi>{' '}
      <span class="badge bg-secondary-lt">{entry.kind === 'domain' ? t.kind_domain : t.kind_company}</span>
      {name !== entry.address && (
        <div class="text-secondary small">
          <bdi data-foreign>{entry.address.replace(/^\w+:/, '')}</bdi>
        </div>
      )}
    </>
  )
}

const AddForm = ({ page, view }: Props) => {
  const t = suppressionMessages(page.locale)
  return (
    <form method="post" action={PATH} class="card">
      <div class="card-header">
        <h2 class="card-title">{t.addTitle}</h2>
      </div>
      <div class="card-body">
        <CsrfField token={page.csrf} />
        <Field
          name="address"
          label={t.address}
          form={view.form}
          hint={t.addressHint}
          required
          autocomplete="off"
        />
        <Field name="reason" label={t.reason} form={view.form} hint={t.reasonHint} autocomplete="off" />
      </div>
      <div class="card-footer text-end">
        <button type="submit" class="btn btn-primary">
          {t.add}
        </button>
      </div>
    </form>
  )
}

type RemoveProps = { page: PageContext; view: { suppression: Suppression; form: FormState } }

/** Taking a suppression back: never without a reason, never lightly after a complaint. */
export const RemoveSuppressionPage = ({ page, view: { suppression, form = emptyForm } }: RemoveProps) => {
  const t = suppressionMessages(page.locale)
  const { id, at, source, reason } = suppression
  return (
    <SettingsFrame page={page} current={PATH}>
      <form method="post" action={`${PATH}/${id}/remove`} class="card">
        <div class="card-header">
          <h2 class="card-title">{t.removeTitle}</h2>
        </div>
        <div class="card-body">
          <CsrfField token={page.csrf} />
          <p class="text-break-all">
            <strong>
              <Entry page={page} entry={suppression} />
            </strong>
            <br />
            {formatDate(page.locale, at)} · {suppressionSourceText(page.locale, source)}
            {reason && (
              <>
                {' '}
                · <bdi data-foreign>{reason}</bdi>
              </>
            )}
          </p>
          <p class="text-secondary">{t.removeText}</p>
          <Field name="reason" label={t.removeReason} form={form} required autocomplete="off" />
          {source === 'complaint' && (
            <div class="mb-3">
              <label class="form-check mb-0">
                <input class="form-check-input" type="checkbox" name="complaint" value="1" />
                <span class="form-check-label">{t.complaint}</span>
              </label>
              {form.errors['complaint'] && (
                <div class="text-danger small" role="alert">
                  {form.errors['complaint']}
                </div>
              )}
            </div>
          )}
        </div>
        <div class="card-footer d-flex gap-2 justify-content-end">
          <a class="btn" href={PATH}>
            {t.cancel}
          </a>
          <button type="submit" class="btn btn-primary">
            {t.removeButton}
          </button>
        </div>
      </form>
    </SettingsFrame>
  )
}
