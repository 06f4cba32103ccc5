const DAY_MS = 24 * 3600 * 1000
/** A server that was away at that time still tells, if it comes back within this. */
const LATEST_MS = 4 * 3600 * 1000
const TELLS_MS = 3 * DAY_MS

/** The latest of these times (HH:MM, local) that has come and is not long past; null when there is none. A time that a
 *  change of clocks leaves out is the moment after. */
export const dueReport = (times: readonly string[], now: Date): Date | null => {
  const past = [0, -1]
    .flatMap((days) => times.map((time) => atTime(now, days, time)))
    .filter((at) => at <= now && now.getTime() - at.getTime() < LATEST_MS)
  return past.length === 0 ? null : new Date(Math.max(...past.map((at) => at.getTime())))
}

const atTime = (now: Date, days: number, time: string): Date => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hours, minutes)
}

/** From when on a report tells: from where the last one ended, at most three days back; the first one a day back. */
export const toldSince = (last: Date | null, due: Date): Date => {
  const earliest = due.getTime() - TELLS_MS
  return new Date(last === null ? due.getTime() - DAY_MS : Math.max(earliest, last.getTime()))
}
