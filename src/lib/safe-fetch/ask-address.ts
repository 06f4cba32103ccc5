import { decodeBody, readWire } from '../response-body.ts'
import { portOf } from '../address-vetting.ts'
import { problemFrom } from '../fetch-problems.ts'
import type { Call, Step } from '../safe-fetch.ts'
import { serverNameOf } from './server-name.ts'

const DEFAULT_USER_AGENT = 'ProspectLab'
const DEFAULT_MAX_BYTES = 5_000_000
const DEFAULT_HEADERS_TIMEOUT_MS = 10_000
const MAX_REDIRECT_BODY_BYTES = 16_384
const MAX_HEADER_LENGTH = 8_192
const REDIRECTS = new Set([301, 302, 303, 307, 308])
// What the handshake's failure is called; a server that only knows TLS 1.0 or 1.1 fails so.
const HANDSHAKE_FAILED = 'EPROTO'
const OLD_PROTOCOL = 'ERR_SSL_UNSUPPORTED_PROTOCOL'
const TLS_1_0 = 0x0301
// What may follow to another host, or travel over a connection whose certificate was not accepted.
const PLAIN_HEADERS = new Set([
  'accept',
  'accept-language',
  'user-agent',
  'if-none-match',
  'if-modified-since',
])

/** Asks one address; by the tolerant policy again without verification when only the certificate was in the way. */
export const askAddress = async (url: URL, address: string, call: Call): Promise<Step> => {
  const tolerant = call.tlsPolicy === 'tolerant' && url.protocol === 'https:' && isRepeatable(call)
  const known = tolerant ? call.memory?.brokenTls.get(url.host) : undefined
  if (known) return ask(url, address, call, known)
  const step = await ask(url, address, call, null)
  if (step.ok || !tolerant) return step
  if (step.problem.code !== 'tls' || step.problem.cause === null) return step
  const problem = step.problem.cause === HANDSHAKE_FAILED ? OLD_PROTOCOL : step.problem.cause
  const again = await ask(url, address, call, problem)
  if (again.ok) call.memory?.brokenTls.set(url.host, problem)
  return again.ok ? again : step
}

/** One request to one address, body included. `tolerated`: the certificate problem to look past, or null. */
const ask = async (url: URL, address: string, call: Call, tolerated: string | null): Promise<Step> => {
  const stop = new AbortController()
  const watch = { late: false }
  const expire = (): void => {
    watch.late = true
    stop.abort()
  }
  const cancel = (): void => stop.abort()
  if (call.signal?.aborted) cancel()
  call.signal?.addEventListener('abort', cancel)
  const whole = setTimeout(expire, Math.max(call.leftMs, 0))
  const headers = setTimeout(expire, call.headersTimeoutMs ?? DEFAULT_HEADERS_TIMEOUT_MS)
  const started = performance.now()
  try {
    const answer = await send(url, address, call, tolerated, stop.signal)
    clearTimeout(headers)
    const ttfbMs = performance.now() - started
    const maxBytes = bodyLimit(answer, call)
    const wire = await readWire(answer, maxBytes, () => stop.signal.aborted)
    const body = await decodeBody(wire, answer.headers.get('content-encoding'), maxBytes)
    const response = {
      url: url.href,
      status: answer.status,
      headers: readHeaders(answer.headers),
      body: body.bytes,
      truncated: body.cut,
      bytes: body.bytes.length,
      wireBytes: wire.bytes.length,
      ttfbMs,
      durationMs: performance.now() - started,
      address,
      tls: { verified: url.protocol === 'https:' && tolerated === null, problem: tolerated },
    }
    return { ok: true, response }
  } catch (error) {
    const why = watch.late ? 'late' : stop.signal.aborted ? 'cancelled' : null
    return { ok: false, problem: problemFrom(error, why, url) }
  } finally {
    clearTimeout(whole)
    clearTimeout(headers)
    call.signal?.removeEventListener('abort', cancel)
    call.leftMs -= performance.now() - started
  }
}

const bodyLimit = (answer: Response, call: Call): number => {
  const limit = call.maxBytes ?? DEFAULT_MAX_BYTES
  const redirects = isRedirect(answer.status, call) && answer.headers.has('location')
  return redirects ? Math.min(limit, MAX_REDIRECT_BODY_BYTES) : limit
}

const send = (
  url: URL,
  address: string,
  call: Call,
  tolerated: string | null,
  signal: AbortSignal,
): Promise<Response> => {
  const literal = address.includes(':') ? `[${address}]` : address
  const init: BunFetchRequestInit = {
    method: call.method,
    headers: {
      'user-agent': DEFAULT_USER_AGENT,
      'accept-encoding': 'gzip, deflate, br, zstd',
      ...(tolerated === null ? call.headers : plainHeaders(call.headers)),
      host: url.host,
    },
    ...(call.body === undefined ? {} : { body: call.body }),
    redirect: 'manual',
    signal,
    decompress: false,
    // Said outright, because the environment (HTTP_PROXY, NODE_TLS_REJECT_UNAUTHORIZED) would decide otherwise.
    proxy: false,
    protocol: 'http1.1',
    tls: {
      rejectUnauthorized: tolerated === null,
      ...(tolerated === OLD_PROTOCOL ? { minVersion: TLS_1_0 } : {}),
      serverName: serverNameOf(url),
      ...(call.certificateAuthorities === undefined ? {} : { ca: call.certificateAuthorities }),
    },
  }
  return fetch(`${url.protocol}//${literal}:${portOf(url)}${url.pathname}${url.search}`, init)
}

const readHeaders = (headers: Headers): Record<string, string> => {
  const read: Record<string, string> = {}
  for (const [name, value] of headers) {
    const text = cleanHeader(value)
    read[name] = name === 'set-cookie' && read[name] ? `${read[name]}\n${text}` : text
  }
  return read
}

// Header bytes arrive as Latin-1; what is valid UTF-8 was meant as UTF-8.
const cleanHeader = (value: string): string => {
  const text = value.slice(0, MAX_HEADER_LENGTH)
  const bytes = Buffer.from(text, 'latin1')
  const utf8 = /[\u0080-\u00ff]/.test(text) ? bytes.toString('utf8') : text
  return (utf8.includes('\ufffd') ? text : utf8).replace(/\p{Cc}/gu, ' ')
}

/** True for an answer that sends the caller elsewhere, when that is to be followed. */
export const isRedirect = (status: number, call: Call): boolean =>
  call.followRedirects !== false && REDIRECTS.has(status)

/** A request that changes nothing and may be sent again. */
export const isRepeatable = (call: Call): boolean => call.method === 'GET' || call.method === 'HEAD'

/** The headers that carry no secret. */
export const plainHeaders = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => PLAIN_HEADERS.has(name)))
