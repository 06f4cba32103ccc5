import type { Db } from '#src/db/open.ts'
import { reasonsToStop } from './queries-due.ts'

/** Of ledger rows that are about to be sent those that must not be after all, with the code of why
 *  (planning/messages.ts): conditions of follow-ups and what ends a sequence are judged by what is known now. One
 *  statement; the caller marks them `skipped`. The settle job does the same once a minute for all that wait, so that
 *  the pages show it early. */
export const checkDue = (db: Db, ids: readonly number[]): Promise<Map<number, string>> =>
  ids.length === 0 ? Promise.resolve(new Map()) : reasonsToStop(db, ids)
