import { connect } from 'node:tls'
import { type CertificateFacts, factsOf } from './certificate-facts.ts'
import { ok, type Result } from './errors.ts'
import { canonicalAddress, type Networks } from './networks.ts'
import { parseOutsideUrl, portOf, vetAddresses, vetHost, type Resolve } from './address-vetting.ts'
import { problemFrom, problemOf, rankOf, type FetchProblem } from './fetch-problems.ts'
import { addressesFor, type FetchMemory } from './fetch-memory.ts'
import { decodeBody, readWire } from './response-body.ts'

const DEFAULT_MAX_BYTES = 5_000_000
const DEFAULT_TIMEOUT_MS = 20_000
const DEFAULT_HEADERS_TIMEOUT_MS = 10_000
const TLS_INSPECTION_TIMEOUT_MS = 8_000
const DEFAULT_MAX_REDIRECTS = 8
const DEFAULT_USER_AGENT = 'ProspectLab'
const MAX_ADDRESSES_TRIED = 4
const MAX_REDIRECT_BODY_BYTES = 16_384
const MAX_HEADER_LENGTH = 8_192
// What the handshake's failure is called; a server that only knows TLS 1.0 or 1.1 fails so.
const HANDSHAKE_FAILED = 'EPROTO'
const OLD_PROTOCOL = 'ERR_SSL_UNSUPPORTED_PROTOCOL'
const TLS_1_0 = 0x0301
const REDIRECTS = new Set([301, 302, 303, 307, 308])
// What may follow to another host, or travel over a connection whose certificate was not accepted.
const PLAIN_HEADERS = new Set([
  'accept',
  'accept-language',
  'user-agent',
  'if-none-match',
  'if-modified-since',
])

export type FetchHop = { from: string; to: string; status: number }

/** What a gate says before a request leaves: go (and what to call when it has ended), or stop. */
export type HopPass =
  | { go: true; done?: (answer: FetchedResponse | null) => void }
  | { go: false; message: string }

/** Called before every request with the vetted address it goes to; its own waiting does not count as time spent. */
export type HopGate = (hop: Hop) => Promise<HopPass>

export type Hop = { url: URL; address: string; from: string | null; signal?: AbortSignal | undefined }

export type FetchOptions = {
  /** Networks that may be reached though private, on any port. */
  allowNetworks?: Networks
  /** Public addresses that may not be reached, such as this server's own. */
  denyNetworks?: Networks
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  headers?: Record<string, string>
  body?: string | Uint8Array<ArrayBuffer>
  /** Of decoded body (and of the body on the wire); more is cut and marked. */
  maxBytes?: number
  /** For everything: names, every hop, the body. */
  timeoutMs?: number
  /** From the start of a request to its answer's headers. */
  headersTimeoutMs?: number
  maxRedirects?: number
  followRedirects?: boolean
  signal?: AbortSignal
  /** `tolerant` reads a GET or HEAD again without verification and without any secret, and reports the problem. */
  tlsPolicy?: 'strict' | 'tolerant'
  /** PEM certificates to trust instead of the built-in ones. */
  certificateAuthorities?: string
  resolve?: Resolve
  onHop?: HopGate
  /** Addresses and broken certificates found by earlier calls; one per site crawl. */
  memory?: FetchMemory
}

export type FetchedResponse = {
  /** Of the answer: where redirects ended. */
  url: string
  status: number
  /** Lower-cased names, values without control characters; several set-cookie lines joined by \n. */
  headers: Record<string, string>
  body: Uint8Array
  /** The body is longer than `maxBytes`, or the connection was lost in the middle of it. */
  truncated: boolean
  /** Decoded bytes held in `body`. */
  bytes: number
  wireBytes: number
  /** Of the last request: until its headers, until its end. */
  ttfbMs: number
  durationMs: number
  /** The address that answered. */
  address: string
  /** http: not verified and no problem. Else `problem` is the OpenSSL-style code of what was tolerated. */
  tls: { verified: boolean; problem: string | null }
}

export type FetchResult =
  | { ok: true; response: FetchedResponse; hops: FetchHop[] }
  | { ok: false; problem: FetchProblem; hops: FetchHop[] }

