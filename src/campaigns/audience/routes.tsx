import { Hono } from 'hono'
import { setFlash } from '#src/auth/flash.ts'
import { readFilter, filterParams, filterPath } from '#src/companies/company-filter.ts'
import { formValues, readSelection, userIdOf } from '#src/companies/read-request.ts'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import { AppError } from '#src/lib/errors.ts'
import { AudienceCount } from '#templates/campaign-audience/audience-count.tsx'
import { ExcludedPage } from '#templates/campaign-audience/excluded-page.tsx'
import { audienceMessages } from '#templates/campaign-audience/messages.ts'
import { emptyAudience, exclusionReasons, type Audience } from './audience.ts'
import { countAudience, listExcluded } from './queries-audience.ts'
import { readAudience } from './read-audience.ts'

const EXCLUDED_SHOWN = 500

/** Makes a campaign for an audience and returns its id; the planning of campaigns hands it over. */
export type DraftFor = (draft: {
  audience: Audience
  name: string
  locale: 'fr' | 'en'
  userId: number | null
}) => Promise<number>

/** /audience: what forms with an audience ask while they are filled in, and a campaign for what is chosen on the list of
 *  companies. */
export const audienceRoutes = (deps: Pick<Deps, 'db' | 'clock'>, draftFor: DraftFor): Hono<AppEnv> => {
  const { db, clock } = deps
  const app = new Hono<AppEnv>()

  app.post('/count', async (c) => {
    const form = await c.req.formData()
    const { audience, rules } = readAudience(form)
    const count = await countAudience(db, audience, rules, campaignOf(form), clock.now())
    return c.html(<AudienceCount page={c.get('page')} count={count} />)
  })

  app.post('/excluded', async (c) => {
    const form = await c.req.formData()
    const { audience, rules } = readAudience(form)
    const reason = exclusionReasons.find((one) => one === form.get('reason'))
    if (!reason) throw new AppError('bad_request', 'There is no such reason.', { status: 400 })
    const asked = { reason, limit: EXCLUDED_SHOWN + 1, now: clock.now() }
    const excluded = await listExcluded(db, audience, rules, campaignOf(form), asked)
    return c.html(
      <ExcludedPage
        page={c.get('page')}
        reason={reason}
        excluded={excluded.slice(0, EXCLUDED_SHOWN)}
        capped={excluded.length > EXCLUDED_SHOWN}
      />,
    )
  })

  app.post('/campaign', async (c) => {
    const { locale } = c.get('page')
    const selection = await readSelection(c)
    if (!selection) {
      const filter = readFilter(new URLSearchParams((await formValues(c))['filter'] ?? ''))
      setFlash(c, 'warning', audienceMessages(locale).selectionEmpty)
      return c.redirect(filterPath(filter), 303)
    }
    const audience: Audience =
      'ids' in selection
        ? { ...emptyAudience, mode: 'picked', companyIds: selection.ids }
        : { ...emptyAudience, filter: filterParams(selection.filter).toString() }
    const name = campaignName(locale, clock.now())
    const id = await draftFor({ audience, name, locale, userId: userIdOf(c) })
    return c.redirect(`/campaigns/${id}`, 303)
  })

  return app
}

/** What a campaign is called until somebody gives it a name. */
export const campaignName = (locale: 'fr' | 'en', now: Date): string =>
  audienceMessages(locale).campaignName(
    new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(now),
  )

const campaignOf = (form: FormData): number | null => {
  const id = Number(form.get('campaignId') || NaN)
  return Number.isSafeInteger(id) && id > 0 && id < 2 ** 31 ? id : null
}
