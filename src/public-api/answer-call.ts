import type { Context } from 'hono'
import { AppError } from '#src/lib/errors.ts'
import { within } from '#src/lib/within.ts'
import type { Admit } from './admission/admit.ts'
import type { Origins } from './admission/allow-origin.ts'
import { etagOf, type AnswerCache, type KeptAnswer } from './answers/answer-cache.ts'
import type { ApiAnswer, Endpoint } from './endpoint.ts'
import type { KnownToken } from './admission/find-token.ts'
import type { PublicApi } from './public-api.ts'
import type { LastUse } from './admission/queries-tokens.ts'
import { readCall, type CheckedCall, type ReadCall } from './input/read-call.ts'
import { unavailable, type Refusal } from './answers/refusal.ts'
import { respond, respondKept, respondRefusal } from './answers/respond.ts'
import { understandError } from './answers/understand-error.ts'

// The edge drops a connection that is silent for ten seconds: who waits is told 503 before, the token's check included.
const ANSWER_WITHIN_MS = 8_500
/** More than the database answers in that time would all be answered too late. */
const MAX_AT_ONCE = 1000

export type CallParts = {
  api: PublicApi
  admit: Admit
  cache: AnswerCache
  origins: Origins
  noteUse: (use: LastUse) => void
  /** Reads under way, by what they will be kept as: the same question is asked once. */
  reading: Map<string, Promise<ApiAnswer | KeptAnswer>>
  /** How many endpoints are at work, those whose client is told already that it takes too long among them. */
  load: { atWork: number }
}

/** Answers one call of an endpoint: token, allowance, rights and input, then the endpoint or what is known of it. */
export const answerCall = async (c: Context, endpoint: Endpoint, parts: CallParts): Promise<Response> => {
  const startedAt = performance.now()
  const address = parts.api.addressOf(c)
  let read: ReadCall = { known: null, headers: {}, outcome: { ok: false, refusal: unavailable() } }
  const refuse = async (refusal: Refusal) => {
    const shared = await parts.origins.headersFor(c.req.header('origin'), read.known?.token ?? null)
    return respondRefusal(refusal, endpoint, { ...read.headers, ...shared })
  }
  try {
    read = await readCall(c, endpoint, { admit: parts.admit, address })
    const { known, outcome } = read
    if (known) parts.noteUse({ id: known.token.id, at: parts.api.clock.now(), address })
    if (!outcome.ok || !known) return await refuse(outcome.ok ? unavailable() : outcome.refusal)
    const shared = await parts.origins.headersFor(c.req.header('origin'), known.token)
    const headers = { ...read.headers, ...shared }
    const ask = endpoint.method === 'get' ? readOnce : write
    const left = Math.max(0, startedAt + ANSWER_WITHIN_MS - performance.now())
    const answer = await within(left, ask(endpoint, known, outcome.call, parts))
    return 'text' in answer
      ? respondKept(answer, c.req.header('if-none-match'), headers)
      : respond(answer.status, answer.body, headers)
  } catch (error) {
    return refuse(understandError(error, endpoint, parts.api.log))
  }
}

/** A read: what is known of it, else asked once for all who ask meanwhile. */
const readOnce = async (
  endpoint: Endpoint,
  known: KnownToken,
  call: CheckedCall,
  parts: CallParts,
): Promise<ApiAnswer | KeptAnswer> => {
  const { cache, reading, api } = parts
  if (endpoint.cacheSeconds === 0) return keepable(await handle(endpoint, known, call, parts))
  const { params, query, url } = call
  const key = JSON.stringify([known.cacheKey, endpoint.path, params, query, url.origin])
  const now = api.clock.now().getTime()
  const kept = cache.get(key, now)
  if (kept) return kept
  const generation = cache.generation()
  const readKey = `${generation} ${key}`
  const underWay = reading.get(readKey)
  if (underWay) return underWay
  const answer = handle(endpoint, known, call, parts)
    .then((given) => {
      const made = keepable(given)
      const until = now + endpoint.cacheSeconds * 1000
      if ('text' in made) cache.set(key, made, { from: now, until, generation })
      return made
    })
    .finally(() => reading.delete(readKey))
  reading.set(readKey, answer)
  return answer
}

const keepable = (answer: ApiAnswer): ApiAnswer | KeptAnswer => {
  if (answer.status !== 200) return answer
  const text = JSON.stringify(answer.body)
  return { text, etag: etagOf(text) }
}

/** A write, after which nothing known may be used again, however it ended. */
const write = async (
  endpoint: Endpoint,
  known: KnownToken,
  call: CheckedCall,
  parts: CallParts,
): Promise<ApiAnswer> => handle(endpoint, known, call, parts).finally(parts.cache.clear)

const handle = async (
  endpoint: Endpoint,
  { token }: KnownToken,
  call: CheckedCall,
  { api: { sql: database, clock }, load }: CallParts,
): Promise<ApiAnswer> => {
  const sql = database()
  if (!sql) throw new AppError('no_database', 'The edge has no database.', { status: 503 })
  if (load.atWork >= MAX_AT_ONCE) throw new AppError('busy', 'Too many calls at once.', { status: 503 })
  load.atWork += 1
  const answer = endpoint.handle({ sql, clock, token, ...call }).finally(() => (load.atWork -= 1))
  return within(ANSWER_WITHIN_MS, answer)
}
