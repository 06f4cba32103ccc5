import { inArray, sql } from 'drizzle-orm'
import { intArray } from '#src/db/arrays.ts'
import type { Db } from '#src/db/open.ts'
import { stale } from '../planning/queries-freshness.ts'
import { mailImages } from '../templates/schema.ts'
import type { Campaign, Claimed, LaneKey } from './ledger.ts'

const moment = (at: Date) => sql`${at.toISOString()}::timestamptz`

/** Accounts with mails that are due, per kind of campaign. `version` changes with the settings of the account. */
export const listDueLanes = async (db: Db, now: Date): Promise<(LaneKey & { version: string })[]> => [
  ...(await db.execute<LaneKey & { version: string }>(sql`
    SELECT a.id AS "accountId", c.kind, a.updated_at::text AS version
    FROM campaigns c CROSS JOIN mail_accounts a
    WHERE c.state = 'running' AND c.deleted_at IS NULL AND a.deleted_at IS NULL
      AND (c.kind = 'rehearsal' OR (a.active AND a.paused_at IS NULL))
      AND EXISTS (SELECT FROM campaign_messages m WHERE m.campaign_id = c.id AND m.account_id = a.id
        AND m.state = 'planned' AND m.due_at <= ${moment(now)})
    GROUP BY a.id, c.kind`)),
]

/** Takes up to `limit` mails of an account that are due for one node, as many from each running campaign. None of
 *  campaigns and providers that may not be sent to yet. */
export const claimDue = async (
  db: Db,
  lane: LaneKey,
  options: {
    node: string
    limit: number
    closedCampaigns: readonly number[]
    blockedProviders: readonly string[]
    now: Date
  },
): Promise<Claimed[]> => {
  const { node, limit, closedCampaigns, blockedProviders, now } = options
  const isDue = sql`m.campaign_id = c.id AND m.account_id = ${lane.accountId} AND m.state = 'planned'
    AND m.due_at <= ${moment(now)}
    AND m.provider NOT IN (SELECT jsonb_array_elements_text(${JSON.stringify(blockedProviders)}::jsonb))`
  const rows = await db.execute<Claimed>(sql`
    WITH waiting AS MATERIALIZED (
      SELECT c.id, count(*) OVER () AS campaigns FROM campaigns c
      WHERE c.state = 'running' AND c.deleted_at IS NULL AND c.kind = ${lane.kind}
        AND c.id <> ALL (${intArray(closedCampaigns)}) AND EXISTS (SELECT FROM campaign_messages m WHERE ${isDue})
    ), picked AS MATERIALIZED (
      SELECT due.id FROM waiting c CROSS JOIN LATERAL (
        SELECT m.id FROM campaign_messages m WHERE ${isDue}
        ORDER BY m.due_at, m.id LIMIT ceil(${limit}::float / c.campaigns)::int FOR UPDATE SKIP LOCKED
      ) due
    )
    UPDATE campaign_messages m SET state = 'claimed', claimed_by = ${node}, claimed_at = now()
    FROM picked WHERE m.id = picked.id
    RETURNING m.id, m.campaign_id AS "campaignId", m.step_id AS "stepId", m.variant_id AS "variantId",
      m.company_id AS "companyId", m.address, m.contact_name AS "contactName", m.provider, m.attempts`)
  return [...rows]
}

/** What sending needs to know of campaigns, by their ids. `version` changes when one is edited. */
export const findVersions = async (db: Db, ids: readonly number[]): Promise<Map<number, string>> => {
  const rows = await db.execute<{ id: number; version: string }>(sql`
    SELECT id, updated_at::text AS version FROM campaigns WHERE id = ANY (${intArray(ids)})`)
  return new Map(rows.map(({ id, version }) => [id, version]))
}

/** A campaign with what its mails say. */
export const findSendingCampaign = async (db: Db, id: number): Promise<Campaign | null> => {
  const [row] = await db.execute<Campaign>(sql`
    SELECT c.id, c.kind, c.locale, c.opens, c.clicks, c.calendar, c.freshness_days AS "freshnessDays",
      c.updated_at::text AS version,
      (SELECT coalesce(json_agg(json_build_object('id', s.id, 'position', s.position)), '[]')
        FROM campaign_steps s WHERE s.campaign_id = c.id) AS steps,
      (SELECT coalesce(json_agg(json_build_object('id', v.id, 'position', s.position, 'subject', v.subject,
        'html', v.html, 'text', v.text)), '[]')
        FROM campaign_variants v JOIN campaign_steps s ON s.id = v.step_id WHERE s.campaign_id = c.id) AS variants
    FROM campaigns c WHERE c.id = ${id}`)
  return row ?? null
}

/** Pictures that messages carry, by their keys. */
export const findImages = (db: Db, keys: readonly string[]) =>
  db
    .select()
    .from(mailImages)
    .where(inArray(mailImages.key, ['', ...keys]))

