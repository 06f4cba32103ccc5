import type { PreflightCheck } from '#src/campaigns/planning/preflight.ts'
import type { Campaign } from '#src/campaigns/planning/queries-states.ts'
import { Badge } from '#templates/components/badge.tsx'
import { CsrfField } from '#templates/components/form.tsx'
import { Icon } from '#templates/components/icon.tsx'
import { OutsideLink } from '#templates/components/outside-link.tsx'
import type { FormState, PageContext } from '#templates/page.ts'
import { checkMessages, checkText } from './check-messages.ts'
import { campaignMessages } from './messages.ts'
import { WizardFrame } from './wizard-frame.tsx'

export type ShownCheck = PreflightCheck & {
  overridable: boolean
  overriddenBy: string | null
  mendPath: string | null
}

type CheckProps = {
  page: PageContext
  campaign: Campaign
  checks: ShownCheck[]
  mayStart: boolean
  recipients: string
  messages: string[]
  /** How many recipients a message would be held back from, and why, in words. */
  heldBack: string[]
  forecast: string
  when: string | null
  form: FormState
  /** The check whose override was refused. */
  refused: string | null
}

/** Everything at one look, what is not in order, and the start. */
export const CheckPage = (props: CheckProps) => {
  const { page, campaign, checks, mayStart } = props
  const t = campaignMessages(page.locale)
  const base = `/campaigns/${campaign.id}`
  return (
    <WizardFrame page={page} campaign={campaign} step="check">
      <div class="row row-cards">
        <div class="col-lg-7">
          <p class="text-secondary">{t.checkIntro}</p>
          <div class="card mb-3">
            <ul class="list-group list-group-flush">
              {checks.map((check) => (
                <Check {...props} check={check} />
              ))}
            </ul>
          </div>
          <a class="btn" href={`${base}/check`}>
            <Icon name="refresh" /> {t.checkAgain}
          </a>
        </div>
        <div class="col-lg-5">
          <Summary {...props} />
          <div class={mayStart ? 'alert alert-success' : 'alert alert-danger'} role="status">
            <h2 class="h3 mb-1">{mayStart ? t.readyTitle : t.refusedTitle}</h2>
            {!mayStart && <p class="mb-0">{t.refusedText}</p>}
          </div>
          <div class="d-flex flex-wrap gap-2">
            {mayStart && (
              <form method="post" action={`${base}/start`} class="m-0">
                <CsrfField token={page.csrf} />
                <button class="btn btn-primary" type="submit" data-confirm={t.startConfirm}>
                  <Icon name="play" /> {props.when === null ? t.startButton : t.scheduleButton(props.when)}
                </button>
              </form>
            )}
            <form method="post" action={`${base}/rehearse`} class="m-0">
              <CsrfField token={page.csrf} />
              <button class="btn" type="submit">
                {t.rehearse}
              </button>
            </form>
          </div>
          <p class="text-secondary mt-2">{t.rehearseHint}</p>
        </div>
      </div>
    </WizardFrame>
  )
}

const colours = { ok: 'green', warning: 'yellow', failed: 'red', unknown: 'azure' } as const

const Check = ({ check, ...props }: CheckProps & { check: ShownCheck }) => {
  const { page, campaign, form, refused } = props
  const t = campaignMessages(page.locale)
  const c = checkMessages(page.locale)
  const { name, key, status, code, values, account, override, overriddenBy } = check
  const link = values['link']
  return (
    <li class="list-group-item">
      <div class="d-flex flex-wrap gap-2 align-items-center">
        <strong>{c[name]}</strong>
        {account && <span class="text-secondary text-break-all">{account.label}</span>}
        <span class="ms-auto">
          {override && status === 'failed' ? (
            <Badge colour="orange">{c.status_overridden}</Badge>
          ) : (
            <Badge colour={colours[status]}>{c[`status_${status}`]}</Badge>
          )}
        </span>
      </div>
      <p class="mb-1 text-break-all">{checkText(page.locale, code, values)}</p>
      {status !== 'ok' && check.mendPath && (
        <a class="me-3" href={check.mendPath}>
          {c.mend}
        </a>
      )}
      {link && status === 'failed' && <OutsideLink url={link}>{c.testLink}</OutsideLink>}
      {override && status === 'failed' && (
        <p class="mb-0 text-secondary text-break-all">
          {t.overridden(overriddenBy ?? t.somebody, override.reason)}
        </p>
      )}
      {status === 'failed' && !override && check.overridable && (
        <Override
          page={page}
          action={`/campaigns/${campaign.id}/override`}
          check={key}
          error={refused === key ? form.errors['reason'] : undefined}
          typed={refused === key ? form.values['reason'] : undefined}
        />
      )}
    </li>
  )
}

const Override = (props: {
  page: PageContext
  action: string
  check: string
  error: string | undefined
  typed: string | undefined
}) => {
  const { page, action, check, error, typed } = props
  const t = campaignMessages(page.locale)
  if (page.user?.role !== 'admin') return <p class="text-secondary mb-0">{t.overrideAdmin}</p>
  const field = `override-${check.replace(':', '-')}`
  return (
    <details open={error !== undefined}>
      <summary>{t.override}</summary>
      <form method="post" action={action} class="mt-2">
        <CsrfField token={page.csrf} />
        <input type="hidden" name="check" value={check} />
        <label class="form-label" for={field}>
          {t.overrideReason}
        </label>
        <div class="d-flex flex-wrap gap-2">
          <input
            class={error ? 'form-control flex-fill w-auto is-invalid' : 'form-control flex-fill w-auto'}
            id={field}
            name="reason"
            value={typed}
            maxlength={300}
            required
            aria-invalid={error ? 'true' : undefined}
            aria-describedby={error ? `${field}-error ${field}-hint` : `${field}-hint`}
          />
          <button class="btn" type="submit">
            <Icon name="alertTriangle" /> {t.override}
          </button>
        </div>
        {error && (
          <div class="invalid-feedback d-block" id={`${field}-error`}>
            {error}
          </div>
        )}
        <div class="form-hint" id={`${field}-hint`}>
          {t.overrideHint}
        </div>
      </form>
    </details>
  )
}

const Summary = ({ page, campaign, recipients, messages, heldBack, forecast, when }: CheckProps) => {
  const t = campaignMessages(page.locale)
  return (
    <section class="card mb-3" aria-labelledby="summary">
      <div class="card-body">
        <h2 class="h3" id="summary">
          {t.summary}
        </h2>
        <dl class="mb-0">
          <dt>{t.recipients}</dt>
          <dd>{recipients}</dd>
          <dt>{t.messages}</dt>
          {messages.map((message) => (
            <dd class="text-break-all mb-0">{message}</dd>
          ))}
          {heldBack.map((text) => (
            <dd class="text-warning-emphasis mb-0">{text}</dd>
          ))}
          <dt class="mt-2">{t.start}</dt>
          <dd>{when ?? (campaign.scheduledAt === null ? t.startNow : t.startPassed)}</dd>
          <dt>{t.forecast}</dt>
          <dd class="mb-0">{forecast}</dd>
        </dl>
      </div>
    </section>
  )
}
