import type { PreviewRow } from '#src/companies/import/drafts.ts'
import { rejectReasonText } from '#src/companies/import/messages.ts'
import type { ImportView } from '#src/companies/import/queries-imports.ts'
import { withColon } from '#src/lib/i18n.ts'
import { CsrfField } from '#templates/components/form.tsx'
import type { PageContext } from '#templates/page.ts'
import { fieldNames, importMessages } from './import-messages.ts'

const SAMPLES = 3
const SAMPLE_LENGTH = 60

export type MappingProps = {
  page: PageContext
  record: ImportView
  preview: PreviewRow[]
  profiles: { id: number; name: string }[]
  profileName: string | null
}

/** What each column of the file holds, with what follows from it below. */
export const MappingStep = ({ page, record, preview, profiles, profileName }: MappingProps) => {
  const t = importMessages(page.locale)
  const path = `/imports/${record.id}/mapping`
  return (
    <form method="post" action={path} id="mapping">
      <CsrfField token={page.csrf} />
      {profileName !== null && (
        <div class="alert alert-success" role="status">
          {t.profileApplied(profileName)}
        </div>
      )}
      <div class="card mb-3">
        <div class="card-header">
          <h2 class="card-title">{t.mappingTitle}</h2>
        </div>
        <div class="card-body">
          <p>{t.mappingHint}</p>
          <Choices page={page} record={record} profiles={profiles} />
          <Columns page={page} record={record} path={path} />
          <div class="mb-3">
            <label class="form-label" for="save-as">
              {t.saveAs}
            </label>
            <input
              class="form-control"
              id="save-as"
              name="saveAs"
              maxlength={100}
              aria-describedby="save-as-hint"
              autocomplete="off"
            />
            <div class="form-hint" id="save-as-hint">
              {t.saveAsHint}
            </div>
          </div>
          <div class="d-flex flex-wrap gap-2">
            <button class="btn btn-primary" type="submit" name="action" value="check">
              {t.check}
            </button>
            <button class="btn" type="submit" name="action" value="preview">
              {t.updatePreview}
            </button>
          </div>
          <p class="form-hint mt-2">{t.checkHint}</p>
        </div>
      </div>
      <div id="import-preview">
        <ImportPreview page={page} record={record} preview={preview} />
      </div>
    </form>
  )
}

const Choices = ({ page, record, profiles }: Pick<MappingProps, 'page' | 'record' | 'profiles'>) => {
  const t = importMessages(page.locale)
  if (record.sheets.length < 2 && profiles.length === 0) return null
  return (
    <div class="row mb-3">
      {record.sheets.length > 1 && (
        <div class="col-sm-6 mb-2">
          <label class="form-label" for="sheet">
            {t.sheet}
          </label>
          <select class="form-select" id="sheet" name="sheet" data-submit-on-change>
            {record.sheets.map((name) => (
              <option value={name} selected={name === record.sheet}>
                {name}
              </option>
            ))}
          </select>
        </div>
      )}
      {profiles.length > 0 && (
        <div class="col-sm-6 mb-2">
          <label class="form-label" for="profile">
            {t.profile}
          </label>
          <select class="form-select" id="profile" name="profile" data-submit-on-change>
            <option value="">{t.noProfile}</option>
            {profiles.map(({ id, name }) => (
              <option value={id}>{name}</option>
            ))}
          </select>
        </div>
      )}
    </div>
  )
}

const Columns = ({ page, record, path }: Pick<MappingProps, 'page' | 'record'> & { path: string }) => {
  const t = importMessages(page.locale)
  const fields = fieldNames(page.locale)
  const fieldOf = new Map(Object.entries(record.mapping).map(([field, column]) => [column, field]))
  return (
    <div class="table-responsive mb-3">
      <table class="table table-vcenter table-mobile-md">
        <thead>
          <tr>
            <th>{t.column}</th>
            <th class="w-25">{t.field}</th>
            <th>{t.samples}</th>
          </tr>
        </thead>
        <tbody>
          {record.header.map((name, column) => (
            <tr>
              <th scope="row" class="text-break-all" id={`column-${column}-name`}>
                {name || `${column + 1}`}
              </th>
              <td data-label={t.field}>
                <select
                  class="form-select"
                  name={`column-${column}`}
                  aria-labelledby={`column-${column}-name`}
                  hx-post={path}
                  hx-trigger="change"
                  hx-target="#import-preview"
                  hx-include="#mapping select[name^=column]"
                >
                  <option value="">{t.ignore}</option>
                  {Object.entries(fields).map(([field, label]) => (
                    <option value={field} selected={fieldOf.get(column) === field}>
                      {label}
                    </option>
                  ))}
                </select>
              </td>
              <td class="text-secondary text-break-all" data-label={t.samples}>
                {samplesOf(record, column)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const samplesOf = ({ sample }: ImportView, column: number): string => {
  const values = sample.flatMap(({ cells }) => cells[column] || [])
  return [...new Set(values)]
    .slice(0, SAMPLES)
    .map((value) => (value.length > SAMPLE_LENGTH ? `${value.slice(0, SAMPLE_LENGTH)}…` : value))
    .join(' · ')
}

const shownFields = [
  'name',
  'website',
  'profileUrl',
  'email',
  'phone',
  'category',
  'address1',
  'postalCode',
  'city',
  'contactName',
  'siren',
  'tags',
] as const

/** The first rows as they will be stored; empty columns are left out. */
export const ImportPreview = ({
  page,
  record,
  preview,
}: Pick<MappingProps, 'page' | 'record' | 'preview'>) => {
  const t = importMessages(page.locale)
  const known = fieldNames(page.locale)
  const names: Record<string, string> = { ...known, profileUrl: t.profilePage, siren: known.companyId }
  const textOf = ({ clean }: PreviewRow, field: (typeof shownFields)[number]): string => {
    if (!clean.ok) return ''
    const value = clean.company[field]
    return Array.isArray(value) ? value.join(', ') : (value ?? '')
  }
  const fields = shownFields.filter((field) => preview.some((row) => textOf(row, field) !== ''))
  return (
    <section class="card mb-3" aria-label={t.previewTitle}>
      <div class="card-header">
        <h2 class="card-title">{t.previewTitle}</h2>
      </div>
      {record.mapping['name'] === undefined && (
        <div class="card-body text-danger" role="alert">
          {rejectReasonText(page.locale, 'no_name')}
        </div>
      )}
      <div class="table-responsive">
        <table class="table table-sm card-table">
          <thead>
            <tr>
              <th>{t.row}</th>
              {fields.map((field) => (
                <th>{names[field]}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {preview.map((row) => (
              <tr>
                <td>{row.row}</td>
                {row.clean.ok ? (
                  fields.map((field) => <td class="text-break-all">{textOf(row, field)}</td>)
                ) : (
                  <td colspan={Math.max(1, fields.length)} class="text-danger">
                    {withColon(page.locale, t.rejected)} {rejectReasonText(page.locale, row.clean.reason)}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
