import type { Scope } from '#src/public-api/endpoint.ts'
import { CsrfField, Field } from '#templates/components/form.tsx'
import type { FormState, PageContext } from '#templates/page.ts'
import { apiTokenMessages } from './messages.ts'

type Box = { name: string; label: string; hint?: string }
type BoxesProps = {
  legend: string
  boxes: Box[]
  form: FormState
  error?: string | undefined
  checked?: string[]
}

/** Boxes of which several may be ticked, each with its own name. */
const Boxes = ({ legend, boxes, form, error, checked = [] }: BoxesProps) => {
  const isNew = Object.keys(form.values).length === 0
  return (
    <fieldset class="mb-3">
      <legend class="form-label">{legend}</legend>
      {boxes.map(({ name, label, hint }) => (
        <label class="form-check">
          <input
            class="form-check-input"
            type="checkbox"
            name={name}
            value="1"
            checked={isNew ? checked.includes(name) : form.values[name] === '1'}
          />
          <span class="form-check-label">{label}</span>
          {hint && <span class="form-check-description">{hint}</span>}
        </label>
      ))}
      {error && (
        <div class="text-danger small" role="alert">
          {error}
        </div>
      )}
    </fieldset>
  )
}

type FormProps = { page: PageContext; form: FormState }

/** `scopes` in the order they are to be shown; a box is named `scope-companies-read`. */
export const CreateToken = ({ page, form, scopes }: FormProps & { scopes: readonly Scope[] }) => {
  const t = apiTokenMessages(page.locale)
  const hasHiddenError = ['expires', 'networks', 'origins', 'app_url', 'per_minute', 'per_day'].some(
    (name) => form.errors[name],
  )
  return (
    <form method="post" action="/settings/api" class="card">
      <div class="card-header">
        <h2 class="card-title">{t.create}</h2>
      </div>
      <div class="card-body">
        <CsrfField token={page.csrf} />
        <Field name="name" label={t.name} form={form} required autocomplete="off" hint={t.nameHint} />
        <Boxes
          legend={t.rights}
          form={form}
          error={form.errors['scopes']}
          boxes={scopes.map((scope) => ({ name: `scope-${scope.replace(':', '-')}`, label: t[scope] }))}
        />
        <details open={hasHiddenError}>
          <summary class="mb-2">{t.more}</summary>
          <Field name="expires" type="date" label={t.expires} form={form} hint={t.expiresHint} />
          <Field
            name="networks"
            label={t.networksLabel}
            form={form}
            hint={t.networksHint}
            autocomplete="off"
          />
          <Field name="origins" label={t.originsLabel} form={form} hint={t.originsHint} autocomplete="off" />
          <Field name="app_url" label={t.appUrl} form={form} autocomplete="off" />
          <Field name="per_minute" type="number" label={t.perMinute} form={form} value="600" />
          <Field name="per_day" type="number" label={t.perDay} form={form} value="100" />
        </details>
      </div>
      <div class="card-footer text-end">
        <button type="submit" class="btn btn-primary">
          {t.createButton}
        </button>
      </div>
    </form>
  )
}

/** `permissions`: the columns of the existing product with the scope each stands for. */
export const ImportToken = ({
  page,
  form,
  permissions,
}: FormProps & { permissions: { name: string; scope: Scope }[] }) => {
  const t = apiTokenMessages(page.locale)
  return (
    <form method="post" action="/settings/api/import" class="card mt-3">
      <div class="card-header">
        <h2 class="card-title">{t.import}</h2>
      </div>
      <div class="card-body">
        <CsrfField token={page.csrf} />
        <p class="text-secondary">{t.importText}</p>
        <Field name="old_name" label={t.name} form={form} required autocomplete="off" />
        <Field name="old_token" type="password" label={t.token} form={form} required autocomplete="off" />
        <Boxes
          legend={t.permissions}
          form={form}
          error={form.errors['scopes']}
          checked={permissions.filter(({ scope }) => scope !== 'companies:delete').map(({ name }) => name)}
          boxes={[
            ...permissions.map(({ name, scope }) => ({ name, label: t[scope] })),
            { name: 'with_writes', label: t.withWrites, hint: t.withWritesHint },
          ]}
        />
      </div>
      <div class="card-footer text-end">
        <button type="submit" class="btn">
          {t.importButton}
        </button>
      </div>
    </form>
  )
}
