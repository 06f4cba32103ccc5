import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import { defaultRules, emptyAudience, type Audience } from '../audience/audience.ts'
import { campaigns, campaignSteps, campaignVariants } from '../schema.ts'
import { logCampaign, type Campaign } from './queries-states.ts'

/** How many campaigns a page of the list shows. */
export const CAMPAIGNS_PER_PAGE = 50

type NewDraft = {
  name: string
  audience?: Audience
  locale: 'fr' | 'en'
  userId: number | null
  accountIds: number[]
}

/** A campaign with nothing decided but a first, empty message. Returns its id. */
export const insertDraft = (
  db: Db,
  { name, audience = emptyAudience, locale, userId, accountIds }: NewDraft,
): Promise<number> =>
  db.transaction(async (tx) => {
    const [row] = await tx
      .insert(campaigns)
      .values({ name, audience, recipients: defaultRules, locale, createdBy: userId, accountIds })
      .returning({ id: campaigns.id })
    const { id } = row!
    await insertStep(tx, id, { position: 0, delayDays: 0 })
    await logCampaign(tx, { campaignId: id, kind: 'created', userId })
    return id
  })

/** Changes a draft; false when it is no draft (any more). */
export const updateDraft = async (
  db: Db,
  id: number,
  changes: Partial<Omit<Campaign, 'id' | 'state'>>,
): Promise<boolean> => {
  const rows = await db
    .update(campaigns)
    .set({ ...changes, updatedAt: sql`now()` })
    .where(and(eq(campaigns.id, id), eq(campaigns.state, 'draft'), isNull(campaigns.deletedAt)))
    .returning({ id: campaigns.id })
  return rows.length > 0
}

/** Drafts, ended and cancelled campaigns leave the list; what they sent stays. */
export const deleteCampaign = async (db: Db, id: number): Promise<boolean> => {
  const rows = await db.execute(sql`
    UPDATE campaigns SET deleted_at = now() WHERE id = ${id} AND deleted_at IS NULL
      AND state NOT IN ('scheduled', 'running', 'paused') RETURNING id`)
  return rows.length > 0
}

/** Does something to the messages of a campaign while nobody starts it; undefined when it is no draft (any more): what was
 *  checked and started does not change. */
const onDraft = <T>(db: Db, campaignId: number, change: (tx: Db) => Promise<T>): Promise<T | undefined> =>
  db.transaction(async (tx) => {
    const held = await tx.execute(
      sql`SELECT id FROM campaigns WHERE id = ${campaignId} AND state = 'draft' AND deleted_at IS NULL FOR UPDATE`,
    )
    return held.length === 0 ? undefined : change(tx)
  })

type StepValues = { position: number; delayDays: number; condition?: 'always' | 'not_clicked' | 'not_opened' }

const insertStep = async (tx: Db, campaignId: number, step: StepValues): Promise<number> => {
  const [row] = await tx
    .insert(campaignSteps)
    .values({ campaignId, ...step })
    .returning({ id: campaignSteps.id })
  await tx.insert(campaignVariants).values({ stepId: row!.id, label: 'A', subject: '', html: '' })
  return row!.id
}

/** One more follow-up at the end. */
export const addFollowUp = (db: Db, campaignId: number, delayDays: number): Promise<number | undefined> =>
  onDraft(db, campaignId, async (tx) => {
    const [last] = await tx
      .select({ position: campaignSteps.position })
      .from(campaignSteps)
      .where(eq(campaignSteps.campaignId, campaignId))
      .orderBy(desc(campaignSteps.position))
      .limit(1)
    return insertStep(tx, campaignId, {
      position: (last?.position ?? -1) + 1,
      delayDays,
      condition: 'always',
    })
  })

