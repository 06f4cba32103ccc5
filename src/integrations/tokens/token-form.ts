import type { Context } from 'hono'
import { SCOPES } from '#src/public-api/endpoint.ts'
import type { FormState } from '#templates/page.ts'
import { wordsOf, type TokenSettings } from './token-settings.ts'

const MAX_FIELD = 4096

/** What was typed, to be shown again, and apart from it the token that never is. */
export const readTokenForm = async (c: Context): Promise<FormState & { secret: string }> => {
  const values: Record<string, string> = {}
  for (const [name, value] of Object.entries(await c.req.parseBody()))
    // PostgreSQL refuses U+0000 and half of a surrogate pair in a text.
    if (typeof value === 'string' && name !== 'csrf')
      values[name] = value.replaceAll('\u0000', '').slice(0, MAX_FIELD).toWellFormed()
  const { old_token: secret = '', ...shown } = values
  return { values: shown, errors: {}, secret }
}

/** The settings a form asks for; what cannot be read is given on as what checkSettings refuses. */
export const settingsOfForm = (values: Record<string, string>): TokenSettings => {
  const text = (name: string) => (values[name] ?? '').trim()
  const number = (name: string) => (/^\d{1,9}$/.test(text(name)) ? Number(text(name)) : NaN)
  return {
    name: text('name'),
    scopes: SCOPES.filter((scope) => text(`scope-${scope.replace(':', '-')}`) === '1'),
    expiresAt: text('expires') === '' ? null : endOfDay(text('expires')),
    allowedNetworks: wordsOf(text('networks')),
    allowedOrigins: wordsOf(text('origins')),
    appUrl: text('app_url') || null,
    ...(text('per_minute') === '' ? {} : { requestsPerMinute: number('per_minute') }),
    ...(text('per_day') === '' ? {} : { analysesPerDay: number('per_day') }),
  }
}

// Where the server is; an invalid date is never later than now.
const endOfDay = (text: string): Date => new Date(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T23:59:59` : NaN)
