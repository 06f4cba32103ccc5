import { Hono, type Context } from 'hono'
import { setFlash } from '#src/auth/flash.ts'
import { formValues, idParam } from '#src/companies/read-request.ts'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import { AppError } from '#src/lib/errors.ts'
import { LimitsPage } from '#templates/mail-limits/limits-page.tsx'
import { limitMessages, limitProblemText } from '#templates/mail-limits/messages.ts'
import { emptyForm, type FormState } from '#templates/page.ts'
import { pauseAccount, resumeAccount } from './pause.ts'
import { KNOWN_PROVIDERS } from './provider.ts'
import {
  closeBreaker,
  countProviderLimits,
  deleteProviderLimit,
  storeProviderLimit,
} from './queries-overview.ts'
import { readOverview, type LimitsOverview } from './read-overview.ts'
import { readProviderLimit } from './read-provider-limit.ts'

const MAX_PROVIDERS = 100

/** /settings/mail/:id/limits: what an account has used of its limits, its limits per provider, its breakers and pauses. */
export const limitRoutes = ({ db, clock }: Pick<Deps, 'db' | 'clock'>): Hono<AppEnv> => {
  const app = new Hono<AppEnv>()

  const present = async (c: Context): Promise<LimitsOverview> => {
    const overview = await readOverview(db, idParam(c), clock.now())
    if (overview) return overview
    throw new AppError('not_found', 'There is no such sending account.', { status: 404 })
  }

  const show = (c: Context<AppEnv>, overview: LimitsOverview, form: FormState) =>
    c.html(
      <LimitsPage page={c.get('page')} overview={overview} providers={KNOWN_PROVIDERS} form={form} />,
      form === emptyForm ? 200 : 422,
    )

  const back = (c: Context<AppEnv>, id: number, kind: 'success' | 'warning', text: string) => {
    setFlash(c, kind, text)
    return c.redirect(`/settings/mail/${id}/limits`, 303)
  }

  const texts = (c: Context<AppEnv>) => limitMessages(c.get('page').locale)

  app.get('/:id/limits', async (c) => show(c, await present(c), emptyForm))

  app.post('/:id/limits', async (c) => {
    const overview = await present(c)
    const values = await formValues(c)
    const { locale } = c.get('page')
    const read = readProviderLimit(values)
    if (!read.ok) {
      const errors = Object.entries(read.problems).map(([name, problem]) => [
        name,
        limitProblemText(locale, problem),
      ])
      return show(c, overview, { values, errors: Object.fromEntries(errors) })
    }
    const { provider, limits } = read
    const isNew = !overview.providers.some((one) => one.provider === provider)
    if (isNew && (await countProviderLimits(db, overview.id)) >= MAX_PROVIDERS)
      return show(c, overview, { values, errors: { provider: texts(c).tooMany(MAX_PROVIDERS) } })
    await storeProviderLimit(db, { accountId: overview.id, provider, limits })
    return back(c, overview.id, 'success', texts(c).saved)
  })

  app.post('/:id/limits/delete', async (c) => {
    const { id } = await present(c)
    const { provider = '' } = await formValues(c)
    const deleted = await deleteProviderLimit(db, id, provider)
    return back(c, id, deleted ? 'success' : 'warning', deleted ? texts(c).deleted : texts(c).gone)
  })

  app.post('/:id/limits/try', async (c) => {
    const { id } = await present(c)
    const { provider = '' } = await formValues(c)
    const closed = await closeBreaker(db, id, provider)
    return back(c, id, closed ? 'success' : 'warning', closed ? texts(c).tried : texts(c).gone)
  })

  app.post('/:id/limits/pause', async (c) => {
    const { id } = await present(c)
    const paused = await db.transaction((tx) =>
      pauseAccount(tx, id, { reason: 'hand', detail: '' }, clock.now()),
    )
    return back(c, id, paused ? 'success' : 'warning', paused ? texts(c).paused : texts(c).gone)
  })

  app.post('/:id/limits/resume', async (c) => {
    const { id } = await present(c)
    const resumed = await db.transaction((tx) => resumeAccount(tx, id, clock.now()))
    return back(c, id, resumed ? 'success' : 'warning', resumed ? texts(c).resumed : texts(c).gone)
  })

  return app
}
