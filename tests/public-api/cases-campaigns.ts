import { expect } from 'bun:test'
import type { ContractCase, World } from './contract-case.ts'
import { givenCompany } from './given-company.ts'
import { givenHit, givenMessage } from './given-message.ts'

const NOBODY = 2_147_483_646
const unknown = (endpoint: string, path: string): ContractCase => ({
  endpoint,
  name: 'what is not there is not found',
  status: 404,
  request: { path },
})

/** Two mails, one opened by a person and a scanner and clicked in; an aggregate open besides. */
const givenCampaign = async ({ sql }: World, campaign: number): Promise<number> => {
  const company = await givenCompany(sql)
  const first = await givenMessage(sql, { campaign_id: campaign, company_id: company })
  await givenMessage(sql, { campaign_id: campaign, state: 'failed', smtp_reply: '550 no such user' })
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
    request: async (world) => ({ path: `/campagnes?entreprise_id=${await givenCampaign(world, 9001)}` }),
    expect: ({ data }) =>
      expect(data).toMatchObject([
        { id: 9001, statut: 'completed', total_destinataires: 2, total_reussis: 1, total_echoues: 1 },
      ]),
  },
  {
    endpoint: 'get /entreprises/:id/campagnes',
    name: 'of this status',
    status: 200,
    request: async (world) => ({
      path: `/entreprises/${await givenCampaign(world, 9002)}/campagnes?statut=running`,
    }),
    expect: (body) => expect(body).toMatchObject({ count: 0, data: [] }),
  },
  unknown('get /entreprises/:id/campagnes', `/entreprises/${NOBODY}/campagnes`),
  {
    endpoint: 'get /campagnes/:id',
    name: 'with numbers of people and raw',
    status: 200,
    arrange: async (world) => void (await givenCampaign(world, 9003)),
    request: { path: '/campagnes/9003' },
    expect: ({ data }) =>
      expect(data).toMatchObject({ total_opens: 1, opens: { raw: 2, human: 1, unique: 1 }, open_rate: 100 }),
  },
  unknown('get /campagnes/:id', `/campagnes/${NOBODY}`),
  {
    endpoint: 'get /campagnes/:id/emails',
    name: 'mails with their hits',
    status: 200,
    arrange: async (world) => void (await givenCampaign(world, 9004)),
    request: { path: '/campagnes/9004/emails?limit=1' },
    expect: (body) => {
      expect(body).toMatchObject({ campagne_id: 9004, count: 1, total: 2 })
      expect(body.data).toMatchObject([{ statut: 'sent', opens: 1, opens_raw: 2, clicks: 1, erreur: null }])
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
      await givenCampaign(world, 9005)
      await givenHit(world.sql, {
        campaign_id: 9005,
        type: 'read_time',
        verdict: 'human',
        detail: { seconds: 12.34 },
      })
    },
    request: { path: '/campagnes/9005/statistics' },
    expect: ({ data }) => {
      expect(data).toMatchObject({ campagne_id: 9005, total_clicks: 1, click_rate: 100, avg_read_time: 12.3 })
      expect(data.deliverability_rate_strict).toBe(50)
      expect(data.stats_by_type.open).toEqual({ raw: 2, human: 1, unique: 1 })
      expect(data.emails).toHaveLength(2)
    },
  },
  unknown('get /campagnes/:id/statistics', `/campagnes/${NOBODY}/statistics`),
]
