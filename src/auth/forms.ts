import type { Context } from 'hono'
import { z } from 'zod'
import type { Locale } from '#src/lib/i18n.ts'
import type { FormState } from '#templates/page.ts'
import { accountMessages } from './messages.ts'
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from './passwords.ts'
import type { AccountProblem } from './users.ts'

const MAX_NAME = 100
const MAX_FIELD = 4096
const NEVER_SHOWN_AGAIN = new Set(['csrf', 'password', 'current', 'wanted', 'repeated', 'token'])

const text = z.string().max(MAX_FIELD).catch('')
const name = z.string().trim().max(MAX_NAME, 'nameTooLong').default('')

export const signInForm = z.object({ email: text, password: text, next: text })
export const languageForm = z.object({ locale: z.enum(['fr', 'en']).catch('fr'), next: text })
export const setupForm = z.object({ email: text, name, password: text, token: text })
export const profileForm = z.object({ name })
export const appearanceForm = z.object({
  locale: z.enum(['fr', 'en'], 'badChoice'),
  theme: z.enum(['auto', 'light', 'dark'], 'badChoice'),
})
export const passwordForm = z
  .object({ current: text, wanted: text, repeated: text })
  .refine(({ wanted, repeated }) => wanted === repeated, { path: ['repeated'], message: 'passwordDiffers' })
export const newUserForm = z.object({ email: text, name, role: z.enum(['admin', 'member'], 'badChoice') })
export const roleForm = z.object({ value: z.enum(['admin', 'member'], 'badChoice') })
export const sessionForm = z.object({ session: z.string().regex(/^[0-9a-f]{64}$/) })

type Read<T> = { ok: true; value: T; form: FormState } | { ok: false; form: FormState }

/** A submitted form checked by its schema; what was typed is kept, except for secrets. The messages of these
 *  schemas are names in the catalogue. */
export const readForm = async <T>(c: Context, schema: z.ZodType<T>, locale: Locale): Promise<Read<T>> => {
  const body = await c.req.parseBody()
  // PostgreSQL refuses U+0000 and half of a surrogate pair in a text.
  const fields = Object.entries(body).flatMap(([field, value]) =>
    typeof value === 'string' ? [[field, value.replaceAll('\u0000', '').toWellFormed()] as const] : [],
  )
  const values = Object.fromEntries(fields.filter(([field]) => !NEVER_SHOWN_AGAIN.has(field)))
  const parsed = schema.safeParse(Object.fromEntries(fields))
  if (parsed.success) return { ok: true, value: parsed.data, form: { values, errors: {} } }
  const texts = accountMessages(locale)
  const errors: Record<string, string> = {}
  for (const issue of parsed.error.issues) {
    const message = texts[issue.message as keyof typeof texts]
    errors[String(issue.path[0] ?? '')] ??= typeof message === 'string' ? message : texts.badChoice
  }
  return { ok: false, form: { values, errors } }
}

/** What a rule about accounts refused, in the reader's language. */
export const accountProblemText = (locale: Locale, problem: { code: AccountProblem['code'] }): string => {
  const t = accountMessages(locale)
  const texts: Record<AccountProblem['code'], string> = {
    bad_email: t.badEmail,
    email_taken: t.emailTaken,
    password_too_short: t.passwordTooShort(MIN_PASSWORD_LENGTH),
    password_too_long: t.passwordTooLong(MAX_PASSWORD_LENGTH),
    password_is_email: t.passwordIsEmail,
    wrong_current_password: t.wrongCurrentPassword,
    too_many_attempts: t.tooManyAttempts,
    last_admin: t.lastAdmin,
    unknown_user: t.unknownUser,
  }
  return texts[problem.code]
}
