import type { Db } from '#src/db/open.ts'
import { readSetting, writeSetting } from '#src/operations/queries-settings.ts'
import { dropMonth, dropStrays, listMonths, trimBodies, trimFacts } from './queries-retention.ts'
import { readTrackingSettings } from './tracking-settings.ts'

const BATCH = 10_000
const TRIMMED_SETTING = 'tracking_trimmed_until'

/** What one round forgot. */
export type Forgotten = { months: string[]; events: number; facts: number; bodies: number }

/** Forgets what the settings no longer let us keep: whole months of events, what was seen of older requests, the words of
 *  old mails. A round that was interrupted is finished by the next. */
export const forgetOldTracking = async (db: Db, now: Date, signal?: AbortSignal): Promise<Forgotten> => {
  const { eventMonths, factMonths, bodyMonths } = await readTrackingSettings(db)
  const forgotten: Forgotten = { months: [], events: 0, facts: 0, bodies: 0 }
  const lastEvents = monthsBefore(now, eventMonths)
  const months = await listMonths(db)
  for (const month of months.filter((each) => each < lastEvents)) {
    await dropMonth(db, month)
    forgotten.months.push(month)
  }
  forgotten.events = await dropStrays(db, new Date(`${lastEvents}-01T00:00:00Z`))
  forgotten.facts = await trimMonths(
    db,
    months.filter((month) => month >= lastEvents && month < monthsBefore(now, factMonths)),
    signal,
  )
  const lastBodies = new Date(`${monthsBefore(now, bodyMonths)}-01T00:00:00Z`)
  forgotten.bodies = await untilNone(() => trimBodies(db, lastBodies, BATCH), signal)
  return forgotten
}

/** The first month (`2026-11`) of which something is still kept. */
const monthsBefore = (now: Date, months: number): string =>
  new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, 1)).toISOString().slice(0, 7)

/** Months that were trimmed before are not read through again each night. */
const trimMonths = async (db: Db, months: string[], signal?: AbortSignal): Promise<number> => {
  const until = await readSetting(db, TRIMMED_SETTING)
  let trimmed = 0
  for (const month of months.filter((each) => typeof until !== 'string' || each > until)) {
    trimmed += await untilNone(() => trimFacts(db, month, BATCH), signal)
    if (signal?.aborted) return trimmed
    await writeSetting(db, TRIMMED_SETTING, month)
  }
  return trimmed
}

const untilNone = async (some: () => Promise<number>, signal?: AbortSignal): Promise<number> => {
  let total = 0
  for (;;) {
    const done = await some()
    total += done
    if (done === 0 || signal?.aborted) return total
  }
}
