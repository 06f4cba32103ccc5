import { asc, eq, inArray, sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import { mailAccounts } from '#src/mail/accounts/schema.ts'
import { campaignSteps, campaignVariants } from '../schema.ts'

export type Variant = typeof campaignVariants.$inferSelect
export type Step = typeof campaignSteps.$inferSelect & { variants: Variant[] }

/** The steps of a campaign in order, each with its variants. */
export const listSteps = async (db: Db, campaignId: number): Promise<Step[]> => {
  const steps = await db
    .select()
    .from(campaignSteps)
    .where(eq(campaignSteps.campaignId, campaignId))
    .orderBy(asc(campaignSteps.position))
  if (steps.length === 0) return []
  const variants = await db
    .select()
    .from(campaignVariants)
    .where(
      inArray(
        campaignVariants.stepId,
        steps.map(({ id }) => id),
      ),
    )
    .orderBy(asc(campaignVariants.label))
  return steps.map((step) => ({ ...step, variants: variants.filter(({ stepId }) => stepId === step.id) }))
}

export type Account = typeof mailAccounts.$inferSelect

/** Those of these accounts that are still there, in the order of their ids. */
export const accountsOf = (db: Db, ids: number[]): Promise<Account[]> =>
  db
    .select()
    .from(mailAccounts)
    .where(sql`${mailAccounts.deletedAt} IS NULL AND ${inArray(mailAccounts.id, [0, ...ids])}`)
    .orderBy(asc(mailAccounts.id))

/** Which of these accounts wrote to each company last, in any campaign or by hand. */
export const lastAccounts = async (
  db: Db,
  companyIds: number[],
  accountIds: number[],
): Promise<Map<number, number>> => {
  const rows = await db.execute<{ company: number; account: number }>(sql`
    SELECT DISTINCT ON (company_id) company_id AS company, account_id AS account FROM messages
    WHERE company_id IN (SELECT value::int FROM jsonb_array_elements_text(${JSON.stringify(companyIds)}::jsonb))
      AND account_id IN (SELECT value::int FROM jsonb_array_elements_text(${JSON.stringify(accountIds)}::jsonb))
      AND state = 'sent' AND NOT is_rehearsal(campaign_id)
    ORDER BY company_id, sent_at DESC`)
  return new Map(rows.map(({ company, account }) => [company, account]))
}

/** Companies that have a row of this step already: an earlier try got that far. */
export const plannedCompanies = async (db: Db, stepId: number): Promise<Set<number>> => {
  const rows = await db.execute<{ id: number }>(sql`
    SELECT DISTINCT company_id AS id FROM campaign_messages WHERE step_id = ${stepId} AND company_id IS NOT NULL`)
  return new Set(rows.map(({ id }) => id))
}

export const countPlanned = async (db: Db, campaignId: number): Promise<number> => {
  const [row] = await db.execute<{ count: number }>(
    sql`SELECT count(*)::int AS count FROM campaign_messages WHERE campaign_id = ${campaignId}`,
  )
  return row?.count ?? 0
}

/** Whether it still runs; locks it, so that a cancel waits for the batch that is being written and then skips it. */
export const holdRunning = async (tx: Db, campaignId: number): Promise<boolean> => {
  const rows = await tx.execute(sql`
    SELECT FROM campaigns WHERE id = ${campaignId} AND state IN ('running', 'paused') AND deleted_at IS NULL
    FOR SHARE`)
  return rows.length > 0
}
