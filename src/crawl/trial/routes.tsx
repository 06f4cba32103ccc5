import { Hono, type Context } from 'hono'
import { setFlash } from '#src/auth/flash.ts'
import { isSessionAlive } from '#src/auth/sessions.ts'
import { isPreset, type CrawlPreset } from '#src/companies/crawl-budget.ts'
import { formValues } from '#src/companies/read-request.ts'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import { AppError } from '#src/lib/errors.ts'
import { streamProgress } from '#src/operations/progress-stream.ts'
import { TrialPage, TrialProgress } from '#templates/crawl/trial.tsx'
import { trialMessages } from '#templates/crawl/trial-messages.ts'
import type { FormState } from '#templates/page.ts'
import { createMxCheck, systemMxResolver } from '../contacts/check-mx.ts'
import { databaseForMx } from '../contacts/queries-mail.ts'
import { crawlTools } from '../crawl-tools.ts'
import { limitsOf } from '../crawl-limits.ts'
import type { SiteRecord } from '../site-record.ts'
import { addTriedCompany } from './add-tried-company.ts'
import { readSiteUrl } from './read-site-url.ts'
import { createTrials, type TrialResult } from './trials.ts'

const DEFAULT_PRESET: CrawlPreset = 'quick'
const MAX_URL = 2_000

/** /site-test: one site tried on this server, seen live, stored nowhere. `judge` gives findings and score. */
export const trialRoutes = (
  deps: Deps,
  judge: (site: SiteRecord) => Promise<Omit<TrialResult, 'site'>>,
): Hono<AppEnv> => {
  const { clock, log } = deps
  const memory = databaseForMx(deps)
  const checkMx = createMxCheck({ resolver: systemMxResolver(), memory, now: clock.now })
  const trials = createTrials({
    clock,
    log,
    judge,
    tools: (signal) => ({
      ...crawlTools({
        settings: deps.config,
        politeness: deps.politeness,
        threads: deps.threads,
        ...(deps.renderer && { renderer: deps.renderer }),
        checkMx,
        signal,
      }),
      now: clock.now,
    }),
  })
  const app = new Hono<AppEnv>()

  const show = (c: Context<AppEnv>, form: FormState, preset: CrawlPreset, status: 200 | 422 = 200) => {
    const trial = trials.of(userId(c))
    const wanted = c.req.query('trial')
    const gone = wanted !== undefined && trial?.id !== wanted
    const most = limitsOf({ preset: trial?.preset ?? preset }).pages
    const view = { form, preset, most, gone, trial: status === 422 || gone ? null : trial }
    return c.html(<TrialPage page={c.get('page')} {...view} />, status)
  }

  app.get('/', (c) => {
    const trial = trials.of(userId(c))
    const url = (c.req.query('url') ?? trial?.url ?? '').slice(0, MAX_URL)
    return show(c, { values: { url }, errors: {} }, trial?.preset ?? DEFAULT_PRESET)
  })

  app.post('/', async (c) => {
    const values = await formValues(c)
    const preset = isPreset(values['preset']) ? values['preset'] : DEFAULT_PRESET
    const t = trialMessages(c.get('page').locale)
    const read = readSiteUrl(values['url'] ?? '')
    if (!read.ok) return show(c, { values, errors: { url: t[read.problem] } }, preset, 422)
    const trial = trials.start(userId(c), read.url, preset)
    if (typeof trial !== 'string') return c.redirect(`/site-test?trial=${trial.id}`, 303)
    setFlash(c, 'warning', t[trial])
    return c.redirect(trial === 'busy' ? '/site-test' : `/site-test?url=${encodeURIComponent(read.url)}`, 303)
  })

  app.get('/events', (c) => {
    const id = userId(c)
    const page = c.get('page')
    return streamProgress(c, {
      events: { subscribe: (listener) => trials.subscribe(id, () => listener(null)) },
      concerns: () => true,
      mayWatch: () => isSessionAlive(deps, c.get('sessionId')),
      render: async () => {
        const trial = trials.of(id)
        const most = trial ? limitsOf({ preset: trial.preset }).pages : 0
        return trial ? (<TrialProgress page={page} trial={trial} most={most} />).toString() : ''
      },
    })
  })

  // Asked once by the live page when it has been told of the end: it is shown anew, with the result.
  app.get('/state', (c) => {
    if (trials.of(userId(c))?.state !== 'running') c.header('HX-Refresh', 'true')
    return c.body(null, 204)
  })

  app.post('/stop', (c) => {
    const id = userId(c)
    trials.stop(id)
    const trial = trials.of(id)
    return c.redirect(trial ? `/site-test?trial=${trial.id}` : '/site-test', 303)
  })

  app.get('/document', (c) => {
    const { document } = resultOf(c).result
    const host = new URL(document.finalUrl).hostname.replace(/[^\w.-]/g, '')
    c.header('Content-Disposition', `attachment; filename="${host || 'site'}.json"`)
    c.header('Content-Type', 'application/json; charset=utf-8')
    return c.body(JSON.stringify(document, null, 2))
  })

  app.post('/company', async (c) => {
    const t = trialMessages(c.get('page').locale)
    const added = await addTriedCompany(deps, resultOf(c), userId(c))
    const id = added && ('id' in added ? added.id : added.doubles[0]?.id)
    if (!added || !id) {
      setFlash(c, 'warning', t.notAddable)
      return c.redirect('/site-test', 303)
    }
    setFlash(c, 'id' in added ? 'success' : 'warning', 'id' in added ? t.added : t.known)
    return c.redirect(`/companies/${id}`, 303)
  })

  const resultOf = (c: Context<AppEnv>) => {
    const trial = trials.of(userId(c))
    if (!trial?.result) throw new AppError('no_trial', 'There is no finished trial.', { status: 404 })
    return { preset: trial.preset, result: trial.result }
  }

  return app
}

const userId = (c: Context<AppEnv>): number => c.get('page').user?.id ?? 0
