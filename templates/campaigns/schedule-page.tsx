import type { Campaign } from '#src/campaigns/planning/queries-states.ts'
import type { SendCalendar } from '#src/mail/accounts/schema.ts'
import { AdminLink } from '#templates/components/admin-link.tsx'
import { Choice } from '#templates/components/choice.tsx'
import { CsrfField, Field } from '#templates/components/form.tsx'
import type { FormState, PageContext } from '#templates/page.ts'
import { campaignMessages } from './messages.ts'
import { WizardFrame } from './wizard-frame.tsx'

export type AccountChoice = { id: number; label: string; address: string; active: boolean; paused: boolean }

type ScheduleProps = {
  page: PageContext
  campaign: Campaign
  accounts: AccountChoice[]
  /** What the form holds: stored, or as typed. */
  calendar: SendCalendar
  ownHours: boolean
  chosen: number[]
  /** Local time of the start, YYYY-MM-DDTHH:MM; '' for at once. */
  startAt: string
  suggestions: { value: string; label: string }[]
  holidays: { value: SendCalendar['holidays']; label: string }[]
  modes: { opens: string; clicks: string }
  forecast: string | null
  form: FormState
}

/** From which accounts, when, at which hours. */
export const SchedulePage = (props: ScheduleProps) => {
  const { page, campaign, accounts, form, forecast } = props
  const t = campaignMessages(page.locale)
  const base = `/campaigns/${campaign.id}`
  return (
    <WizardFrame page={page} campaign={campaign} step="schedule">
      <p class="text-secondary">{t.scheduleIntro}</p>
      <form method="post" action={`${base}/schedule`} novalidate>
        <CsrfField token={page.csrf} />
        <div class="row row-cards">
          <div class="col-lg-6">
            <div class="card">
              <div class="card-body">
                <Accounts
                  page={page}
                  accounts={accounts}
                  chosen={props.chosen}
                  error={form.errors['accountIds']}
                />
                <Choice
                  name="locale"
                  label={t.language}
                  form={form}
                  value={campaign.locale}
                  options={[
                    { value: 'fr', label: t.french },
                    { value: 'en', label: t.english },
                  ]}
                  hint={t.languageHint}
                />
                <Tracking {...props} />
                <Field
                  name="freshnessDays"
                  type="number"
                  label={t.freshness}
                  form={form}
                  value={String(campaign.freshnessDays ?? '')}
                  hint={t.freshnessHint}
                />
              </div>
            </div>
          </div>
          <div class="col-lg-6">
            <div class="card mb-3">
              <div class="card-body">
                <Start {...props} />
                <Hours {...props} />
              </div>
            </div>
            <div class="card">
              <div class="card-body" id="forecast">
                <h2 class="h3">{t.forecast}</h2>
                <p class="mb-1">{forecast ?? '–'}</p>
                <p class="text-secondary mb-0">{t.forecastHint}</p>
              </div>
            </div>
          </div>
        </div>
        <div class="d-flex flex-wrap gap-2 justify-content-end mt-3">
          <a class="btn" href={`${base}/messages`}>
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
    </WizardFrame>
  )
}

const Accounts = (props: {
  page: PageContext
  accounts: AccountChoice[]
  chosen: number[]
  error: string | undefined
}) => {
  const { page, accounts, chosen, error } = props
  const t = campaignMessages(page.locale)
  return (
    <fieldset class="mb-3" aria-describedby={error ? 'accountIds-error' : undefined}>
      <legend class="form-label required">{t.accounts}</legend>
      {accounts.length === 0 && (
        <p class="text-secondary">
          {t.noAccounts}{' '}
          <AdminLink page={page} href="/settings/mail">
            {t.addAccount}
          </AdminLink>
        </p>
      )}
      {accounts.map(({ id, label, address, active, paused }) => (
        <label class="form-check">
          <input
            class={error ? 'form-check-input is-invalid' : 'form-check-input'}
            type="checkbox"
            name="accountIds"
            value={String(id)}
            checked={chosen.includes(id)}
          />
          <span class="form-check-label text-break-all">
            {label} <span class="text-secondary">{address}</span>
            {(paused || !active) && <span> · {active ? t.accountPaused : t.accountInactive}</span>}
          </span>
        </label>
      ))}
      {error && (
        <div id="accountIds-error" class="invalid-feedback d-block">
          {error}
        </div>
      )}
      {accounts.length > 1 && <div class="form-hint">{t.accountsHint}</div>}
    </fieldset>
  )
}

