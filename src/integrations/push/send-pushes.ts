import type { Db, Sql } from '#src/db/open.ts'
import type { Clock } from '#src/lib/clock.ts'
import type { Log } from '#src/lib/log.ts'
import type { Networks } from '#src/lib/networks.ts'
import { keepDoing } from '../keep-doing.ts'
import {
  readReceipts,
  sendToExpo,
  type Expo,
  type ExpoAnswer,
  type ExpoMessage,
  type ExpoOutcome,
} from './expo.ts'
import { pushMessages } from './messages.ts'
import {
  claimPushes,
  claimTickets,
  endPush,
  postponePush,
  removeDevice,
  saveTicket,
  type WaitingPush,
} from './queries.ts'

const HOST = 'https://exp.host'
const EVERY_MS = 5_000
/** As many messages as Expo takes in one request. */
const BATCH = 100
const RECEIPTS = 300
const LEASE_MS = 60_000
const SECOND = 1_000
const MINUTE = 60 * SECOND
/** Then a message is no news any more. */
const PAUSES = [10 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, 60 * MINUTE, 180 * MINUTE]
/** Expo has receipts after a quarter of an hour, and forgets them after a day. */
const RECEIPT_MS = 15 * MINUTE
const RECEIPT_TRIES = 20
const GONE = 'DeviceNotRegistered'
const TOO_FAST = 'MessageRateExceeded'

type Parts = {
  db: Db
  sql: Sql
  log: Log
  clock: Clock
  /** What stands for Expo in a test. */
  expo?: { host: string; allowNetworks: Networks }
}

/** Tells phones what has ended, on every node that works. Returns what ends it. */
export const startSendingPushes = (parts: Parts): (() => Promise<void>) =>
  keepDoing(parts, {
    trouble: 'messages to phones wait',
    channel: 'push_messages',
    everyMs: EVERY_MS,
    round: async (signal) => {
      const expo = { host: HOST, clock: parts.clock, signal, ...parts.expo }
      while (!signal.aborted && (await sendWaiting(parts.db, expo))) continue
      while (!signal.aborted && (await settleTickets(parts.db, expo))) continue
    },
  })

const sendWaiting = async (db: Db, expo: Expo): Promise<boolean> => {
  const pushes = await claimPushes(db, { limit: BATCH, leaseMs: LEASE_MS })
  if (pushes.length === 0) return false
  const answer = await sendToExpo(expo, pushes.map(messageFor))
  // Messages for phones of two projects in one request are refused all together.
  if (answer.kind === 'refused' && pushes.length > 1)
    for (const push of pushes) await saveAnswer(db, [push], await sendToExpo(expo, [messageFor(push)]))
  else await saveAnswer(db, pushes, answer)
  return pushes.length === BATCH
}

const messageFor = ({ expoToken, kind, values, locale }: WaitingPush): ExpoMessage => {
  const t = pushMessages(locale)
  return { to: expoToken, title: t[`${kind}_title`], body: t[kind](values), data: dataOf(kind, values) }
}

const dataOf = (kind: WaitingPush['kind'], values: WaitingPush['values']): ExpoMessage['data'] =>
  kind === 'batch_done'
    ? { type: 'batch', total: values['total'] ?? 0 }
    : {
        type: 'website-analysis',
        status: kind === 'analysis_done' ? 'done' : 'failed',
        entreprise_id: values['companyId'] ?? 0,
      }

const saveAnswer = async (
  db: Db,
  pushes: WaitingPush[],
  answer: ExpoAnswer<ExpoOutcome[]>,
): Promise<void> => {
  for (const [index, push] of pushes.entries()) {
    if (answer.kind === 'refused') await endPush(db, push.id, 'failed', 'refused')
    else if (answer.kind === 'later') await tryLater(db, push, answer.retryAfterMs)
    else await saveOutcome(db, push, answer.value[index])
  }
}

const saveOutcome = async (db: Db, push: WaitingPush, outcome: ExpoOutcome | undefined): Promise<void> => {
  if (outcome?.ok && outcome.ticket)
    await saveTicket(db, { id: push.id, ticket: outcome.ticket, receiptMs: RECEIPT_MS })
  else if (outcome?.ok) await endPush(db, push.id, 'done')
  else if (outcome?.error === GONE) await removeDevice(db, push.deviceId)
  else if (outcome?.error === TOO_FAST) await tryLater(db, push, null)
  else await endPush(db, push.id, 'failed', outcome?.error ?? 'unknown')
}

const tryLater = (db: Db, { id, tries }: WaitingPush, retryAfterMs: number | null): Promise<void> => {
  const pause = PAUSES[tries - 1]
  return pause === undefined
    ? endPush(db, id, 'failed', 'unreachable')
    : postponePush(db, id, Math.max(pause, retryAfterMs ?? 0))
}

const settleTickets = async (db: Db, expo: Expo): Promise<boolean> => {
  const claimed = await claimTickets(db, { limit: RECEIPTS, againMs: RECEIPT_MS })
  if (claimed.length === 0) return false
  const answer = await readReceipts(
    expo,
    claimed.map(({ ticket }) => ticket),
  )
  for (const { id, deviceId, ticket, tries } of claimed) {
    const outcome = answer.kind === 'answered' ? answer.value.get(ticket) : undefined
    if (outcome?.ok) await endPush(db, id, 'done')
    else if (outcome?.error === GONE) await removeDevice(db, deviceId)
    else if (outcome) await endPush(db, id, 'failed', outcome.error)
    else if (tries >= RECEIPT_TRIES) await endPush(db, id, 'done', 'no_receipt')
  }
  return claimed.length === RECEIPTS
}
