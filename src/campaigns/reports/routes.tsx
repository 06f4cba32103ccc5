import { Hono, type Context } from 'hono'
import { setFlash } from '#src/auth/flash.ts'
import { formValues } from '#src/companies/read-request.ts'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import type { Locale } from '#src/lib/i18n.ts'
import { readAddress } from '#src/mail/mailbox.ts'
import { reportSettingsMessages } from '#templates/campaign-results/report-messages.ts'
import { ReportsPage } from '#templates/campaign-results/reports-page.tsx'
import { emptyForm, type FormState } from '#templates/page.ts'
import { reportMessages } from './messages.ts'
import { listReports } from './queries-reports.ts'
import {
  isTime,
  MAX_ADDRESSES,
  MAX_TIMES,
  readReportSettings,
  writeReportSettings,
  type ReportSettings,
} from './report-settings.ts'
import { sendReportNow, type ReportOutcome } from './send-report.ts'

type Needs = Pick<Deps, 'db' | 'clock' | 'config' | 'keys'>

/** /settings/reports: when reports are sent and to whom. */
export const reportRoutes = (deps: Needs): Hono<AppEnv> => {
  const { db } = deps
  const app = new Hono<AppEnv>()

  const show = async (c: Context<AppEnv>, form: FormState) => {
    const timeZone = new Intl.DateTimeFormat().resolvedOptions().timeZone
    const view = { settings: await readReportSettings(db), reports: await listReports(db), timeZone, form }
    return c.html(
      <ReportsPage page={c.get('page')} view={view} />,
      Object.keys(form.errors).length > 0 ? 422 : 200,
    )
  }

  app.get('/', (c) => show(c, emptyForm))

  app.post('/', async (c) => {
    const values = await formValues(c)
    const { locale } = c.get('page')
    const { settings, errors } = readForm(values, locale)
    if (Object.keys(errors).length > 0) return show(c, { values: { active: '', ...values }, errors })
    await writeReportSettings(db, settings)
    setFlash(c, 'success', reportSettingsMessages(locale).saved)
    return c.redirect('/settings/reports', 303)
  })

  app.post('/now', async (c) => {
    tellOutcome(c, await sendReportNow(deps, null))
    return c.redirect('/settings/reports', 303)
  })

  return app
}

/** What became of a report, as the message of the next page. */
export const tellOutcome = (c: Context<AppEnv>, outcome: ReportOutcome): void => {
  const t = reportMessages(c.get('page').locale)
  if (outcome.state === 'sent') setFlash(c, 'success', t.sentTo(outcome.to.join(', ')))
  else if (outcome.state === 'failed') setFlash(c, 'danger', t.failedWith(outcome.reply))
  else
    setFlash(
      c,
      'warning',
      { nothing: t.nothing, no_account: t.noAccount, no_address: t.noAddress }[outcome.state],
    )
}

const readForm = (
  values: Record<string, string>,
  locale: Locale,
): { settings: ReportSettings; errors: Record<string, string> } => {
  const t = reportSettingsMessages(locale)
  const errors: Record<string, string> = {}
  const active = values['active'] === '1'
  const parts = (name: string) => (values[name] ?? '').split(/[\s,;]+/).filter(Boolean)
  const times = [...new Set(parts('times').map((time) => time.replace(/^(\d:)/, '0$1')))].toSorted()
  if (times.length === 0 || times.length > MAX_TIMES || !times.every(isTime)) errors['times'] = t.badTimes
  const written = [...new Set(parts('to'))]
  const read = written.map((text) => readAddress(text))
  const wrong = written.find((_, place) => read[place] === null)
  if (wrong !== undefined) errors['to'] = t.badAddress(wrong.slice(0, 100))
  else if (written.length > MAX_ADDRESSES) errors['to'] = t.tooMany
  else if (active && written.length === 0) errors['to'] = t.noAddress
  const to = read.flatMap((mailbox) => mailbox?.address ?? [])
  return { settings: { active, times, to, locale: values['locale'] === 'en' ? 'en' : 'fr' }, errors }
}
