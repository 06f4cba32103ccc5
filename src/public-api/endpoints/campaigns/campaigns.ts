import { z } from 'zod'
import { failure, failureSchema } from '../../answers/failures.ts'
import {
  CAMPAIGN_STATUSES,
  campaignSchema,
  messageSchema,
  numbersSchema,
  percentage,
  shownCampaign,
  shownMessage,
  shownNumbers,
} from './campaign-shape.ts'
import { cursorParam, makeCursor } from '../../input/cursor.ts'
import { endpoint, type Endpoint } from '../../endpoint.ts'
import { pathId, textParam, wholeParam } from '../../input/params.ts'
import {
  averageReadTime,
  countHits,
  countMessages,
  findCampaign,
  isCampaign,
  listCampaigns,
  listMessages,
} from './queries-campaigns.ts'
import { isCompany } from '../companies/queries-companies.ts'

const MAX_LIMIT = 500
const MAX_EMAILS = 1_000
const TAG = 'campagnes'
const UNKNOWN = failure(404, 'Campagne introuvable.')
const DECIMALS = 10

const params = z.object({ id: pathId })
const paging = {
  limit: wholeParam(100, { min: 1, max: MAX_LIMIT }),
  offset: wholeParam(0),
  statut: textParam(50),
}
const campaignList = z.looseObject({
  success: z.literal(true),
  count: z.int(),
  limit: z.int(),
  offset: z.int(),
  data: z.array(campaignSchema),
})

const statusesEndpoint = endpoint({
  method: 'get',
  path: '/campagnes/statuses',
  scopes: ['campaigns:read'],
  cacheSeconds: 600,
  tag: TAG,
  summary: 'The statuses a campaign can have.',
  answers: { 200: z.looseObject({ success: z.literal(true), count: z.int(), data: z.array(z.string()) }) },
  handle: async () => ({
    status: 200,
    body: { success: true, count: CAMPAIGN_STATUSES.length, data: CAMPAIGN_STATUSES },
  }),
})

const listEndpoint = endpoint({
  method: 'get',
  path: '/campagnes',
  scopes: ['campaigns:read'],
  cacheSeconds: 25,
  tag: TAG,
  summary: 'Campaigns, newest first.',
  query: z.object({ ...paging, entreprise_id: wholeParam(null) }),
  answers: { 200: campaignList },
  handle: async ({ sql, query: { limit, offset, statut, entreprise_id } }) => {
    const rows = await listCampaigns(sql, { companyId: entreprise_id, statut, limit, offset })
    const data = rows.map(shownCampaign)
    return { status: 200, body: { success: true, count: data.length, limit, offset, data } }
  },
})

const ofCompanyEndpoint = endpoint({
  method: 'get',
  path: '/entreprises/:id/campagnes',
  scopes: ['campaigns:read'],
  cacheSeconds: 25,
  tag: TAG,
  summary: 'Campaigns that wrote to a company, newest first.',
  params,
  query: z.object(paging),
  answers: { 200: campaignList.extend({ entreprise_id: z.int() }), 404: failureSchema },
  handle: async ({ sql, params: { id }, query: { limit, offset, statut } }) => {
    if (!(await isCompany(sql, id))) return failure(404, 'Entreprise introuvable.')
    const rows = await listCampaigns(sql, { companyId: id, statut, limit, offset })
    const data = rows.map(shownCampaign)
    return {
      status: 200,
      body: { success: true, entreprise_id: id, count: data.length, limit, offset, data },
    }
  },
})

const campaignEndpoint = endpoint({
  method: 'get',
  path: '/campagnes/:id',
  scopes: ['campaigns:read'],
  cacheSeconds: 25,
  tag: TAG,
  summary: 'One campaign with its numbers: of people, and raw.',
  params,
  answers: {
    200: z.looseObject({ success: z.literal(true), data: campaignSchema.extend(numbersSchema.shape) }),
    404: failureSchema,
  },
  handle: async ({ sql, params: { id } }) => {
    const [row, hits] = await Promise.all([findCampaign(sql, id), countHits(sql, id)])
    if (!row) return UNKNOWN
    const data = { ...shownCampaign(row), ...shownNumbers(row, hits) }
    return { status: 200, body: { success: true, data } }
  },
})

