import { z } from 'zod'
import { failed, ok, type Result } from '#src/lib/errors.ts'

const MAX_HEADERS = 200
const MAX_HEADER_LENGTH = 2_000
const MAX_SHOWN_KEY = 60

const time = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), 'is not a time such as 2026-03-19T12:10:27.840Z')
const headerValue = z.union([z.string(), z.array(z.string())])

const hit = z.object({
  at: time,
  kind: z.enum(['pixel', 'click', 'unsubscribe']),
  link: z.string().nullish(),
  method: z.string().default('GET'),
  ip: z.string().nullish(),
  headers: z.record(z.string(), headerValue.nullish()).nullish(),
})

const document = z.object({
  message: z.string().nullish(),
  sentAt: time.nullish(),
  links: z
    .array(z.union([z.string(), z.object({ url: z.string(), honeypot: z.boolean().optional() })]))
    .default([]),
  hits: z.array(hit),
})

/** What was sent and everything that then happened to it, as `tracking classify` reads it: `links` and `link` are
 *  target URLs, times ISO 8601, header names in any case, hits in any order. */
export type TrafficDocument = z.input<typeof document>

export type Hit = {
  index: number
  /** Milliseconds since 1970. */
  at: number
  kind: 'pixel' | 'click' | 'unsubscribe'
  /** What was asked for: a target, or the page of unsubscribing; null for the pixel. */
  link: string | null
  /** The place of the link in the message, −1 when it is none of them. */
  place: number
  isHoneypot: boolean
  method: string
  ip: string
  agent: string
  /** Lower-case names; values trimmed and cut. */
  headers: ReadonlyMap<string, string>
}

/** Hits by time; those of one instant in the order they were given. */
export type Traffic = { message: string | null; sentAt: number | null; hits: Hit[] }

const headersOf = (given: z.output<typeof hit>['headers']): Map<string, string> => {
  const headers = new Map<string, string>()
  for (const [name, value] of Object.entries(given ?? {}).slice(0, MAX_HEADERS)) {
    const text = Array.isArray(value) ? value.join(', ') : (value ?? '')
    headers.set(name.trim().toLowerCase(), text.trim().slice(0, MAX_HEADER_LENGTH))
  }
  return headers
}

const linkOf = (kind: Hit['kind'], link: string | null | undefined): string | null => {
  if (kind === 'pixel') return null
  return kind === 'unsubscribe' ? 'unsubscribe' : (link ?? '')
}

// The names of keys come from outside: no control characters, no endless line.
const placeOf = (path: readonly PropertyKey[]): string =>
  path
    .map((step) =>
      String(step)
        .replaceAll(/[^\x20-\x7e]/g, '?')
        .slice(0, MAX_SHOWN_KEY),
    )
    .join('.')

/** Checks and orders a document; the first thing wrong is named by its path. */
export const readTraffic = (input: unknown): Result<Traffic> => {
  const parsed = document.safeParse(input)
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0] ?? { path: [], message: 'cannot be read' }
    return failed('bad_traffic', `${placeOf(path) || 'document'}: ${message}`)
  }
  const { message, sentAt, links, hits } = parsed.data
  const places = new Map<string, number>()
  const honeypots = new Set<string>()
  links.forEach((link, place) => {
    const url = typeof link === 'string' ? link : link.url
    if (!places.has(url)) places.set(url, place)
    if (typeof link !== 'string' && link.honeypot) honeypots.add(url)
  })
  const read = hits.map((each, index): Hit => {
    const headers = headersOf(each.headers)
    const link = linkOf(each.kind, each.link)
    return {
      index,
      at: Date.parse(each.at),
      kind: each.kind,
      link,
      place: each.kind === 'unsubscribe' ? links.length : (places.get(link ?? '') ?? -1),
      isHoneypot: each.kind === 'click' && honeypots.has(link ?? ''),
      method: each.method.trim().toUpperCase(),
      ip: (each.ip ?? '').trim(),
      agent: headers.get('user-agent') ?? '',
      headers,
    }
  })
  return ok({
    message: message ?? null,
    sentAt: sentAt ? Date.parse(sentAt) : null,
    hits: read.sort((a, b) => a.at - b.at || a.index - b.index),
  })
}