const Tracking = ({ page, campaign, modes, form }: ScheduleProps) => {
  const t = campaignMessages(page.locale)
  const named = (mode: string) =>
    mode === 'off' ? t.mode_off : mode === 'individual' ? t.mode_individual : t.mode_aggregate
  return (
    <div class="row">
      {(['opens', 'clicks'] as const).map((name) => (
        <div class="col-sm-6">
          <Choice
            name={name}
            label={t[name]}
            form={form}
            value={campaign[name] ?? ''}
            options={[
              { value: '', label: t.trackingSettings(named(modes[name])) },
              ...(['off', 'aggregate', 'individual'] as const).map((mode) => ({
                value: mode,
                label: named(mode),
              })),
            ]}
          />
        </div>
      ))}
    </div>
  )
}

const Start = ({ page, form, startAt, suggestions, calendar }: ScheduleProps) => {
  const t = campaignMessages(page.locale)
  const error = form.errors['startAt']
  const stored = suggestions.some(({ value }) => value === startAt) ? startAt : 'at'
  const when = form.values['when'] ?? (startAt === '' ? 'now' : stored)
  return (
    <fieldset class="mb-3">
      <legend class="form-label">{t.start}</legend>
      <label class="form-check">
        <input class="form-check-input" type="radio" name="when" value="now" checked={when === 'now'} />
        <span class="form-check-label">{t.startNow}</span>
      </label>
      {suggestions.map(({ value, label }) => (
        <label class="form-check">
          <input class="form-check-input" type="radio" name="when" value={value} checked={when === value} />
          <span class="form-check-label">{label}</span>
        </label>
      ))}
      <label class="form-check">
        <input class="form-check-input" type="radio" name="when" value="at" checked={when === 'at'} />
        <span class="form-check-label">{t.startAt}</span>
      </label>
      <label class="form-label mt-2" for="field-startAt">
        {t.startDate(calendar.timeZone)}
      </label>
      <input
        class={error ? 'form-control is-invalid' : 'form-control'}
        id="field-startAt"
        type="datetime-local"
        name="startAt"
        value={startAt}
        aria-invalid={error ? 'true' : undefined}
        aria-describedby={error ? 'startAt-error' : undefined}
      />
      {error && (
        <div id="startAt-error" class="invalid-feedback">
          {error}
        </div>
      )}
    </fieldset>
  )
}

const Hours = ({ page, form, calendar, ownHours, holidays }: ScheduleProps) => {
  const t = campaignMessages(page.locale)
  const error = form.errors['calendar']
  return (
    <fieldset>
      <legend class="form-label">{t.hours}</legend>
      <label class="form-check">
        <input class="form-check-input" type="checkbox" name="ownHours" value="1" checked={ownHours} />
        <span class="form-check-label">{t.hoursOwn}</span>
      </label>
      <div class="mb-2" role="group" aria-label={t.days}>
        {([1, 2, 3, 4, 5, 6, 7] as const).map((day) => (
          <label class="form-check form-check-inline">
            <input
              class="form-check-input"
              type="checkbox"
              name="days"
              value={String(day)}
              checked={calendar.days.includes(day)}
            />
            <span class="form-check-label">{t[`day_${day}`]}</span>
          </label>
        ))}
      </div>
      <div class="row">
        <div class="col-6">
          <Field name="from" type="time" label={t.from} form={form} value={calendar.from} />
        </div>
        <div class="col-6">
          <Field name="to" type="time" label={t.to} form={form} value={calendar.to} />
        </div>
      </div>
      <Field name="timeZone" label={t.zone} form={form} value={calendar.timeZone} />
      <Choice name="holidays" label={t.holidays} form={form} value={calendar.holidays} options={holidays} />
      {error && (
        <div class="invalid-feedback d-block" role="alert">
          {error}
        </div>
      )}
    </fieldset>
  )
}
