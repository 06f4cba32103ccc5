import { CsrfField, Field } from '#templates/components/form.tsx'
import type { FormState, PageContext } from '#templates/page.ts'
import { eventText, webhookMessages } from './messages.ts'

type WebhookFormProps = {
  page: PageContext
  action: string
  title: string
  submit: string
  form: FormState
  values: { name: string; url: string }
  eventTypes: readonly string[]
  chosen: readonly string[]
}

/** Name, address and events of a webhook. */
export const WebhookForm = (props: WebhookFormProps) => {
  const { page, action, title, submit, form, values, eventTypes, chosen } = props
  const t = webhookMessages(page.locale)
  const error = form.errors['events']
  return (
    <form method="post" action={action} class="card" novalidate>
      <div class="card-header">
        <h2 class="card-title">{title}</h2>
      </div>
      <div class="card-body">
        <CsrfField token={page.csrf} />
        <Field
          name="name"
          label={t.name}
          form={form}
          value={values.name}
          hint={t.nameHint}
          autocomplete="off"
          required
        />
        <Field
          name="url"
          type="url"
          label={t.url}
          form={form}
          value={values.url}
          hint={t.urlHint}
          placeholder="https://"
          autocomplete="off"
          required
        />
        <fieldset aria-describedby={error ? 'events-error' : undefined}>
          <legend class="form-label required">{t.events}</legend>
          {eventTypes.map((type) => (
            <label class="form-check">
              <input
                class={error ? 'form-check-input is-invalid' : 'form-check-input'}
                type="checkbox"
                name="events"
                value={type}
                checked={chosen.includes(type)}
              />
              <span class="form-check-label">{eventText(page.locale, type)}</span>
              <div>
                <code>{type}</code>
              </div>
            </label>
          ))}
          {error && (
            <div id="events-error" class="invalid-feedback d-block">
              {error}
            </div>
          )}
        </fieldset>
      </div>
      <div class="card-footer text-end">
        <button type="submit" class="btn btn-primary">
          {submit}
        </button>
      </div>
    </form>
  )
}
