import type { LastReclassified } from '#src/tracking/reclassify.ts'
import type { TrackingSettings } from '#src/tracking/tracking-settings.ts'
import { formatDate } from '#src/lib/i18n.ts'
import { SettingsFrame } from '#templates/auth/settings-frame.tsx'
import { Choice } from '#templates/components/choice.tsx'
import { CsrfField, Field } from '#templates/components/form.tsx'
import type { FormState, PageContext } from '#templates/page.ts'
import { trackingSettingsMessages } from './settings-messages.ts'

type View = { settings: TrackingSettings; last: LastReclassified | null; form: FormState }
type Props = { page: PageContext; view: View }

/** How mails are tracked: each choice with its reason beside it. */
export const TrackingSettingsPage = ({ page, view }: Props) => (
  <SettingsFrame page={page} current="/settings/tracking">
    <div class="row row-cards">
      <div class="col-lg-8">
        <SettingsForm page={page} view={view} />
      </div>
      <div class="col-lg-4">
        <Keys page={page} view={view} />
        <Reclassify page={page} view={view} />
      </div>
    </div>
  </SettingsFrame>
)

const SettingsForm = ({ page, view: { settings, form } }: Props) => {
  const t = trackingSettingsMessages(page.locale)
  const modes = (['off', 'aggregate', 'individual'] as const).map((value) => ({
    value,
    label: t[`mode_${value}`],
  }))
  const kept = (['whole', 'truncated', 'hashed'] as const).map((value) => ({
    value,
    label: t[`addresses_${value}`],
  }))
  const honeypot = form.values['honeypot'] ?? (settings.honeypot ? '1' : '')
  return (
    <form method="post" action="/settings/tracking" class="card">
      <div class="card-header">
        <h2 class="card-title">{t.title}</h2>
      </div>
      <div class="card-body">
        <CsrfField token={page.csrf} />
        <h3 class="h4">{t.modes}</h3>
        <div class="row">
          <div class="col-sm-6">
            <Choice name="opens" label={t.opens} form={form} value={settings.opens} options={modes} />
          </div>
          <div class="col-sm-6">
            <Choice name="clicks" label={t.clicks} form={form} value={settings.clicks} options={modes} />
          </div>
        </div>
        <p class="text-secondary">{t.law}</p>
        <p class="text-secondary">{t.lawWithdraw}</p>
        <p class="text-secondary mb-4">{t.appliesTo}</p>
        <Choice
          name="addresses"
          label={t.addresses}
          form={form}
          value={settings.addresses}
          options={kept}
          hint={t.addressesHint}
        />
        <div class="mb-4">
          <label class="form-check mb-0">
            <input
              class="form-check-input"
              type="checkbox"
              name="honeypot"
              value="1"
              checked={honeypot === '1'}
              aria-describedby="honeypot-hint"
            />
            <span class="form-check-label">{t.honeypot}</span>
          </label>
          <div id="honeypot-hint" class="form-hint">
            {t.honeypotHint}
          </div>
        </div>
        <h3 class="h4">{t.retention}</h3>
        {(['factMonths', 'eventMonths', 'bodyMonths'] as const).map((name) => (
          <Field
            name={name}
            type="number"
            label={t[name]}
            form={form}
            value={String(settings[name])}
            required
          />
        ))}
        <p class="form-hint">{t.retentionHint}</p>
      </div>
      <div class="card-footer text-end">
        <button type="submit" class="btn btn-primary">
          {t.save}
        </button>
      </div>
    </form>
  )
}

const Keys = ({ page, view: { settings } }: Props) => {
  const t = trackingSettingsMessages(page.locale)
  return (
    <section class="card mb-3" id="keys">
      <div class="card-header">
        <h2 class="card-title">{t.keys}</h2>
      </div>
      <div class="card-body">
        <p>{t.keysText(settings.keyGeneration)}</p>
        <p class="text-secondary">{t.keysEdge}</p>
        <form method="post" action="/settings/tracking/key" data-confirm={t.newKeyConfirm}>
          <CsrfField token={page.csrf} />
          <input type="hidden" name="generation" value={settings.keyGeneration} />
          <button class="btn" type="submit">
            {t.newKey}
          </button>
        </form>
      </div>
    </section>
  )
}

const Reclassify = ({ page, view: { last } }: Props) => {
  const t = trackingSettingsMessages(page.locale)
  return (
    <section class="card" id="reclassify">
      <div class="card-header">
        <h2 class="card-title">{t.reclassify}</h2>
      </div>
      <div class="card-body">
        <p>{t.reclassifyText}</p>
        {last && (
          <p class="text-secondary">
            {t.reclassified(formatDate(page.locale, new Date(last.at)), last.events, last.changed)}{' '}
            {t.reclassifiedDetail(last.toHuman, last.toMachine, last.unknown)}
          </p>
        )}
        <form method="post" action="/settings/tracking/reclassify">
          <CsrfField token={page.csrf} />
          <button class="btn" type="submit">
            {t.reclassifyButton}
          </button>
        </form>
      </div>
    </section>
  )
}
