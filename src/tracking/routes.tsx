import { Hono } from 'hono/tiny'
import type { Context } from 'hono'
import type { AppEnv } from '#src/http-env.ts'
import { ClickWarning } from '#templates/tracking/click-warning.tsx'
import { PAGE_STYLE } from '#templates/tracking/page.tsx'
import { UnsubscribeDone, UnsubscribeFailed, UnsubscribePage } from '#templates/tracking/unsubscribe.tsx'
import { followOldLink, oldTargets } from './follow-old-link.ts'
import { makeHit, PROOF_HEADER, reachHit, storable, type HitDetail } from './hit.ts'
import { pageHeaders } from './page-security.ts'
import { readForm, readSmallBody } from './read-form.ts'
import { READ_SCRIPT } from './read-script.ts'
import { answerClick, answerPixel, EMBEDDED, imageOf, isOldPixel, redirect } from './signed-hits.ts'
import { proofOf, readToken, type Locale, type Token, type TokenKind } from './token.ts'
import type { Tracking } from './tracking.ts'

const MAX_REASON = 500
/** They are not signed: no more of them are taken in a second, so that made-up ones do not fill the spool. */
const MAX_OLD_A_SECOND = 200
const MAX_SECONDS = 24 * 3600

const PAGE = pageHeaders(PAGE_STYLE)
const WARNING = { status: 404, headers: new Headers({ ...PAGE, 'Content-Type': 'text/html; charset=UTF-8' }) }

/** /track/*, the same on the server and on the edge. No answer tells whether a token exists, a click leads nowhere
 *  but to its signed target, and a recorded hit is durable before its answer. */
export const trackingRoutes = (tracking: Tracking): Hono<AppEnv> => {
  const routes = new Hono<AppEnv>()
  const read = (kind: TokenKind, text: string): Token | null =>
    readToken(tracking.keys(), kind, text, tracking.clock.now())
  const factsOf = (c: Context<AppEnv>) => ({ address: tracking.addressOf(c), at: tracking.clock.now() })

  const askedBy = (c: Context<AppEnv>) => ({ request: c.req.raw, address: () => tracking.addressOf(c) })

  routes.get('/pixel/:token', async (c) => {
    const name = c.req.param('token')
    const answer = answerPixel(tracking, askedBy(c), name)
    if (answer) return answer
    if (isOldPixel(name) && mayRecordOld(tracking.clock.now())) {
      const made = {
        type: 'open',
        subject: { mode: 'individual', message: name },
        detail: { old: true },
      } as const
      await tracking.record(makeHit(c.req.raw, { ...made, ...factsOf(c) }), 'open')
    }
    return imageOf(name)
  })

  routes.get('/click/:token', async (c) => {
    const text = c.req.param('token')
    const answer = answerClick(tracking, askedBy(c), text)
    if (answer) return answer
    const urls = oldTargets(c.req.url)
    const link = await followOldLink(tracking, text, urls)
    if (link !== null) {
      const subject = { mode: 'individual', message: text } as const
      await tracking.record(makeHit(c.req.raw, { type: 'click', subject, link, ...factsOf(c) }), 'click')
      return redirect(link)
    }
    const [url] = urls
    if (url === undefined) return warnPlainly(c.req.raw.headers)
    return c.html(<ClickWarning locale={languageOf(c.req.raw.headers)} url={url} />, 404, PAGE)
  })

  const readTime = async (c: Context<AppEnv>) => {
    const token = read('read', c.req.param('token') ?? '')
    const seconds = token ? await secondsOf(c) : null
    if (token && seconds !== null) {
      const { subject } = token
      const detail = { seconds }
      await tracking.record(makeHit(c.req.raw, { type: 'read_time', subject, detail, ...factsOf(c) }), 'open')
    }
    return new Response(null, { status: 204, headers: EMBEDDED })
  }
  routes.get('/read_time/:token', readTime)
  routes.post('/read_time/:token', readTime)

  routes.get('/read.js', (c) =>
    c.body(READ_SCRIPT, 200, {
      'Content-Type': 'text/javascript; charset=utf-8',
      'Cache-Control': 'public, max-age=3600',
      'X-Content-Type-Options': 'nosniff',
      'Cross-Origin-Resource-Policy': 'cross-origin',
    }),
  )

  routes.get('/unsubscribe/:token', async (c) => {
    const text = c.req.param('token')
    const token = read('unsubscribe', text)
    const proof = token?.subject.mode === 'aggregate' ? proofOf(tracking.keys(), text) : null
    if (token && proof !== null) {
      c.header(PROOF_HEADER, proof)
      await tracking.record(reachHit(c.req.raw, token.subject, tracking.clock.now()), 'open')
    }
    return c.html(<UnsubscribePage locale={token?.locale ?? languageOf(c.req.raw.headers)} />, 200, PAGE)
  })

  routes.post('/unsubscribe/:token', async (c) => {
    const token = read('unsubscribe', c.req.param('token'))
    const locale = token?.locale ?? languageOf(c.req.raw.headers)
    const fields = await readForm(c.req.raw)
    const consentOnly = fields.get('only') === 'consent'
    if (token) {
      const { subject } = token
      const type = consentOnly ? 'consent' : 'unsubscribe'
      const detail = choiceOf(fields)
      const hit = makeHit(c.req.raw, { type, subject, detail, ...factsOf(c) })
      if ((await tracking.record(hit, 'unsubscribe')) !== 'stored')
        return c.html(<UnsubscribeFailed locale={locale} />, 503, { ...PAGE, 'Retry-After': '60' })
    }
    return c.html(<UnsubscribeDone locale={locale} consentOnly={consentOnly} />, 200, PAGE)
  })
  return routes
}

