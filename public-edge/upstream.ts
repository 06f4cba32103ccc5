import { hashOf, isAnswer, signCall } from '#src/lib/signed-call.ts'

const EVENTS_WITHIN_MS = 25_000
const API_WITHIN_MS = 25_000
const LINK_WITHIN_MS = 2000
const HEALTH_WITHIN_MS = 2500
const MAX_ANSWER = 32 * 1024 * 1024
const MAX_API_AT_ONCE = 128
const MAX_LINKS = 10_000
const UNKNOWN_LINK_MS = 60_000

// What an API client may say, and what it may be told; everything else stays where it is.
const REQUEST_HEADERS = [
  'accept',
  'accept-language',
  'access-control-request-headers',
  'access-control-request-method',
  'authorization',
  'content-type',
  'if-none-match',
  'origin',
  'user-agent',
]
const ANSWER_HEADERS =
  /^(access-control-[a-z-]+|allow|cache-control|content-disposition|content-language|content-security-policy|content-type|deprecation|etag|link|ratelimit[a-z-]*|retry-after|vary|www-authenticate|x-content-type-options|x-ratelimit[a-z-]*)$/

/** Why the server could not be asked. unreachable, or: refused (it knows another key), clock (the clocks of both sides
 *  differ by more than a minute), stranger (what answers holds no key), else what the database said there. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError'
  readonly code: string

  constructor(code: string) {
    super(`the server could not be asked: ${code}`)
    this.code = code
  }
}

type Head = Record<string, unknown>
type Answer = { head: Head; body: Uint8Array<ArrayBuffer> }

export type Upstream = {
  deliver: (records: string[]) => Promise<void>
  findOldLink: (token: string, urls: string[]) => Promise<string | null>
  /** `ok`, or what is missing on the server; rejects when it cannot be asked. */
  health: () => Promise<string>
  /** A request to /api/public, answered by the server; rejects while it is away. */
  callApi: (request: Request, body: Buffer, address: string | null) => Promise<Response>
}

/** The server behind an edge that has no database: every call signed, every answer checked (lib/signed-call.ts). */
export const openUpstream = (url: string, key: string, now: () => Date): Upstream => {
  const call = async (path: string, body: string, withinMs: number): Promise<Answer> => {
    const signed = signCall(key, { method: 'POST', path, body }, now())
    const answer = await ask(`${url}${path}`, {
      method: 'POST',
      body,
      headers: { Authorization: signed.authorization, 'Accept-Encoding': 'identity' },
      redirect: 'manual',
      signal: AbortSignal.timeout(withinMs),
    })
    if (answer.status === 401) throw new UpstreamError(await refusalOf(answer))
    const bytes = answer.status === 200 ? await readAll(answer) : new Uint8Array()
    if (!isAnswer(key, signed.nonce, bytes, answer.headers.get('x-edge-signature')))
      throw new UpstreamError('stranger')
    const end = bytes.indexOf(0x0a)
    const head = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end))) as Head
    if (typeof head['failed'] === 'string') throw new UpstreamError(head['failed'])
    return { head, body: bytes.subarray(end + 1) }
  }

  const links = rememberLinks(now)
  let apiCalls = 0

  return {
    deliver: async (records) => {
      const { head } = await call('/edge/events', records.join('\n'), EVENTS_WITHIN_MS)
      if (head['taken'] !== records.length) throw new UpstreamError('stranger')
    },
    findOldLink: async (token, urls) => {
      const known = links.find(token, urls)
      if (known !== undefined) return known
      const { head } = await call('/edge/link', JSON.stringify({ token, urls }), LINK_WITHIN_MS)
      const target = typeof head['target'] === 'string' ? head['target'] : null
      links.keep(token, urls, target)
      return target
    },
    health: async () => String((await call('/edge/health', '', HEALTH_WITHIN_MS)).head['inbox']),
    callApi: async (request, body, address) => {
      if (apiCalls >= MAX_API_AT_ONCE) throw new UpstreamError('busy')
      apiCalls += 1
      try {
        const forwarded = JSON.stringify({
          method: request.method,
          url: request.url,
          headers: allowedHeaders(request.headers),
          address,
          body: body.length > 0 ? body.toString('base64') : null,
        })
        return answerOf(await call('/edge/api', forwarded, API_WITHIN_MS))
      } finally {
        apiCalls -= 1
      }
    },
  }
}

const ask = async (url: string, request: RequestInit): Promise<Response> => {
  try {
    return await fetch(url, request)
  } catch {
    throw new UpstreamError('unreachable')
  }
}

const refusalOf = async (answer: Response): Promise<string> => {
  const text = new TextDecoder().decode(await readAll(answer))
  return /"error":"clock"/.test(text) ? 'clock' : 'refused'
}

const readAll = async (answer: Response): Promise<Uint8Array<ArrayBuffer>> => {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of answer.body ?? []) {
      size += chunk.length
      if (size > MAX_ANSWER) throw new UpstreamError('stranger')
      chunks.push(chunk)
    }
  } catch (error) {
    throw error instanceof UpstreamError ? error : new UpstreamError('unreachable')
  }
  return Buffer.concat(chunks)
}

const allowedHeaders = (headers: Headers): Record<string, string> =>
  Object.fromEntries(
    REQUEST_HEADERS.flatMap((name) => {
      const value = headers.get(name)
      return value === null ? [] : [[name, value]]
    }),
  )

const answerOf = ({ head, body }: Answer): Response => {
  const { status, headers } = head as { status: number; headers: Record<string, string> }
  const kept = Object.entries(headers).filter(([name]) => ANSWER_HEADERS.test(name))
  const empty = status === 204 || status === 304
  return new Response(empty ? null : body, { status, headers: kept })
}

/** Links of old mails never change: those that are known are kept, and serve while the server is away. Made-up ones may
 *  be long and many: they take little room, and none of that of the others. */
export const rememberLinks = (now: () => Date) => {
  const known = new Map<string, string>()
  const unknown = new Map<string, number>()
  const nameOf = (token: string, urls: string[]) => hashOf(JSON.stringify([token, ...urls]))
  return {
    find: (token: string, urls: string[]): string | null | undefined => {
      const name = nameOf(token, urls)
      return known.get(name) ?? ((unknown.get(name) ?? -Infinity) < now().getTime() ? undefined : null)
    },
    keep: (token: string, urls: string[], target: string | null): void => {
      const links = target === null ? unknown : known
      const [oldest] = links.keys()
      if (links.size >= MAX_LINKS && oldest !== undefined) links.delete(oldest)
      if (target === null) unknown.set(nameOf(token, urls), now().getTime() + UNKNOWN_LINK_MS)
      else known.set(nameOf(token, urls), target)
    },
  }
}
