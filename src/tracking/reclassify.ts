import type { Db } from '#src/db/open.ts'
import { writeSetting, readSetting } from '#src/operations/queries-settings.ts'
import { judgeMessage } from './judge-hits.ts'
import { listJudged, reviseVerdicts } from './queries-judge.ts'

const MESSAGES = 200
const SETTING = 'tracking_reclassified'

/** What going over history came to. `unknown`: hits of which nothing is kept any more to judge them by. */
export type Reclassified = {
  messages: number
  events: number
  unknown: number
  changed: number
  toHuman: number
  toMachine: number
}

/** Judges every hit on a mail again by the rules of this version, mail by mail. Hits that still wait for their verdict are
 *  left to it. May be interrupted and run again. */
export const reclassify = async (db: Db, signal?: AbortSignal): Promise<Reclassified> => {
  const total: Reclassified = { messages: 0, events: 0, unknown: 0, changed: 0, toHuman: 0, toMachine: 0 }
  let after = 0
  for (;;) {
    const messages = await listJudged(db, after, MESSAGES)
    const last = messages.at(-1)
    if (!last || signal?.aborted) break
    after = last.messageId
    const changed = messages.flatMap((message) => {
      const before = new Map(message.events.map((event) => [event.eventId, event]))
      total.unknown += message.unknown
      total.events += message.events.length
      return judgeMessage(message).filter(({ event_id, verdict, reason }) => {
        const known = before.get(event_id)
        if (known && known.verdict !== verdict) total[verdict === 'human' ? 'toHuman' : 'toMachine'] += 1
        return known !== undefined && (known.verdict !== verdict || known.reason !== reason)
      })
    })
    total.messages += messages.length
    total.changed += changed.length
    if (changed.length > 0) await reviseVerdicts(db, changed)
  }
  return total
}

/** The last time history was gone over, for the settings page. */
export type LastReclassified = Reclassified & { at: string }

export const rememberReclassified = (db: Db, result: Reclassified, at: Date): Promise<void> =>
  writeSetting(db, SETTING, { ...result, at: at.toISOString() })

export const lastReclassified = async (db: Db): Promise<LastReclassified | null> =>
  ((await readSetting(db, SETTING)) as LastReclassified | undefined) ?? null
