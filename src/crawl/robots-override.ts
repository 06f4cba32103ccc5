import { lockCompany, recordChange, updateCompany } from '#src/companies/queries-edit.ts'
import type { Db } from '#src/db/open.ts'

const MIN_REASON = 5
const MAX_REASON = 500

/** The reason as it is kept; null when it says too little to be one. */
export const readReason = (text: string): string | null => {
  const reason = text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, MAX_REASON)
    .toWellFormed()
  return reason.length >= MIN_REASON ? reason : null
}

/** Lets the crawler pass over this site's robots.txt from now on, by an admin's decision that stays in the
 *  company's history. False when the company is gone or has no site. */
export const overrideRobots = (
  db: Db,
  companyId: number,
  decision: { at: Date; userId: number | null; reason: string },
): Promise<boolean> =>
  db.transaction(async (tx) => {
    const company = await lockCompany(tx, companyId)
    if (!company?.website) return false
    const { at, userId, reason } = decision
    await updateCompany(tx, companyId, { robotsOverride: { at: at.toISOString(), userId, reason } })
    await recordChange(tx, { companyId, userId, kind: 'robots', detail: { ignored: true, reason } })
    return true
  })

/** The site's robots.txt is obeyed again. False when it was all the time. */
export const obeyRobots = (db: Db, companyId: number, userId: number | null): Promise<boolean> =>
  db.transaction(async (tx) => {
    const company = await lockCompany(tx, companyId)
    if (!company?.robotsOverride) return false
    await updateCompany(tx, companyId, { robotsOverride: null })
    await recordChange(tx, { companyId, userId, kind: 'robots', detail: { ignored: false } })
    return true
  })
