import { vetAddresses, vetHost, parseOutsideUrl, portOf, type Resolve } from './address-vetting.ts'
import { addressesFor, type FetchMemory } from './fetch-memory.ts'
import { problemOf, rankOf, type FetchProblem } from './fetch-problems.ts'
import type { Networks } from './networks.ts'
import { askAddress, isRedirect, isRepeatable, plainHeaders } from './safe-fetch/ask-address.ts'
import { createRedirectCookies } from './safe-fetch/redirect-cookies.ts'

const DEFAULT_TIMEOUT_MS = 20_000
const DEFAULT_MAX_REDIRECTS = 8
const MAX_ADDRESSES_TRIED = 4

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

/** A request on its way through its hops. */
export type Call = Omit<FetchOptions, 'method' | 'headers' | 'body'> & {
  method: NonNullable<FetchOptions['method']>
  headers: Record<string, string>
  body: string | Uint8Array<ArrayBuffer> | undefined
  /** Milliseconds of the whole budget that are left. */
  leftMs: number
}
export type Step = { ok: true; response: FetchedResponse } | { ok: false; problem: FetchProblem }

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
  const cookies = createRedirectCookies(call)
  const seen = new Set<string>()
  const placeOf = (at: URL): string => `${at.href} ${call.headers['cookie'] ?? ''}`
  let target = parseOutsideUrl(url)
  for (;;) {
    if (!target.ok)
      return { ok: false, problem: problemOf(target.problem.code, target.problem.message), hops }
    const current = target.value
    seen.add(placeOf(current))
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
    if (!keepsMethod(step.response.status, call.method)) becomeGet(call)
    if (foreign) call.headers = plainHeaders(call.headers)
    cookies.handOn(step.response, foreign)
    const again = seen.has(placeOf(next))
    if (again || hops.length > (options.maxRedirects ?? DEFAULT_MAX_REDIRECTS))
      return { ok: false, problem: problemOf('too_many_redirects', tooMany(again)), hops }
  }
}

const lowerCased = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))

const tooMany = (loop: boolean): string =>
  loop ? 'The site redirects in a circle.' : 'The site redirects too many times.'

const redirectOf = (response: FetchedResponse, call: Call): string | null =>
  isRedirect(response.status, call) ? response.headers['location']?.trim() || null : null

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
  if (call.leftMs <= 0) return { ok: false, problem: problemOf('timeout', `${url.host} took too long.`) }
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

// A request that may have been carried out is not sent a second time, unless it changes nothing.
const mayTryNext = (problem: FetchProblem, call: Call): boolean =>
  call.leftMs > 0 &&
  !call.signal?.aborted &&
  (problem.beforeRequest || (isRepeatable(call) && problem.code !== 'tls'))
