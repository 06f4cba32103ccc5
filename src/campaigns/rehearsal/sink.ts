import { loggableMessage } from '#src/db/failures.ts'
import type { Deps } from '#src/deps.ts'
import { applyInbound } from '#src/mail/inbound/apply-inbound.ts'
import type { Delivery, Envelope } from '#src/mail/deliver-mail.ts'
import { insertHits } from '#src/tracking/queries.ts'
import { noteInbound } from '../note-inbound.ts'
import { transportOf, type OpenTransport } from '../sending/transport.ts'
import { DELAYS, fateOf, type Deed } from './fates.ts'
import { inventHits, type RehearsedMail } from './invent-hits.ts'
import { inventMail } from './invent-mails.ts'
import { findRehearsed } from './queries-rehearsal.ts'

const LINES = 5
const LOOK_EVERY_MS = 500
/** So many things happen at once; the rest a moment later. */
const AT_ONCE = 500
/** A program that stops takes what it had still to invent with it: bounded, as the rest of a rehearsal is worth nothing. */
const MOST_WAITING = 200_000
const FOLDER = 'rehearsal'
const MESSAGE_ID = /^message-id:\s*(<[^>\r\n]{3,400}>)/im
const MAX_HEAD = 16_384

/** `at`: when it is told; `happened`: when it is told to have happened. */
type Due = { at: number; happened: Date; headerId: string; deed: Deed }

export type Sink = {
  /** Takes the mails of rehearsals instead of a mail server. */
  open: OpenTransport
  stop: () => Promise<void>
}

/** Where rehearsals end: nothing leaves the machine. What recipients would do and mail servers would answer is invented, and
 *  goes the way that real hits and incoming mails go. `pace` 1: as fates.ts says; less is faster. */
export const openSink = (deps: Pick<Deps, 'db' | 'sql' | 'clock' | 'log'>, { pace = 1 } = {}): Sink => {
  const { db, sql, clock, log } = deps
  let mails = 0
  let waiting: Due[] = []
  let acting: Promise<void> | null = null

  const deliver = async ({ message }: { envelope: Envelope; message: Buffer }): Promise<Delivery> => {
    const headerId = MESSAGE_ID.exec(message.toString('latin1', 0, MAX_HEAD))?.[1] ?? ''
    const fate = fateOf(mails++)
    if (fate === 'refused')
      return { state: 'failed', problem: 'recipient_refused', reply: '550 5.1.1 User unknown (rehearsal)' }
    const now = clock.now().getTime()
    if (waiting.length < MOST_WAITING)
      for (const deed of fate)
        waiting.push({
          at: now + DELAYS[deed] * pace,
          happened: new Date(now + DELAYS[deed]),
          headerId,
          deed,
        })
    return { state: 'sent', reply: '250 2.0.0 Ok: rehearsed' }
  }

  const act = async (): Promise<void> => {
    const now = clock.now()
    const due = waiting.filter(({ at }) => at <= now.getTime()).slice(0, AT_ONCE)
    if (due.length === 0) return
    const taken = new Set(due)
    waiting = waiting.filter((one) => !taken.has(one))
    const found = await findRehearsed(
      db,
      due.map(({ headerId }) => headerId),
    )
    const known = due.flatMap(({ headerId, ...rest }) => {
      const mail = found.get(headerId)
      return mail ? [{ mail, ...rest }] : []
    })
    const hits = known.flatMap(({ mail, deed, happened }) => inventHits(mail, deed, happened))
    if (hits.length > 0)
      await insertHits(
        sql,
        hits.map((hit) => JSON.stringify(hit)),
      )
    for (const { mail, deed, happened } of known) await comeBack(mail, deed, happened)
  }

  const comeBack = async (mail: RehearsedMail, deed: Deed, now: Date): Promise<void> => {
    const raw = inventMail(mail, deed, now)
    if (raw === null) return
    const { classifyInbound } = await import('#src/mail/inbound/classify-inbound.ts')
    const place = {
      accountId: mail.accountId,
      folder: FOLDER,
      uidValidity: 0,
      // One mail comes back of each, whatever it says.
      uid: mail.id,
      receivedAt: now,
      rehearsed: true,
    }
    await applyInbound(db, place, classifyInbound(raw), { onInbound: noteInbound, now })
  }

  const timer = setInterval(() => {
    if (acting || waiting.length === 0) return
    acting = act()
      .catch((error: unknown) =>
        log.warn('a rehearsal lost some of what it invents', { reason: loggableMessage(error) }),
      )
      .finally(() => (acting = null))
  }, LOOK_EVERY_MS * pace)

  return {
    open: () => transportOf(LINES, deliver),
    stop: async () => {
      clearInterval(timer)
      await acting
    },
  }
}
