import type { Db } from '#src/db/open.ts'
import { emptyAudience, type Audience } from '../audience/audience.ts'
import { insertCopy, neverReached } from './queries-copy.ts'

type Copy = {
  name: string
  userId: number | null
  kind?: 'real' | 'rehearsal'
  audience?: Audience
}

/** A new draft with the same audience, messages and schedule. Returns its id; null when there is no such campaign. */
export const copyCampaign = (db: Db, id: number, copy: Copy): Promise<number | null> =>
  db.transaction((tx) => insertCopy(tx, id, copy))

/** A new draft for the companies of this campaign to whom no mail went out – failed, skipped, left behind by a cancel –;
 *  null when there is none. Who must not be written to is left out again when it starts. A mail whose fate is not known
 *  counts as arrived: writing twice is worse than not at all. */
export const relaunchCampaign = (
  db: Db,
  id: number,
  copy: Omit<Copy, 'audience'>,
): Promise<{ id: number; companies: number } | null> =>
  db.transaction(async (tx) => {
    const companyIds = await neverReached(tx, id)
    if (companyIds.length === 0) return null
    const audience: Audience = { ...emptyAudience, mode: 'picked', companyIds }
    const copyId = await insertCopy(tx, id, { ...copy, audience })
    return copyId === null ? null : { id: copyId, companies: companyIds.length }
  })
