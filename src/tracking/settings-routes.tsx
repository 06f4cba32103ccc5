import { Hono, type Context } from 'hono'
import { z } from 'zod'
import { setFlash } from '#src/auth/flash.ts'
import { formValues } from '#src/companies/read-request.ts'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import { trackingSettingsMessages } from '#templates/tracking/settings-messages.ts'
import { TrackingSettingsPage } from '#templates/tracking/settings.tsx'
import { RECLASSIFY_JOB } from './jobs.ts'
import { lastReclassified } from './reclassify.ts'
import {
  mayBegin,
  readTrackingSettings,
  trackingSettings,
  writeTrackingSettings,
} from './tracking-settings.ts'

const { opens, addresses, factMonths } = trackingSettings.shape
// The defaults stand in for what is stored; what is sent has to be right.
const form = z.object({
  opens: opens.unwrap(),
  clicks: opens.unwrap(),
  addresses: addresses.unwrap(),
  honeypot: z.literal('1').optional(),
  factMonths: factMonths.unwrap(),
  eventMonths: factMonths.unwrap(),
  bodyMonths: factMonths.unwrap(),
})

/** /settings/tracking: how mails are tracked, how long what comes of it is kept, and which key signs the links. */
export const trackingSettingsRoutes = (deps: Pick<Deps, 'db' | 'queue'>): Hono<AppEnv> => {
  const { db, queue } = deps
  const app = new Hono<AppEnv>()

  const show = async (
    c: Context<AppEnv>,
    given: { values: Record<string, string>; errors: Record<string, string> },
  ) => {
    const view = { settings: await readTrackingSettings(db), last: await lastReclassified(db), form: given }
    const status = Object.keys(given.errors).length > 0 ? 422 : 200
    return c.html(<TrackingSettingsPage page={c.get('page')} view={view} />, status)
  }

  app.get('/', (c) => show(c, { values: {}, errors: {} }))

  app.post('/', async (c) => {
    const t = trackingSettingsMessages(c.get('page').locale)
    const values = await formValues(c)
    const parsed = form.safeParse(values)
    if (!parsed.success) {
      const fields = parsed.error.issues.map(({ path }) => String(path[0] ?? ''))
      const errors = Object.fromEntries(
        fields.map((field) => [field, field.endsWith('Months') ? t.badMonths : t.badChoice]),
      )
      return show(c, { values: { ...values, honeypot: values['honeypot'] ?? '' }, errors })
    }
    const { keyGeneration } = await readTrackingSettings(db)
    await writeTrackingSettings(db, { ...parsed.data, honeypot: parsed.data.honeypot === '1', keyGeneration })
    setFlash(c, 'success', t.saved)
    return c.redirect('/settings/tracking', 303)
  })

  app.post('/key', async (c) => {
    const t = trackingSettingsMessages(c.get('page').locale)
    const settings = await readTrackingSettings(db)
    const keyGeneration = settings.keyGeneration + 1
    // Asked for twice, only one new key is begun: the form says which one it saw.
    const seen = Number((await formValues(c))['generation'])
    if (seen === settings.keyGeneration) {
      if (!(await mayBegin(db, keyGeneration))) {
        setFlash(c, 'danger', t.keyUnknownToEdge)
        return c.redirect('/settings/tracking#keys', 303)
      }
      await writeTrackingSettings(db, { ...settings, keyGeneration })
    }
    setFlash(c, 'success', t.keyBegun)
    return c.redirect('/settings/tracking#keys', 303)
  })

  app.post('/reclassify', async (c) => {
    await queue.enqueue(db, RECLASSIFY_JOB, [{}], { singletonKey: RECLASSIFY_JOB })
    setFlash(c, 'success', trackingSettingsMessages(c.get('page').locale).reclassifyAsked)
    return c.redirect('/settings/tracking#reclassify', 303)
  })

  return app
}
