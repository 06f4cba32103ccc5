import { randomBytes } from 'node:crypto'
import { isDatabaseDown, isDiskFull, loggableMessage } from '#src/db/failures.ts'
import { AppError } from '#src/lib/errors.ts'
import type { Log } from '#src/lib/log.ts'
import type { Endpoint } from '../endpoint.ts'
import { badInput, internalFailure, missingScope, unavailable, type Refusal } from './refusal.ts'

const REFERENCE_BYTES = 5
/** Raised by `api_require_scope`: the token has lost this right since it was last looked up. */
const SCOPE_REFUSED = 'PL403'
/** No such table, column or function: an update is under way; deadlock, cancelled, out of time: once more may do. */
const PASSING = new Set(['42P01', '42703', '42883', '40001', '40P01', '57014', '55P03'])
/** A value that the database cannot hold. */
const BAD_VALUE = /^22/

/** What is answered when an endpoint fails. Only what nobody foresaw is 500, with a reference that the log explains. */
export const understandError = (error: unknown, endpoint: Endpoint, log: Log): Refusal => {
  const code = String((error as { code?: unknown } | null)?.code ?? '')
  if (code === SCOPE_REFUSED) return missingScope(endpoint.scopes.at(-1) ?? 'companies:read')
  if (BAD_VALUE.test(code)) return badInput('Une valeur envoyée ne peut pas être traitée.')
  const passing = isDatabaseDown(error) || isDiskFull(error) || PASSING.has(code)
  if (passing || (error instanceof AppError && error.status === 503)) {
    log.warn('an API call could not be answered', { path: endpoint.path, reason: loggableMessage(error) })
    return unavailable()
  }
  const reference = randomBytes(REFERENCE_BYTES).toString('hex')
  log.error('an API call failed', {
    reference,
    method: endpoint.method,
    path: endpoint.path,
    reason: loggableMessage(error),
    at: (error as Error | null)?.stack
      ?.split('\n')
      .find((line) => /^\s+at /.test(line))
      ?.trim(),
  })
  return internalFailure(reference)
}
