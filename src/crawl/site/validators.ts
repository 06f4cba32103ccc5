import type { FetchedResponse } from '#src/lib/safe-fetch.ts'

const MAX_LENGTH = 500

/** What a page, or a file, can be asked for again by. */
export type Validators = { etag: string | null; lastModified: string | null }

/** Headers that ask for an answer only if what we know has changed (RFC 9110 §13.1). */
export const conditionsOf = (known: Validators): Record<string, string> => ({
  ...(known.etag && { 'if-none-match': known.etag }),
  ...(known.lastModified && { 'if-modified-since': known.lastModified }),
})

/** What an answer gives to be asked for again by, as far as it can be sent back. */
export const validatorsOf = ({ headers }: Pick<FetchedResponse, 'headers'>): Validators => ({
  etag: sendable(headers['etag']),
  lastModified: sendable(headers['last-modified']),
})

// A request that repeats other characters than these cannot be sent at all.
const sendable = (value: string | undefined): string | null =>
  value && value.length <= MAX_LENGTH && /^[ -~]+$/.test(value) ? value : null

/** Whether a 304 can be believed: it is about the page we know, and no later date of change contradicts it. */
export const saysUnchanged = (
  response: FetchedResponse,
  known: Validators & { finalUrl: string },
): boolean => {
  const modified = response.headers['last-modified']
  const later = modified !== undefined && known.lastModified !== null && modified !== known.lastModified
  return response.status === 304 && response.url === known.finalUrl && !later
}
