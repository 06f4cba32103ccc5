import { CsrfField, Field } from '#templates/components/form.tsx'
import { CentredLayout } from '#templates/layout.tsx'
import type { FormState, PageContext } from '#templates/page.ts'
import { authMessages } from './messages.ts'

type SetupProps = { page: PageContext; form: FormState; token: string; minPasswordLength: number }

/** The form behind the one-time link. */
export const SetupPage = ({ page, form, token, minPasswordLength }: SetupProps) => {
  const t = authMessages(page.locale)
  return (
    <CentredLayout page={page} title={t.setupTitle}>
      <p class="text-secondary">{t.setupIntro}</p>
      <form method="post" action="/setup">
        <CsrfField token={page.csrf} />
        <input type="hidden" name="token" value={token} />
        <Field
          name="email"
          type="email"
          label={t.email}
          form={form}
          required
          autocomplete="username"
          autofocus
        />
        <Field name="name" label={t.name} form={form} autocomplete="name" />
        <Field
          name="password"
          type="password"
          label={t.password}
          form={form}
          required
          autocomplete="new-password"
          hint={t.passwordHint(minPasswordLength)}
        />
        <button type="submit" class="btn btn-primary w-100">
          {t.setupCreate}
        </button>
      </form>
    </CentredLayout>
  )
}

/** Without a link that works: what to do. */
export const SetupHelpPage = ({
  page,
  problem,
  done,
}: {
  page: PageContext
  problem?: string | undefined
  done: boolean
}) => {
  const t = authMessages(page.locale)
  return (
    <CentredLayout page={page} title={done ? t.setupTitle : t.setupNoLinkTitle}>
      {problem && (
        <div class="alert alert-warning" role="alert">
          {problem}
        </div>
      )}
      {done ? (
        <>
          <p>{t.setupDone}</p>
          <a class="btn btn-primary w-100" href="/login">
            {t.signIn}
          </a>
        </>
      ) : (
        <>
          <p>{t.setupNoLink}</p>
          <p>{t.setupNewLink}</p>
          <pre class="text-wrap" tabindex={0}>
            <code>prospectlab user add --email E --role admin</code>
          </pre>
        </>
      )}
    </CentredLayout>
  )
}
