import { Hono } from 'hono/tiny'
import type { Context } from 'hono'
import type { AppEnv } from '#src/http-env.ts'
import type { Locale } from '#src/lib/i18n.ts'
import { stylePolicy } from '#src/lib/style-policy.ts'
import { DOCS_STYLE, DocsPage } from '#templates/public-api/docs.tsx'
import { etagOf, isKnownTo } from './answers/answer-cache.ts'
import { describeApi } from './document/describe-api.ts'
import { openapiDocument } from './document/openapi.ts'

const KEPT = 'public, max-age=300'

/** What the API is: the OpenAPI document, and the same as a page. Both need no token and are made once. */
export const publicApiDocsRoutes = (): Hono<AppEnv> => {
  const routes = new Hono<AppEnv>()
  const made = new Map<string, { text: string; etag: string }>()
  const once = (key: string, make: () => string) => {
    const known = made.get(key)
    if (known) return known
    const text = make()
    const document = { text, etag: etagOf(text) }
    made.set(key, document)
    return document
  }
  const answer = (
    c: Context<AppEnv>,
    { text, etag }: { text: string; etag: string },
    headers: Record<string, string>,
  ) => {
    const known = isKnownTo(c.req.header('if-none-match'), etag)
    return new Response(known ? null : text, {
      status: known ? 304 : 200,
      headers: {
        ...headers,
        ...(known ? {} : { 'Content-Length': String(Buffer.byteLength(text)) }),
        ETag: etag,
        'Cache-Control': KEPT,
        'X-Content-Type-Options': 'nosniff',
      },
    })
  }

  routes.get('/openapi.json', (c) =>
    answer(
      c,
      once('json', () => JSON.stringify(openapiDocument())),
      // Any page may read it: it says nothing about anybody.
      {
        'Content-Type': 'application/json; charset=utf-8',
        'Access-Control-Allow-Origin': '*',
        'Cross-Origin-Resource-Policy': 'cross-origin',
      },
    ),
  )

  routes.get('/docs', (c) => {
    const locale = languageOf(c)
    const page = once(locale, () => String(<DocsPage locale={locale} groups={describeApi()} />))
    return answer(c, page, {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Language': locale,
      'Content-Security-Policy': stylePolicy(DOCS_STYLE),
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Permissions-Policy': 'camera=(), microphone=(), geolocation=()',
      'Referrer-Policy': 'no-referrer',
      'X-Frame-Options': 'DENY',
      Vary: 'Accept-Language',
    })
  })
  return routes
}

const languageOf = (c: Context): Locale => {
  const chosen = c.req.query('lang')
  if (chosen === 'fr' || chosen === 'en') return chosen
  return /^\s*en\b/i.test(c.req.header('accept-language') ?? '') ? 'en' : 'fr'
}
