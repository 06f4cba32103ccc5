/** Clocks on the wall: what a moment is called in a time zone, and which moment a local time is. */

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** `date` YYYY-MM-DD; `minute` of the day by the clock on the wall; `weekday` 1 Monday to 7 Sunday. */
export type LocalTime = { date: string; minute: number; weekday: number }

const formats = new Map<string, Intl.DateTimeFormat>()

/** Throws a RangeError for a time zone that does not exist. */
const formatOf = (timeZone: string): Intl.DateTimeFormat => {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
  formats.set(timeZone, format)
  return format
}

export const isTimeZone = (timeZone: string): boolean => {
  try {
    formatOf(timeZone)
    return true
  } catch {
    return false
  }
}

/** How far the clocks of a zone are ahead of UTC at a moment, in milliseconds. */
export const offsetAt = (timeZone: string, atMs: number): number => {
  const part: Record<string, number> = {}
  for (const { type, value } of formatOf(timeZone).formatToParts(atMs)) part[type] = Number(value)
  const wall = Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!, part.second!)
  return wall - Math.floor(atMs / 1_000) * 1_000
}

export const localTime = (timeZone: string, at: Date): LocalTime => {
  const wall = new Date(at.getTime() + offsetAt(timeZone, at.getTime()))
  const date = wall.toISOString().slice(0, 10)
  return { date, minute: wall.getUTCHours() * 60 + wall.getUTCMinutes(), weekday: weekdayOf(date) }
}

export const weekdayOf = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay() || 7

export const dateAfter = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)

/** The moments at which the wall clock of a zone may come to, or jump over, `minute` of a day, in order: one, or up to
 *  three on days when the clocks are changed. */
export const momentsOf = (timeZone: string, date: string, minute: number): Date[] => {
  const wall = Date.parse(`${date}T00:00:00Z`) + minute * MINUTE_MS
  const before = offsetAt(timeZone, wall - DAY_MS)
  const after = offsetAt(timeZone, wall + DAY_MS)
  if (before === after) return [new Date(wall - before)]
  const change = changeBetween(timeZone, wall - DAY_MS, wall + DAY_MS)
  return [wall - before, wall - after, change].toSorted((a, b) => a - b).map((ms) => new Date(ms))
}

/** The first moment of a local time: when it is skipped, that of the change; when it comes twice, the first. */
export const momentOf = (timeZone: string, date: string, minute: number): Date => {
  const moments = momentsOf(timeZone, date, minute)
  const reached = moments.find((moment) => {
    const local = localTime(timeZone, moment)
    return local.date > date || (local.date === date && local.minute >= minute)
  })
  return reached ?? moments[0]!
}

const changeBetween = (timeZone: string, fromMs: number, toMs: number): number => {
  const old = offsetAt(timeZone, fromMs)
  let [low, high] = [fromMs, toMs]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetAt(timeZone, middle) === old) low = middle
    else high = middle
  }
  return high
}
