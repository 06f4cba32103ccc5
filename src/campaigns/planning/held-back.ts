import type { Clock } from '#src/lib/clock.ts'
import type { Db } from '#src/db/open.ts'
import { compileMessage } from '../templates/compile.ts'
import { countMissing } from '../templates/count-missing.ts'
import { firstRecipients } from './estimate.ts'
import { senderOf } from './preview-variant.ts'
import { listSteps } from './queries-plan.ts'
import type { Campaign } from './queries-states.ts'

/** Rendering that many takes a moment, and says enough. */
const LOOKED_AT = 200

/** For which messages some of the first recipients would be held back, as something the message needs is not known of them. */
export const heldBack = async (
  { db, clock }: { db: Db; clock: Clock },
  campaign: Campaign,
): Promise<{ which: string; held: number; total: number; why: string[] }[]> => {
  const now = clock.now()
  const recipients = (await firstRecipients(db, campaign, now)).slice(0, LOOKED_AT)
  const sender = await senderOf(db, campaign)
  const found = []
  for (const { position, variants } of await listSteps(db, campaign.id))
    for (const { label, subject, html, text } of variants) {
      const { locale } = campaign
      const compiled = await compileMessage({ subject, html, text, locale, isFollowUp: position > 0 })
      if (!compiled.ok) continue
      const { total, ready, missing } = await countMissing(db, compiled.message, [recipients], {
        sender,
        now,
      })
      const which = `${position + 1}${variants.length > 1 ? label : ''}`
      if (ready < total)
        found.push({ which, held: total - ready, total, why: missing.map(({ name }) => name) })
    }
  return found
}