type Call = Omit<FetchOptions, 'method' | 'headers' | 'body'> & {
  method: NonNullable<FetchOptions['method']>
  headers: Record<string, string>
  body: string | Uint8Array<ArrayBuffer> | undefined
  /** Milliseconds of the whole budget that are left. */
  leftMs: number
}
type Step = { ok: true; response: FetchedResponse } | { ok: false; problem: FetchProblem }

/** The only way this program asks anything of another host (reference/libraries.md §4): the name is resolved, every
 *  address vetted, the connection pinned to a vetted one, and every redirect goes the same way again. Never throws
 *  for what the other side does. */
export const safeFetch = async (url: string, options: FetchOptions = {}): Promise<FetchResult> => {
  const hops: FetchHop[] = []
  const call: Call = {
    ...options,
    method: options.method ?? 'GET',
    headers: lowerCased(options.headers ?? {}),
    body: options.body,
    leftMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
  }
  const seen = new Set<string>()
  let target = parseOutsideUrl(url)
  for (;;) {
    if (!target.ok)
      return { ok: false, problem: problemOf(target.problem.code, target.problem.message), hops }
    const current = target.value
    seen.add(current.href)
    const step = await takeStep(current, call, hops.at(-1)?.from ?? null)
    if (!step.ok) return { ok: false, problem: step.problem, hops }
    const location = redirectOf(step.response, call)
    if (location === null) return { ok: true, response: step.response, hops }
    target = parseOutsideUrl(location, current)
    if (!target.ok) continue
    const next = target.value
    const foreign = next.origin !== current.origin && !isUpgrade(current, next)
    // A body is not handed to a host that its sender did not name.
    if (
      foreign &&
      call.method !== 'GET' &&
      call.method !== 'HEAD' &&
      keepsMethod(step.response.status, call.method)
    )
      return { ok: true, response: step.response, hops }
    hops.push({ from: current.href, to: next.href, status: step.response.status })
    if (seen.has(next.href) || hops.length > (options.maxRedirects ?? DEFAULT_MAX_REDIRECTS))
      return { ok: false, problem: problemOf('too_many_redirects', tooMany(seen.has(next.href))), hops }
    if (!keepsMethod(step.response.status, call.method)) becomeGet(call)
    if (foreign) call.headers = plainHeaders(call.headers)
  }
}

const lowerCased = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))

const plainHeaders = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => PLAIN_HEADERS.has(name)))

const tooMany = (loop: boolean): string =>
  loop ? 'The site redirects in a circle.' : 'The site redirects too many times.'

const redirectOf = (response: FetchedResponse, call: Call): string | null => {
  if (call.followRedirects === false || !REDIRECTS.has(response.status)) return null
  return response.headers['location']?.trim() || null
}

const isUpgrade = (from: URL, to: URL): boolean =>
  from.protocol === 'http:' && to.protocol === 'https:' && from.hostname === to.hostname

const keepsMethod = (status: number, method: string): boolean =>
  method === 'GET' || method === 'HEAD' || status === 307 || status === 308

const becomeGet = (call: Call): void => {
  call.method = 'GET'
  call.body = undefined
  call.headers = Object.fromEntries(
    Object.entries(call.headers).filter(([name]) => !name.startsWith('content-')),
  )
}

const takeStep = async (url: URL, call: Call, from: string | null): Promise<Step> => {
  const started = performance.now()
  const vetted = await vettedAddresses(url, call)
  call.leftMs -= performance.now() - started
  if (!vetted.ok) return { ok: false, problem: problemOf(vetted.problem.code, vetted.problem.message) }
  let worst: FetchProblem | null = null
  for (const address of vetted.value.slice(0, MAX_ADDRESSES_TRIED)) {
    const pass: HopPass = call.onHop
      ? await call.onHop({ url, address, from, signal: call.signal })
      : { go: true }
    if (!pass.go) return { ok: false, problem: problemOf('stopped', pass.message) }
    let answer: FetchedResponse | null = null
    try {
      const step = await askAddress(url, address, call)
      if (step.ok) answer = step.response
      if (step.ok) return step
      if (!worst || rankOf(step.problem) > rankOf(worst)) worst = step.problem
      if (!mayTryNext(step.problem, call)) break
    } finally {
      pass.done?.(answer)
    }
  }
  return { ok: false, problem: worst ?? problemOf('unreachable', `${url.hostname} did not answer.`) }
}

