import { UsageError } from './command.ts'

const DAY_MS = 24 * 3_600_000

/** `90d`, `2027-01-31` (to the end of that day here) or a moment in ISO 8601. */
export const readTokenExpiry = (text: string, now: Date): Date => {
  const days = /^(\d{1,5})d$/.exec(text)?.[1]
  if (days !== undefined) return new Date(now.getTime() + Number(days) * DAY_MS)
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text)
  const moment = new Date(isDay ? `${text}T23:59:59` : text)
  if (!/^\d{4}-\d{2}-\d{2}/.test(text) || Number.isNaN(moment.getTime()))
    throw new UsageError(
      `--expires is a date such as 2027-01-31 or a number of days such as 90d, not "${text}"`,
    )
  return moment
}
