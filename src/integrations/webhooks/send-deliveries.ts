import type { Config } from '#src/config.ts'
import { isDatabaseDown, loggableMessage } from '#src/db/failures.ts'
import type { Db, Sql } from '#src/db/open.ts'
import type { Resolve } from '#src/lib/address-vetting.ts'
import type { Clock } from '#src/lib/clock.ts'
import type { Keys } from '#src/lib/keys.ts'
import type { Log } from '#src/lib/log.ts'
import { unseal } from '#src/lib/sealed-text.ts'
import { keepDoing } from '../keep-doing.ts'
import { deliver } from './deliver.ts'
import { PING } from './event-types.ts'
import {
  claimDeliveries,
  giveUpWebhook,
  noteFailing,
  releaseDelivery,
  saveDelivered,
  saveFailure,
  type ClaimedDelivery,
} from './queries.ts'
import { nextPause } from './retry-plan.ts'
import { SECRET_PURPOSE } from './webhook-secret.ts'

const EVERY_MS = 1_000
/** Of each webhook, on one node: a slow receiver holds up nobody but itself. */
const PER_WEBHOOK = 8
/** Longer than a try takes. */
const LEASE_MS = 60_000
/** For tries at work when the node stops: what is handed back may arrive twice. */
const GRACE_MS = 1_000
/** A webhook that nothing got through to for so long is switched off. */
export const GIVEN_UP_AFTER_MS = 5 * 24 * 3_600_000
const KEY_LOST = 'The secret of this webhook cannot be read: it was made with another SECRET_KEY.'

export type SendingParts = {
  db: Db
  sql: Sql
  log: Log
  clock: Clock
  keys: Pick<Keys, 'storedPasswords'>
  config: Pick<Config, 'WEBHOOK_ALLOW_NETWORKS'>
  resolve?: Resolve
  certificateAuthorities?: string
}

/** Sends events to webhooks on every node that works: at least once each, in no promised order. Returns what ends
 *  it: tries at work end within a second or are handed back. */
export const startSendingDeliveries = (parts: SendingParts): (() => Promise<void>) => {
  const { db, log } = parts
  const busy = new Map<number, number>()
  const running = new Set<Promise<void>>()
  const ending = new AbortController()
  const stop = keepDoing(parts, {
    trouble: 'webhooks wait',
    channel: 'webhook_deliveries',
    everyMs: EVERY_MS,
    round: async (signal, again) => {
      const claimed = await claimDeliveries(db, { busy, perWebhook: PER_WEBHOOK, leaseMs: LEASE_MS })
      for (const delivery of claimed) {
        count(busy, delivery.webhookId, 1)
        const done = attempt(delivery, { ...parts, signal: ending.signal })
          .catch((error: unknown) => {
            // Its lease runs out, then it is tried again.
            if (!isDatabaseDown(error))
              log.error('a webhook could not be settled', { reason: loggableMessage(error) })
          })
          .finally(() => {
            count(busy, delivery.webhookId, -1)
            running.delete(done)
            if (!signal.aborted) again()
          })
        running.add(done)
      }
    },
  })
  return async () => {
    await stop()
    await Promise.race([Promise.all(running), Bun.sleep(GRACE_MS)])
    ending.abort()
    await Promise.all(running)
  }
}

const count = (busy: Map<number, number>, webhookId: number, change: number): void => {
  const left = (busy.get(webhookId) ?? 0) + change
  if (left > 0) busy.set(webhookId, left)
  else busy.delete(webhookId)
}

const attempt = async (
  delivery: ClaimedDelivery,
  parts: SendingParts & { signal: AbortSignal },
): Promise<void> => {
  const { db, log } = parts
  const secret = unseal(parts.keys.storedPasswords, SECRET_PURPOSE, delivery.secret)
  if (secret === null) return saveFailure(db, delivery, { statusCode: null, answer: KEY_LOST, pauseMs: null })
  const tried = await deliver({ ...delivery, secret }, parts)
  if (tried.kind === 'stopped') return releaseDelivery(db, delivery)
  if (tried.kind === 'delivered') {
    const { statusCode, answer } = tried
    return saveDelivered(db, delivery, { statusCode, answer })
  }
  const { statusCode, answer } = tried
  await saveFailure(db, delivery, { statusCode, answer, pauseMs: nextPause({ ...delivery, ...tried }) })
  if (delivery.type === PING) return
  const failing = await noteFailing(db, delivery.webhookId, GIVEN_UP_AFTER_MS)
  const reason = tried.gone ? 'gone' : failing ? 'failing' : null
  if (reason && (await giveUpWebhook(db, delivery.webhookId, reason)))
    log.warn('a webhook was switched off', { webhook: delivery.webhookId, reason })
}
