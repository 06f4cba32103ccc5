import { Hono, type Context } from 'hono'
import { z } from 'zod'
import { setFlash } from '#src/auth/flash.ts'
import { formValues, idParam, userIdOf } from '#src/companies/read-request.ts'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import { CampaignsPage } from '#templates/campaigns/list-page.tsx'
import { campaignMessages } from '#templates/campaigns/messages.ts'
import { readAudience } from './audience/read-audience.ts'
import type { DraftFor } from './audience/routes.tsx'
import { copyCampaign, relaunchCampaign } from './planning/copy-campaign.ts'
import { presentCampaign } from './planning/draft-of.ts'
import { CAMPAIGNS_PER_PAGE, deleteCampaign } from './planning/queries-drafts.ts'
import { listCampaigns } from './planning/queries-list.ts'
import { unscheduleCampaign } from './planning/start-campaign.ts'
import { cancelCampaign, pauseCampaign, resumeCampaign } from './planning/states.ts'

const MAX_NAME = 120
const pageNumber = z.coerce.number().int().min(1).max(100_000).catch(1)

/** /campaigns: the list, a new draft, and what is done with a campaign as a whole. */
export const campaignRoutes = (
  { db, clock }: Pick<Deps, 'db' | 'clock'>,
  draftFor: DraftFor,
): Hono<AppEnv> => {
  const app = new Hono<AppEnv>()
  const texts = (c: Context<AppEnv>) => campaignMessages(c.get('page').locale)

  app.get('/', async (c) => {
    const number = pageNumber.parse(c.req.query('page'))
    const { rows, total } = await listCampaigns(db, number)
    const pages = Math.max(1, Math.ceil(total / CAMPAIGNS_PER_PAGE))
    return c.html(<CampaignsPage page={c.get('page')} list={{ rows, total, number, pages }} />)
  })

  app.post('/', async (c) => {
    const { locale } = c.get('page')
    const day = new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(clock.now())
    const name = ((await formValues(c))['name'] ?? '').trim().slice(0, MAX_NAME)
    const id = await draftFor({
      name: name || texts(c).defaultName(day),
      locale,
      userId: userIdOf(c),
      audience: readAudience(await c.req.formData()).audience,
    })
    return c.redirect(`/campaigns/${id}/audience`, 303)
  })

  const change = async (
    c: Context<AppEnv>,
    done: (id: number) => Promise<boolean>,
    said: string,
    then = '',
  ): Promise<Response> => {
    const { id } = await presentCampaign(db, idParam(c))
    const changed = await done(id)
    setFlash(c, changed ? 'success' : 'warning', changed ? said : texts(c).unchanged)
    return c.redirect(`/campaigns/${id}${changed ? then : ''}`, 303)
  }
  const by = (c: Context<AppEnv>) => ({ userId: userIdOf(c) })

  app.post('/:id/pause', (c) => change(c, (id) => pauseCampaign(db, id, by(c)), texts(c).paused))
  app.post('/:id/resume', (c) => change(c, (id) => resumeCampaign(db, id, by(c)), texts(c).resumed))
  app.post('/:id/cancel', (c) => change(c, (id) => cancelCampaign(db, id, by(c)), texts(c).cancelled))
  app.post('/:id/unschedule', (c) =>
    // Past the redirect of a draft, on which what is said would be lost.
    change(c, (id) => unscheduleCampaign(db, id, userIdOf(c)), texts(c).unscheduled, '/schedule'),
  )

  app.post('/:id/duplicate', async (c) => {
    const { id, name } = await presentCampaign(db, idParam(c))
    const copyName = texts(c).copyName(name).slice(0, MAX_NAME)
    const copyId = await copyCampaign(db, id, { name: copyName, userId: userIdOf(c) })
    setFlash(c, 'success', texts(c).copied)
    return c.redirect(`/campaigns/${copyId ?? id}/audience`, 303)
  })

  app.post('/:id/relaunch', async (c) => {
    const { id, name } = await presentCampaign(db, idParam(c))
    const made = await relaunchCampaign(db, id, {
      name: texts(c).relaunchName(name).slice(0, MAX_NAME),
      userId: userIdOf(c),
    })
    setFlash(
      c,
      made ? 'success' : 'warning',
      made ? texts(c).relaunched(made.companies) : texts(c).nobodyLeft,
    )
    return c.redirect(made ? `/campaigns/${made.id}/recipients` : `/campaigns/${id}`, 303)
  })

  app.post('/:id/delete', async (c) => {
    const { id } = await presentCampaign(db, idParam(c))
    const deleted = await deleteCampaign(db, id)
    setFlash(c, deleted ? 'success' : 'warning', deleted ? texts(c).deleted : texts(c).cannotDelete)
    return c.redirect('/campaigns', 303)
  })

  return app
}
