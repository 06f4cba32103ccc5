/** What went wrong, in a form every transport can translate: `code` is stable and machine-readable,
 *  `message` is a full English sentence saying what happened and what to do. */
export type Problem = { code: string; message: string }

/** Expected failures are values: a function that may fail in a known way returns a Result. */
export type Result<T, P extends Problem = Problem> = { ok: true; value: T } | { ok: false; problem: P }

export const ok = <T>(value: T): { ok: true; value: T } => ({ ok: true, value })

export const failed = <C extends string>(
  code: C,
  message: string,
): { ok: false; problem: { code: C; message: string } } => ({ ok: false, problem: { code, message } })

/** The one error type that crosses layers. `status` is the HTTP answer; `fields` names the inputs at fault
 *  (field name → message) so that a form can be shown again as typed. */
export class AppError extends Error {
  readonly code: string
  readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 422 | 429 | 500 | 503
  readonly fields: Record<string, string>

  constructor(
    code: string,
    message: string,
    options: { status?: AppError['status']; fields?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.status = options.status ?? 400
    this.fields = options.fields ?? {}
  }
}

/** The text of anything thrown, for a log line or a stored reason. A failed query is told by its cause: its own
 *  message carries the parameters, which may be personal. */
export const messageOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  return error.name === 'DrizzleQueryError' || error.message.startsWith('Failed query:')
    ? `query failed: ${error.cause ? messageOf(error.cause) : 'no cause given'}`
    : error.message
}
