import type { MailTemplate } from '#src/campaigns/templates/queries.ts'
import { Choice } from '#templates/components/choice.tsx'
import { CsrfField, Field } from '#templates/components/form.tsx'
import { FieldNotes } from '#templates/components/field-notes.tsx'
import { Icon } from '#templates/components/icon.tsx'
import { Layout } from '#templates/layout.tsx'
import { commonMessages } from '#templates/messages.ts'
import type { FormState, PageContext } from '#templates/page.ts'
import { CheckResult, type Checked } from './check-result.tsx'
import { ImageList, type ListedPicture } from './image-list.tsx'
import { templateMessages } from './messages.ts'
import { PreviewPanel, type PreviewChoice } from './preview-panel.tsx'
import { VariablePicker, type Picker } from './picker.tsx'

export type TemplateView = {
  /** Null: one that is being made. */
  template: Pick<MailTemplate, 'id' | 'name' | 'starter' | 'locale'> | null
  form: FormState
  /** The text part as it is made from the HTML; null when there is one of its own, or none can be made. */
  madeText: string | null
  preview: PreviewChoice
  picker: Picker
  images: readonly ListedPicture[]
  checked: Checked | null
  testTo: string
  testProblem: string | null
}

type Props = { page: PageContext; view: TemplateView }

/** One template: its words, what they give, and what is still wrong with them. */
export const TemplatePage = ({ page, view }: Props) => {
  const t = templateMessages(page.locale)
  const { template } = view
  return (
    <Layout
      page={page}
      title={template ? template.name : t.new}
      pretitle={t.title}
      actions={template && <Actions page={page} template={template} />}
    >
      <p>
        <a href="/templates">{t.backToList}</a>
      </p>
      {view.checked && <CheckResult page={page} checked={view.checked} />}
      <div class="row row-cards">
        <div class="col-lg-7">
          <TemplateForm page={page} view={view} />
          {template && <TestForm page={page} view={view} id={template.id} />}
        </div>
        <div class="col-lg-5">
          <VariablePicker page={page} picker={view.picker} />
          <ImageList
            page={page}
            images={view.images}
            back={template ? `/templates/${template.id}` : '/templates/new'}
          />
        </div>
      </div>
    </Layout>
  )
}

const Actions = ({
  page,
  template,
}: {
  page: PageContext
  template: NonNullable<TemplateView['template']>
}) => {
  const t = templateMessages(page.locale)
  const { id, name, starter } = template
  const buttons: { path: string; label: string; confirm?: string }[] = [
    { path: 'duplicate', label: t.duplicate },
    ...(starter ? [{ path: 'restore', label: t.restore, confirm: t.confirmRestore }] : []),
    { path: 'delete', label: t.delete, confirm: t.confirmDelete(name) },
  ]
  return (
    <>
      {buttons.map(({ path, label, confirm }) => (
        <form method="post" action={`/templates/${id}/${path}`}>
          <CsrfField token={page.csrf} />
          <button class="btn" type="submit" data-confirm={confirm}>
            {label}
          </button>
        </form>
      ))}
    </>
  )
}

const TemplateForm = ({ page, view }: Props) => {
  const t = templateMessages(page.locale)
  const { template, form, madeText } = view
  const languages = (['fr', 'en'] as const).map((value) => ({ value, label: t[value] }))
  return (
    <form
      class="card mb-3"
      method="post"
      action={template ? `/templates/${template.id}` : '/templates'}
      data-unsaved={Object.keys(form.errors).length > 0 ? 'from the start' : ''}
      data-again={commonMessages(page.locale).typedAgain}
      novalidate
    >
      <div class="card-body">
        <h2 class="card-title">{t.edit}</h2>
        <CsrfField token={page.csrf} />
        <Field
          name="subject"
          label={t.subject}
          form={form}
          hint={t.subjectHint}
          required
          autocomplete="off"
        />
        <TextArea name="html" label={t.html} form={form} hint={t.htmlHint} rows={22} required />
        <details class="mb-3" open={Boolean(form.errors['text'] || form.values['text'])}>
          <summary>{t.text}</summary>
          <TextArea name="text" label={t.text} form={form} hint={t.textHint} rows={12} />
          {madeText !== null && (
            <>
              <div class="form-label">{t.textMade}</div>
              <pre class="made-text" tabindex={0}>
                {madeText}
              </pre>
            </>
          )}
        </details>
        <div class="row">
          <div class="col-sm-6">
            <Field name="name" label={t.name} form={form} hint={t.nameHint} required autocomplete="off" />
          </div>
          <div class="col-sm-6">
            <Choice name="locale" label={t.language} form={form} value={page.locale} options={languages} />
          </div>
          <div class="col-sm-6">
            <Field name="category" label={t.category} form={form} autocomplete="off" />
          </div>
          <div class="col-sm-6">
            <Field name="description" label={t.description} form={form} autocomplete="off" />
          </div>
        </div>
        <div class="d-flex flex-wrap gap-2">
          <button class="btn btn-primary" type="submit">
            {t.save}
          </button>
          {template && (
            <button
              class="btn"
              type="submit"
              formaction={`/templates/${template.id}/check`}
              data-busy={t.saving}
            >
              <Icon name="check" /> {t.check}
            </button>
          )}
        </div>
        {template && <p class="form-hint mt-2">{t.checkHint}</p>}
      </div>
      <PreviewPanel page={page} preview={view.preview} />
    </form>
  )
}

type AreaProps = {
  name: string
  label: string
  form: FormState
  hint: string
  rows: number
  required?: boolean
}

const TextArea = ({ name, label, form, hint, rows, required }: AreaProps) => {
  const error = form.errors[name]
  return (
    <div class="mb-3">
      <label class={required ? 'form-label required' : 'form-label'} for={`field-${name}`}>
        {label}
      </label>
      <textarea
        id={`field-${name}`}
        name={name}
        rows={rows}
        required={required}
        spellcheck={false}
        class={error ? 'form-control font-monospace is-invalid' : 'form-control font-monospace'}
        aria-invalid={error ? 'true' : undefined}
        aria-describedby={error ? `${name}-error ${name}-hint` : `${name}-hint`}
      >
        {form.values[name] ?? ''}
      </textarea>
      <FieldNotes name={name} error={error} hint={hint} />
    </div>
  )
}

const TestForm = ({ page, view, id }: Props & { id: number }) => {
  const t = templateMessages(page.locale)
  const error = view.testProblem
  return (
    <form class="card mb-3" method="post" action={`/templates/${id}/test`} data-busy={t.sending}>
      <div class="card-body">
        <h2 class="card-title">{t.testTitle}</h2>
        <p class="text-secondary">{t.testHint}</p>
        <CsrfField token={page.csrf} />
        <input type="hidden" name="company" value={view.preview.companyId ?? ''} />
        <Field
          name="to"
          type="email"
          label={t.testTo}
          form={{ values: {}, errors: error ? { to: error } : {} }}
          value={view.testTo}
          autocomplete="email"
          required
        />
        <button class="btn" type="submit">
          <Icon name="mail" /> {t.sendTest}
        </button>
      </div>
    </form>
  )
}
