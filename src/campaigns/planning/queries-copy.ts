import { sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import type { Audience } from '../audience/audience.ts'
import { campaigns, campaignSteps, campaignVariants } from '../schema.ts'
import { listSteps } from './queries-plan.ts'
import { findCampaign, logCampaign } from './queries-states.ts'

export const insertCopy = async (
  tx: Db,
  id: number,
  copy: { name: string; userId: number | null; kind?: 'real' | 'rehearsal'; audience?: Audience },
): Promise<number | null> => {
  const from = await findCampaign(tx, id)
  if (!from) return null
  const { locale, recipients, accountIds, opens, clicks, calendar, freshnessDays } = from
  const [row] = await tx
    .insert(campaigns)
    .values({
      locale,
      recipients,
      accountIds,
      opens,
      clicks,
      calendar,
      freshnessDays,
      name: copy.name,
      kind: copy.kind ?? 'real',
      audience: copy.audience ?? from.audience,
      copiedFromId: id,
      createdBy: copy.userId,
    })
    .returning({ id: campaigns.id })
  const copyId = row!.id
  for (const { position, delayDays, condition, variants } of await listSteps(tx, id)) {
    const [step] = await tx
      .insert(campaignSteps)
      .values({ campaignId: copyId, position, delayDays, condition })
      .returning({ id: campaignSteps.id })
    if (variants.length > 0)
      await tx
        .insert(campaignVariants)
        .values(variants.map(({ id: _id, ...variant }) => ({ ...variant, stepId: step!.id })))
  }
  await logCampaign(tx, {
    campaignId: copyId,
    kind: 'created',
    userId: copy.userId,
    detail: { copiedFrom: id },
  })
  return copyId
}

/** Companies of a campaign none of whose addresses a mail may have reached, and that nothing forbids to write to. */
export const neverReached = async (db: Db, id: number): Promise<number[]> => {
  const rows = await db.execute<{ id: number }>(sql`
    SELECT company_id AS id FROM campaign_messages
    WHERE campaign_id = ${id} AND company_id IS NOT NULL
    GROUP BY company_id
    HAVING bool_and(sent_at IS NULL AND state NOT IN ('unknown', 'sending', 'bounced', 'unsubscribed', 'replied'))
    ORDER BY company_id`)
  return rows.map((row) => row.id)
}
