import { z } from 'zod'
import type { Db } from '#src/db/open.ts'
import { readSetting, writeSetting } from '#src/operations/queries-settings.ts'

const SETTING = 'campaign_reports'
export const MAX_TIMES = 6
export const MAX_ADDRESSES = 10
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/

const reportSettings = z.object({
  active: z.boolean().catch(false),
  /** HH:MM of the server's time zone, in order. */
  times: z.array(z.string().regex(TIME)).max(MAX_TIMES).catch(['08:00', '18:00']),
  to: z.array(z.string()).max(MAX_ADDRESSES).catch([]),
  locale: z.enum(['fr', 'en']).catch('fr'),
})

/** When reports are sent, to whom, in which language. */
export type ReportSettings = z.output<typeof reportSettings>

export const isTime = (text: string): boolean => TIME.test(text)

/** What holds; whatever is not set is its default: twice a day, switched off. */
export const readReportSettings = async (db: Db): Promise<ReportSettings> => {
  const stored = await readSetting(db, SETTING)
  return reportSettings.parse(typeof stored === 'object' && stored !== null ? stored : {})
}

export const writeReportSettings = (db: Db, settings: ReportSettings): Promise<void> =>
  writeSetting(db, SETTING, settings)
