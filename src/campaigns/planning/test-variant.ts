import type { Deps } from '#src/deps.ts'
import type { Mailbox } from '#src/mail/mailbox.ts'
import { sendTest, type TestOutcome } from '../templates/send-test.ts'
import { originOf, previewRecipient, previewVariant, threadSubject } from './preview-variant.ts'
import { listSteps, type Variant } from './queries-plan.ts'
import type { Campaign } from './queries-states.ts'

type Needs = Pick<Deps, 'db' | 'keys' | 'clock' | 'log' | 'config'>

/** held: a campaign would not send it to this recipient either. Else what became of it. */
export type VariantTest = { recipient: string; outcome: TestOutcome | { state: 'held' } }

/** Sends a message of a draft to oneself as one recipient of its audience (`seenAs`, else the first) will get it: from the
 *  same account, with the same subject, signature and footer. */
export const testVariant = async (
  deps: Needs,
  campaign: Campaign,
  { variant, position }: { variant: Variant; position: number },
  { to, seenAs }: { to: Mailbox; seenAs: string },
): Promise<VariantTest> => {
  const { db } = deps
  const first = await previewRecipient(deps, campaign, seenAs)
  const { recipient, account } = first
  if (!account) return { recipient, outcome: { state: 'no_account' } }
  const follows = position > 0 ? await threadSubject(first, campaign, await listSteps(db, campaign.id)) : null
  const seen = await previewVariant(first, campaign, variant, follows)
  if (!seen.ok || seen.mail.missing.length > 0) return { recipient, outcome: { state: 'held' } }
  const exactly = { accountId: account.id, origin: await originOf(db, first) }
  return { recipient, outcome: await sendTest(deps, seen.mail, { to, locale: campaign.locale, exactly }) }
}
