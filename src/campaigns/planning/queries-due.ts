import { sql } from 'drizzle-orm'
import type { Stage, Status } from '#src/companies/statuses.ts'
import { intArray } from '#src/db/arrays.ts'
import type { Db } from '#src/db/open.ts'

/** A person has taken the conversation over, or it is over. What a click or an opening does to the status is not here. */
const TAKEN_OVER: Status[] = [
  'À rappeler',
  'Gagné',
  'Perdu',
  'Réponse positive',
  'Réponse négative',
  'Bounce',
  'Désabonné',
  'Plainte spam',
  'Ne pas contacter',
]
const MET: Stage[] = ['RDV', 'Proposition', 'Gagné', 'Perdu']

const list = (values: readonly string[]) =>
  sql`ARRAY(SELECT jsonb_array_elements_text(${JSON.stringify(values)}::jsonb))`

// A company that was chosen as what it is may be written to as such: only what it became since counts
// (drizzle/objects/66_sending.sql).
const ended = sql`ended_since_chosen(co.status, co.stage, m.chosen_status, m.chosen_stage)`

/** Why each of the rows `m` must not be sent any more, or null. First mails stop for a company that was deleted, or won, lost
 *  or taken over since it was chosen; follow-ups also for what has happened since, judged by the mails of the same campaign. */
const stopReason = sql`CASE
  WHEN co.deleted_at IS NOT NULL THEN 'company_deleted'
  WHEN s.position = 0 THEN ${ended}
  WHEN own.replied OR firm.replied THEN 'replied'
  WHEN own.complained THEN 'complained'
  WHEN own.unsubscribed THEN 'unsubscribed'
  WHEN own.bounced THEN 'bounced'
  WHEN co.stage = ANY (${list(MET)}) AND co.stage IS DISTINCT FROM m.chosen_stage THEN 'meeting'
  WHEN co.status = ANY (${list(TAKEN_OVER)}) AND co.status IS DISTINCT FROM m.chosen_status THEN 'status'
  WHEN s.condition = 'not_clicked' AND EXISTS (${hitOf('click')}) THEN 'clicked'
  WHEN s.condition = 'not_opened' AND EXISTS (${hitOf('open')}) THEN 'opened'
  END`

// A person's, as far as judged; machines open and click everything.
function hitOf(type: 'click' | 'open') {
  return sql`SELECT FROM campaign_messages o JOIN tracking_events e ON e.message_id = o.message_id
    WHERE o.campaign_id = m.campaign_id AND o.address = m.address AND e.type = ${type}
      AND e.verdict IS DISTINCT FROM 'machine'`
}

// Each by an index of its own: address, company.
const waiting = sql`campaign_messages m
  JOIN campaign_steps s ON s.id = m.step_id LEFT JOIN companies co ON co.id = m.company_id
  LEFT JOIN LATERAL (
    SELECT bool_or(o.replied_at IS NOT NULL) AS replied, bool_or(o.complained_at IS NOT NULL) AS complained,
      bool_or(o.unsubscribed_at IS NOT NULL) AS unsubscribed, bool_or(o.state = 'bounced') AS bounced
    FROM campaign_messages o WHERE o.address = m.address AND o.campaign_id = m.campaign_id AND s.position > 0
  ) own ON true
  LEFT JOIN LATERAL (
    SELECT bool_or(o.replied_at IS NOT NULL) AS replied
    FROM campaign_messages o WHERE o.company_id = m.company_id AND o.campaign_id = m.campaign_id AND s.position > 0
  ) firm ON true`

/** Of these rows those that must not be sent any more, and why. */
export const reasonsToStop = async (db: Db, ids: readonly number[]): Promise<Map<number, string>> => {
  const rows = await db.execute<{ id: number; reason: string }>(sql`
    SELECT * FROM (SELECT m.id, ${stopReason} AS reason FROM ${waiting}
      WHERE m.id = ANY (${intArray(ids)})) due
    WHERE reason IS NOT NULL`)
  return new Map(rows.map(({ id, reason }) => [id, reason]))
}

/** Skips whatever waits and must not be sent any more, in every campaign under way. Returns how many. */
export const skipStopped = async (db: Db): Promise<number> => {
  const rows = await db.execute(sql`
    UPDATE campaign_messages SET state = 'skipped', reason = stopped.reason
    FROM (
      SELECT m.id, ${stopReason} AS reason FROM ${waiting}
      JOIN campaigns c ON c.id = m.campaign_id AND c.state IN ('running', 'paused')
      WHERE m.state IN ('planned', 'held') AND (s.position > 0 OR co.deleted_at IS NOT NULL OR ${ended} IS NOT NULL)
    ) stopped
    WHERE campaign_messages.id = stopped.id AND stopped.reason IS NOT NULL
      AND campaign_messages.state IN ('planned', 'held')
    RETURNING campaign_messages.id`)
  return rows.length
}