let oldSecond = 0
let oldInSecond = 0

const mayRecordOld = (now: Date): boolean => {
  const second = Math.floor(now.getTime() / 1000)
  if (second !== oldSecond) [oldSecond, oldInSecond] = [second, 0]
  oldInSecond += 1
  return oldInSecond <= MAX_OLD_A_SECOND
}

// What made-up tokens are answered with, thousands of times when somebody tries them.
const warnings = new Map<Locale, Buffer<ArrayBuffer>>()

/** The page for a link that leads nowhere and names no address. */
export const warnPlainly = (headers: Headers): Response => {
  const locale = languageOf(headers)
  let page = warnings.get(locale)
  if (!page) warnings.set(locale, (page = Buffer.from(String(<ClickWarning locale={locale} url={null} />))))
  return new Response(page, WARNING)
}

const languageOf = (headers: Headers): Locale =>
  /^\s*en\b/i.test(headers.get('accept-language') ?? '') ? 'en' : 'fr'

const secondsOf = async (c: Context): Promise<number | null> => {
  if (c.req.method === 'HEAD') return null
  const text =
    c.req.method === 'GET' ? c.req.query('t') : (await readSmallBody(c.req.raw))?.toString('latin1')
  const seconds = /^\s*\d{1,6}(\.\d{1,6})?\s*$/.test(text ?? '') ? Math.round(Number(text)) : 0
  return seconds > 0 ? Math.min(seconds, MAX_SECONDS) : null
}

const choiceOf = (fields: Map<string, string>): HitDetail => {
  const reason = storable(fields.get('reason') ?? '')
    .trim()
    .slice(0, MAX_REASON)
    .toWellFormed()
  return {
    source: fields.get('List-Unsubscribe') === 'One-Click' ? 'one-click' : 'page',
    scope: fields.get('scope') === 'campaign' ? 'campaign' : 'all',
    ...(reason === '' ? {} : { reason }),
    ...(fields.get('only') === 'consent' || fields.get('consent') === 'withdraw'
      ? { withdrawConsent: true }
      : {}),
  }
}
