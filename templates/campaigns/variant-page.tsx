import type { Variant } from '#src/campaigns/planning/queries-plan.ts'
import { templateMessages } from '#templates/campaign-templates/messages.ts'
import { VariablePicker, type Picker } from '#templates/campaign-templates/picker.tsx'
import { FieldNotes } from '#templates/components/field-notes.tsx'
import { CsrfField, Field } from '#templates/components/form.tsx'
import { Icon } from '#templates/components/icon.tsx'
import { commonMessages } from '#templates/messages.ts'
import type { FormState, PageContext } from '#templates/page.ts'
import { campaignMessages } from './messages.ts'
import { WizardFrame } from './wizard-frame.tsx'
import { writingMessages } from './writing-messages.ts'

export type PreviewView = {
  company: string
  subject: string
  /** Shown in a frame without scripts. */
  path: string
  notes: { level: 'problem' | 'warning' | 'note'; text: string }[]
} | null

/** Whom the message is looked at as, and where a test of it goes. */
export type TestView = { recipient: string; choices: string[]; to: string; problem: string | null }

type Replaced = { words: Pick<Variant, 'subject' | 'html' | 'text'>; by: 'template' | 'yours' }

type VariantProps = {
  page: PageContext
  campaign: { id: number; name: string }
  step: { position: number }
  variant: Variant
  /** What a follow-up without a subject has as its own; null for the first message. */
  threadSubject: string | null
  compared: boolean
  templates: { id: number; name: string }[]
  form: FormState
  /** What is wrong with the message, in words. */
  problems: string[]
  /** What the fields show was refused, so it is kept nowhere else. */
  unsaved: boolean
  /** What was there before a template was taken over, or before this was saved over what another page had saved. */
  replaced: Replaced | null
  /** Which text the page was made with. */
  seen: string
  preview: PreviewView
  test: TestView
  picker: Picker
}

/** What stands beside the form belongs to it: a look or a test saves what was typed. */
const FORM = 'message'

/** One message of a campaign: its words, and how a recipient gets them. */
export const VariantPage = (props: VariantProps) => {
  const { page, campaign, step, variant, threadSubject, compared, templates, form, problems } = props
  const { unsaved, replaced, seen, preview, test, picker } = props
  const t = campaignMessages(page.locale)
  const w = writingMessages(page.locale)
  const base = `/campaigns/${campaign.id}/messages`
  const name = step.position === 0 ? t.firstMessage : t.followUp(step.position)
  return (
    <WizardFrame page={page} campaign={campaign} step="messages">
      <h2 class="h2">{compared ? w.variantTitle(name, variant.label) : name}</h2>
      <div class="row row-cards">
        <div class="col-lg-6">
          <TemplatePicker page={page} action={`${base}/${variant.id}/template`} templates={templates} />
          {replaced && (
            <WayBack page={page} action={`${base}/${variant.id}`} replaced={replaced} seen={seen} />
          )}
          <form
            method="post"
            action={`${base}/${variant.id}`}
            class="card"
            id={FORM}
            data-unsaved={unsaved ? 'from the start' : ''}
            data-again={commonMessages(page.locale).typedAgain}
            novalidate
          >
            <div class="card-body">
              <CsrfField token={page.csrf} />
              <input type="hidden" name="seen" value={seen} />
              {problems.length > 0 && (
                <div class="alert alert-danger" role="alert">
                  <ul class="mb-0">
                    {problems.map((problem) => (
                      <li>{problem}</li>
                    ))}
                  </ul>
                </div>
              )}
              <Field
                name="subject"
                label={w.subject}
                form={form}
                value={variant.subject}
                required={threadSubject === null}
                {...(threadSubject !== null && {
                  placeholder: threadSubject,
                  hint: w.threadHint(threadSubject),
                })}
              />
              <Area
                name="html"
                label={w.html}
                value={form.values['html'] ?? variant.html}
                hint={w.htmlHint}
                rows={16}
              />
              <Area
                name="text"
                label={w.text}
                value={form.values['text'] ?? variant.text}
                hint={w.textHint}
                rows={5}
              />
              {compared && (
                <Field
                  name="weight"
                  type="number"
                  label={w.weight}
                  form={form}
                  value={String(variant.weight)}
                  hint={w.weightHint}
                />
              )}
            </div>
            <div class="card-footer d-flex flex-wrap gap-2 justify-content-end">
              <a class="btn" href={base}>
                {t.back}
              </a>
              <button class="btn" type="submit" name="do" value="stay">
                {t.save}
              </button>
              <button class="btn btn-primary" type="submit" name="do" value="next">
                {t.saveNext}
              </button>
            </div>
          </form>
        </div>
        <div class="col-lg-6">
          <Preview page={page} preview={preview} test={test} />
          <TestMail page={page} test={test} />
          <VariablePicker page={page} picker={picker} />
        </div>
      </div>
    </WizardFrame>
  )
}

