// A visitor with a browser may well see what the crawler was refused.
const REFUSED = new Set([401, 402, 403, 406, 418, 451])
const BUSY = new Set([429, 503])

/** True for a status that speaks of this visit, not of the site. */
export const turnedAway = (status: number): boolean => REFUSED.has(status) || BUSY.has(status)

/** The code a failed crawl is stored under: `refused` or `busy` when the site turned the visit away,
 *  `error_status` when its home page is in error, else the code of the crawl. */
export const failureCode = (error: { code: string; status?: number }): string => {
  if (error.status === undefined) return error.code
  if (REFUSED.has(error.status)) return 'refused'
  return BUSY.has(error.status) ? 'busy' : 'error_status'
}
