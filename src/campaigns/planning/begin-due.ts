import type { Deps } from '#src/deps.ts'
import { dueCampaigns } from './queries-states.ts'
import { beginCampaign } from './start-campaign.ts'
import { pauseCampaign } from './states.ts'

/** Whether a scheduled campaign may begin now; else the checks that refuse it, by their names. */
export type MayBegin = (campaignId: number) => Promise<{ ok: true } | { ok: false; checks: string[] }>

/** Scheduled campaigns whose time has come begin; one that would be refused by now is paused and says why. */
export const beginDue = async (
  { db, clock, queue, log }: Pick<Deps, 'db' | 'clock' | 'queue' | 'log'>,
  mayBegin: MayBegin,
): Promise<void> => {
  for (const id of await dueCampaigns(db, clock.now())) {
    const may = await mayBegin(id)
    if (may.ok) await db.transaction((tx) => beginCampaign(tx, { queue, clock }, id, { userId: null }))
    else {
      log.warn('a scheduled campaign was paused instead of begun', {
        campaign: id,
        checks: may.checks.join(' '),
      })
      await pauseCampaign(db, id, { userId: null, reason: 'preflight', detail: may.checks.join(' ') })
    }
  }
}
