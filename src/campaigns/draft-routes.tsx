import { Hono, type Context } from 'hono'
import { setFlash } from '#src/auth/flash.ts'
import { idParam } from '#src/companies/read-request.ts'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import { listAccounts } from '#src/mail/accounts/queries.ts'
import { OFFICE_CALENDAR } from '#src/mail/limits/calendar.ts'
import { calendarProblemText, forecastText, holidaysText, suggestionText } from '#src/mail/limits/messages.ts'
import { suggestStarts } from '#src/mail/limits/suggestions.ts'
import { readTrackingSettings } from '#src/tracking/tracking-settings.ts'
import { AudiencePage, RecipientsPage } from '#templates/campaigns/audience-pages.tsx'
import { campaignMessages } from '#templates/campaigns/messages.ts'
import { SchedulePage } from '#templates/campaigns/schedule-page.tsx'
import { emptyForm, type FormState } from '#templates/page.ts'
import { countAudience } from './audience/queries-audience.ts'
import { audienceFields, readAudience, type AudienceForm } from './audience/read-audience.ts'
import { viewAudience } from './audience/view-audience.ts'
import { draftOf } from './planning/draft-of.ts'
import { estimateCampaign } from './planning/estimate.ts'
import { updateDraft } from './planning/queries-drafts.ts'
import type { Campaign } from './planning/queries-states.ts'
import { localText, readSchedule, type ReadSchedule, type ScheduleProblem } from './planning/read-schedule.ts'

const MAX_NAME = 120
const HOLIDAYS = ['fr', 'fr-alsace-moselle', 'none'] as const

