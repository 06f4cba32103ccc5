import type { Sql } from '#src/db/open.ts'
import { percentage, shownCampaign } from '../campaigns/campaign-shape.ts'
import { listCampaigns } from '../campaigns/queries-campaigns.ts'
import {
  countCampaigns,
  countCompaniesBy,
  countImports,
  countMailing,
  listLeads,
  type Group,
} from './queries-statistics.ts'

const RECENT_CAMPAIGNS = 5
const UNSAID = 'Non spécifié'
const STAGES = ['À prospecter', 'Contacté', 'RDV', 'Proposition', 'Gagné', 'Perdu']

/** The dashboard of the existing product: everything at once. Numbers of opens and clicks are people's, those with
 *  machines' stand beside them as `*_raw`; touchpoints are not kept yet. */
export const makeDashboard = async (sql: Sql) => {
  const [by, mailing, leads, total_campagnes, total_analyses, campaigns] = await Promise.all([
    countCompaniesBy(sql),
    countMailing(sql),
    listLeads(sql),
    countCampaigns(sql),
    countImports(sql),
    listCampaigns(sql, { companyId: null, statut: null, limit: RECENT_CAMPAIGNS, offset: 0 }),
  ])
  const { totals } = by
  const stages = byValue(by.etapes)
  const funnel = STAGES.map((etape) => ({ etape, count: stages[etape] ?? 0 }))
  const statuses = byValue(by.statuts)
  const reponses = (statuses['Réponse positive'] ?? 0) + (statuses['Réponse négative'] ?? 0)
  return {
    total_analyses,
    total_entreprises: totals.companies,
    entreprises_avec_email: totals.withEmail,
    favoris: totals.favourites,
    par_statut: statuses,
    par_secteur: byValue(by.secteurs),
    par_opportunite: byValue(by.opportunites),
    par_tags: byValue(by.tags),
    top_tags: by.tags.map(({ value, count }) => ({ tag: value, count })),
    secteurs_gagnes: by.wonSectors.map(({ value, count }) => ({ secteur: value ?? UNSAID, count })),
    emails_envoyes: mailing.sent,
    emails_ouverts: mailing.opened,
    emails_cliqués: mailing.clicked,
    emails_ouverts_raw: mailing.opensRaw,
    emails_cliqués_raw: mailing.clicksRaw,
    open_rate: percentage(mailing.opened, mailing.sent),
    click_rate: percentage(mailing.clicked, mailing.sent),
    reponses,
    reply_rate: percentage(reponses, mailing.sent),
    total_campagnes,
    recent_campagnes: campaigns.map(shownCampaign),
    recent_gagnes: leads.won,
    par_etape_prospection: stages,
    crm_funnel: funnel,
    crm_rates: Object.fromEntries(
      funnel.map(({ etape, count }) => [etape, percentage(count, totals.companies)]),
    ),
    rdv: stages['RDV'] ?? 0,
    propositions: stages['Proposition'] ?? 0,
    touchpoints_par_canal: {},
    hot_leads: leads.hot,
    priority_prospects: leads.priority,
    par_pays: byValue(by.pays),
    geo_resume: {
      avec_coordonnees: totals.placed,
      sans_coordonnees: totals.companies - totals.placed,
      pays: by.pays.filter(({ value }) => value !== null).length,
    },
    evolution_trimestrielle: by.quarters.map(({ value, count }) => ({ trimestre: value, count })),
  }
}

const byValue = (groups: readonly Group[]): Record<string, number> =>
  Object.fromEntries(groups.map(({ value, count }) => [value ?? UNSAID, count]))
