import type { Call, FetchedResponse } from '../safe-fetch.ts'
import { isRepeatable } from './ask-address.ts'

const MAX_COOKIES = 10
const MAX_LENGTH = 1_000
// Name and value as they can be sent back (RFC 6265 §4.1.1, and a little more).
const COOKIE = /^\s*([!-:<>-~]+)=([!-:<-~]*)\s*(?:;|$)/

/** Cookies that a server sets while it redirects a GET: handed back to it on its next hop, kept no longer than the
 *  chain of redirects and given to no other host. Many sites show themselves only to who returns one. A caller with
 *  cookies of its own keeps to those. */
export const createRedirectCookies = (call: Call) => {
  const known = new Map<string, string>()
  const isWanted = isRepeatable(call) && call.headers['cookie'] === undefined

  const handOn = (response: FetchedResponse, foreign: boolean): void => {
    if (!isWanted) return
    if (foreign) known.clear()
    else take(response.headers['set-cookie'] ?? '')
    if (known.size === 0) return
    const cookie = [...known].map(([name, value]) => `${name}=${value}`).join('; ')
    call.headers = { ...call.headers, cookie }
  }

  const take = (lines: string): void => {
    for (const line of lines.split('\n')) {
      const [, name, value] = COOKIE.exec(line) ?? []
      if (name === undefined || value === undefined || name.length + value.length > MAX_LENGTH) continue
      if (known.has(name) || known.size < MAX_COOKIES) known.set(name, value)
    }
  }

  return { handOn }
}
