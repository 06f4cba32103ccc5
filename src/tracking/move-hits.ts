import { randomBytes } from 'node:crypto'
import { moveStatus } from '#src/companies/move-status.ts'
import type { Deps } from '#src/deps.ts'
import type { Db } from '#src/db/open.ts'
import { loggableMessage } from '#src/db/failures.ts'
import { sleep } from '#src/lib/sleep.ts'
import { judgeMessage, judgeSome } from './judge-hits.ts'
import {
  ensureMonths,
  insertSuppression,
  insertWithdrawal,
  isInboxEmpty,
  monthsWithoutTable,
  moveInbox,
  type Request,
} from './queries-inbox.ts'
import { renewSalt, reviseVerdicts } from './queries-judge.ts'

const BATCH = 10_000
const EVERY_MS = 1000
const MONTHS_EVERY_MS = 60_000
const SALT_BYTES = 16

/** Empties the inbox: hits become events, and what recipients asked for is done with them. A hit that is kept with nobody
 *  is judged by itself, as nothing will be known of it later. Several nodes may do it at once. Returns how many hits were moved. */
export const moveHits = async (db: Db): Promise<number> => {
  let moved = 0
  while (!(await isInboxEmpty(db))) {
    const taken = await db.transaction(async (tx) => {
      const batch = await moveInbox(tx, BATCH)
      for (const request of batch.requests) await applyRequest(tx, request)
      const verdicts = batch.nameless.flatMap((event) =>
        judgeMessage({ sentAt: null, links: [], events: [event] }),
      )
      if (verdicts.length > 0) await reviseVerdicts(tx, verdicts)
      return batch.taken
    })
    moved += taken
    // The rest is in another node's hands.
    if (taken === 0) break
  }
  return moved
}

/** An unsubscribe suppresses the address and tells the company's page; taking back the consent to tracking lets later
 *  hits be counted with nobody. A mail that belongs to no campaign is answered with "never again". */
const applyRequest = async (tx: Db, request: Request): Promise<void> => {
  const { recipient: address, messageId, companyId, campaignId, detail, at } = request
  if (detail.withdrawConsent) await insertWithdrawal(tx, { address, messageId, at })
  if (request.type === 'consent') return
  const scope = detail.scope === 'campaign' && campaignId !== null ? 'campaign' : 'all'
  await insertSuppression(tx, {
    address,
    scope,
    campaignId: scope === 'campaign' ? campaignId : null,
    reason: detail.reason ?? '',
    source: detail.source ?? 'page',
    messageId,
    at,
  })
  if (scope === 'all' && companyId !== null)
    await moveStatus(tx, { companyIds: [companyId], trigger: 'unsubscribed' })
}

/** The tables of this month and the next, and of months that events came for before their table was made. */
export const makeMonths = async (db: Db, now: Date): Promise<void> => {
  const next = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1))
  const ahead = [now, next].map((date) => date.toISOString().slice(0, 7))
  await ensureMonths(db, [...new Set([...ahead, ...(await monthsWithoutTable(db))])])
}

/** Keeps doing both and judging what has come, on every node that works. Returns what ends it. */
export const startMovingHits = ({
  db,
  log,
  clock,
}: Pick<Deps, 'db' | 'log' | 'clock'>): (() => Promise<void>) => {
  const stop = new AbortController()
  let monthsAt = -Infinity
  let told = ''
  const round = async (): Promise<void> => {
    try {
      if (performance.now() - monthsAt > MONTHS_EVERY_MS) {
        await makeMonths(db, clock.now())
        const day = clock.now().toISOString().slice(0, 10)
        await renewSalt(db, { day, salt: randomBytes(SALT_BYTES).toString('hex') })
        monthsAt = performance.now()
      }
      // Who asked not to be written to does not wait until an hour of hits is judged.
      do await moveHits(db)
      while ((await judgeSome(db)) && !stop.signal.aborted)
      told = ''
    } catch (error) {
      const reason = loggableMessage(error)
      if (reason !== told) log.warn('events wait in the inbox', { reason })
      told = reason
    }
  }
  const running = (async () => {
    while (!stop.signal.aborted) {
      await round()
      await sleep(EVERY_MS, stop.signal).catch(() => {})
    }
  })()
  return async () => {
    stop.abort()
    await running
  }
}
