import type { Step, Variant } from '#src/campaigns/planning/queries-plan.ts'
import { Choice } from '#templates/components/choice.tsx'
import { CsrfField, Field } from '#templates/components/form.tsx'
import { Icon } from '#templates/components/icon.tsx'
import type { FormState, PageContext } from '#templates/page.ts'
import { campaignMessages } from './messages.ts'
import { WizardFrame } from './wizard-frame.tsx'

export type SampleView = { label: string; recipients: number }

type MessagesProps = {
  page: PageContext
  campaign: { id: number; name: string }
  steps: Step[]
  /** Of those that are written, as the first recipient reads them, by variant. */
  subjects: ReadonlyMap<number, string>
  /** How many recipients each version gets, by step; empty for a step with one. */
  samples: Map<number, { shares: SampleView[]; told: { rate: string; other: string } | null }>
  form: FormState
  /** The step whose form was refused. */
  refused: number | null
  complete: boolean
}

/** The first message and its follow-ups. */
export const MessagesPage = (props: MessagesProps) => {
  const { page, campaign, steps, subjects, samples, form, refused, complete } = props
  const t = campaignMessages(page.locale)
  const base = `/campaigns/${campaign.id}`
  return (
    <WizardFrame page={page} campaign={campaign} step="messages">
      <p class="text-secondary">{t.messagesIntro}</p>
      {steps.map((step) => (
        <section class="card mb-3" aria-labelledby={`step-${step.id}`}>
          <div class="card-header flex-wrap column-gap-2">
            <h2 class="card-title text-nowrap" id={`step-${step.id}`}>
              {step.position === 0 ? t.firstMessage : t.followUp(step.position)}
            </h2>
            {step.position > 0 && (
              <span class="text-secondary">
                {t.afterDays(step.delayDays)}, {t[`condition_${step.condition}`]}
              </span>
            )}
          </div>
          <div class="list-group list-group-flush">
            {step.variants.map((variant) => (
              <VariantRow
                page={page}
                base={base}
                variant={variant}
                subject={subjects.get(variant.id)}
                only={step.variants.length === 1}
              />
            ))}
          </div>
          <Sample page={page} sample={samples.get(step.id)} />
          <div class="card-body d-flex flex-wrap gap-2 align-items-end">
            <form method="post" action={`${base}/steps/${step.id}/variants`} class="m-0">
              <CsrfField token={page.csrf} />
              <button class="btn" type="submit">
                <Icon name="plus" /> {t.addVariant}
              </button>
            </form>
            {step.position > 0 && (
              <form method="post" action={`${base}/steps/${step.id}/delete`} class="m-0">
                <CsrfField token={page.csrf} />
                <button
                  class="btn"
                  type="submit"
                  data-confirm={step.variants.some(({ html }) => html !== '') ? t.removeConfirm : undefined}
                >
                  <Icon name="trash" /> {t.removeFollowUp}
                </button>
              </form>
            )}
          </div>
          {step.position > 0 && (
            <StepForm
              page={page}
              base={base}
              step={step}
              form={refused === step.id ? form : { values: {}, errors: {} }}
            />
          )}
        </section>
      ))}
      <div class="d-flex flex-wrap gap-2 justify-content-between">
        <form method="post" action={`${base}/steps`} class="m-0">
          <CsrfField token={page.csrf} />
          <button class="btn" type="submit">
            <Icon name="plus" /> {t.addFollowUp}
          </button>
        </form>
        <div class="d-flex gap-2">
          <a class="btn" href={`${base}/recipients`}>
            {t.back}
          </a>
          {complete ? (
            <a class="btn btn-primary" href={`${base}/schedule`}>
              {t.goOn}
            </a>
          ) : (
            <span class="text-secondary align-self-center">{t.messageNeeded}</span>
          )}
        </div>
      </div>
    </WizardFrame>
  )
}

const VariantRow = (props: {
  page: PageContext
  base: string
  variant: Variant
  subject: string | undefined
  only: boolean
}) => {
  const { page, base, variant, subject, only } = props
  const t = campaignMessages(page.locale)
  const written = subject !== undefined
  return (
    <div class="list-group-item d-flex flex-wrap align-items-center gap-2">
      {!only && <span class="badge">{variant.label}</span>}
      <span class={written ? 'flex-fill text-break-all' : 'flex-fill text-secondary'}>
        {written ? subject : t.noSubject}
      </span>
      <a
        class={written ? 'btn btn-sm' : 'btn btn-sm btn-primary'}
        href={`${base}/messages/${variant.id}`}
        aria-label={`${written ? t.edit : t.write} : ${t.variant(variant.label)}`}
      >
        <Icon name="edit" /> {written ? t.edit : t.write}
      </a>
      {!only && (
        <form method="post" action={`${base}/messages/${variant.id}/delete`} class="m-0">
          <CsrfField token={page.csrf} />
          <button
            class="btn btn-sm"
            type="submit"
            aria-label={`${t.removeVariant} : ${variant.label}`}
            data-confirm={written ? t.removeConfirm : undefined}
          >
            <Icon name="trash" />
          </button>
        </form>
      )}
    </div>
  )
}

const Sample = (props: {
  page: PageContext
  sample: { shares: SampleView[]; told: { rate: string; other: string } | null } | undefined
}) => {
  const { page, sample } = props
  if (!sample) return null
  const t = campaignMessages(page.locale)
  return (
    <div class="card-body border-top py-2">
      <h3 class="h4 mb-1">{t.abTitle}</h3>
      <ul class="list-inline mb-1">
        {sample.shares.map(({ label, recipients }) => (
          <li class="list-inline-item">{t.abShare(label, recipients)}</li>
        ))}
      </ul>
      <p class="text-secondary mb-0">
        {sample.told ? t.abDetect(sample.told.rate, sample.told.other) : t.abBlind}
      </p>
    </div>
  )
}

const StepForm = (props: { page: PageContext; base: string; step: Step; form: FormState }) => {
  const { page, base, step, form } = props
  const t = campaignMessages(page.locale)
  const conditions = ['always', 'not_clicked', 'not_opened'] as const
  return (
    <details class="card-body border-top" open={Object.keys(form.errors).length > 0}>
      <summary>{t.whenToWhom}</summary>
      <form method="post" action={`${base}/steps/${step.id}`} class="mt-3" novalidate>
        <CsrfField token={page.csrf} />
        <Field
          name="delayDays"
          type="number"
          label={t.delay}
          form={form}
          value={String(step.delayDays)}
          required
        />
        <Choice
          name="condition"
          label={t.condition}
          form={form}
          value={step.condition}
          options={conditions.map((value) => ({ value, label: t[`condition_${value}`] }))}
          hint={t.conditionHint}
        />
        <button class="btn" type="submit">
          {t.save}
        </button>
      </form>
    </details>
  )
}
