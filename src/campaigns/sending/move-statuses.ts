import { moveStatus } from '#src/companies/move-status.ts'
import { loggableMessage } from '#src/db/failures.ts'
import type { Deps } from '#src/deps.ts'
import { sleep } from '#src/lib/sleep.ts'
import { takeMoves } from './queries-commit.ts'

const AT_ONCE = 100
/** A company's row is written several times for its status: beside a full stream of mails, so many a second. */
const BESIDE_MAILS = 25
const EVERY_MS = 1_000

/** Lets statuses of companies follow what was sent: at once where little is sent, and behind it, so many a second, where
 *  much is (`isBusy`). Returns what ends it. */
export const startMovingStatuses = (
  { db, log }: Pick<Deps, 'db' | 'log'>,
  isBusy: () => boolean,
): (() => Promise<void>) => {
  const stop = new AbortController()
  const round = async (): Promise<void> => {
    let moved = 0
    do moved = await moveSome(db, isBusy() ? BESIDE_MAILS : AT_ONCE)
    while (moved === AT_ONCE && !stop.signal.aborted)
  }
  let told = ''
  const running = (async () => {
    while (!stop.signal.aborted) {
      await round().then(
        () => (told = ''),
        (error: unknown) => {
          const reason = loggableMessage(error)
          if (reason !== told) log.warn('statuses wait', { reason })
          told = reason
        },
      )
      await sleep(EVERY_MS, stop.signal).catch(() => {})
    }
  })()
  return async () => {
    stop.abort()
    await running
  }
}

/** Moves some; returns how many were taken. */
const moveSome = (db: Deps['db'], limit: number): Promise<number> =>
  db.transaction(async (tx) => {
    const moves = await takeMoves(tx, limit)
    for (const [trigger, companyIds] of moves)
      await moveStatus(tx, { companyIds: [...new Set(companyIds)], trigger })
    return [...moves.values()].flat().length
  })