/** The steps of a draft besides its messages and the checks: who gets it, from whom and when. Each saves what it is given. */
export const draftRoutes = (deps: Pick<Deps, 'db' | 'clock'>): Hono<AppEnv> => {
  const { db, clock } = deps
  const app = new Hono<AppEnv>()
  const draft = (c: Context<AppEnv>) => draftOf(db, idParam(c))

  const audienceProps = async (c: Context<AppEnv>, campaign: Campaign, form: AudienceForm) => ({
    page: c.get('page'),
    campaign,
    view: await viewAudience(db, form),
    count: await countAudience(db, form.audience, form.rules, campaign.id, clock.now()),
  })
  const stored = ({ audience, recipients }: Campaign): AudienceForm => ({
    audience,
    rules: recipients,
    problems: {},
  })

  app.get('/:id/audience', async (c) => {
    const campaign = await draft(c)
    const props = await audienceProps(c, campaign, stored(campaign))
    return c.html(<AudiencePage {...props} form={emptyForm} />)
  })

  app.post('/:id/audience', async (c) => {
    const campaign = await draft(c)
    const t = campaignMessages(c.get('page').locale)
    const sent = await c.req.formData()
    const form = readAudience(sent)
    const name = textOf(sent, 'name').slice(0, MAX_NAME)
    const errors: Record<string, string> = name === '' ? { name: t.nameMissing } : {}
    if (Object.keys(form.problems).length > 0 || name === '') {
      const props = await audienceProps(c, campaign, form)
      return c.html(<AudiencePage {...props} form={{ values: { name }, errors }} />, 422)
    }
    await updateDraft(db, campaign.id, { name, audience: form.audience, recipients: form.rules })
    return c.redirect(
      `/campaigns/${campaign.id}/${textOf(sent, 'do') === 'stay' ? 'audience' : 'recipients'}`,
      303,
    )
  })

  app.get('/:id/recipients', async (c) => {
    const campaign = await draft(c)
    const props = await audienceProps(c, campaign, stored(campaign))
    return c.html(<RecipientsPage {...props} fields={audienceFields(campaign.audience)} />)
  })

  app.post('/:id/recipients', async (c) => {
    const campaign = await draft(c)
    const sent = await c.req.formData()
    const { rules, problems } = readAudience(sent)
    if (problems.perCompany || problems.notContactedDays || problems.mostCompanies) {
      const props = await audienceProps(c, campaign, { audience: campaign.audience, rules, problems })
      return c.html(<RecipientsPage {...props} fields={audienceFields(campaign.audience)} />, 422)
    }
    await updateDraft(db, campaign.id, { recipients: rules })
    return c.redirect(
      `/campaigns/${campaign.id}/${textOf(sent, 'do') === 'stay' ? 'recipients' : 'messages'}`,
      303,
    )
  })

  const showSchedule = async (
    c: Context<AppEnv>,
    campaign: Campaign,
    form: FormState,
    read?: ReadSchedule,
  ) => {
    const { locale } = c.get('page')
    const now = clock.now()
    const { forecast, timeZone } = await estimateCampaign(deps, campaign)
    const calendar = read?.hours ?? campaign.calendar ?? OFFICE_CALENDAR
    const startAt = campaign.scheduledAt ? localText(calendar.timeZone, campaign.scheduledAt) : ''
    const settings = await readTrackingSettings(db)
    return c.html(
      <SchedulePage
        page={c.get('page')}
        campaign={campaign}
        accounts={(await listAccounts(db)).map((account) => ({
          id: account.id,
          label: account.label,
          address: account.senderAddress,
          active: account.active,
          paused: account.pausedAt !== null,
        }))}
        calendar={calendar}
        ownHours={read ? form.values['ownHours'] === '1' : campaign.calendar !== null}
        chosen={read?.schedule.accountIds ?? campaign.accountIds}
        startAt={read ? (form.values['startAt'] ?? '') : startAt}
        suggestions={suggestStarts(campaign.calendar, now).map((suggestion) => ({
          value: localText(calendar.timeZone, suggestion.at),
          label: suggestionText(locale, suggestion, calendar.timeZone),
        }))}
        holidays={HOLIDAYS.map((value) => ({ value, label: holidaysText(locale, value) }))}
        modes={settings}
        forecast={campaign.accountIds.length > 0 ? forecastText(locale, forecast, timeZone) : null}
        form={form}
      />,
      Object.keys(form.errors).length > 0 ? 422 : 200,
    )
  }

  app.get('/:id/schedule', async (c) => showSchedule(c, await draft(c), emptyForm))

  app.post('/:id/schedule', async (c) => {
    const campaign = await draft(c)
    const { locale } = c.get('page')
    const t = campaignMessages(locale)
    const sent = await c.req.formData()
    const texts = [...sent].filter((pair): pair is [string, string] => typeof pair[1] === 'string')
    const read = readSchedule(new URLSearchParams(texts), clock.now())
    const errors = scheduleErrors(read.problems, locale)
    if (Object.keys(errors).length > 0) {
      const { accountIds: _ids, days: _days, ...values } = Object.fromEntries(texts)
      return showSchedule(c, campaign, { values, errors }, read)
    }
    if (!(await updateDraft(db, campaign.id, read.schedule))) await draft(c)
    setFlash(c, 'success', t.saved)
    return c.redirect(
      `/campaigns/${campaign.id}/${textOf(sent, 'do') === 'stay' ? 'schedule' : 'check'}`,
      303,
    )
  })

  return app
}

const scheduleErrors = (problems: ScheduleProblem, locale: 'fr' | 'en'): Record<string, string> => {
  const t = campaignMessages(locale)
  return {
    ...(problems.accountIds && { accountIds: t.accountMissing }),
    ...(problems.startAt && { startAt: problems.startAt === 'past' ? t.startPast : t.startBad }),
    ...(problems.freshnessDays && { freshnessDays: t.freshnessRange }),
    ...(problems.calendar && { calendar: calendarProblemText(locale, problems.calendar) }),
  }
}

const textOf = (form: FormData, name: string): string => {
  const value = form.get(name)
  return typeof value === 'string' ? value.replaceAll('\u0000', '').trim() : ''
}
