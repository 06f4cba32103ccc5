import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '#src/lib/errors.ts'
import type { Log } from '#src/lib/log.ts'
import { within } from '#src/lib/within.ts'

const DELIVER_WITHIN_MS = 30_000
/** A value that no second try will make right. */
const HOPELESS = /^2[23]/

export type Deliver = (records: string[]) => Promise<void>

type Options = { folder: string; log: Log; deliver: Deliver; rejected: () => void }

/** Delivers a batch; an event that the database refuses for what is in it is set aside and does not hold up the others. */
export const batchDelivery = ({ folder, log, deliver, rejected }: Options): Deliver => {
  const deliverOneByOne = async (records: string[]): Promise<void> => {
    for (const record of records)
      try {
        await within(DELIVER_WITHIN_MS, deliver([record]))
      } catch (error) {
        if (!HOPELESS.test(codeOf(error))) throw error
        rejected()
        setAside(record, error)
      }
  }

  // A full disk must not keep the rest from the database, which is what makes room.
  const setAside = (record: string, error: unknown): void => {
    log.error('the database refused an event', { code: codeOf(error) })
    try {
      appendFileSync(join(folder, 'rejected.jsonl'), `${record}\n`, { mode: 0o600 })
    } catch (failure) {
      log.error('the refused event could not be kept', { reason: messageOf(failure) })
    }
  }

  return async (records) => {
    if (records.length === 0) return
    try {
      await within(DELIVER_WITHIN_MS, deliver(records))
    } catch (error) {
      if (!HOPELESS.test(codeOf(error))) throw error
      await deliverOneByOne(records)
    }
  }
}

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code)
