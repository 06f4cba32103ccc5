import { Hono, type Context } from 'hono'
import { z } from 'zod'
import { setFlash } from '#src/auth/flash.ts'
import { isSessionAlive } from '#src/auth/sessions.ts'
import { exportType } from '#src/companies/export-companies.ts'
import { formIds, formValues, idParam, userIdOf } from '#src/companies/read-request.ts'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import { AppError } from '#src/lib/errors.ts'
import { POLICY_WITH_FRAME } from '#src/lib/security-headers.ts'
import { streamProgress } from '#src/operations/progress-stream.ts'
import { CampaignPage, LiveResults } from '#templates/campaign-results/campaign-page.tsx'
import { resultMessages } from '#templates/campaign-results/messages.ts'
import { RecipientPage } from '#templates/campaign-results/recipient-page.tsx'
import { planNextStep } from '../planning/plan-next-step.ts'
import { releaseHeld } from '../planning/queries-freshness.ts'
import { findCampaign, logCampaign, type Campaign } from '../planning/queries-states.ts'
import { countUnknownAsSent, resendUnknown } from '../sending/queries-ledger.ts'
import { rehearseCampaign } from '../rehearsal/rehearse.ts'
import { tellOutcome } from '../reports/routes.tsx'
import { sendReportNow } from '../reports/send-report.ts'
import { exportRecipients } from './export-recipients.ts'
import { listLog, listUnknown, skipHeld } from './queries-campaign.ts'
import type { StoredNumbers } from './queries-numbers.ts'
import { countRecipients, findKeptMail, listRecipients, picturesByKey } from './queries-recipients.ts'
import { numbersReader } from './read-numbers.ts'
import { pauseText, reasonText } from './reason-text.ts'
import { RECIPIENT_FILTERS, recipientQuery, type RecipientQuery } from './recipient-filter.ts'
import { MAIL_POLICY, picturesOf, shownHtml } from './shown-mail.ts'
import { unzipped, viewRecipient } from './view-recipient.ts'
import { whenChanged } from './when-changed.ts'

const ROWS_PER_PAGE = 50
/** Searches count no further than this. */
const MOST_COUNTED = 5_000
const exportFormat = z.enum(['csv', 'xlsx']).catch('csv')
const rowIdOf = (c: Context): number => idParam(c, 'row')
const noSuchCampaign = () => new AppError('not_found', 'There is no such campaign.', { status: 404 })

type Parts = Pick<Deps, 'db' | 'clock' | 'log' | 'config' | 'keys' | 'queue'>

/** /campaigns/:id of a campaign that is no draft any more: its results, live, its recipients one by one, and what a
 *  person has to decide. `draftPath`: where a draft goes on. */
