import { CsrfField, Field } from '#templates/components/form.tsx'
import { CentredLayout } from '#templates/layout.tsx'
import type { FormState, PageContext } from '#templates/page.ts'
import { authMessages } from './messages.ts'

type SignInProps = {
  page: PageContext
  form: FormState
  next: string
  problem?: string | undefined
  noUsers: boolean
}

const LanguageSwitch = ({ page, next }: { page: PageContext; next: string }) => (
  <form method="post" action="/language" class="text-center mt-4">
    <CsrfField token={page.csrf} />
    <input type="hidden" name="next" value={next} />
    <div class="btn-group" role="group" aria-label={authMessages(page.locale).language}>
      {(['fr', 'en'] as const).map((locale) => (
        <button
          type="submit"
          name="locale"
          value={locale}
          lang={locale}
          class={locale === page.locale ? 'btn btn-sm active' : 'btn btn-sm'}
          aria-pressed={locale === page.locale ? 'true' : 'false'}
        >
          {locale === 'fr' ? 'Français' : 'English'}
        </button>
      ))}
    </div>
  </form>
)

export const SignInPage = ({ page, form, next, problem, noUsers }: SignInProps) => {
  const t = authMessages(page.locale)
  return (
    <CentredLayout page={page} title={t.signInTitle}>
      {problem && (
        <div class="alert alert-danger" role="alert">
          {problem}
        </div>
      )}
      {noUsers && (
        <div class="alert alert-info" role="status">
          {t.noAccountYet}
        </div>
      )}
      <form method="post" action="/login">
        <CsrfField token={page.csrf} />
        <input type="hidden" name="next" value={next} />
        <Field
          name="email"
          type="email"
          label={t.email}
          form={form}
          required
          autocomplete="username"
          autofocus
        />
        <Field
          name="password"
          type="password"
          label={t.password}
          form={form}
          required
          autocomplete="current-password"
        />
        <button type="submit" class="btn btn-primary w-100">
          {t.signIn}
        </button>
      </form>
      {problem && (
        <p class="text-secondary small mt-3 mb-0">
          {t.forgotten} <code>prospectlab user password --email E</code>
        </p>
      )}
      <LanguageSwitch page={page} next={next} />
    </CentredLayout>
  )
}