/** False when it is no draft (any more). */
export const updateStep = async (
  db: Db,
  step: { campaignId: number; stepId: number },
  values: Omit<StepValues, 'position'>,
): Promise<boolean> =>
  (await onDraft(db, step.campaignId, (tx) =>
    tx
      .update(campaignSteps)
      .set(values)
      .where(and(eq(campaignSteps.id, step.stepId), eq(campaignSteps.campaignId, step.campaignId))),
  )) !== undefined

/** Takes a follow-up away; those after it move up. The first message stays. */
export const deleteStep = (db: Db, campaignId: number, stepId: number): Promise<void | undefined> =>
  onDraft(db, campaignId, async (tx) => {
    const [gone] = await tx
      .delete(campaignSteps)
      .where(
        and(
          eq(campaignSteps.id, stepId),
          eq(campaignSteps.campaignId, campaignId),
          sql`${campaignSteps.position} > 0`,
        ),
      )
      .returning({ position: campaignSteps.position })
    if (!gone) return
    // One by one and upwards, as the positions of a campaign are unique at every moment.
    const later = await tx
      .select({ id: campaignSteps.id, position: campaignSteps.position })
      .from(campaignSteps)
      .where(and(eq(campaignSteps.campaignId, campaignId), sql`${campaignSteps.position} > ${gone.position}`))
      .orderBy(campaignSteps.position)
    for (const { id, position } of later)
      await tx
        .update(campaignSteps)
        .set({ position: position - 1 })
        .where(eq(campaignSteps.id, id))
  })

type Words = { subject: string; html: string; text: string; templateId: number | null }

export const findVariant = async (db: Db, campaignId: number, variantId: number) => {
  const [row] = await db
    .select({ variant: campaignVariants, step: campaignSteps })
    .from(campaignVariants)
    .innerJoin(campaignSteps, eq(campaignSteps.id, campaignVariants.stepId))
    .where(and(eq(campaignVariants.id, variantId), eq(campaignSteps.campaignId, campaignId)))
  return row ?? null
}

/** False when it is of no draft (any more). */
export const updateVariant = async (
  db: Db,
  { campaignId, variantId }: { campaignId: number; variantId: number },
  values: Partial<Words & { weight: number; quotes: boolean }>,
): Promise<boolean> =>
  (await onDraft(db, campaignId, (tx) =>
    tx.update(campaignVariants).set(values).where(eq(campaignVariants.id, variantId)),
  )) !== undefined

/** A step says one thing more, to be compared: it begins as a copy of the first. Null when there are enough. */
export const addVariant = async (db: Db, campaignId: number, stepId: number): Promise<number | null> =>
  (await onDraft(db, campaignId, async (tx) => {
    const [own] = await tx
      .select({ id: campaignSteps.id })
      .from(campaignSteps)
      .where(and(eq(campaignSteps.id, stepId), eq(campaignSteps.campaignId, campaignId)))
      .for('update')
    if (!own) return null
    const there = await tx.select().from(campaignVariants).where(eq(campaignVariants.stepId, stepId))
    const label = LABELS.find((letter) => !there.some((variant) => variant.label === letter))
    const first = there.toSorted((one, other) => one.label.localeCompare(other.label))[0]
    if (!label || !first) return null
    const { id: _id, ...words } = first
    const [row] = await tx
      .insert(campaignVariants)
      .values({ ...words, label })
      .returning({ id: campaignVariants.id })
    return row!.id
  })) ?? null

const LABELS = ['A', 'B', 'C', 'D'] as const

/** Takes a variant away, unless it is the only one. */
export const deleteVariant = async (db: Db, campaignId: number, variantId: number): Promise<void> => {
  await onDraft(db, campaignId, (tx) =>
    tx.execute(sql`
      DELETE FROM campaign_variants v USING campaign_steps s
      WHERE v.id = ${variantId} AND s.id = v.step_id AND s.campaign_id = ${campaignId}
        AND EXISTS (SELECT FROM campaign_variants o WHERE o.step_id = v.step_id AND o.id <> v.id)`),
  )
}
