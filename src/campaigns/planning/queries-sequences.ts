import { sql } from 'drizzle-orm'
import { intArray } from '#src/db/arrays.ts'
import type { Db } from '#src/db/open.ts'
import type { SendCalendar } from '#src/mail/accounts/schema.ts'
import { stale } from './queries-freshness.ts'

export type SentRow = {
  campaignId: number
  companyId: number | null
  accountId: number
  address: string
  contactName: string | null
  chosenStatus: string | null
  chosenStage: string | null
  provider: string
  sentAt: string
  rehearsed: boolean
  stepId: number
  delayDays: number
  variants: { id: number; weight: number }[]
  /** The campaign's own, else the account's. */
  calendar: SendCalendar | null
}

/** Of these ledger rows those that were sent and have a step after theirs, with that step. */
export const sentWithNextStep = async (tx: Db, ids: number[]): Promise<SentRow[]> => [
  ...(await tx.execute<SentRow>(sql`
    SELECT m.campaign_id AS "campaignId", m.company_id AS "companyId", m.account_id AS "accountId", m.address,
      m.contact_name AS "contactName", m.chosen_status AS "chosenStatus", m.chosen_stage AS "chosenStage",
      m.provider, coalesce(m.sent_at, now()) AS "sentAt", m.rehearsed,
      n.id AS "stepId", n.delay_days AS "delayDays", coalesce(c.calendar, a.calendar) AS calendar,
      (SELECT json_agg(json_build_object('id', v.id, 'weight', v.weight) ORDER BY v.label)
        FROM campaign_variants v WHERE v.step_id = n.id) AS variants
    FROM campaign_messages m
    JOIN campaigns c ON c.id = m.campaign_id AND c.state <> 'cancelled' AND c.deleted_at IS NULL
    JOIN campaign_steps s ON s.id = m.step_id
    JOIN campaign_steps n ON n.campaign_id = m.campaign_id AND n.position = s.position + 1
    JOIN mail_accounts a ON a.id = m.account_id
    WHERE m.id = ANY (${intArray(ids)})
      AND m.state IN ('sent', 'delivered')
      AND EXISTS (SELECT FROM campaign_variants v WHERE v.step_id = n.id)`)),
]

export type PlannedRow = {
  campaign_id: number
  step_id: number
  variant_id: number
  company_id: number | null
  account_id: number
  address: string
  contact_name: string | null
  /** Without it: as the company is now. */
  chosen_status?: string | undefined
  chosen_stage?: string | undefined
  provider: string
  due_at: string
  rehearsed: boolean
}

/** Writes rows into the ledger, in this order; one that is there already stays as it is. A mail that is due and would quote findings
 *  older than its campaign allows is held from the first moment (freshness.ts). Returns how many are new. */
export const insertPlanned = async (tx: Db, rows: PlannedRow[], now: Date): Promise<number> => {
  if (rows.length === 0) return 0
  const inserted = await tx.execute(sql`
    INSERT INTO campaign_messages (campaign_id, step_id, variant_id, company_id, account_id, address, contact_name,
      chosen_status, chosen_stage, provider, due_at, rehearsed, state, reason, held_at)
    SELECT campaign_id, step_id, variant_id, company_id, account_id, address, contact_name,
      coalesce(chosen_status, status_now), coalesce(chosen_stage, stage_now), provider, due_at, rehearsed,
      CASE WHEN is_stale THEN 'held' ELSE 'planned' END, CASE WHEN is_stale THEN 'stale' END,
      CASE WHEN is_stale THEN ${now.toISOString()}::timestamptz END
    FROM (
      SELECT r.*, co.status AS status_now, co.stage AS stage_now, coalesce(r.due_at <= ${now.toISOString()}::timestamptz AND ${stale(now)}, false) AS is_stale
      FROM jsonb_to_recordset(${JSON.stringify(rows.map((row, place) => ({ ...row, place })))}::jsonb) AS r(place int, campaign_id int, step_id int, variant_id int,
        company_id int, account_id int, address text, contact_name text, chosen_status text, chosen_stage text,
        provider text, due_at timestamptz, rehearsed boolean)
      JOIN campaigns c ON c.id = r.campaign_id JOIN campaign_variants v ON v.id = r.variant_id
      LEFT JOIN companies co ON co.id = r.company_id
    ) r ORDER BY place
    ON CONFLICT DO NOTHING RETURNING id`)
  return inserted.length
}

/** Who is meant: a company, an address, or those to whom these ledger rows were sent. */
export type StopTarget = { companyId: number } | { address: string } | { campaignMessageIds: number[] }

/** What waits for them will not be sent. Returns how many. */
export const skipFor = async (tx: Db, target: StopTarget, reason: string): Promise<number> => {
  const rows = await tx.execute(sql`
    UPDATE campaign_messages m SET state = 'skipped', reason = ${reason}, claimed_by = NULL, claimed_at = NULL
    WHERE m.state IN ('planned', 'held', 'claimed') AND ${meant(target)} RETURNING m.id`)
  return rows.length
}

const meant = (target: StopTarget) => {
  if ('companyId' in target) return sql`m.company_id = ${target.companyId}`
  if ('address' in target) return sql`m.address = lower(${target.address})`
  // Follow-ups go to the same address of the same campaign.
  return sql`(m.campaign_id, m.address) IN (
    SELECT o.campaign_id, o.address FROM campaign_messages o WHERE o.id IN (
      SELECT value::int FROM jsonb_array_elements_text(${JSON.stringify(target.campaignMessageIds)}::jsonb)))`
}
