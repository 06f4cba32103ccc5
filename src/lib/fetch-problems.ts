export type FetchProblemCode =
  | 'refused_address'
  | 'dns'
  | 'unreachable'
  | 'tls'
  | 'timeout'
  | 'too_many_redirects'
  | 'bad_url'
  | 'too_large'
  | 'stopped'

/** `cause` is the machine's own code (ECONNREFUSED, CERT_HAS_EXPIRED …); `beforeRequest` tells that the other side
 *  cannot have seen the request; `stopped` means the caller's own gate or signal. */
export type FetchProblem = {
  code: FetchProblemCode
  message: string
  cause: string | null
  beforeRequest: boolean
}

const NOT_CONNECTED = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'FailedToOpenSocket',
])
const NOT_HTTP = new Set(['Malformed_HTTP_Response', 'InvalidHTTPResponse', 'UnrequestedUpgrade'])
// OpenSSL's verify codes and the handshake's own failures (openssl-verification-options(1)).
const TLS_CODE =
  /^(CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_|ERR_SSL_|EPROTO$|INVALID_|HOSTNAME_|PATH_LENGTH_|ERROR_IN_CERT|CRL_|EE_|CA_|UNSUPPORTED_|EXCLUDED_VIOLATION|PERMITTED_VIOLATION|OUT_OF_MEM)/

/** A problem by its code; nothing of it reached the other side. */
export const problemOf = (code: FetchProblemCode, message: string): FetchProblem => ({
  code,
  message,
  cause: null,
  beforeRequest: true,
})

/** What a failed request means. `why` tells that we ended it ourselves. */
export const problemFrom = (error: unknown, why: 'late' | 'cancelled' | null, url: URL): FetchProblem => {
  const cause = String((error as { code?: unknown } | null)?.code ?? '') || null
  const made = (code: FetchProblemCode, message: string, beforeRequest = false): FetchProblem => ({
    code,
    message,
    cause: why ? null : cause,
    beforeRequest,
  })
  if (why === 'late') return made('timeout', `${url.host} did not answer in time.`)
  if (why === 'cancelled') return made('stopped', 'The request was cancelled.')
  if (cause && NOT_CONNECTED.has(cause))
    return made('unreachable', `${url.host} refuses connections (${cause}).`, true)
  if (cause && NOT_HTTP.has(cause))
    return made('unreachable', `${url.host} answered something that is not HTTP.`)
  if (cause === 'ResponseHeadersTooLarge') return made('too_large', `${url.host} sent too many headers.`)
  if (cause && url.protocol === 'https:' && TLS_CODE.test(cause))
    return made('tls', `${url.host} has broken TLS (${cause}).`, true)
  return made('unreachable', `${url.host} closed the connection${cause ? ` (${cause.slice(0, 60)})` : ''}.`)
}

const RANKS: Partial<Record<FetchProblemCode, number>> = { tls: 3, stopped: 3, timeout: 2, too_large: 2 }

/** Of several addresses' problems the one that got furthest is told. */
export const rankOf = (problem: FetchProblem): number =>
  RANKS[problem.code] ?? (problem.beforeRequest ? 0 : 1)
