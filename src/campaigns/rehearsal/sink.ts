import { isDatabaseDown, loggableMessage } from '#src/db/failures.ts'
import type { Deps } from '#src/deps.ts'
import { applyInbound } from '#src/mail/inbound/apply-inbound.ts'
import type { Delivery, Envelope } from '#src/mail/deliver-mail.ts'
import { insertHits } from '#src/tracking/queries.ts'
import { noteInbound } from '../note-inbound.ts'
import { transportOf, type OpenTransport } from '../sending/transport.ts'
import { DELAYS, fateOf, type Deed } from './fates.ts'
import { inventHits, type RehearsedMail } from './invent-hits.ts'
import { inventMail } from './invent-mails.ts'
import { deleteDeeds, findRehearsed, holdDue, insertDeeds, nextDue } from './queries-rehearsal.ts'

const LINES = 5
const LOOK_EVERY_MS = 500
/** Where nothing is to be invented: another node may have died before it had done its part. */
const LOOK_AGAIN_MS = 30_000
/** So many things happen at once; the rest a moment later. */
const AT_ONCE = 500
const FOLDER = 'rehearsal'
const MESSAGE_ID = /^message-id:\s*(<[^>\r\n]{3,400}>)/im
const MAX_HEAD = 16_384

export type Sink = {
  /** Takes the mails of rehearsals instead of a mail server. */
  open: OpenTransport
  stop: () => Promise<void>
}

/** Where rehearsals end: nothing leaves the machine. What recipients would do and mail servers would answer is invented, and
 *  goes the way that real hits and incoming mails go. What is still to be invented is kept: a program that starts goes on with
 *  what another had begun. `pace` 1: as fates.ts says; less is faster. */
export const openSink = (deps: Pick<Deps, 'db' | 'sql' | 'clock' | 'log'>, { pace = 1 } = {}): Sink => {
  const { db, sql, clock, log } = deps
  let mails = 0
  let lookAt = 0
  let acting: Promise<void> | null = null

  const deliver = async ({ message }: { envelope: Envelope; message: Buffer }): Promise<Delivery> => {
    const headerId = MESSAGE_ID.exec(message.toString('latin1', 0, MAX_HEAD))?.[1] ?? ''
    const fate = fateOf(mails++)
    if (fate === 'refused')
      return { state: 'failed', problem: 'recipient_refused', reply: '550 5.1.1 User unknown (rehearsal)' }
    const now = clock.now().getTime()
    const deeds = fate.map((deed) => ({
      dueAt: new Date(now + DELAYS[deed] * pace),
      happenedAt: new Date(now + DELAYS[deed]),
      headerId,
      deed,
    }))
    try {
      await insertDeeds(db, deeds)
    } catch (error) {
      return { state: 'failed', problem: 'unreachable', reply: loggableMessage(error) }
    }
    lookAt = Math.min(lookAt, ...deeds.map(({ dueAt }) => dueAt.getTime()))
    return { state: 'sent', reply: '250 2.0.0 Ok: rehearsed' }
  }

  /** What is due happens, and is forgotten only then: after a crash in between it may happen twice. */
  const act = async (): Promise<void> => {
    await db.transaction(async (tx) => {
      const due = await holdDue(tx, clock.now(), AT_ONCE)
      const found = await findRehearsed(
        db,
        due.map(({ headerId }) => headerId),
      )
      const known = due.flatMap(({ headerId, deed, happenedAt: happened }) => {
        const mail = found.get(headerId)
        return mail ? [{ mail, deed, happened }] : []
      })
      const hits = known.flatMap(({ mail, deed, happened }) => inventHits(mail, deed, happened))
      if (hits.length > 0)
        await insertHits(
          sql,
          hits.map((hit) => JSON.stringify(hit)),
        )
      for (const { mail, deed, happened } of known)
        await comeBack(mail, deed, happened).catch((error: unknown) => {
          if (isDatabaseDown(error)) throw error
          log.warn('a rehearsal lost something it invents', { reason: loggableMessage(error) })
        })
      await deleteDeeds(
        tx,
        due.map(({ id }) => id),
      )
    })
    const again = clock.now().getTime() + LOOK_AGAIN_MS
    lookAt = again
    const next = (await nextDue(db))?.getTime() ?? again
    lookAt = Math.min(lookAt, next)
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
    if (acting || clock.now().getTime() < lookAt) return
    acting = act()
      .catch((error: unknown) => log.warn('a rehearsal waits', { reason: loggableMessage(error) }))
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
