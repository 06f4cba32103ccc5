import type { Db } from '#src/db/open.ts'
import type { Pause } from './health.ts'
import { storePause, storeResumption } from './queries-outcomes.ts'

/** Stops an account: nothing more is granted to it (reserve) until somebody resumes it. `detail` is what the server said,
 *  or `some/all` of a rate (messages.ts). False when it already stood still; the first reason stays. */
export const pauseAccount = (tx: Db, accountId: number, pause: Pause, now: Date): Promise<boolean> =>
  storePause(tx, accountId, pause, now)

/** Lets an account go on: its breakers are closed, and bounces and complaints count from the pause on. Call it in
 *  a transaction. False when it did not stand still. */
export const resumeAccount = (tx: Db, accountId: number, now: Date): Promise<boolean> =>
  storeResumption(tx, accountId, now)
