import { z } from 'zod'
import type { CampaignRow, HitNumbers, MessageRow } from './queries-campaigns.ts'

const text = z.string().nullable()
const moment = z.iso.datetime()
const numbers = z.looseObject({ raw: z.int(), human: z.int(), unique: z.int() })

/** As the existing product lists them. */
export const CAMPAIGN_STATUSES = ['draft', 'scheduled', 'running', 'completed', 'failed'] as const

/** `template_id`, `mail_account_id` and `scheduled_at` are null, `nom` is made of the number, until campaigns are kept
 *  themselves; bounces are not read yet. */
export const campaignSchema = z.looseObject({
  id: z.int(),
  nom: z.string(),
  template_id: z.null(),
  mail_account_id: z.null(),
  sujet: text,
  statut: z.string(),
  total_destinataires: z.int(),
  total_envoyes: z.int(),
  total_reussis: z.int(),
  total_echoues: z.int(),
  total_bounced: z.int(),
  total_delivered_strict: z.int(),
  scheduled_at: z.null(),
  date_creation: moment,
})

/** Numbers of people, and raw ones with those of machines; `unique`: mails that people opened, or clicked in. Rates are
 *  percentages of the mails handed over. */
export const numbersSchema = z.looseObject({
  total_emails: z.int(),
  total_opens: z.int(),
  total_clicks: z.int(),
  open_rate: z.number(),
  click_rate: z.number(),
  opens: numbers,
  clicks: numbers,
})

export const messageSchema = z.looseObject({
  id: z.int(),
  campagne_id: z.int(),
  entreprise_id: z.int().nullable(),
  entreprise: text,
  email: z.string(),
  nom_destinataire: z.null(),
  sujet: z.string(),
  statut: z.enum(['waiting', 'sent', 'failed', 'unknown']),
  erreur: text,
  date_envoi: moment.nullable(),
  opens: z.int(),
  opens_raw: z.int(),
  clicks: z.int(),
  clicks_raw: z.int(),
})

const campaignStatus = ({ waiting, sent, failed }: CampaignRow): string =>
  waiting > 0 ? 'running' : sent === 0 && failed > 0 ? 'failed' : 'completed'

export const shownCampaign = (row: CampaignRow) => ({
  id: row.id,
  nom: `Campagne ${row.id}`,
  template_id: null,
  mail_account_id: null,
  sujet: row.sujet,
  statut: campaignStatus(row),
  total_destinataires: row.total,
  total_envoyes: row.total - row.waiting,
  total_reussis: row.sent,
  total_echoues: row.failed,
  total_bounced: 0,
  total_delivered_strict: row.sent,
  scheduled_at: null,
  date_creation: row.date_creation,
})

const HUNDRED = 100

/** A percentage with two decimals, never above 100. */
export const percentage = (part: number, whole: number): number =>
  whole === 0 ? 0 : Math.round((HUNDRED * HUNDRED * Math.min(part, whole)) / whole) / HUNDRED

/** Numbers of one type; what people did in aggregate counts as that many mails. */
const numbersFor = (hits: readonly HitNumbers[], type: string) => {
  const found = hits.find((one) => one.type === type)
  return {
    raw: found?.raw ?? 0,
    human: found?.human ?? 0,
    unique: (found?.unique ?? 0) + (found?.nobody ?? 0),
  }
}

export const shownNumbers = ({ sent }: CampaignRow, hits: readonly HitNumbers[]) => {
  const opens = numbersFor(hits, 'open')
  const clicks = numbersFor(hits, 'click')
  return {
    total_emails: sent,
    total_opens: opens.human,
    total_clicks: clicks.human,
    open_rate: percentage(opens.unique, sent),
    click_rate: percentage(clicks.unique, sent),
    opens,
    clicks,
  }
}

export const shownMessage = ({ state, smtp_reply, date_creation: _made, ...row }: MessageRow) => ({
  ...row,
  nom_destinataire: null,
  statut: state,
  erreur: state === 'sent' || state === 'waiting' ? null : smtp_reply,
})