/** `subject` is that of the first mail of the thread. */
export type ThreadMail = { id: number; messageId: string; references: string[]; subject: string }

/** The mail each of these follow-ups follows: the last one that was sent to the same address in the same campaign. */
export const findThreads = async (db: Db, ids: readonly number[]): Promise<Map<number, ThreadMail>> => {
  const rows = await db.execute<{ id: number; message_id: string; refs: string | null; subject: string }>(sql`
    SELECT DISTINCT ON (m.id) m.id, sent.message_id, sent.mail_references AS refs,
      first_value(sent.subject) OVER (PARTITION BY m.id ORDER BY before.sent_at, before.id) AS subject
    FROM campaign_messages m
    JOIN campaign_messages before ON before.campaign_id = m.campaign_id AND before.address = m.address
      AND before.id <> m.id AND before.sent_at IS NOT NULL
    JOIN messages sent ON sent.id = before.message_id AND sent.message_id IS NOT NULL
    WHERE m.id = ANY (${intArray(ids)})
    ORDER BY m.id, before.sent_at DESC, before.id DESC`)
  return new Map(
    rows.map(({ id, message_id: messageId, refs, subject }) => [
      id,
      { id, messageId, references: [...(refs?.split(/\s+/).filter(Boolean) ?? []), messageId], subject },
    ]),
  )
}

/** Those of these rows whose mail quotes what was found too long ago; planning/freshness.ts sees to them. */
export const findStale = async (db: Db, ids: readonly number[], now: Date): Promise<Set<number>> => {
  const rows = await db.execute<{ id: number }>(sql`
    SELECT m.id FROM campaign_messages m JOIN campaigns c ON c.id = m.campaign_id
    JOIN campaign_variants v ON v.id = m.variant_id JOIN companies co ON co.id = m.company_id
    WHERE m.id = ANY (${intArray(ids)}) AND m.reason IS DISTINCT FROM 'released' AND ${stale(now)}`)
  return new Set(rows.map(({ id }) => id))
}

/** Those of these addresses (lower case) whose hits are kept with nobody. */
export const findWithdrawn = async (db: Db, addresses: readonly string[]): Promise<Set<string>> => {
  const rows = await db.execute<{ address: string }>(sql`
    SELECT address FROM consent_withdrawals
    WHERE active AND address IN (SELECT lower(jsonb_array_elements_text(${JSON.stringify(addresses)}::jsonb)))`)
  return new Set(rows.map(({ address }) => address))
}

/** Says that this node is there. */
export const noteAlive = async (db: Db, node: string): Promise<void> => {
  await db.execute(sql`
    INSERT INTO sending_nodes (id) VALUES (${node}) ON CONFLICT (id) DO UPDATE SET seen_at = now()`)
}

/** Says that this node is gone, having given everything back. */
export const noteGone = async (db: Db, node: string): Promise<void> => {
  await db.execute(sql`DELETE FROM sending_nodes WHERE id = ${node}`)
}

/** Takes from nodes that died what they had: mails that were being made ready are planned again; of those that were being
 *  handed over nobody knows whether they went out, and they are never sent again without a person's decision. */
export const recoverLeft = async (
  db: Db,
  silentMs: number,
): Promise<{ planned: number; unknown: number }> => {
  const [row] = await db.execute<{ planned: number; unknown: number }>(sql`
    WITH lost AS MATERIALIZED (
      SELECT id FROM campaign_messages m
      WHERE m.state IN ('claimed', 'sending') AND NOT EXISTS (
        SELECT FROM sending_nodes n WHERE n.id = m.claimed_by AND n.seen_at > now() - make_interval(secs => ${silentMs / 1000}))
      FOR UPDATE SKIP LOCKED
    ), taken AS (
      UPDATE campaign_messages m SET
        state = CASE m.state WHEN 'claimed' THEN 'planned' ELSE 'unknown' END,
        reason = CASE m.state WHEN 'claimed' THEN m.reason ELSE 'crash' END,
        claimed_by = CASE m.state WHEN 'claimed' THEN NULL ELSE m.claimed_by END
      FROM lost WHERE m.id = lost.id RETURNING m.state, m.message_id
    ), told AS (
      UPDATE messages SET state = 'unknown' FROM taken
      WHERE taken.state = 'unknown' AND messages.id = taken.message_id AND messages.state = 'waiting'
    ), forgotten AS (
      DELETE FROM sending_nodes WHERE seen_at < now() - interval '1 day'
    )
    SELECT count(*) FILTER (WHERE state = 'planned')::int AS planned,
      count(*) FILTER (WHERE state = 'unknown')::int AS unknown FROM taken`)
  return row ?? { planned: 0, unknown: 0 }
}
