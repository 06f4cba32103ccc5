import type { Locale } from '#src/lib/i18n.ts'

/** What every page knows about its reader; made per request by src/app.ts. */
export type PageContext = {
  locale: Locale
  theme: 'auto' | 'light' | 'dark'
  user: { id: number; email: string; name: string; role: 'admin' | 'member' } | null
  /** Goes into every form as the hidden field `csrf` and into htmx requests as the header `X-CSRF-Token`. */
  csrf: string
  /** Path of this request, for the navigation. */
  path: string
  /** One message carried over a redirect. */
  flash: { kind: 'success' | 'warning' | 'danger'; text: string } | null
}

/** A form shown again after a refusal: what was typed, and which field is at fault. */
export type FormState = { values: Record<string, string>; errors: Record<string, string> }

export const emptyForm: FormState = { values: {}, errors: {} }
