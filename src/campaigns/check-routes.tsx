import { Hono, type Context } from 'hono'
import { setFlash } from '#src/auth/flash.ts'
import { formValues, idParam, userIdOf } from '#src/companies/read-request.ts'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import { formatNumber, type Locale } from '#src/lib/i18n.ts'
import { forecastText } from '#src/mail/limits/messages.ts'
import { CheckPage, type ShownCheck } from '#templates/campaigns/check-page.tsx'
import { campaignMessages } from '#templates/campaigns/messages.ts'
import { emptyForm, type FormState } from '#templates/page.ts'
import { AppError } from '#src/lib/errors.ts'
import { draftOf, presentCampaign } from './planning/draft-of.ts'
import { estimateCampaign } from './planning/estimate.ts'
import { heldBack } from './planning/held-back.ts'
import { isOverridable, refusals, type PreflightCheck } from './planning/preflight.ts'
import { shownSubjects } from './planning/preview-variant.ts'
import { updateDraft } from './planning/queries-drafts.ts'
import { userNames } from './planning/queries-log.ts'
import { listSteps } from './planning/queries-plan.ts'
import { fingerprintOf, logCampaign, type Campaign } from './planning/queries-states.ts'
import { runPreflight } from './planning/run-preflight.ts'
import { startCampaign } from './planning/start-campaign.ts'

const MAX_REASON = 300
/** One or two words explain nothing to who reads them later. */
const REASON_WORDS = 3
const REASON_LETTERS = 10

type Needs = Parameters<typeof runPreflight>[0] & Pick<Deps, 'queue'>

