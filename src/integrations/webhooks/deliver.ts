import type { Config } from '#src/config.ts'
import type { Resolve } from '#src/lib/address-vetting.ts'
import type { Clock } from '#src/lib/clock.ts'
import { isInNetworks, parseNetworks, type Networks } from '#src/lib/networks.ts'
import { retryAfterMs } from '#src/lib/retry-after.ts'
import { safeFetch } from '#src/lib/safe-fetch.ts'
import packageJson from '../../../package.json' with { type: 'json' }
import type { ClaimedDelivery } from './queries.ts'
import { signedHeaders } from './sign.ts'

const TIMEOUT_MS = 15_000
const MAX_ANSWER_BYTES = 4_096
const MAX_ANSWER_LENGTH = 1_000
const HTTPS_ONLY = 'Webhooks are sent over https only, except to networks in WEBHOOK_ALLOW_NETWORKS.'

/** How one try ended. `gone`: the receiver said that it wants nothing any more (410). */
export type Attempt =
  | { kind: 'delivered'; statusCode: number; answer: string }
  | {
      kind: 'failed'
      statusCode: number | null
      answer: string
      retryAfterMs: number | null
      gone: boolean
    }
  | { kind: 'stopped' }

type Parts = {
  config: Pick<Config, 'WEBHOOK_ALLOW_NETWORKS'>
  clock: Clock
  signal?: AbortSignal
  resolve?: Resolve
  certificateAuthorities?: string
}

/** The networks of one's own that webhooks may reach. */
export const webhookNetworks = (config: Pick<Config, 'WEBHOOK_ALLOW_NETWORKS'>): Networks => {
  const networks = parseNetworks(config.WEBHOOK_ALLOW_NETWORKS)
  return networks.ok ? networks.value : []
}

/** Sends one delivery once: signed, to a vetted address, following nowhere, reading a few kilobytes of the answer. */
export const deliver = async (
  delivery: Pick<ClaimedDelivery, 'eventId' | 'url' | 'payload'> & { secret: string },
  { config, clock, signal, resolve, certificateAuthorities }: Parts,
): Promise<Attempt> => {
  const body = JSON.stringify(delivery.payload)
  const allowNetworks = webhookNetworks(config)
  const result = await safeFetch(delivery.url, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      accept: '*/*',
      'user-agent': `ProspectLab-Webhooks/${packageJson.version}`,
      ...signedHeaders(delivery.secret, { id: delivery.eventId, at: clock.now(), body }),
    },
    allowNetworks,
    followRedirects: false,
    tlsPolicy: 'strict',
    maxBytes: MAX_ANSWER_BYTES,
    timeoutMs: TIMEOUT_MS,
    onHop: async ({ url, address }) =>
      url.protocol === 'https:' || isInNetworks(address, allowNetworks)
        ? { go: true }
        : { go: false, message: HTTPS_ONLY },
    ...(signal && { signal }),
    ...(resolve && { resolve }),
    ...(certificateAuthorities && { certificateAuthorities }),
  })
  if (signal?.aborted) return { kind: 'stopped' }
  if (!result.ok) {
    const answer = readable(result.problem.message)
    return { kind: 'failed', statusCode: null, answer, retryAfterMs: null, gone: false }
  }
  const { status, headers, body: bytes } = result.response
  const answer = readable(new TextDecoder().decode(bytes))
  if (status >= 200 && status < 300) return { kind: 'delivered', statusCode: status, answer }
  const wait = retryAfterMs(headers, clock.now())
  return { kind: 'failed', statusCode: status, answer, retryAfterMs: wait, gone: status === 410 }
}

// What a receiver answers is shown in the log of deliveries: as text, and not much of it.
const readable = (text: string): string =>
  text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, MAX_ANSWER_LENGTH)
    .toWellFormed()
