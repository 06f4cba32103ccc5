import { makeHit } from './hit.ts'
import { PLAIN_HEADERS } from './page-security.ts'
import { readToken } from './token.ts'
import type { Tracking } from './tracking.ts'

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
)
const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')
const PIXEL = '/track/pixel/'
const CLICK = '/track/click/'
/** Pixels of mails of the existing product: 32 random bytes. Whether there is such a mail is seen when the hit is moved. */
const OLD_PIXEL = /^[\w-]{43}$/
/** A name that every router reads as it is written. */
const PLAIN_NAME = /^[\w.-]+$/

/** On what a page of somebody else's may show or ask. */
export const EMBEDDED = { ...PLAIN_HEADERS, 'Cross-Origin-Resource-Policy': 'cross-origin' }
// Made once: a header object is read anew for each answer.
const PNG_ANSWER = { headers: new Headers({ ...EMBEDDED, 'Content-Type': 'image/png' }) }
const GIF_ANSWER = { headers: new Headers({ ...EMBEDDED, 'Content-Type': 'image/gif' }) }
const REDIRECT = { status: 302, headers: new Headers(PLAIN_HEADERS) }

type Asked = { request: Request; address: () => string | null }

/** Whether a pixel may be one of the existing product's. */
export const isOldPixel = (name: string): boolean => OLD_PIXEL.test(name)

/** The image that a pixel's name asks for. */
export const imageOf = (name: string): Response =>
  name.endsWith('.gif') ? new Response(GIF, GIF_ANSWER) : new Response(PNG, PNG_ANSWER)

export const redirect = (location: string): Response => {
  const answer = new Response(null, REDIRECT)
  answer.headers.set('Location', location)
  return answer
}

/** A signed pixel: its image, once the open is kept. Null when the token is not ours. */
export const answerPixel = (
  tracking: Tracking,
  { request, address }: Asked,
  name: string,
): Promise<Response> | null => {
  const at = tracking.clock.now()
  const token = readToken(tracking.keys(), 'pixel', name.replace(/\.(png|gif)$/, ''), at)
  if (!token) return null
  const hit = makeHit(request, { type: 'open', subject: token.subject, address: address(), at })
  return tracking.record(hit, 'open').then(() => imageOf(name))
}

/** A signed click: the way to its target, once it is kept. Null when the token is not ours. */
export const answerClick = (
  tracking: Tracking,
  { request, address }: Asked,
  text: string,
): Promise<Response> | null => {
  const at = tracking.clock.now()
  const token = readToken(tracking.keys(), 'click', text, at)
  if (!token) return null
  const { subject, target: link } = token
  const hit = makeHit(request, { type: 'click', subject, link, address: address(), at })
  return tracking.record(hit, 'click').then(() => redirect(link))
}

/** Pixels and clicks of signed tokens, true or forged, are nearly all that ever comes: they are answered without a
 *  router, a click that leads nowhere with `warn`. Null for everything else, which the routes answer. */
export const answerSigned = (
  tracking: Tracking,
  asked: Asked,
  warn: (headers: Headers) => Response,
): Response | Promise<Response> | null => {
  const { method, url } = asked.request
  if (method !== 'GET') return null
  const path = url.indexOf('/', url.indexOf('//') + 2)
  const isPixel = url.startsWith(PIXEL, path)
  if (!isPixel && !url.startsWith(CLICK, path)) return null
  const query = url.indexOf('?', path)
  const name = url.slice(path + PIXEL.length, query < 0 ? undefined : query)
  const answer = isPixel ? answerPixel(tracking, asked, name) : answerClick(tracking, asked, name)
  if (answer || !PLAIN_NAME.test(name) || !URL.canParse(url)) return answer
  if (isPixel) return isOldPixel(name) ? null : imageOf(name)
  return query < 0 ? warn(asked.request.headers) : null
}
