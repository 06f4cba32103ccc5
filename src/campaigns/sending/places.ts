import { loggableMessage } from '#src/db/failures.ts'
import type { Deps } from '#src/deps.ts'
import type { Limit } from '#src/mail/limits/decide.ts'
import { sleep } from '#src/lib/sleep.ts'
import { noteOutcomes, type Outcome as Note } from '#src/mail/limits/note-outcome.ts'
import { reserve } from '#src/mail/limits/reserve.ts'
import { noteOf } from './commit-mails.ts'
import type { Outcome, Prepared } from './ledger.ts'
import type { Doer } from './queries-commit.ts'

/** A place that was granted is used within the second that the windows of limits are longer for this (limits/windows.ts). */
const PLACE_FOR_MS = 800
/** Places for what will be handed over in the next so many milliseconds are asked for together. */
const AHEAD_MS = 250
const MOST_AHEAD = 128
const LEAST_AHEAD = 8
/** What went well is told to the limits together, at the latest after this. */
const TELL_AFTER = 250
const TELL_EVERY_MS = 1_000
/** Asking takes a moment: it is begun so much before a place is free as it took lately, at most this, or every gap
 *  would be longer by it. */
const MOST_LEAD_MS = 100

export type Wait = { until: Date | null; limit: Limit | null }

/** The places within limits that a lane has been granted. A lane that sends fast asks for some ahead, as many as it uses up
 *  in a moment; a crash loses these places, never a mail. Rehearsals need none. */
export const openPlaces = (
  { db, clock, log }: Pick<Deps, 'db' | 'clock' | 'log'>,
  { accountId, kind }: Doer,
  upcoming: (count: number) => readonly Prepared[],
) => {
  /** Until when, by the ids of the rows. */
  const granted = new Map<number, number>()
  let notes: Note[] = []
  let toldAt = performance.now()
  let telling: Promise<void> = Promise.resolve()
  let lately: number[] = []

  let freeAt = 0
  const moment = (): Date => {
    const now = clock.now()
    return freeAt > now.getTime() && freeAt <= now.getTime() + leadMs ? new Date(freeAt) : now
  }
  let leadMs = 0
  const ahead = (): number => {
    const now = performance.now()
    lately = lately.filter((at) => now - at < AHEAD_MS)
    return Math.min(MOST_AHEAD, lately.length)
  }
  const has = (id: number): boolean => (granted.get(id) ?? -Infinity) > performance.now()

  const askFor = async (mails: readonly Prepared[]): Promise<Map<number, Wait>> => {
    const waits = new Map<number, Wait>()
    const since = performance.now()
    const at = moment()
    await db.transaction(async (tx) => {
      for (const group of Map.groupBy(mails, ({ calendar }) => JSON.stringify(calendar)).values()) {
        const wants = group.map(({ row: { id, provider } }) => ({ id, provider }))
        const calendar = group[0]?.calendar ?? null
        const reserved = await reserve(tx, { accountId, calendar, wants }, at)
        const until = performance.now() + PLACE_FOR_MS
        for (const id of reserved.granted) granted.set(id, until)
        freeAt = reserved.waitUntil?.getTime() ?? 0
        for (const { id } of wants)
          if (!has(id)) waits.set(id, { until: reserved.waitUntil, limit: reserved.limitedBy })
      }
    })
    leadMs = Math.min(MOST_LEAD_MS, (leadMs + performance.now() - since) / 2)
    // What was granted for a moment to come is not used before.
    const early = at.getTime() - clock.now().getTime()
    if (early > 0) await sleep(early)
    return waits
  }

  const tell = (): Promise<void> => {
    const some = notes
    notes = []
    toldAt = performance.now()
    telling = telling
      .then(() =>
        some.length === 0 ? undefined : db.transaction((tx) => noteOutcomes(tx, some, clock.now())),
      )
      .then(
        () => {},
        (error: unknown) => log.warn('limits were not told', { reason: loggableMessage(error) }),
      )
    return telling
  }

  let asking: Promise<unknown> | null = null
  /** Asks for those that come next before they are wanted, so that no line waits for the answer. */
  const askAhead = (): void => {
    const count = ahead()
    const lacking = upcoming(count).filter(({ row }) => !has(row.id))
    if (asking || count < LEAST_AHEAD || lacking.length < count / 2) return
    asking = askFor(lacking)
      .catch((error: unknown) => log.warn('no places', { reason: loggableMessage(error) }))
      .finally(() => {
        asking = null
      })
  }

  return {
    /** Those that have to wait, and how long. */
    ask: async (wants: readonly Prepared[]): Promise<Map<number, Wait>> => {
      if (kind === 'rehearsal') return new Map()
      for (const [id, until] of granted) if (until <= performance.now()) granted.delete(id)
      const lacks = () => wants.filter(({ row }) => !has(row.id))
      if (lacks().length > 0) await asking
      const missing = lacks()
      if (missing.length === 0) {
        askAhead()
        return new Map()
      }
      const more = upcoming(ahead()).filter(({ row }) => !has(row.id))
      const waits = await askFor([...missing, ...more])
      for (const { row } of more) waits.delete(row.id)
      return waits
    },
    /** Learns from what became of mails. */
    learn: (outcomes: readonly Outcome[]): void => {
      if (kind === 'rehearsal') return
      for (const outcome of outcomes) {
        granted.delete(outcome.row.id)
        if (outcome.state !== 'sent') continue
        lately.push(performance.now())
        const note = noteOf(accountId, outcome)
        if (note) notes.push(note)
      }
      if (notes.length >= TELL_AFTER || performance.now() - toldAt > TELL_EVERY_MS) void tell()
    },
    /** How long before a place is free it is to be asked for. */
    leadMs: (): number => leadMs,
    /** Tells the rest. */
    close: tell,
  }
}

export type Places = ReturnType<typeof openPlaces>