const vettedAddresses = async (url: URL, call: Call) => {
  const vetting = { allow: call.allowNetworks ?? [], deny: call.denyNetworks ?? [], deadlineMs: call.leftMs }
  const resolve = call.resolve ? { resolve: call.resolve } : {}
  if (!call.memory) return vetHost(url.hostname, portOf(url), { ...vetting, ...resolve })
  const known = addressesFor(call.memory, url.hostname)
  if (known) return vetAddresses(url.hostname, known, portOf(url), vetting)
  const found = await vetHost(url.hostname, portOf(url), { ...vetting, ...resolve })
  if (found.ok) call.memory.addresses.set(url.hostname, { addresses: found.value, at: performance.now() })
  return found
}

const isRepeatable = (call: Call): boolean => call.method === 'GET' || call.method === 'HEAD'

// A request that may have been carried out is not sent a second time, unless it changes nothing.
const mayTryNext = (problem: FetchProblem, call: Call): boolean =>
  call.leftMs > 0 &&
  !call.signal?.aborted &&
  (problem.beforeRequest || (isRepeatable(call) && problem.code !== 'tls'))

const askAddress = async (url: URL, address: string, call: Call): Promise<Step> => {
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
  const redirects =
    call.followRedirects !== false && REDIRECTS.has(answer.status) && answer.headers.has('location')
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

/** The name for SNI and the certificate check: no brackets, no final dot. */
const serverNameOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')

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

/** Shakes hands once with a vetted address and tells what certificate it shows, valid or not; no HTTP is spoken.
 *  @param address where an earlier fetch was answered (vetted again); without it the name is resolved */
export const inspectTls = async (
  host: string,
  port: number,
  options: Pick<
    FetchOptions,
    'allowNetworks' | 'denyNetworks' | 'resolve' | 'certificateAuthorities' | 'signal'
  > & {
    address?: string
  } = {},
): Promise<Result<CertificateFacts & { address: string }, FetchProblem>> => {
  const { allowNetworks: allow = [], denyNetworks: deny = [], resolve, address: known } = options
  const vetted = known
    ? vetAddresses(host, [known], port, { allow, deny })
    : await vetHost(host, port, { allow, deny, ...(resolve ? { resolve } : {}) })
  if (!vetted.ok) return { ok: false, problem: problemOf(vetted.problem.code, vetted.problem.message) }
  const address = vetted.value[0]
  if (address === undefined) return { ok: false, problem: problemOf('dns', `${host} has no address.`) }
  const url = new URL(`https://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`)
  return shakeHands(url, address, options)
}

const shakeHands = (
  url: URL,
  address: string,
  options: Pick<FetchOptions, 'certificateAuthorities' | 'signal'>,
): Promise<Result<CertificateFacts & { address: string }, FetchProblem>> =>
  new Promise((resolve) => {
    const name = serverNameOf(url)
    const socket = connect({
      host: address,
      port: portOf(url),
      ...(canonicalAddress(name) ? {} : { servername: name }),
      rejectUnauthorized: false,
      minVersion: 'TLSv1',
      ALPNProtocols: ['h2', 'http/1.1'],
      ...(options.certificateAuthorities === undefined ? {} : { ca: options.certificateAuthorities }),
    })
    const finish = (result: Result<CertificateFacts & { address: string }, FetchProblem>): void => {
      clearTimeout(timer)
      options.signal?.removeEventListener('abort', cancel)
      socket.destroy()
      resolve(result)
    }
    const giveUp = (why: 'late' | 'cancelled'): void =>
      finish({ ok: false, problem: problemFrom(null, why, url) })
    const cancel = (): void => giveUp('cancelled')
    const timer = setTimeout(() => giveUp('late'), TLS_INSPECTION_TIMEOUT_MS)
    options.signal?.addEventListener('abort', cancel)
    socket.on('error', (error) => finish({ ok: false, problem: problemFrom(error, null, url) }))
    socket.on('close', () => finish({ ok: false, problem: problemFrom(null, null, url) }))
    socket.on('secureConnect', () => finish(ok({ ...factsOf(socket), address })))
    if (options.signal?.aborted) cancel()
  })