const TemplatePicker = (props: {
  page: PageContext
  action: string
  templates: { id: number; name: string }[]
}) => {
  const { page, action, templates } = props
  const w = writingMessages(page.locale)
  if (templates.length === 0)
    return (
      <p class="text-secondary">
        {w.noTemplates} <a href="/templates">{w.seeTemplates}</a>
      </p>
    )
  return (
    <div class="card mb-3">
      <div class="card-body">
        {/* What Enter in a field presses: the first button of the form, wherever it stands. */}
        <button type="submit" form={FORM} name="do" value="stay" tabindex={-1} hidden />
        <label class="form-label" for="field-templateId">
          {w.template}
        </label>
        <div class="d-flex flex-wrap gap-2">
          <select class="form-select flex-fill w-auto" id="field-templateId" name="templateId" form={FORM}>
            <option value="">{w.templateNone}</option>
            {templates.map(({ id, name }) => (
              <option value={String(id)}>{name}</option>
            ))}
          </select>
          <button class="btn" type="submit" form={FORM} formaction={action}>
            {w.useTemplate}
          </button>
        </div>
      </div>
    </div>
  )
}

/** The text that a template took the place of, and how to have it again. */
const WayBack = (props: { page: PageContext; action: string; replaced: Replaced; seen: string }) => {
  const { page, action, replaced, seen } = props
  const { words, by } = replaced
  const w = writingMessages(page.locale)
  return (
    <form method="post" action={action} class="alert alert-info" role="status">
      <p>{by === 'template' ? w.replaced : w.replacedOther}</p>
      <CsrfField token={page.csrf} />
      <input type="hidden" name="seen" value={seen} />
      <input type="hidden" name="subject" value={words.subject} />
      <input type="hidden" name="html" value={words.html} />
      <input type="hidden" name="text" value={words.text} />
      <button class="btn" type="submit" name="do" value="stay">
        {by === 'template' ? w.wayBack : w.wayBackOther}
      </button>
    </form>
  )
}

const Area = (props: { name: string; label: string; value: string; hint: string; rows: number }) => (
  <div class="mb-3">
    <label class="form-label" for={`field-${props.name}`}>
      {props.label}
    </label>
    <textarea
      class="form-control font-monospace"
      id={`field-${props.name}`}
      name={props.name}
      rows={props.rows}
      aria-describedby={`${props.name}-hint`}
    >
      {props.value}
    </textarea>
    <div id={`${props.name}-hint`} class="form-hint">
      {props.hint}
    </div>
  </div>
)

const Preview = (props: { page: PageContext; preview: PreviewView; test: TestView }) => {
  const { page, preview, test } = props
  const w = writingMessages(page.locale)
  return (
    <section class="card mb-3" aria-labelledby="preview">
      <div class="card-header">
        <h3 class="card-title" id="preview">
          {w.preview}
        </h3>
      </div>
      <div class="card-body">
        {preview === null ? (
          <p class="text-secondary mb-0">{w.previewNone}</p>
        ) : (
          <>
            {test.choices.length > 1 ? (
              <SeenAs page={page} test={test} />
            ) : (
              <p class="text-secondary">{w.previewFor(preview.company)}</p>
            )}
            <p class="fw-bold text-break-all" data-foreign>
              {preview.subject}
            </p>
            <iframe
              class="w-100 border rounded mail-preview"
              src={preview.path}
              title={w.preview}
              sandbox=""
              height="520"
            />
            <ul class="list-unstyled mt-3 mb-0">
              {preview.notes.map(({ level, text }) => (
                <li class={level === 'note' ? 'text-secondary' : undefined}>
                  {level !== 'note' && <Icon name="alertTriangle" />} {text}
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </section>
  )
}

const SeenAs = ({ page, test }: { page: PageContext; test: TestView }) => {
  const w = writingMessages(page.locale)
  return (
    <div class="mb-3">
      <label class="form-label" for="field-for">
        {w.seenAs}
      </label>
      <div class="d-flex flex-wrap gap-2">
        <select class="form-select flex-fill w-auto" id="field-for" name="for" form={FORM}>
          {test.choices.map((address) => (
            <option value={address} selected={address === test.recipient} data-foreign>
              {address}
            </option>
          ))}
        </select>
        <button class="btn" type="submit" name="do" value="stay" form={FORM}>
          {w.seeAs}
        </button>
      </div>
    </div>
  )
}

const TestMail = ({ page, test }: { page: PageContext; test: TestView }) => {
  const t = templateMessages(page.locale)
  const w = writingMessages(page.locale)
  return (
    <section class="card mb-3" aria-labelledby="test">
      <div class="card-body">
        <h3 class="card-title" id="test">
          {w.testTitle}
        </h3>
        <p class="text-secondary text-break-all">{w.testHint(test.recipient)}</p>
        <label class="form-label" for="field-to">
          {t.testTo}
        </label>
        <input
          class={test.problem ? 'form-control is-invalid' : 'form-control'}
          id="field-to"
          name="to"
          type="email"
          form={FORM}
          value={test.to}
          autocomplete="email"
          aria-invalid={test.problem ? 'true' : undefined}
          aria-describedby={test.problem ? 'to-error' : undefined}
        />
        <FieldNotes name="to" error={test.problem ?? undefined} hint={undefined} />
        <button class="btn mt-2" type="submit" name="do" value="test" form={FORM} data-busy={t.sending}>
          <Icon name="mail" /> {w.sendTest}
        </button>
      </div>
    </section>
  )
}
