import { Hono, type Context } from 'hono'
import { setFlash } from '#src/auth/flash.ts'
import { budgetTexts, outOfBoundsText } from '#src/companies/budget-messages.ts'
import { readCrawlBudget } from '#src/companies/crawl-budget.ts'
import { findCompany } from '#src/companies/queries-edit.ts'
import { formValues, found, idParam, userIdOf } from '#src/companies/read-request.ts'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import { robotsMessages } from '#templates/crawl/robots-messages.ts'
import { keepCrawlBudget } from './queries-request.ts'
import { obeyRobots, overrideRobots, readReason } from './robots-override.ts'

/** What crawling one company's site may cost, now and later. */
export const crawlSettingsRoutes = ({ db }: Pick<Deps, 'db'>): Hono<AppEnv> => {
  const app = new Hono<AppEnv>()

  app.post('/:id/crawl-settings', async (c) => {
    const { id } = await present(db, c)
    const { locale } = c.get('page')
    const read = readCrawlBudget(await formValues(c))
    if (read.ok) await keepCrawlBudget(db, [id], read.budget)
    setFlash(
      c,
      read.ok ? 'success' : 'warning',
      read.ok ? budgetTexts(locale).saved : outOfBoundsText(locale, read.problem.field),
    )
    return c.redirect(`/companies/${id}#crawl-settings`, 303)
  })

  return app
}

/** Whether one company's site is crawled against its robots.txt: for administrators only. */
export const robotsRoutes = ({ db, clock }: Pick<Deps, 'db' | 'clock'>): Hono<AppEnv> => {
  const app = new Hono<AppEnv>()

  app.post('/:id/robots-override', async (c) => {
    const { id } = await present(db, c)
    const t = robotsMessages(c.get('page').locale)
    const reason = readReason((await formValues(c))['reason'] ?? '')
    const decision = reason && { at: clock.now(), userId: userIdOf(c), reason }
    const done = decision ? await overrideRobots(db, id, decision) : false
    setFlash(c, done ? 'success' : 'warning', done ? t.nowIgnored : reason ? t.noSite : t.reasonMissing)
    return c.redirect(`/companies/${id}#crawl-settings`, 303)
  })

  app.post('/:id/robots-override/end', async (c) => {
    const { id } = await present(db, c)
    await obeyRobots(db, id, userIdOf(c))
    setFlash(c, 'success', robotsMessages(c.get('page').locale).nowObeyed)
    return c.redirect(`/companies/${id}#crawl-settings`, 303)
  })

  return app
}

const present = async (db: Deps['db'], c: Context) => {
  const company = found(await findCompany(db, idParam(c)))
  return found(company.deletedAt === null ? company : null)
}
