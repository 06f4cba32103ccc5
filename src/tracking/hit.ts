import { judgeAlone } from './judge-alone.ts'
import type { Subject } from './token.ts'

/** consent: tracking is no longer agreed to; applied, and kept as no event. reach: the page of a test link was asked for
 *  (reach-test.ts); kept as no event either. */
export type HitType = 'open' | 'click' | 'unsubscribe' | 'read_time' | 'consent' | 'reach'

/** What is kept of a request. Of an aggregate hit: neither address nor user agent nor languages. */
export type HitFacts = {
  method: string
  /** Truncated to /24 or /48, unless the settings say otherwise. */
  ip?: string
  /** The whole address, on its way to where the settings are known (queries-inbox.ts); never stored. */
  whole?: string
  /** Names in lower case; only those that tell people from machines. */
  headers?: Record<string, string>
}

/** What the recipient chose or the page measured. */
export type HitDetail = {
  scope?: 'campaign' | 'all'
  reason?: string
  source?: 'page' | 'one-click'
  withdrawConsent?: boolean
  seconds?: number
  /** Of a link of the existing product, whose token nobody signed: kept only if there is such a message. */
  old?: true
}

/** One event as it is spooled and inserted; names are those of the columns of tracking_inbox. */
export type Hit = {
  event_id: string
  type: HitType
  /** ISO 8601 UTC with milliseconds. */
  at: string
  message: string | null
  campaign_id: number | null
  link: string | null
  facts: HitFacts
  detail: HitDetail | null
  verdict?: 'human' | 'machine'
  reason?: string
}

const MAX_VALUE = 500
// Prefetch marks point to nobody; the rest may.
const ANONYMOUS_HEADERS = [
  'sec-fetch-dest',
  'sec-fetch-mode',
  'sec-fetch-site',
  'sec-fetch-user',
  'sec-purpose',
  'purpose',
  'x-purpose',
  'x-moz',
  'sec-fetch-purpose',
  'x-moz-prefetch',
  'prefetch',
]
const HEADERS = [
  ...ANONYMOUS_HEADERS,
  'user-agent',
  'accept',
  'accept-language',
  'accept-encoding',
  'referer',
  'via',
  'from',
  'cache-control',
  'pragma',
  'connection',
  'dnt',
  'sec-gpc',
  'sec-ch-ua',
  'sec-ch-ua-mobile',
  'sec-ch-ua-platform',
  'upgrade-insecure-requests',
  'x-requested-with',
  'range',
  'x-ms-exchange-organization-originalarrivaltime',
]

const ANONYMOUS = new Set(ANONYMOUS_HEADERS)
const KNOWN = new Set(HEADERS)

const kept = (known: ReadonlySet<string>, headers: Record<string, string>): Record<string, string> => {
  const found: Record<string, string> = {}
  for (const name in headers) if (known.has(name)) found[name] = storable(headers[name]!.slice(0, MAX_VALUE))
  return found
}

/** Text that PostgreSQL takes and that prints on one line. */
export const storable = (text: string): string => text.replace(/\p{Cc}+/gu, ' ').toWellFormed()

/** The network of an address: /24 of IPv4, /48 of IPv6. `address` is canonical. */
export const truncateAddress = (address: string): string => {
  if (!address.includes(':')) return `${address.slice(0, address.lastIndexOf('.'))}.0`
  const [head = '', tail] = address.split('::')
  const left = head.split(':').filter(Boolean)
  const right = tail === undefined ? [] : tail.split(':').filter(Boolean)
  const groups = [...left, ...Array.from({ length: 8 - left.length - right.length }, () => '0'), ...right]
  return `${groups.slice(0, 3).join(':')}::`
}

type Made = {
  type: HitType
  subject: Subject
  address: string | null
  at: Date
  link?: string
  detail?: HitDetail
}

/** Makes the event of a request on a token. */
export const makeHit = (request: Request, hit: Made): Hit => {
  const { subject, address } = hit
  const { method } = request
  const headers = Object.fromEntries(request.headers)
  const individual = subject.mode === 'individual'
  const facts: HitFacts = { method, headers: kept(individual ? KNOWN : ANONYMOUS, headers) }
  if (individual && address !== null) {
    facts.ip = truncateAddress(address)
    facts.whole = address
  }
  return {
    event_id: Bun.randomUUIDv7(),
    type: hit.type,
    at: hit.at.toISOString(),
    message: individual ? subject.message : null,
    campaign_id: individual ? null : subject.campaign,
    link: hit.link ?? null,
    facts,
    detail: hit.detail ?? null,
    ...(individual ? {} : judgeAlone({ method, headers }, hit)),
  }
}

/** Carries `proofOf` in the answer to a test link. */
export const PROOF_HEADER = 'X-ProspectLab-Reached'
const MAX_HOST = 260

/** That the page of a test link was asked for, and by which name: nothing of who asked. */
export const reachHit = (request: Request, subject: Subject, at: Date): Hit => ({
  event_id: Bun.randomUUIDv7(),
  type: 'reach',
  at: at.toISOString(),
  message: null,
  campaign_id: subject.mode === 'aggregate' ? subject.campaign : null,
  link: (request.headers.get('host') ?? new URL(request.url).host).slice(0, MAX_HOST).toLowerCase(),
  facts: { method: request.method },
  detail: null,
})
