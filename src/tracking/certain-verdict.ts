import type { Origin } from './address-origin.ts'
import type { ReasonCode } from './messages.ts'
import type { Agent } from './read-agent.ts'
import type { Hit } from './traffic-document.ts'

export type Verdict = { verdict: 'human' | 'machine'; reason: ReasonCode }

const PURPOSE_HEADERS = [
  'purpose',
  'x-purpose',
  'sec-purpose',
  'sec-fetch-purpose',
  'x-moz',
  'x-moz-prefetch',
  'prefetch',
  'x-prefetch',
]
const PREFETCH = /prefetch|preview|prerender|preload|instant|ads|^1$|^true$/i

const human = (reason: ReasonCode): Verdict => ({ verdict: 'human', reason })
const machine = (reason: ReasonCode): Verdict => ({ verdict: 'machine', reason })

const isPrefetch = (hit: Hit): boolean =>
  PURPOSE_HEADERS.some((name) => PREFETCH.test(hit.headers.get(name) ?? ''))

const pixelVerdict = (hit: Hit, agent: Agent, origin: Origin): Verdict | null => {
  if (agent.isGmailPrefetch) return machine('gmail_prefetch')
  if (agent.imageProxy) return human(agent.imageProxy as ReasonCode)
  // Apple's relays say no more than this, and load every image whether or not the mail is opened.
  if (hit.agent === 'Mozilla/5.0' || origin === 'apple') return machine('apple_privacy')
  if (origin === 'relay' && agent.browser === 'webkit') return machine('apple_privacy')
  return null
}

/** What one hit is beyond doubt, whatever happened around it; null when it has to be weighed. */
export const certainVerdict = (hit: Hit, agent: Agent, origin: Origin): Verdict | null => {
  if (hit.kind === 'unsubscribe' && hit.method === 'POST') return human('unsubscribe_post')
  if (hit.isHoneypot) return machine('honeypot')
  if (hit.method !== 'GET') return machine('method')
  if (isPrefetch(hit)) return machine('prefetch_header')
  if (/headless/i.test(hit.headers.get('sec-ch-ua') ?? '')) return machine('scanner_agent')
  const pixel = hit.kind === 'pixel' ? pixelVerdict(hit, agent, origin) : null
  if (pixel) return pixel
  if (hit.agent === '') return machine('no_agent')
  if (agent.isScanner) return machine('scanner_agent')
  if (agent.isBot) return machine('bot_agent')
  return null
}