export const campaignResultRoutes = (
  deps: Parts,
  draftPath: (id: number) => string,
  { lookEveryMs }: { lookEveryMs?: number } = {},
): Hono<AppEnv> => {
  const { db, clock } = deps
  const reader = numbersReader(deps)
  const app = new Hono<AppEnv>()

  const present = async (c: Context): Promise<Campaign> => {
    const campaign = await findCampaign(db, idParam(c))
    if (!campaign) throw noSuchCampaign()
    return campaign
  }
  const viewOf = (c: Context<AppEnv>, campaign: Campaign, stored: StoredNumbers) => ({
    campaign,
    stored,
    pauseText: pauseText(c.get('page').locale, campaign),
  })

  app.get('/:id', async (c) => {
    const campaign = await present(c)
    if (campaign.state === 'draft') return c.redirect(draftPath(campaign.id), 303)
    const [stored, log] = await Promise.all([reader.read(campaign.id), listLog(db, campaign.id)])
    const list = await listOf(c, campaign.id, stored)
    return c.html(
      <CampaignPage page={c.get('page')} view={viewOf(c, campaign, stored)} list={list} log={log} />,
    )
  })

  const listOf = async (c: Context<AppEnv>, campaignId: number, { numbers }: StoredNumbers) => {
    const query = recipientQuery.parse(c.req.query())
    const wanted = { campaignId, filter: query.filter, q: query.q }
    const total =
      query.q === ''
        ? knownCount(query.filter, numbers.counts)
        : await countRecipients(db, wanted, MOST_COUNTED)
    const paging = { limit: ROWS_PER_PAGE, offset: (query.page - 1) * ROWS_PER_PAGE }
    const rows = await listRecipients(db, { ...wanted, ...paging })
    const { locale } = c.get('page')
    const codes = [...new Set(rows.flatMap(({ reason }) => reason ?? []))]
    return {
      rows,
      reasons: new Map(codes.map((code) => [code, reasonText(locale, code)])),
      query,
      pages: Math.max(1, Math.ceil(total / ROWS_PER_PAGE)),
      filters: RECIPIENT_FILTERS,
    }
  }

  app.get('/:id/events', async (c) => {
    const { id } = await present(c)
    const page = c.get('page')
    const render = async () => {
      const campaign = await findCampaign(db, id)
      if (!campaign) return ''
      const view = viewOf(c, campaign, await reader.read(id))
      return (<LiveResults page={page} view={view} />).toString()
    }
    return streamProgress(c, {
      events: whenChanged(async () => {
        const [campaign, { numbers }] = await Promise.all([findCampaign(db, id), reader.read(id)])
        return JSON.stringify([campaign?.updatedAt, numbers])
      }, lookEveryMs),
      concerns: () => true,
      mayWatch: () => isSessionAlive(deps, c.get('sessionId')),
      render,
    })
  })

  app.get('/:id/export', async (c) => {
    const { id, name } = await present(c)
    const { filter, q } = recipientQuery.parse(c.req.query())
    const format = exportFormat.parse(c.req.query('format'))
    const day = clock.now().toISOString().slice(0, 10)
    c.header('Content-Type', exportType[format])
    c.header('Content-Disposition', `attachment; filename="prospectlab-campaign-${id}-${day}.${format}"`)
    const { locale } = c.get('page')
    return c.body(exportRecipients(db, { campaignId: id, name, filter, q }, { format, locale }))
  })

  app.get('/:id/recipients/:row', async (c) => {
    const campaign = await present(c)
    const row = rowIdOf(c)
    const mails = await viewRecipient(db, campaign, row, c.get('page').locale)
    if (mails.length === 0) throw noSuchCampaign()
    c.header('Content-Security-Policy', POLICY_WITH_FRAME)
    return c.html(<RecipientPage page={c.get('page')} campaign={campaign} mails={mails} current={row} />)
  })

  app.get('/:id/recipients/:row/mail', async (c) => {
    const { id } = await present(c)
    const html = unzipped((await findKeptMail(db, id, rowIdOf(c)))?.html ?? null)
    if (html === null) throw noSuchCampaign()
    c.header('Content-Security-Policy', MAIL_POLICY)
    c.header('X-Frame-Options', 'SAMEORIGIN')
    return c.html(shownHtml(html, await picturesByKey(db, picturesOf(html))))
  })

  app.post('/:id/unknown', async (c) => {
    const { id } = await present(c)
    const t = resultMessages(c.get('page').locale)
    const chosen = await formIds(c, 'ids')
    const resend = (await formValues(c))['do'] === 'resend'
    const ids = await listUnknown(db, id, chosen.length > 0 ? chosen : null)
    const done = resend
      ? await resendUnknown(db, ids, userIdOf(c))
      : await db.transaction(async (tx) => {
          const counted = await countUnknownAsSent(tx, ids, userIdOf(c))
          await planNextStep(tx, counted)
          return counted
        })
    const text = resend ? t.resent(done.length) : t.counted(done.length)
    setFlash(c, done.length > 0 ? 'success' : 'warning', done.length > 0 ? text : t.nothingDecided)
    await reader.count(id)
    return c.redirect(`/campaigns/${id}`, 303)
  })

  app.post('/:id/held', async (c) => {
    const { id } = await present(c)
    const t = resultMessages(c.get('page').locale)
    const chosen = await formIds(c, 'ids')
    const ids = chosen.length > 0 ? chosen : null
    const skips = (await formValues(c))['do'] === 'skip'
    const count = skips ? await skipHeld(db, id, ids) : await releaseHeld(db, id, ids ?? 'all')
    const kind = skips ? 'held_skipped' : 'held_released'
    if (count > 0) await logCampaign(db, { campaignId: id, kind, userId: userIdOf(c), detail: { count } })
    const text = skips ? t.skippedCount(count) : t.releasedCount(count)
    setFlash(c, count > 0 ? 'success' : 'warning', count > 0 ? text : t.nothingDecided)
    await reader.count(id)
    return c.redirect(`/campaigns/${id}`, 303)
  })

  app.post('/:id/report', async (c) => {
    const { id } = await present(c)
    const to = c.get('page').user?.email
    tellOutcome(
      c,
      to === undefined ? { state: 'no_address' } : await sendReportNow(deps, { campaignId: id, to }),
    )
    return c.redirect(`/campaigns/${id}`, 303)
  })

  app.post('/:id/rehearse', async (c) => {
    const { id } = await present(c)
    const t = resultMessages(c.get('page').locale)
    const copy = await rehearseCampaign(deps, id, { name: t.rehearsalOf, userId: userIdOf(c) })
    if (copy === null) throw noSuchCampaign()
    setFlash(c, 'success', t.rehearsing)
    return c.redirect(`/campaigns/${copy}`, 303)
  })

  return app
}

/** How many a filter finds, as counted for the funnel. */
const knownCount = (filter: RecipientQuery['filter'], counts: StoredNumbers['numbers']['counts']): number =>
  filter === 'all'
    ? counts.planned
    : filter === 'opened'
      ? counts.openedByPeople
      : filter === 'clicked'
        ? counts.clickedByPeople
        : counts[filter]
