const MAX_RETRY_AFTER_MS = 24 * 3_600_000

/** What Retry-After asks (seconds or an HTTP date, RFC 9110 §10.2.3), in milliseconds from `now`, at most a day;
 *  null when the header is missing or says nothing.
 *  @param headers lower-case names */
export const retryAfterMs = (headers: Record<string, string>, now: Date): number | null => {
  const text = headers['retry-after']?.trim()
  if (!text) return null
  // A date has a weekday name; Date.parse would make a year of a bare negative number.
  const wait = /^\d{1,10}$/.test(text)
    ? Number(text) * 1_000
    : /^[A-Z][a-z]{2}/.test(text)
      ? Date.parse(text) - now.getTime()
      : Number.NaN
  return Number.isNaN(wait) ? null : Math.min(Math.max(wait, 0), MAX_RETRY_AFTER_MS)
}
