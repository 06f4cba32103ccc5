import { AppError } from '#src/lib/errors.ts'
import type { Db } from '#src/db/open.ts'
import { findCampaign, type Campaign } from './queries-states.ts'

const missing = () => new AppError('not_found', 'There is no such campaign.', { status: 404 })

/** A campaign that is there. Throws the page that says there is none. */
export const presentCampaign = async (db: Db, id: number): Promise<Campaign> => {
  const campaign = await findCampaign(db, id)
  if (!campaign) throw missing()
  return campaign
}

/** The same while it may still be changed. */
export const draftOf = async (db: Db, id: number): Promise<Campaign> => {
  const campaign = await presentCampaign(db, id)
  if (campaign.state !== 'draft')
    throw new AppError(
      'campaign_started',
      'This campaign has started: its settings do not change any more.',
      {
        status: 409,
      },
    )
  return campaign
}
