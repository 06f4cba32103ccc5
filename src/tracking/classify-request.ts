import type { Verdict } from './certain-verdict.ts'
import { classifyHits } from './classify-hits.ts'
import type { Hit } from './traffic-document.ts'

/** A hit of which nothing may be kept beside the count: it is judged as it arrives, by itself. Costs some
 *  microseconds once an agent is known. `ip` is canonical, header names may be in any case. */
export const classifyRequest = (request: {
  kind: Hit['kind']
  method: string
  ip: string | null
  headers: Iterable<[string, string]>
  at: number
}): Verdict => {
  const headers = new Map<string, string>()
  for (const [name, value] of request.headers) headers.set(name.toLowerCase(), value.trim())
  const hit: Hit = {
    index: 0,
    at: request.at,
    kind: request.kind,
    link: request.kind === 'pixel' ? null : '',
    place: -1,
    isHoneypot: false,
    method: request.method.toUpperCase(),
    ip: request.ip ?? '',
    agent: headers.get('user-agent') ?? '',
    headers,
  }
  return classifyHits({ message: null, sentAt: null, hits: [hit] })[0] as Verdict
}
