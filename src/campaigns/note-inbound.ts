import type { Db } from '#src/db/open.ts'
import type { InboundEvent } from '#src/mail/inbound/apply-inbound.ts'
import { noteOutcome } from '#src/mail/limits/note-outcome.ts'
import { stopSequences, type StopReason } from './planning/stop-sequences.ts'
import { changeLedger } from './queries-inbound.ts'

const STOPS: Partial<Record<InboundEvent['what'], StopReason>> = {
  replied: 'replied',
  stopped: 'unsubscribed',
  complained: 'complained',
}
/** Bounces that say something of the sender's name: full mailboxes and servers that are down do not. */
const HARMFUL = new Set<InboundEvent['reason']>(['blocked', 'not_authenticated', 'too_many', 'content'])

/** What came back, as far as campaigns are concerned: the ledger, the health of the account, and the mails that still wait
 *  for the recipient. To be called in the transaction that notes the mail (mail/inbound/apply-inbound.ts). */
export const noteInbound = async (tx: Db, event: InboundEvent): Promise<void> => {
  const { what, messageId, bounceKind, diagnostic, at, address, companyId, rehearsed, proven, believed } =
    event
  const row = await changeLedger(tx, { messageId, what, bounceKind, diagnostic, at })
  if (row && what === 'bounced') await stopSequences(tx, { campaignMessageIds: [row.id] }, 'bounced')
  const reason = STOPS[what]
  if (row && reason) await stopSequences(tx, { campaignMessageIds: [row.id] }, reason)
  if (rehearsed || (what === 'complained' && !believed)) return
  if (what === 'bounced' && bounceKind === 'hard') await stopSequences(tx, { address }, 'bounced')
  if (reason) await stopSequences(tx, companyId === null ? { address } : { companyId }, reason)
  if (row?.isNew && proven) await noteHealth(tx, event, row)
}

const noteHealth = async (
  tx: Db,
  { what, bounceKind, reason, sentAt, at, diagnostic }: InboundEvent,
  { accountId, provider }: { accountId: number; provider: string },
): Promise<void> => {
  const outcome = what === 'complained' ? ('complained' as const) : ('bounced' as const)
  const counts =
    what === 'complained' || (what === 'bounced' && (bounceKind === 'hard' || HARMFUL.has(reason)))
  if (counts) await noteOutcome(tx, { accountId, provider, outcome, sentAt, reply: diagnostic ?? '' }, at)
}
