import type { Report } from '#src/campaigns/reports/queries-reports.ts'
import type { ReportSettings } from '#src/campaigns/reports/report-settings.ts'
import { formatDate } from '#src/lib/i18n.ts'
import { SettingsFrame } from '#templates/auth/settings-frame.tsx'
import { Badge } from '#templates/components/badge.tsx'
import { Choice } from '#templates/components/choice.tsx'
import { CsrfField, Field } from '#templates/components/form.tsx'
import type { FormState, PageContext } from '#templates/page.ts'
import { reportSettingsMessages } from './report-messages.ts'

type View = { settings: ReportSettings; reports: readonly Report[]; timeZone: string; form: FormState }

/** When reports are sent and to whom, and what became of the latest. */
export const ReportsPage = ({ page, view }: { page: PageContext; view: View }) => (
  <SettingsFrame page={page} current="/settings/reports">
    <div class="row row-cards">
      <div class="col-lg-7">
        <SettingsForm page={page} view={view} />
      </div>
      <div class="col-lg-5">
        <Latest page={page} view={view} />
      </div>
    </div>
  </SettingsFrame>
)

const SettingsForm = ({ page, view: { settings, timeZone, form } }: { page: PageContext; view: View }) => {
  const t = reportSettingsMessages(page.locale)
  const wasSent = Object.keys(form.values).length > 0
  const active = wasSent ? form.values['active'] === '1' : settings.active
  return (
    <form method="post" action="/settings/reports" class="card">
      <div class="card-header">
        <h2 class="card-title">{t.title}</h2>
      </div>
      <div class="card-body">
        <CsrfField token={page.csrf} />
        <p class="text-secondary">{t.intro}</p>
        <label class="form-check form-switch mb-3">
          <input class="form-check-input" type="checkbox" name="active" value="1" checked={active} />
          <span class="form-check-label">{t.active}</span>
        </label>
        <Field
          name="times"
          label={t.times}
          form={form}
          value={settings.times.join(', ')}
          hint={t.timesHint(timeZone)}
        />
        <Field name="to" label={t.to} form={form} value={settings.to.join(', ')} hint={t.toHint} />
        <Choice
          name="locale"
          label={t.language}
          form={form}
          value={settings.locale}
          options={[
            { value: 'fr', label: t.french },
            { value: 'en', label: t.english },
          ]}
        />
      </div>
      <div class="card-footer">
        <button type="submit" class="btn btn-primary">
          {t.save}
        </button>
      </div>
    </form>
  )
}

const COLOURS = { writing: 'azure', sent: 'green', nothing: 'secondary', failed: 'red' } as const

const Latest = ({ page, view: { reports } }: { page: PageContext; view: View }) => {
  const t = reportSettingsMessages(page.locale)
  return (
    <section class="card">
      <div class="card-header">
        <h2 class="card-title">{t.last}</h2>
      </div>
      {reports.length === 0 ? (
        <p class="card-body text-secondary mb-0">{t.lastEmpty}</p>
      ) : (
        <ul class="list-group list-group-flush">
          {reports.map(({ dueAt, state, origin, detail }) => (
            <li class="list-group-item">
              <div class="d-flex flex-wrap gap-2">
                <span>{formatDate(page.locale, dueAt)}</span>
                <Badge colour={COLOURS[state]}>{t[`state_${state}`]}</Badge>
                {origin === 'by_hand' && <span class="text-secondary">{t.byHand}</span>}
              </div>
              {detail !== null && (
                <div class="text-secondary small text-break-all">
                  <bdi data-foreign>{detail === 'no_account' ? t.no_account : detail}</bdi>
                </div>
              )}
            </li>
          ))}
        </ul>
      )}
      <form method="post" action="/settings/reports/now" class="card-footer">
        <CsrfField token={page.csrf} />
        <p class="text-secondary">{t.nowHint}</p>
        <button type="submit" class="btn">
          {t.now}
        </button>
      </form>
    </section>
  )
}