const emailsEndpoint = endpoint({
  method: 'get',
  path: '/campagnes/:id/emails',
  scopes: ['campaigns:read'],
  cacheSeconds: 25,
  tag: TAG,
  summary: 'Mails of a campaign in the order they were made, each with its opens and clicks.',
  params,
  query: z.object({ ...paging, cursor: cursorParam(z.tuple([z.int().min(1).max(2_147_483_647)])) }),
  answers: {
    200: z.looseObject({
      success: z.literal(true),
      campagne_id: z.int(),
      count: z.int(),
      total: z.int(),
      limit: z.int(),
      offset: z.int(),
      data: z.array(messageSchema),
      next_cursor: z.string().nullable(),
    }),
    400: failureSchema,
    404: failureSchema,
  },
  handle: async ({ sql, params: { id }, query: { limit, statut, cursor, ...query } }) => {
    const after = cursor?.[0]
    const offset = after === undefined ? query.offset : 0
    const [campaign, total, rows] = await Promise.all([
      isCampaign(sql, id),
      countMessages(sql, id, statut),
      listMessages(sql, { campaignId: id, state: statut, limit, offset, after }),
    ])
    if (!campaign) return UNKNOWN
    const data = rows.map(shownMessage)
    const last = rows.length === limit ? rows.at(-1) : undefined
    const next_cursor = last ? makeCursor([last.id]) : null
    const body = {
      success: true,
      campagne_id: id,
      count: data.length,
      total,
      limit,
      offset,
      data,
      next_cursor,
    }
    return { status: 200, body }
  },
})

const statisticsEndpoint = endpoint({
  method: 'get',
  path: '/campagnes/:id/statistics',
  scopes: ['campaigns:read'],
  cacheSeconds: 25,
  tag: TAG,
  summary: 'Numbers of a campaign: of people, and raw; `emails` are its first 1,000 mails.',
  params,
  answers: {
    200: z.looseObject({
      success: z.literal(true),
      data: numbersSchema.extend({
        campagne_id: z.int(),
        total_bounced: z.int(),
        total_destinataires: z.int(),
        total_reussis: z.int(),
        total_delivered_strict: z.int(),
        deliverability_rate_strict: z.number(),
        avg_read_time: z.number().nullable(),
        stats_by_type: z.record(z.string(), z.looseObject({ raw: z.int(), human: z.int(), unique: z.int() })),
        emails: z.array(messageSchema),
      }),
    }),
    404: failureSchema,
  },
  handle: async ({ sql, params: { id } }) => {
    const [row, hits, seconds, messages] = await Promise.all([
      findCampaign(sql, id),
      countHits(sql, id),
      averageReadTime(sql, id),
      listMessages(sql, { campaignId: id, state: null, limit: MAX_EMAILS, offset: 0, after: undefined }),
    ])
    if (!row) return UNKNOWN
    const { total_bounced, total_destinataires, total_reussis, total_delivered_strict } = shownCampaign(row)
    const data = {
      campagne_id: id,
      ...shownNumbers(row, hits),
      total_bounced,
      total_destinataires,
      total_reussis,
      total_delivered_strict,
      deliverability_rate_strict: percentage(total_delivered_strict, total_destinataires),
      avg_read_time: seconds === null ? null : Math.round(seconds * DECIMALS) / DECIMALS,
      stats_by_type: Object.fromEntries(
        hits.map(({ type, raw, human, unique, nobody }) => [type, { raw, human, unique: unique + nobody }]),
      ),
      emails: messages.map(shownMessage),
    }
    return { status: 200, body: { success: true, data } }
  },
})

/** Campaigns with their mails and numbers; rehearsals are none. */
export const campaignEndpoints: Endpoint[] = [
  statusesEndpoint,
  listEndpoint,
  ofCompanyEndpoint,
  campaignEndpoint,
  emailsEndpoint,
  statisticsEndpoint,
]
