import { isKnownTo, type KeptAnswer } from './answer-cache.ts'
import type { Endpoint } from '../endpoint.ts'
import type { Refusal } from './refusal.ts'

const JSON_TYPE = { 'Content-Type': 'application/json; charset=utf-8' }
const COMMON: Record<string, string> = {
  'Cache-Control': 'no-store',
  Vary: 'Authorization, Origin',
  'X-Content-Type-Options': 'nosniff',
}
// Kept by the client for itself, and asked about each time: a write of others shows at once.
const REVALIDATED = 'private, no-cache'

/** An answer with its headers; `extra` are those of the call: allowance, origin. */
export const respond = (status: number, body: unknown, extra: Record<string, string>): Response =>
  sized(JSON.stringify(body), status, { ...COMMON, ...extra })

// HEAD has the length that GET would have; without the header it would be said to be 0.
const sized = (text: string, status: number, headers: Record<string, string>): Response =>
  new Response(text, {
    status,
    headers: { ...JSON_TYPE, ...headers, 'Content-Length': String(Buffer.byteLength(text)) },
  })

/** A failure in the shape this endpoint has for its failures. */
export const respondRefusal = (
  { status, body, headers }: Refusal,
  endpoint: Pick<Endpoint, 'plainErrors'> | null,
  extra: Record<string, string>,
): Response => {
  const { success: _, ...plain } = body as Record<string, unknown>
  return respond(status, endpoint?.plainErrors ? plain : body, { ...extra, ...headers })
}

/** What a GET answers: 304 to whoever has it already. */
export const respondKept = (
  { text, etag }: KeptAnswer,
  ifNoneMatch: string | undefined,
  extra: Record<string, string>,
): Response => {
  const headers = { ...COMMON, ...extra, 'Cache-Control': REVALIDATED, ETag: etag }
  if (isKnownTo(ifNoneMatch, etag)) return new Response(null, { status: 304, headers })
  return sized(text, 200, headers)
}
