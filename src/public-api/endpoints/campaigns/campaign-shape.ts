import { z } from 'zod'
import type { CampaignRow, HitNumbers, MessageRow } from './queries-campaigns.ts'

const text = z.string().nullable()
const moment = z.iso.datetime()
const numbers = z.looseObject({ raw: z.int(), human: z.int(), unique: z.int() })

/** As the existing product lists them. */
export const CAMPAIGN_STATUSES = ['draft', 'scheduled', 'running', 'completed', 'failed'] as const

/** Totals are of recipients; `total_bounced` are those whose address refused one of the mails. A paused campaign keeps
 *  its status and says `en_pause`. */
export const campaignSchema = z.looseObject({
  id: z.int(),
  nom: z.string(),
  template_id: z.int().nullable(),
  mail_account_id: z.int().nullable(),
  sujet: text,
  statut: z.string(),
  en_pause: z.boolean(),
  total_destinataires: z.int(),
  total_envoyes: z.int(),
  total_reussis: z.int(),
  total_echoues: z.int(),
  total_bounced: z.int(),
  total_delivered_strict: z.int(),
  scheduled_at: moment.nullable(),
  date_creation: moment,
  date_debut: moment.nullable(),
  date_fin: moment.nullable(),
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
  nom_destinataire: text,
  sujet: z.string(),
  statut: z.enum(['waiting', 'sent', 'failed', 'unknown', 'bounced']),
  erreur: text,
  date_envoi: moment.nullable(),
  opens: z.int(),
  opens_raw: z.int(),
  clicks: z.int(),
  clicks_raw: z.int(),
})

export const shownCampaign = ({
  total,
  sent,
  failed,
  unknown,
  bounced,
  mails: _mails,
  ...row
}: CampaignRow) => ({
  ...row,
  total_destinataires: total,
  total_envoyes: sent + failed + unknown,
  total_reussis: sent,
  total_echoues: failed,
  total_bounced: bounced,
  total_delivered_strict: Math.max(0, sent - bounced),
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

export const shownNumbers = ({ mails }: CampaignRow, hits: readonly HitNumbers[]) => {
  const opens = numbersFor(hits, 'open')
  const clicks = numbersFor(hits, 'click')
  return {
    total_emails: mails,
    total_opens: opens.human,
    total_clicks: clicks.human,
    open_rate: percentage(opens.unique, mails),
    click_rate: percentage(clicks.unique, mails),
    opens,
    clicks,
  }
}

export const shownMessage = ({ state, smtp_reply, bounce, date_creation: _made, ...row }: MessageRow) => ({
  ...row,
  statut: state,
  erreur: state === 'bounced' ? bounce : state === 'sent' || state === 'waiting' ? null : smtp_reply,
})
