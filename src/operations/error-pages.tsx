import { randomBytes } from 'node:crypto'
import type { Context, ErrorHandler, NotFoundHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import { isHtmx, localeOf, wantsJson } from '#src/auth/request.ts'
import { isDatabaseDown, isDiskFull, isWithoutTables, loggableMessage } from '#src/db/failures.ts'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import { AppError } from '#src/lib/errors.ts'
import { ErrorFragment, ErrorPage, type ErrorKind } from '#templates/operations/error.tsx'
import type { PageContext } from '#templates/page.ts'

type Answer = {
  status: AppError['status'] | 405 | 415
  code: string
  message: string
  fields: Record<string, string>
  reference?: string
}

const REFERENCE_BYTES = 5
const RETRY_AFTER_SECONDS = '5'

// Errors may happen before the middleware that makes the page has run.
const pageOf = (c: Context<AppEnv>): PageContext =>
  c.get('page') ?? { locale: localeOf(c), theme: 'auto', user: null, csrf: '', path: c.req.path, flash: null }

const kindOfUnavailable: Record<string, ErrorKind> = { starting: 'starting', disk_full: 'diskFull' }

const kindOf = ({ status, code }: Answer): ErrorKind => {
  if (code === 'local_network_only') return 'restricted'
  if (code === 'csrf') return 'formTooOld'
  if (status === 404) return 'notFound'
  if (status === 403 || status === 401) return 'forbidden'
  if (status === 413) return 'tooLarge'
  if (status === 429) return 'busy'
  if (status === 503) return kindOfUnavailable[code] ?? 'databaseDown'
  return status >= 500 ? 'failed' : 'refused'
}

const answer = (c: Context<AppEnv>, given: Answer) => {
  const { status, code, message, fields, reference } = given
  if (status === 503) c.header('Retry-After', RETRY_AFTER_SECONDS)
  c.header('Cache-Control', 'no-store')
  const withFields = Object.keys(fields).length > 0 ? { fields } : {}
  if (wantsJson(c))
    return c.json({ error: code, message, ...withFields, ...(reference ? { reference } : {}) }, status)
  const props = { page: pageOf(c), kind: kindOf(given), fields, reference }
  return c.html(isHtmx(c) ? <ErrorFragment {...props} /> : <ErrorPage {...props} />, status)
}

const STARTING: Answer = {
  status: 503,
  code: 'starting',
  message: 'The database is being prepared.',
  fields: {},
}

const fromZod = (error: z.ZodError): Answer => {
  const fields: Record<string, string> = {}
  for (const issue of error.issues) fields[issue.path.join('.') || 'body'] ??= issue.message
  return { status: 422, code: 'invalid', message: 'Some values are wrong.', fields }
}

const understand = (error: unknown): Answer | null => {
  if (error instanceof AppError) return error
  if (error instanceof z.ZodError) return fromZod(error)
  if (error instanceof HTTPException && error.status < 500)
    return {
      status: error.status as Answer['status'],
      code: 'bad_request',
      message: error.message,
      fields: {},
    }
  if (isUnreadableBody(error))
    return { status: 400, code: 'bad_request', message: 'The body of the request is no form.', fields: {} }
  if (isDatabaseDown(error))
    return { status: 503, code: 'database_down', message: 'The database cannot be reached.', fields: {} }
  if (isDiskFull(error)) return { status: 503, code: 'disk_full', message: 'The disk is full.', fields: {} }
  return isWithoutTables(error) ? STARTING : null
}

// A form whose parts are cut off or wrongly marked: the sender's fault.
const isUnreadableBody = (error: unknown): boolean =>
  (error as { code?: unknown } | null)?.code === 'ERR_FORMDATA_PARSE_ERROR'

export const answerNotFound: NotFoundHandler<AppEnv> = (c) =>
  answer(c, { status: 404, code: 'not_found', message: 'There is nothing at this address.', fields: {} })

/** Every failure as an answer: a page, a fragment for htmx, or JSON under /api. What nobody foresaw gets a
 *  reference under which the log tells the rest. */
export const answerError =
  (deps: Deps): ErrorHandler<AppEnv> =>
  (error, c) => {
    const understood = understand(error) ?? (deps.isPrepared?.() === false ? STARTING : null)
    if (understood && understood.status < 500) return answer(c, understood)
    const reference = randomBytes(REFERENCE_BYTES).toString('hex')
    deps.log.error(understood ? understood.message : 'request failed', {
      reference,
      method: c.req.method,
      path: c.req.path,
      reason: loggableMessage(error),
      at: understood
        ? undefined
        : error.stack
            ?.split('\n')
            .find((line) => /^\s+at /.test(line))
            ?.trim(),
    })
    const failed: Answer = { status: 500, code: 'failed', message: 'Something went wrong.', fields: {} }
    return answer(c, { ...(understood ?? failed), reference: understood?.status === 503 ? '' : reference })
  }
