import { editableFieldTypes } from './form-fields.ts'
import type { Company } from '#src/companies/queries-edit.ts'
import type { Double } from '#src/companies/add-company.ts'
import { CsrfField, Field } from '#templates/components/form.tsx'
import { Layout } from '#templates/layout.tsx'
import { commonMessages } from '#templates/messages.ts'
import { emptyForm, type FormState, type PageContext } from '#templates/page.ts'
import { fieldName, formMessages } from './form-messages.ts'

type AddProps = { page: PageContext; form: FormState; byUrl: boolean; doubles: Double[] }

export const AddPage = ({ page, form, byUrl, doubles }: AddProps) => {
  const t = formMessages(page.locale)
  return (
    <Layout page={page} title={t.addTitle}>
      <div class="row g-3">
        <div class="col-lg-5">
          <form class="card" method="post" action="/companies/new" novalidate>
            <div class="card-body">
              <h2 class="h3">{t.byUrl}</h2>
              <CsrfField token={page.csrf} />
              <input type="hidden" name="mode" value="url" />
              <Field
                name="url"
                label={fieldName(page.locale, 'website')}
                form={byUrl ? form : emptyForm}
                type="url"
                required
                hint={t.byUrlHint}
                placeholder="https://www.exemple.fr"
              />
              {byUrl && <Doubles page={page} doubles={doubles} />}
              <button class="btn btn-primary" type="submit">
                {t.byUrlButton}
              </button>
            </div>
          </form>
        </div>
        <div class="col-lg-7">
          <form class="card" method="post" action="/companies/new" novalidate>
            <div class="card-body">
              <h2 class="h3">{t.byForm}</h2>
              <CsrfField token={page.csrf} />
              <input type="hidden" name="mode" value="form" />
              <Fields page={page} form={byUrl ? emptyForm : form} />
              {!byUrl && <Doubles page={page} doubles={doubles} />}
              <label class="form-check">
                <input class="form-check-input" type="checkbox" name="crawl" value="1" checked />
                <span class="form-check-label">{t.crawlNow}</span>
              </label>
              <button class="btn btn-primary" type="submit">
                {t.addButton}
              </button>
            </div>
          </form>
        </div>
      </div>
    </Layout>
  )
}

const Doubles = ({ page, doubles }: { page: PageContext; doubles: Double[] }) => {
  const t = formMessages(page.locale)
  if (doubles.length === 0) return null
  return (
    <div class="alert alert-warning" role="alert">
      <p class="mb-1">{t.doubleTitle}</p>
      <ul>
        {doubles.map(({ id, name, city }) => (
          <li>
            <a href={`/companies/${id}`}>{name}</a> {city}
          </li>
        ))}
      </ul>
      <label class="form-check mb-0">
        <input class="form-check-input" type="checkbox" name="anyway" value="1" />
        <span class="form-check-label">{t.doubleAnyway}</span>
      </label>
    </div>
  )
}

export const EditPage = ({
  page,
  company,
  form,
}: {
  page: PageContext
  company: Company
  form: FormState
}) => {
  const t = formMessages(page.locale)
  const common = commonMessages(page.locale)
  return (
    <Layout page={page} title={t.editTitle} pretitle={company.name}>
      <form class="card" method="post" action={`/companies/${company.id}/edit`} novalidate>
        <div class="card-body">
          <p class="text-secondary">{t.editHint}</p>
          <CsrfField token={page.csrf} />
          <Fields page={page} form={form} company={company} />
          <div class="d-flex gap-2">
            <button class="btn btn-primary" type="submit">
              {common.save}
            </button>
            <a class="btn" href={`/companies/${company.id}`}>
              {common.cancel}
            </a>
          </div>
        </div>
      </form>
    </Layout>
  )
}

const Fields = ({ page, form, company }: { page: PageContext; form: FormState; company?: Company }) => (
  <div class="row">
    {editableFieldTypes.map(({ name, type, required, autocomplete }) => {
      const known = company?.[name]
      return (
        <div class="col-sm-6">
          <Field
            name={name}
            label={fieldName(page.locale, name)}
            form={form}
            type={type ?? 'text'}
            value={known === null || known === undefined ? '' : String(known)}
            {...(required ? { required } : {})}
            autocomplete={autocomplete ?? 'off'}
          />
        </div>
      )
    })}
  </div>
)
