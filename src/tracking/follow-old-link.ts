import { isSafeTarget } from './target.ts'
import { isMessageKey } from './token.ts'
import type { Tracking } from './tracking.ts'

const WITHIN_MS = 2000
/** Links of the existing product cost a query each: a flood of them must not keep the database from events. */
const MAX_AT_ONCE = 16

let running = 0

/** `url` of the old form, as this and other decoders read it: a target may itself contain %25 or an unescaped &. */
export const oldTargets = (requestUrl: string): string[] => {
  const query = requestUrl.slice(requestUrl.indexOf('?') + 1)
  if (!requestUrl.includes('?')) return []
  const decoded = new URLSearchParams(query).get('url')
  const raw = /(?:^|&)url=([^#]*)/.exec(query)?.[1]
  const found = [decoded, raw, raw === undefined ? undefined : decodeOnce(raw)]
  return [...new Set(found)].filter((url): url is string => typeof url === 'string' && isSafeTarget(url))
}

const decodeOnce = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** Where an old-form link leads: only what stands in that very message. Null for everything else, and while the
 *  database is away or too busy to say. */
export const followOldLink = async (
  tracking: Pick<Tracking, 'findOldLink'>,
  token: string,
  urls: string[],
): Promise<string | null> => {
  if (urls.length === 0 || !isMessageKey(token) || running >= MAX_AT_ONCE) return null
  running += 1
  const late = Promise.withResolvers<null>()
  const timer = setTimeout(() => late.resolve(null), WITHIN_MS)
  const asked = tracking
    .findOldLink(token, urls)
    .catch(() => null)
    .finally(() => (running -= 1))
  const target = await Promise.race([asked, late.promise]).finally(() => clearTimeout(timer))
  return target !== null && isSafeTarget(target) ? target : null
}
