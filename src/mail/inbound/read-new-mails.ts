import type { ImapFlow } from 'imapflow'
import { isBlocked, isDatabaseDown, isDiskFull } from '#src/db/failures.ts'
import type { Deps } from '#src/deps.ts'
import type { MailboxSettings } from '../accounts/read-account.ts'
import { applyInbound, type OnInbound } from './apply-inbound.ts'
import { classifyInbound, type InboundClass } from './classify-inbound.ts'
import { findPosition, firstSentAt, noteNotMoved, savePosition } from './queries-inbound.ts'

/** So many mails are fetched, applied and their place noted at a time. */
const BATCH = 50
/** Of each mail: what tells what it is stands at its beginning. */
const MAX_BYTES = 512 * 1024
const DAY_MS = 86_400_000
const CLOSED = 'the connection was closed'

type Needs = Pick<Deps, 'db' | 'clock' | 'log'>
type Fetched = { uid: number; receivedAt: Date; found: InboundClass }

/** Reads what has come into the open mailbox since it was read last, in bounded memory, and applies it. Nothing on the
 *  server is changed but what is about a mail of ours, and that is only moved, when a folder is set. Stops between two
 *  batches when told to. Returns how many mails were read. */
export const readNewMails = async (
  deps: Needs,
  client: ImapFlow,
  settings: MailboxSettings,
  options: { onInbound?: OnInbound; signal?: AbortSignal } = {},
): Promise<number> => {
  const { accountId, folder } = settings
  const mailbox = client.mailbox
  if (!mailbox) return 0
  const uidValidity = Number(mailbox.uidValidity)
  const place = { accountId, folder, uidValidity }
  const known = await findPosition(deps.db, accountId, folder)
  const isKnown = known !== null && known.uidValidity === uidValidity
  let lastUid = isKnown ? known.lastUid : 0
  const uids = isKnown ? await uidsAfter(client, lastUid) : await uidsOfInterest(deps, client, accountId)
  const save = () => savePosition(deps.db, { ...place, lastUid, readAt: deps.clock.now() })
  let read = 0
  for (let at = 0; at < uids.length; at += BATCH) {
    if (options.signal?.aborted) return read
    const batch = uids.slice(at, at + BATCH)
    const mails = await fetchMails(client, batch)
    // What a connection that has ended did not give is still to be read.
    if (!client.usable) throw new Error(CLOSED)
    const ours = await applyBatch(deps, place, mails, options.onInbound)
    await moveAway(deps, client, settings, { ...place, uids: ours })
    lastUid = Math.max(lastUid, ...batch)
    read += batch.length
    await save()
  }
  // What lies before the first mail of interest is never looked at.
  if (!isKnown) lastUid = Math.max(lastUid, Number(mailbox.uidNext) - 1)
  if (!isKnown || uids.length === 0) await save()
  return read
}

const uidsAfter = async (client: ImapFlow, lastUid: number): Promise<number[]> => {
  const found = inOrder(await client.search({ uid: `${lastUid + 1}:*` }, { uid: true }))
  // "n:*" also gives the last mail when it is older (RFC 3501 §6.4.8).
  return found.filter((uid) => uid > lastUid)
}

/** In a mailbox that is new here or was numbered anew: what came since the account began to send. */
const uidsOfInterest = async (deps: Needs, client: ImapFlow, accountId: number): Promise<number[]> => {
  const first = await firstSentAt(deps.db, accountId)
  if (first === null) return []
  return inOrder(await client.search({ since: new Date(first.getTime() - DAY_MS) }, { uid: true }))
}

/** A search that was not answered has not found nothing. */
const inOrder = (found: number[] | false | undefined): number[] => {
  if (!found) throw new Error(CLOSED)
  return found.toSorted((a, b) => a - b)
}

const fetchMails = async (client: ImapFlow, uids: number[]): Promise<Fetched[]> => {
  const mails: Fetched[] = []
  const query = { uid: true, internalDate: true, source: { maxLength: MAX_BYTES } }
  for await (const { uid, source, internalDate } of client.fetch(uids.join(','), query, { uid: true })) {
    if (!source) continue
    const at = new Date(internalDate ?? Number.NaN)
    const receivedAt = Number.isNaN(at.getTime()) ? new Date() : at
    mails.push({ uid, receivedAt, found: classifyInbound(source) })
  }
  return mails
}

/** Which of them are about mails of ours, those applied before included. */
const applyBatch = async (
  deps: Needs,
  place: { accountId: number; folder: string; uidValidity: number },
  mails: Fetched[],
  onInbound: OnInbound | undefined,
): Promise<number[]> => {
  const ours: number[] = []
  for (const { uid, receivedAt, found } of mails) {
    const options = { now: deps.clock.now(), ...(onInbound && { onInbound }) }
    try {
      const { result } = await applyInbound(deps.db, { ...place, uid, receivedAt }, found, options)
      if (result !== 'ignored') ours.push(uid)
    } catch (error) {
      // Nothing is wrong with the mail: it is read again.
      if (isDatabaseDown(error) || isDiskFull(error) || isBlocked(error)) throw error
      // One mail that cannot be applied must not keep all that come after it.
      deps.log.error('a mail that came in could not be applied', { account: place.accountId, uid })
    }
  }
  return ours
}

/** A mail that cannot be moved is applied all the same: it stays where it is, and says so. */
const moveAway = async (
  deps: Needs,
  client: ImapFlow,
  { moveTo }: MailboxSettings,
  place: { accountId: number; folder: string; uidValidity: number; uids: number[] },
): Promise<void> => {
  if (moveTo === null || moveTo === place.folder || place.uids.length === 0) return
  const move = () => client.messageMove(place.uids.join(','), moveTo, { uid: true })
  try {
    const moved = (await move()) || ((await client.mailboxCreate(moveTo)) && (await move()))
    if (!moved) await noteNotMoved(deps.db, place, moveTo)
  } catch (error) {
    if (!client.usable) throw error
    await noteNotMoved(deps.db, place, moveTo)
    deps.log.warn('mails could not be moved within a mailbox', { account: place.accountId })
  }
}
