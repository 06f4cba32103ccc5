import type { Db } from '#src/db/open.ts'
import { skipFor, type StopTarget } from './queries-sequences.ts'

/** Why nothing more is sent to somebody (texts: planning/messages.ts). */
export type StopReason =
  | 'replied'
  | 'bounced'
  | 'unsubscribed'
  | 'complained'
  | 'status'
  | 'meeting'
  | 'company_deleted'

/** What waits in any campaign for this company or address – or, by ledger rows, for the same addresses in the same
 *  campaigns – is skipped, follow-ups and first mails alike. A reply: give the company when it is known, as its other
 *  people must not be reminded of what one of them answered. Returns how many mails will not be sent. */
export const stopSequences = (tx: Db, target: StopTarget, reason: StopReason): Promise<number> =>
  skipFor(tx, target, reason)
