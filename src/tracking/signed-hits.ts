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

/** On what a page of somebody else's may show or ask. */
export const EMBEDDED = { ...PLAIN_HEADERS, 'Cross-Origin-Resource-Policy': 'cross-origin' }
// Made once: a header object is read anew for each answer.
const PNG_ANSWER = { headers: new Headers({ ...EMBEDDED, 'Content-Type': 'image/png' }) }
const GIF_ANSWER = { headers: new Headers({ ...EMBEDDED, 'Content-Type': 'image/gif' }) }
const REDIRECT = new Headers(PLAIN_HEADERS)

type Asked = { request: Request; address: () => string | null }

/** The image that a pixel's name asks for. */
export const imageOf = (name: string): Response =>
  name.endsWith('.gif') ? new Response(GIF, GIF_ANSWER) : new Response(PNG, PNG_ANSWER)

export const redirect = (location: string): Response => {
  const headers = new Headers(REDIRECT)
  headers.set('Location', location)
  return new Response(null, { status: 302, headers })
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

/** Pixels and clicks of signed tokens are nearly all that ever comes: they are answered without a router. Null for
 *  everything else, which the routes answer. */
export const answerSigned = (tracking: Tracking, asked: Asked): Promise<Response> | null => {
  const { method, url } = asked.request
  if (method !== 'GET') return null
  const path = url.indexOf('/', url.indexOf('//') + 2)
  const answer = url.startsWith(PIXEL, path) ? answerPixel : url.startsWith(CLICK, path) ? answerClick : null
  if (answer === null) return null
  const query = url.indexOf('?', path)
  return answer(tracking, asked, url.slice(path + PIXEL.length, query < 0 ? undefined : query))
}
