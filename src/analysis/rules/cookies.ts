import { found, type Finding } from '../finding.ts'
import { listValue } from '#src/lib/fill-in.ts'
import type { SiteView } from '../site-view.ts'

const SESSION_NAME = /sess|sid$|^sid|auth|login|logged|remember|jwt|token/i
// Read by the site's own scripts by design, so HttpOnly would break them.
const SCRIPT_NAME = /csrf|xsrf/i

type Cookie = { name: string; attributes: Set<string>; pageUrl: string; session: boolean }

/** Attributes of the cookies that the crawled pages set; only what the server itself sent is seen. */
export const checkCookies = (view: SiteView): Finding[] => {
  const cookies = readCookies(view)
  const report = (id: Parameters<typeof found>[0], bad: Cookie[], severity?: Finding['severity']) => {
    const first = bad[0]
    if (!first) return []
    const names = bad.map((cookie) => cookie.name)
    const params = { count: bad.length, ...listValue('names', names) }
    return [found(id, { pageUrl: first.pageUrl, params, ...(severity && { severity }) })]
  }
  const insecure = view.https ? cookies.filter((cookie) => !cookie.attributes.has('secure')) : []
  const readable = cookies.filter((cookie) => cookie.session && !cookie.attributes.has('httponly'))
  const crossSite = cookies.filter((cookie) => cookie.session && !cookie.attributes.has('samesite'))
  return [
    ...report(
      'cookie-without-secure',
      insecure,
      insecure.some((cookie) => cookie.session) ? 'medium' : undefined,
    ),
    ...report('cookie-without-httponly', readable),
    ...report('cookie-without-samesite', crossSite),
  ]
}

const readCookies = ({ pages }: SiteView): Cookie[] => {
  const byName = new Map<string, Cookie>()
  for (const page of pages) {
    for (const line of (page.headers['set-cookie'] ?? '').split('\n')) {
      const [pair = '', ...rest] = line.split(';')
      const name = pair.split('=')[0]?.trim() ?? ''
      if (name === '' || !pair.includes('=') || byName.has(name) || isDeletion(pair, rest)) continue
      const attributes = new Set(rest.map((part) => part.split('=')[0]?.trim().toLowerCase() ?? ''))
      const session = SESSION_NAME.test(name) && !SCRIPT_NAME.test(name)
      byName.set(name, { name, attributes, pageUrl: page.finalUrl, session })
    }
  }
  return [...byName.values()]
}

const isDeletion = (pair: string, attributes: string[]): boolean =>
  /=\s*(deleted)?\s*$/.test(pair) || attributes.some((part) => /^\s*max-age\s*=\s*(0|-\d+)\s*$/i.test(part))
