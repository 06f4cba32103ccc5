import { z } from 'zod'
import type { Clock } from '#src/lib/clock.ts'
import type { Networks } from '#src/lib/networks.ts'
import { retryAfterMs } from '#src/lib/retry-after.ts'
import { safeFetch } from '#src/lib/safe-fetch.ts'

// docs.expo.dev/push-notifications/sending-notifications
const TIMEOUT_MS = 15_000
const MAX_ANSWER_BYTES = 1_000_000

export type Expo = {
  /** https://exp.host, or what stands for it in a test. */
  host: string
  clock: Clock
  allowNetworks?: Networks
  signal?: AbortSignal
}

export type ExpoMessage = {
  to: string
  title: string
  body: string
  data: Record<string, string | number>
}

const outcome = z.looseObject({
  status: z.enum(['ok', 'error']),
  id: z.string().max(200).optional(),
  details: z.looseObject({ error: z.string().max(100).optional() }).nullish(),
})
/** Of a message sent, or of its receipt; `error` is Expo's own code (DeviceNotRegistered, MessageRateExceeded …). */
export type ExpoOutcome = { ok: true; ticket: string | null } | { ok: false; error: string }

export type ExpoAnswer<T> =
  | { kind: 'answered'; value: T }
  /** Worth trying again. */
  | { kind: 'later'; retryAfterMs: number | null }
  /** Expo does not take this request as it is. */
  | { kind: 'refused' }

const read = (value: z.infer<typeof outcome>): ExpoOutcome =>
  value.status === 'ok'
    ? { ok: true, ticket: value.id ?? null }
    : { ok: false, error: value.details?.error ?? 'unknown' }

/** Sends up to a hundred messages; the outcomes are in their order. */
export const sendToExpo = async (expo: Expo, messages: ExpoMessage[]): Promise<ExpoAnswer<ExpoOutcome[]>> => {
  const tickets = z.object({ data: z.array(outcome).length(messages.length) })
  const answer = await ask(expo, '/--/api/v2/push/send', messages, tickets)
  return answer.kind === 'answered' ? { kind: 'answered', value: answer.value.data.map(read) } : answer
}

/** What became of messages, by ticket; those Expo knows nothing of yet are missing. */
export const readReceipts = async (
  expo: Expo,
  tickets: string[],
): Promise<ExpoAnswer<Map<string, ExpoOutcome>>> => {
  const receipts = z.object({ data: z.record(z.string(), outcome) })
  const answer = await ask(expo, '/--/api/v2/push/getReceipts', { ids: tickets }, receipts)
  if (answer.kind !== 'answered') return answer
  const entries = Object.entries(answer.value.data)
  return { kind: 'answered', value: new Map(entries.map(([id, one]) => [id, read(one)])) }
}

const ask = async <T>(
  expo: Expo,
  path: string,
  body: unknown,
  schema: z.ZodType<T>,
): Promise<ExpoAnswer<T>> => {
  const result = await safeFetch(`${expo.host}${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    followRedirects: false,
    tlsPolicy: 'strict',
    maxBytes: MAX_ANSWER_BYTES,
    timeoutMs: TIMEOUT_MS,
    ...(expo.allowNetworks && { allowNetworks: expo.allowNetworks }),
    ...(expo.signal && { signal: expo.signal }),
  })
  if (!result.ok) return { kind: 'later', retryAfterMs: null }
  const { status, headers, body: bytes } = result.response
  if (status === 429 || status >= 500)
    return { kind: 'later', retryAfterMs: retryAfterMs(headers, expo.clock.now()) }
  if (status >= 300) return { kind: 'refused' }
  const parsed = schema.safeParse(parse(bytes))
  return parsed.success ? { kind: 'answered', value: parsed.data } : { kind: 'later', retryAfterMs: null }
}

const parse = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return null
  }
}