/** /campaigns/:id/check: what must be right before a campaign starts, and its start. */
export const campaignCheckRoutes = (deps: Needs): Hono<AppEnv> => {
  const { db, clock } = deps
  const app = new Hono<AppEnv>()
  const draft = (c: Context<AppEnv>) => draftOf(db, idParam(c))

  const show = async (c: Context<AppEnv>, campaign: Campaign, form: FormState, refused: string | null) => {
    const page = c.get('page')
    const { locale } = page
    const t = campaignMessages(locale)
    const [checks, { recipients, forecast, timeZone }, steps, held] = await Promise.all([
      runPreflight(deps, campaign),
      estimateCampaign(deps, campaign),
      listSteps(db, campaign.id),
      heldBack(deps, campaign),
    ])
    const subjects = await shownSubjects(deps, campaign, steps)
    const messages = steps.flatMap(({ position, variants }) =>
      variants.map(
        ({ id, label }) =>
          `${position + 1}${variants.length > 1 ? label : ''} – ${subjects.get(id) || t.noSubject}`,
      ),
    )
    return c.html(
      <CheckPage
        page={page}
        campaign={campaign}
        checks={await shown(checks, campaign, page.user?.role === 'admin')}
        mayStart={refusals(checks).length === 0}
        recipients={formatNumber(locale, recipients)}
        messages={messages}
        heldBack={held.map(({ which, held: count, total, why }) =>
          t.held(which, count, total, why.join(', ')),
        )}
        forecast={forecastText(locale, forecast, timeZone)}
        when={whenOf(campaign, clock.now(), timeZone, locale)}
        form={form}
        refused={refused}
      />,
      refused === null ? 200 : 422,
    )
  }

  const shown = async (
    checks: PreflightCheck[],
    { id }: Campaign,
    isAdmin: boolean,
  ): Promise<ShownCheck[]> => {
    const names = await userNames(
      db,
      checks.flatMap(({ override }) => override?.userId ?? []),
    )
    return checks.map((check) => ({
      ...check,
      overridable: isOverridable(check),
      overriddenBy: check.override?.userId ? (names.get(check.override.userId) ?? null) : null,
      mendPath: mendPath(check, id, isAdmin),
    }))
  }

  app.get('/:id/check', async (c) => show(c, await draft(c), emptyForm, null))

  app.post('/:id/override', async (c) => {
    const campaign = await draft(c)
    const { user, locale } = c.get('page')
    const t = campaignMessages(locale)
    if (user?.role !== 'admin')
      throw new AppError('forbidden', 'Only an administrator may do this.', { status: 403 })
    const values = await formValues(c)
    const key = values['check'] ?? ''
    const reason = (values['reason'] ?? '').trim().slice(0, MAX_REASON)
    if (!explains(reason)) return show(c, campaign, { values, errors: { reason: t.overrideMissing } }, key)
    if (!isOverridable({ name: key.split(':')[0] as PreflightCheck['name'] }))
      return c.redirect(pathOf(campaign), 303)
    const override = { check: key, reason, userId: user.id, at: clock.now().toISOString() }
    const overrides = [...campaign.overrides.filter(({ check }) => check !== key), override]
    if (!(await updateDraft(db, campaign.id, { overrides }))) await draft(c)
    await logCampaign(db, {
      campaignId: campaign.id,
      kind: 'overridden',
      userId: user.id,
      detail: { check: key, reason },
    })
    return c.redirect(pathOf(campaign), 303)
  })

  app.post('/:id/start', async (c) => {
    const checked = await fingerprintOf(db, idParam(c))
    const campaign = await draft(c)
    const { locale } = c.get('page')
    const t = campaignMessages(locale)
    const checks = await runPreflight(deps, campaign, 'just')
    if (refusals(checks).length > 0) {
      setFlash(c, 'danger', t.refusedTitle)
      return c.redirect(pathOf(campaign), 303)
    }
    const now = clock.now()
    const at = campaign.scheduledAt && campaign.scheduledAt > now ? campaign.scheduledAt : null
    const reached = checks.find(({ name }) => name === 'reachable')
    const detail = { reachedBy: reached?.code.slice('reachable_'.length) ?? null }
    const started = await startCampaign(deps, campaign.id, { userId: userIdOf(c), at, checked, detail })
    if (!started && (await fingerprintOf(db, campaign.id)) !== checked) {
      setFlash(c, 'warning', t.changedMeanwhile)
      return c.redirect(pathOf(campaign), 303)
    }
    const { timeZone } = await estimateCampaign(deps, campaign)
    const when = at && whenOf(campaign, now, timeZone, locale)
    const text = when ? t.scheduledFor(when) : t.started
    setFlash(c, started ? 'success' : 'warning', started ? text : t.notDraft)
    return c.redirect(`/campaigns/${campaign.id}`, 303)
  })

  // What is rehearsed must at least be whole; the rehearsal itself is that of results/routes.tsx.
  app.post('/:id/rehearse', async (c, next) => {
    const campaign = await presentCampaign(db, idParam(c))
    const rehearsal = { ...campaign, kind: 'rehearsal' as const }
    if (refusals(await runPreflight(deps, rehearsal)).length === 0) return next()
    setFlash(c, 'danger', campaignMessages(c.get('page').locale).refusedTitle)
    return c.redirect(campaign.state === 'draft' ? pathOf(campaign) : `/campaigns/${campaign.id}`, 303)
  })

  return app
}

const explains = (reason: string): boolean => {
  const words = new Set(reason.toLowerCase().match(/\p{L}+/gu))
  return words.size >= REASON_WORDS && [...words].join('').length >= REASON_LETTERS
}

const pathOf = ({ id }: Campaign): string => `/campaigns/${id}/check`

const mendPath = (
  { name, code, account }: PreflightCheck,
  campaignId: number,
  isAdmin: boolean,
): string | null => {
  const step = (path: string) => `/campaigns/${campaignId}/${path}`
  if (name === 'recipients') return step('audience')
  if (name === 'messages' || name === 'conditions') return step('messages')
  if (name === 'base_url' || name === 'reachable') return null
  if (!account) return step('schedule')
  if (!isAdmin) return null
  return `/settings/mail/${account.id}${code === 'accounts_unlimited' ? '/edit#pace' : ''}`
}

const whenOf = ({ scheduledAt }: Campaign, now: Date, timeZone: string, locale: Locale): string | null =>
  scheduledAt && scheduledAt > now
    ? new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short', timeZone }).format(scheduledAt)
    : null
