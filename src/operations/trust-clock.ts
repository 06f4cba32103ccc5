import { z } from 'zod'
import type { Db } from '#src/db/open.ts'
import type { Log } from '#src/lib/log.ts'
import { readEvidence } from './queries-clock.ts'
import { readSetting, writeSetting } from './queries-settings.ts'

const SETTING = 'clock_trust'
const DAY_MS = 86_400_000
/** A clock so far after all that was ever noted is one that was set wrong, or a machine that stood still for long. */
const MOST_AHEAD_MS = 14 * DAY_MS
/** The clock of the program and that of its database may differ by time zones set wrong, not by more. */
const MOST_APART_MS = DAY_MS
/** It is believed all the same once it has been so for a week of nights: nobody's clock is wrong for so long unseen. */
const NIGHTS = 7
const [SHORTEST_NIGHT_MS, LONGEST_NIGHT_MS] = [DAY_MS / 2, 3 * DAY_MS]

const at = z.coerce.date()
const stored = z.object({
  /** The time of the last night that was believed. */
  believed: at.optional(),
  /** The nights that were not, one after another: how many, and the last. */
  held: z.object({ nights: z.number(), last: at, evidence: at }).optional(),
})
export type ClockState = z.output<typeof stored>

/** Whether what is old may be erased by this clock. What a clock that is years ahead takes for old is everything; what it
 *  erased nobody can bring back. `evidence`: the newest of what was noted before. */
export const judgeClock = (
  state: ClockState,
  { now, evidence }: { now: Date; evidence: Date | null },
): ClockState => {
  const known = state.believed ?? evidence
  if (known === null || now.getTime() - known.getTime() <= MOST_AHEAD_MS) return { believed: now }
  const since = state.held ? now.getTime() - state.held.last.getTime() : 0
  // Asked again in the same night.
  if (state.held && since >= 0 && since < SHORTEST_NIGHT_MS) return state
  const isNext = state.held !== undefined && since > 0 && since <= LONGEST_NIGHT_MS
  const nights = isNext ? state.held!.nights + 1 : 1
  if (nights > NIGHTS) return { believed: now }
  return { ...state, held: { nights, last: now, evidence: known } }
}

/** Asked by every job that erases what is old, by its name: true when it may. Says why not. */
export const mayEraseOld = async (
  { db, log }: { db: Db; log: Log },
  job: string,
  now: Date,
): Promise<boolean> => {
  const { databaseNow, newest } = await readEvidence(db)
  if (now.getTime() - databaseNow.getTime() > MOST_APART_MS) {
    log.warn('nothing is erased: the clocks of this machine and of its database differ by days', {
      job,
      here: now.toISOString(),
      there: databaseNow.toISOString(),
    })
    return false
  }
  const key = `${SETTING}.${job}`
  const after = judgeClock(stored.catch({}).parse(await readSetting(db, key)), { now, evidence: newest })
  await writeSetting(db, key, after)
  if (!after.held) return true
  log.warn('nothing is erased: the clock is far ahead of everything noted so far', {
    job,
    now: now.toISOString(),
    newest: after.held.evidence.toISOString(),
    nightsToGo: NIGHTS + 1 - after.held.nights,
  })
  return false
}
