import type { Db } from '#src/db/open.ts'
import { loggableMessage } from '#src/db/failures.ts'
import type { Deps } from '#src/deps.ts'
import { countCampaign, findNumbers, storeNumbers, type StoredNumbers } from './queries-numbers.ts'

/** Numbers as young as this are shown as they are. */
const FRESH_MS = 1_000
/** Counting is done for at most a twentieth of the time, however many look on. */
const REST_FACTOR = 20
/** What takes longer is not waited for: the page shows what was counted before, and says when. */
const WAITED_FOR_MS = 60
const STALE_MS = 24 * 3600 * 1000

export type NumbersReader = {
  /** The numbers of a campaign: counted now where that is quick, else as counted last while they are counted anew. */
  read: (campaignId: number) => Promise<StoredNumbers>
  /** Counted now. */
  count: (campaignId: number) => Promise<StoredNumbers>
}

/** One for a process: who looks at the same campaign at once shares one counting. */
export const numbersReader = ({ db, clock, log }: Pick<Deps, 'db' | 'clock' | 'log'>): NumbersReader => {
  const counting = new Map<number, Promise<StoredNumbers>>()
  const timeZone = new Intl.DateTimeFormat().resolvedOptions().timeZone

  const countNow = async (campaignId: number): Promise<StoredNumbers> => {
    const countedAt = clock.now()
    const started = performance.now()
    const numbers = await countCampaign(db, campaignId, timeZone)
    const counted = { numbers, countedAt, tookMs: Math.ceil(performance.now() - started) }
    await keep(db, campaignId, counted)
    return counted
  }
  // A campaign that was deleted meanwhile has no place for its numbers, and needs none.
  const keep = (tx: Db, campaignId: number, counted: StoredNumbers): Promise<void> =>
    storeNumbers(tx, campaignId, counted).catch(() => {})

  const count = (campaignId: number): Promise<StoredNumbers> => {
    const running = counting.get(campaignId)
    if (running) return running
    const started = countNow(campaignId).finally(() => counting.delete(campaignId))
    counting.set(campaignId, started)
    return started
  }

  const read = async (campaignId: number): Promise<StoredNumbers> => {
    const stored = await findNumbers(db, campaignId)
    if (!stored) return count(campaignId)
    const age = clock.now().getTime() - stored.countedAt.getTime()
    if (age >= 0 && age < Math.max(FRESH_MS, stored.tookMs * REST_FACTOR)) return stored
    if (stored.tookMs <= WAITED_FOR_MS || age > STALE_MS) return count(campaignId)
    void count(campaignId).catch((error: unknown) =>
      log.warn('the numbers of a campaign could not be counted', { reason: loggableMessage(error) }),
    )
    return stored
  }

  return { read, count }
}
