import type { Deps } from '#src/deps.ts'
import { copyCampaign } from '../planning/copy-campaign.ts'
import { findCampaign } from '../planning/queries-states.ts'
import { startCampaign } from '../planning/start-campaign.ts'

/** Starts a copy of this campaign, draft or not, whose mails go to the built-in sink. It needs no preflight: nothing of it
 *  leaves the machine, and no status, suppression or limit is touched. Returns its id; null when there is no such campaign. */
export const rehearseCampaign = async (
  deps: Pick<Deps, 'db' | 'queue' | 'clock'>,
  id: number,
  { name, userId }: { name: (of: string) => string; userId: number | null },
): Promise<number | null> => {
  const campaign = await findCampaign(deps.db, id)
  if (!campaign) return null
  const copy = await copyCampaign(deps.db, id, { name: name(campaign.name), userId, kind: 'rehearsal' })
  if (copy === null) return null
  await startCampaign(deps, copy, { userId, at: null })
  return copy
}
