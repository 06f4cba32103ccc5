import { z } from 'zod'
import { makeDashboard } from './dashboard.ts'
import { endpoint, type Endpoint } from '../../endpoint.ts'
import { wholeParam } from '../../input/params.ts'
import { keepNumbers } from './kept-numbers.ts'
import { countAddedByDay, countCampaigns, countImports, countOverview } from './queries-statistics.ts'

const TAG = 'statistics'
const counts = z.record(z.string(), z.int())
const list = z.array(z.looseObject({}))

const statisticsEndpoint = endpoint({
  method: 'get',
  path: '/statistics',
  scopes: ['statistics:read'],
  cacheSeconds: 45,
  tag: TAG,
  summary:
    'The dashboard. Opens and clicks are those of people, `*_raw` those of machines too; `touchpoints_par_canal` is empty.',
  answers: {
    200: z.looseObject({
      success: z.literal(true),
      data: z.looseObject({
        total_analyses: z.int(),
        total_entreprises: z.int(),
        entreprises_avec_email: z.int(),
        favoris: z.int(),
        par_statut: counts,
        par_secteur: counts,
        par_opportunite: counts,
        par_tags: counts,
        top_tags: list,
        secteurs_gagnes: list,
        emails_envoyes: z.int(),
        emails_ouverts: z.int(),
        emails_cliqués: z.int(),
        emails_ouverts_raw: z.int(),
        emails_cliqués_raw: z.int(),
        open_rate: z.number(),
        click_rate: z.number(),
        reponses: z.int(),
        reply_rate: z.number(),
        total_campagnes: z.int(),
        recent_campagnes: list,
        recent_gagnes: list,
        par_etape_prospection: counts,
        crm_funnel: list,
        crm_rates: z.record(z.string(), z.number()),
        rdv: z.int(),
        propositions: z.int(),
        touchpoints_par_canal: counts,
        hot_leads: list,
        priority_prospects: list,
        par_pays: counts,
        geo_resume: z.looseObject({}),
        evolution_trimestrielle: list,
      }),
    }),
  },
  handle: async ({ sql, clock }) => {
    const data = await keepNumbers(sql, 'dashboard', clock.now(), () => makeDashboard(sql))
    return { status: 200, body: { success: true, data } }
  },
})

const overviewEndpoint = endpoint({
  method: 'get',
  path: '/statistics/overview',
  scopes: ['statistics:read'],
  cacheSeconds: 45,
  tag: TAG,
  summary:
    'Totals, and companies added on each of the last days (UTC). `total_emails` are addresses found on sites.',
  query: z.object({ days: wholeParam(7, { min: 1, max: 90 }) }),
  answers: {
    200: z.looseObject({
      success: z.literal(true),
      data: z.looseObject({
        total_entreprises: z.int(),
        total_analyses: z.int(),
        total_campagnes: z.int(),
        total_emails: z.int(),
        emails_envoyes: z.int(),
        trend_entreprises: z.array(z.looseObject({ date: z.iso.date(), count: z.int() })),
      }),
    }),
  },
  handle: async ({ sql, clock, query: { days } }) => {
    const now = clock.now()
    const [overview, total_analyses, total_campagnes, trend] = await Promise.all([
      keepNumbers(sql, 'overview', now, () => countOverview(sql)),
      countImports(sql),
      countCampaigns(sql),
      countAddedByDay(sql, now, days),
    ])
    const data = {
      total_entreprises: overview.companies,
      total_analyses,
      total_campagnes,
      total_emails: overview.emails,
      emails_envoyes: overview.sent,
      trend_entreprises: trend,
    }
    return { status: 200, body: { success: true, data } }
  },
})

/** Numbers of everything. */
export const statisticsEndpoints: Endpoint[] = [statisticsEndpoint, overviewEndpoint]
