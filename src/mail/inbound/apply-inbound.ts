import { moveStatus } from '#src/companies/move-status.ts'
import { recordChange } from '#src/companies/queries-edit.ts'
import type { Db } from '#src/db/open.ts'
import { suppress } from '#src/tracking/suppress.ts'
import { asksToStop } from './asks-to-stop.ts'
import type { InboundClass, InboundReason } from './classify-inbound.ts'
import { matchInbound, type Match, type MatchedBy } from './match-inbound.ts'
import { insertInbound, isKnown } from './queries-inbound.ts'

const MAX_TEXT = 64_000
const MAX_HEADER = 8_000

/** Where a mail came in. */
export type InboundPlace = {
  accountId: number | null
  folder: string
  uidValidity: number
  uid: number
  receivedAt: Date
  /** Made by a rehearsal: it touches neither suppressions nor statuses, and only mails of rehearsals. */
  rehearsed?: boolean
}

/** What came back about a mail that was sent, for those who sent it. */
export type InboundEvent = {
  inboundId: number | null
  /** bounced: it came back. delayed: it is still being tried. delivered: it arrived. replied: a person answered.
   *  stopped: a person asked for no more mail. complained: it was reported as spam. */
  what: 'bounced' | 'delayed' | 'delivered' | 'replied' | 'stopped' | 'complained'
  bounceKind: 'hard' | 'soft' | null
  messageId: number
  companyId: number | null
  accountId: number | null
  /** Whom the mail had gone to, in lower case. */
  address: string
  reason: InboundReason
  diagnostic: string | null
  sentAt: Date | null
  at: Date
  rehearsed: boolean
  /** Whoever wrote it had the mail before him: it names what is known from the mail alone. Anybody can write that an
   *  address does not exist, or complains. */
  proven: boolean
  /** What it says is acted upon: it is proven, or a report that fits a mail of ours (match-inbound.ts). */
  believed: boolean
}

/** Called in the transaction that notes the mail. */
export type OnInbound = (tx: Db, event: InboundEvent) => Promise<void>

/** ignored: it is about no mail of ours. known: it was applied before. */
export type Applied =
  | { result: 'ignored' | 'known' }
  | { result: 'applied'; inboundId: number | null; event: InboundEvent; by: MatchedBy }

/** Notes what came in about a mail that was sent, with all that follows from it, at once or not at all: who must not be
 *  written to any more, the company's status and, through `onInbound`, the ledger and what waits for the recipient. The same
 *  mail may be given again. A success report is told, and not kept. */
export const applyInbound = async (
  db: Db,
  place: InboundPlace,
  found: InboundClass,
  options: { onInbound?: OnInbound; now: Date },
): Promise<Applied> => {
  const isOurs = found.kind !== 'none' || found.action !== null || found.isPersonal
  if (!isOurs) return { result: 'ignored' }
  const rehearsed = place.rehearsed ?? false
  if (found.kind !== 'none' && (await isKnown(db, { ...place, mailId: found.mailId })))
    return { result: 'known' }
  const match = await matchInbound(db, found, { accountId: place.accountId, now: options.now, rehearsed })
  if (!match) return { result: 'ignored' }
  const what = whatHappened(found)
  if (what === 'delivered' && found.kind === 'none') {
    const event = eventOf(null, what, match, place, found)
    await db.transaction(async (tx) => options.onInbound?.(tx, event))
    return { result: 'applied', inboundId: null, event, by: match.by }
  }
  return db.transaction(async (tx) => {
    const inboundId = await insertInbound(tx, rowOf(place, found, match, what))
    if (inboundId === null) return { result: 'known' as const }
    const event = eventOf(inboundId, what, match, place, found)
    if (!match.mail.rehearsed) await follow(tx, event, found, options.now)
    await options.onInbound?.(tx, event)
    return { result: 'applied' as const, inboundId, event, by: match.by }
  })
}

const whatHappened = (found: InboundClass): InboundEvent['what'] => {
  if (found.isBounce) return found.action === 'delayed' ? 'delayed' : 'bounced'
  if (found.kind === 'complaint') return 'complained'
  if (found.kind === 'autoreply' || found.action !== null) return 'delivered'
  return asksToStop(found.text) ? 'stopped' : 'replied'
}

const eventOf = (
  inboundId: number | null,
  what: InboundEvent['what'],
  { mail, by }: Match,
  place: InboundPlace,
  found: InboundClass,
): InboundEvent => ({
  inboundId,
  what,
  // An address is given up for what is certain.
  bounceKind: !found.isBounce ? null : by === 'recipient' ? 'soft' : (found.kind as 'hard' | 'soft'),
  messageId: mail.id,
  companyId: mail.companyId,
  accountId: mail.accountId,
  address: mail.recipient.toLowerCase(),
  reason: found.reason,
  diagnostic: found.diagnostic,
  sentAt: mail.sentAt,
  at: place.receivedAt,
  rehearsed: mail.rehearsed,
  proven: by !== 'recipient' && by !== 'report',
  believed: by !== 'recipient',
})

const rowOf = (place: InboundPlace, found: InboundClass, { mail, by }: Match, what: InboundEvent['what']) => {
  const kind = found.kind === 'none' ? ('reply' as const) : found.kind
  return {
    accountId: place.accountId,
    folder: place.folder,
    uidValidity: place.uidValidity,
    uid: place.uid,
    kind,
    status: found.status,
    diagnostic: found.diagnostic,
    reason: what === 'stopped' ? 'stop' : kind === 'reply' ? 'answer' : found.reason,
    matchedBy: by,
    messageId: mail.id,
    companyId: mail.companyId,
    recipient: mail.recipient.toLowerCase(),
    mailId: found.mailId?.slice(0, MAX_HEADER) ?? null,
    mailReferences: found.references?.slice(-MAX_HEADER) ?? null,
    fromAddress: found.from?.address ?? null,
    fromName:
      found.from?.name
        .replaceAll(/\p{Cc}+/gu, ' ')
        .slice(0, 200)
        .toWellFormed() ?? null,
    subject: found.subject,
    text: found.text === '' ? null : storable(found.text),
    receivedAt: place.receivedAt,
  }
}

const storable = (text: string): string => text.replaceAll('\0', '').slice(0, MAX_TEXT).toWellFormed()

/** What follows for whoever was written to. A soft bounce says nothing of the address. Who asks for no more mail is heard
 *  however he says so; that somebody complained is believed of who had the mail, or knows all of it. */
const follow = async (tx: Db, event: InboundEvent, found: InboundClass, now: Date): Promise<void> => {
  const { what, address, companyId, messageId } = event
  const entry = { address, messageId, ofCompanyId: companyId }
  const companyIds = companyId === null ? [] : [companyId]
  if (what === 'bounced' && event.bounceKind === 'hard')
    await suppress(tx, { ...entry, source: 'bounce', reason: found.diagnostic ?? '' }, now)
  if (what === 'complained' && event.believed) await suppress(tx, { ...entry, source: 'complaint' }, now)
  if (what === 'stopped') await suppress(tx, { ...entry, source: 'reply' }, now)
  if (what === 'replied') await moveStatus(tx, { companyIds, trigger: 'replied' })
  if (companyId === null || what === 'delivered' || what === 'delayed') return
  const detail = { recipient: address, what, subject: found.subject, inboundId: event.inboundId }
  await recordChange(tx, { companyId, userId: null, kind: 'received', detail })
}
