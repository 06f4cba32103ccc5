import { z } from 'zod'
import type { Db } from '#src/db/open.ts'
import { readSetting, writeSetting } from '#src/operations/queries-settings.ts'

const SETTING = 'privacy'
/** Three years after the last contact that came from the prospect (CNIL, référentiel gestion commerciale). */
const MAX_MONTHS = 36

export const privacySettings = z.object({
  /** Who answers for the data, and how to reach them; '' until it is set. */
  controller: z.string().trim().max(200).catch(''),
  contact: z.string().trim().max(300).catch(''),
  basis: z.string().trim().max(500).catch(''),
  retentionMonths: z.coerce.number().int().min(1).max(MAX_MONTHS).catch(MAX_MONTHS),
})

export type PrivacySettings = z.output<typeof privacySettings>

export const readPrivacySettings = async (db: Db): Promise<PrivacySettings> => {
  const stored = await readSetting(db, SETTING)
  return privacySettings.parse(typeof stored === 'object' && stored !== null ? stored : {})
}

export const writePrivacySettings = (db: Db, settings: PrivacySettings): Promise<void> =>
  writeSetting(db, SETTING, settings)

/** When data of somebody has to go: so many months after what they last did themselves, else after it was collected. */
export const eraseAfter = (
  { collectedAt, lastActionAt }: { collectedAt: Date | null; lastActionAt: Date | null },
  { retentionMonths }: PrivacySettings,
): Date | null => {
  const from = lastActionAt ?? collectedAt
  if (from === null) return null
  const day = new Date(from)
  day.setUTCMonth(day.getUTCMonth() + retentionMonths)
  return day
}
