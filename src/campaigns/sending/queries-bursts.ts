import { sql } from 'drizzle-orm'
import { intArray, textArray } from '#src/db/arrays.ts'
import type { Db } from '#src/db/open.ts'
import { findSuppressionById, removeSuppression } from '#src/tracking/queries-suppressions.ts'

/** What an account's mails came to lately: of so many, within a day. */
const LATELY = 5_000
const BECAUSE = 'provider_refused'
const BOUNCE_TAGS = ['bounce', 'email_invalide']

/** What became of a mail: `suppression` is the entry that its refusal led to, if it is still there and
 *  no other mail came back from there. */
export type Tried = { provider: string; taken: boolean; reply: string; suppression: number | null }

/** The mails of an account that were refused or taken within a day, the newest first. */
export const listTried = async (tx: Db, accountId: number): Promise<Tried[]> => [
  ...(await tx.execute<Tried>(sql`
    SELECT r.provider, r.state <> 'failed' AS taken, coalesce(r.reply, '') AS reply, s.id AS suppression
    FROM messages m JOIN campaign_messages r ON r.message_id = m.id
    LEFT JOIN suppressions s ON s.address = r.address AND s.scope = 'all' AND s.source = 'bounce' AND s.message_id = m.id
      AND NOT EXISTS (SELECT FROM campaign_messages o
        WHERE o.address = r.address AND o.bounce_kind = 'hard' AND NOT o.rehearsed AND o.id <> r.id)
    WHERE m.id > (SELECT coalesce(max(id), 0) - ${LATELY}::int FROM messages) AND m.account_id = ${accountId}
      AND m.created_at > now() - interval '1 day'
      AND r.state IN ('failed', 'sent', 'delivered', 'bounced', 'replied', 'unsubscribed')
    ORDER BY m.id DESC`)),
]

/** Takes back entries that were made of refusals that were not about the people: that they were there is kept, and companies
 *  whose status followed have the one before again, each with a line in its history. */
export const putBack = async (tx: Db, suppressionIds: readonly number[], at: Date): Promise<void> => {
  const companyIds: number[] = []
  // Held, so that who says no in this moment is entered anew.
  const held = await tx.execute<{ id: number; message: number }>(sql`
    SELECT id, message_id AS message FROM suppressions
    WHERE id = ANY (${intArray(suppressionIds)}) AND source = 'bounce' ORDER BY id FOR UPDATE`)
  await tx.execute(sql`
    UPDATE campaign_messages SET bounce_kind = NULL, bounced_at = NULL
    WHERE message_id = ANY (${intArray(held.map(({ message }) => message))})`)
  for (const { id } of held) {
    const suppression = await findSuppressionById(tx, id)
    if (!suppression) continue
    const companyId = await removeSuppression(tx, { suppression, reason: BECAUSE, removedBy: null, at })
    if (companyId !== null) companyIds.push(companyId)
  }
  await tx.execute(sql`
    WITH moved AS (
      SELECT DISTINCT ON (c.id) c.id, ch.detail -> 'status' ->> 0 AS before
      FROM companies c JOIN company_changes ch ON ch.company_id = c.id
      WHERE c.id = ANY (${intArray(companyIds)}) AND c.status = 'Bounce' AND ch.kind = 'edited' AND ch.detail ? 'status'
      ORDER BY c.id, ch.id DESC
    ), due AS (
      SELECT m.id, m.before FROM moved m
      WHERE EXISTS (SELECT FROM company_changes ch WHERE ch.company_id = m.id AND ch.detail ->> 'because' = 'bounced'
        AND ch.detail -> 'status' ->> 0 = m.before AND ch.detail -> 'status' ->> 1 = 'Bounce')
    ), noted AS (
      INSERT INTO company_changes (company_id, kind, detail)
      SELECT id, 'edited', jsonb_build_object('status', jsonb_build_array('Bounce', before), 'because', ${BECAUSE}::text)
      FROM due
    ), scored AS (
      INSERT INTO score_requests (company_id) SELECT id FROM due ON CONFLICT (company_id) DO UPDATE SET at = now()
    )
    UPDATE companies SET status = due.before, updated_at = now(),
      tags = ARRAY(SELECT tag FROM unnest(tags) WITH ORDINALITY AS t (tag, place) WHERE tag <> ALL (${textArray(BOUNCE_TAGS)}) ORDER BY place)
    FROM due WHERE companies.id = due.id`)
}
