import { expect } from 'bun:test'
import type { ContractCase, World } from './contract-case.ts'
import { givenCompany } from './given-company.ts'
import { givenCampaign, givenCampaignMail } from './given-campaign.ts'
import { givenHit } from './given-message.ts'

const NOBODY = 2_147_483_646
const unknown = (endpoint: string, path: string): ContractCase => ({
  endpoint,
  name: 'what is not there is not found',
  status: 404,
  request: { path },
})

/** Two mails, one opened by a person and a scanner and clicked in, and a bounced one; a follow-up besides. */
const givenWhole = async ({ sql }: World, campaign: number): Promise<number> => {
  const company = await givenCompany(sql)
  await givenCampaign(sql, campaign, { scheduled_at: '2026-03-02T08:00:00Z' })
  const first = await givenCampaignMail(sql, campaign, { company_id: company, contact_name: 'Claire' })
  await givenCampaignMail(sql, campaign, { state: 'failed', smtp_reply: '550 no such user' })
  await givenCampaignMail(sql, campaign, { state: 'bounced' })
  await givenCampaignMail(sql, campaign, { company_id: company, position: 1 })
  await givenHit(sql, { message_id: first, campaign_id: campaign, type: 'open', verdict: 'human' })
  await givenHit(sql, { message_id: first, campaign_id: campaign, type: 'open', verdict: 'machine' })
  await givenHit(sql, { message_id: first, campaign_id: campaign, type: 'click', verdict: 'human' })
  return company
}

export const campaignCases: ContractCase[] = [
  {
    endpoint: 'get /campagnes/statuses',
    name: 'the five the existing product lists',
    status: 200,
    request: { path: '/campagnes/statuses' },
    expect: ({ data }) => expect(data).toEqual(['draft', 'scheduled', 'running', 'completed', 'failed']),
  },
  {
    endpoint: 'get /campagnes',
    name: 'those that wrote to a company',
    status: 200,
    request: async (world) => ({ path: `/campagnes?entreprise_id=${await givenWhole(world, 9001)}` }),
    expect: ({ data }) =>
      expect(data).toMatchObject([
        {
          id: 9001,
          nom: 'Sites lents 9001',
          template_id: 7,
          mail_account_id: expect.any(Number),
          sujet: 'Votre site',
          scheduled_at: '2026-03-02T08:00:00.000Z',
          statut: 'completed',
          en_pause: false,
          total_destinataires: 3,
          total_envoyes: 3,
          total_reussis: 2,
          total_echoues: 1,
          total_bounced: 1,
          total_delivered_strict: 1,
        },
      ]),
  },
  {
    endpoint: 'get /entreprises/:id/campagnes',
    name: 'of this status',
    status: 200,
    request: async (world) => ({
      path: `/entreprises/${await givenWhole(world, 9002)}/campagnes?statut=running`,
    }),
    expect: (body) => expect(body).toMatchObject({ count: 0, data: [] }),
  },
  unknown('get /entreprises/:id/campagnes', `/entreprises/${NOBODY}/campagnes`),
  {
    endpoint: 'get /campagnes/:id',
    name: 'with numbers of people and raw',
    status: 200,
    arrange: async (world) => void (await givenWhole(world, 9003)),
    request: { path: '/campagnes/9003' },
    expect: ({ data }) =>
      expect(data).toMatchObject({
        total_opens: 1,
        opens: { raw: 2, human: 1, unique: 1 },
        open_rate: 33.33,
      }),
  },
  unknown('get /campagnes/:id', `/campagnes/${NOBODY}`),
  {
    endpoint: 'get /campagnes/:id/emails',
    name: 'mails with their hits',
    status: 200,
    arrange: async (world) => void (await givenWhole(world, 9004)),
    request: { path: '/campagnes/9004/emails?limit=1' },
    expect: (body) => {
      expect(body).toMatchObject({ campagne_id: 9004, count: 1, total: 4 })
      expect(body.data).toMatchObject([
        { statut: 'sent', nom_destinataire: 'Claire', opens: 1, opens_raw: 2, clicks: 1, erreur: null },
      ])
    },
  },
  {
    endpoint: 'get /campagnes/:id/emails',
    name: 'a cursor that no list gave out is refused',
    status: 400,
    request: { path: '/campagnes/9004/emails?cursor=moi' },
  },
  unknown('get /campagnes/:id/emails', `/campagnes/${NOBODY}/emails`),
  {
    endpoint: 'get /campagnes/:id/statistics',
    name: 'every number of the existing product',
    status: 200,
    arrange: async (world) => {
      await givenWhole(world, 9005)
      await givenHit(world.sql, {
        campaign_id: 9005,
        type: 'read_time',
        verdict: 'human',
        detail: { seconds: 12.34 },
      })
    },
    request: { path: '/campagnes/9005/statistics' },
    expect: ({ data }) => {
      expect(data).toMatchObject({
        campagne_id: 9005,
        total_clicks: 1,
        click_rate: 33.33,
        avg_read_time: 12.3,
      })
      expect(data.deliverability_rate_strict).toBe(33.33)
      expect(data.stats_by_type.open).toEqual({ raw: 2, human: 1, unique: 1 })
      expect(data.emails).toHaveLength(4)
    },
  },
  unknown('get /campagnes/:id/statistics', `/campagnes/${NOBODY}/statistics`),
]
