import type { Child } from 'hono/jsx'
import type { ListedSession } from '#src/auth/queries.ts'
import { formatDate, withColon } from '#src/lib/i18n.ts'
import { CsrfField, Field } from '#templates/components/form.tsx'
import { commonMessages } from '#templates/messages.ts'
import { emptyForm, type FormState, type PageContext } from '#templates/page.ts'
import { Choice } from '#templates/components/choice.tsx'
import { readableDevice } from './device.ts'
import { authMessages } from './messages.ts'
import { SettingsFrame } from './settings-frame.tsx'

export type AccountForms = { profile?: FormState; appearance?: FormState; password?: FormState }

type AccountProps = {
  page: PageContext
  sessions: ListedSession[]
  currentSession: string | null
  minPasswordLength: number
  forms: AccountForms
}

type CardProps = { page: PageContext; title: string; action: string; button: string; children?: Child }

const FormCard = ({ page, title, action, button, children }: CardProps) => (
  <form method="post" action={action} class="card">
    <div class="card-header">
      <h2 class="card-title">{title}</h2>
    </div>
    <div class="card-body">
      <CsrfField token={page.csrf} />
      {children}
    </div>
    <div class="card-footer text-end">
      <button type="submit" class="btn btn-primary">
        {button}
      </button>
    </div>
  </form>
)

const Profile = ({ page, form }: { page: PageContext; form: FormState }) => {
  const t = authMessages(page.locale)
  return (
    <FormCard
      page={page}
      title={t.profile}
      action="/settings/profile"
      button={commonMessages(page.locale).save}
    >
      <div class="mb-3">
        <div class="form-label">{t.email}</div>
        <div class="form-control-plaintext text-break">{page.user?.email}</div>
      </div>
      <Field name="name" label={t.name} form={form} value={page.user?.name ?? ''} autocomplete="name" />
    </FormCard>
  )
}

const Appearance = ({ page, form }: { page: PageContext; form: FormState }) => {
  const t = authMessages(page.locale)
  const themes = [
    { value: 'auto', label: t.themeAuto },
    { value: 'light', label: t.themeLight },
    { value: 'dark', label: t.themeDark },
  ]
  const languages = [
    { value: 'fr', label: 'Français' },
    { value: 'en', label: 'English' },
  ]
  return (
    <FormCard
      page={page}
      title={t.appearance}
      action="/settings/appearance"
      button={commonMessages(page.locale).save}
    >
      <Choice name="locale" label={t.language} form={form} value={page.locale} options={languages} />
      <Choice name="theme" label={t.theme} form={form} value={page.theme} options={themes} />
    </FormCard>
  )
}

const Password = ({ page, form, minLength }: { page: PageContext; form: FormState; minLength: number }) => {
  const t = authMessages(page.locale)
  return (
    <FormCard page={page} title={t.passwordTitle} action="/settings/password" button={t.passwordSave}>
      <input type="hidden" name="username" value={page.user?.email} autocomplete="username" />
      <Field
        name="current"
        type="password"
        label={t.currentPassword}
        form={form}
        required
        autocomplete="current-password"
      />
      <Field
        name="wanted"
        type="password"
        label={t.newPassword}
        form={form}
        required
        autocomplete="new-password"
        hint={t.passwordHint(minLength)}
      />
      <Field
        name="repeated"
        type="password"
        label={t.repeatPassword}
        form={form}
        required
        autocomplete="new-password"
      />
    </FormCard>
  )
}

type SessionsProps = { page: PageContext; sessions: ListedSession[]; current: string | null }

const Sessions = ({ page, sessions, current }: SessionsProps) => {
  const t = authMessages(page.locale)
  return (
    <div class="card">
      <div class="card-header">
        <h2 class="card-title">{t.sessionsTitle}</h2>
        {sessions.length > 1 && (
          <form method="post" action="/settings/sessions/revoke-others" class="card-actions">
            <CsrfField token={page.csrf} />
            <button type="submit" class="btn">
              {t.revokeOthers}
            </button>
          </form>
        )}
      </div>
      <p class="card-body mb-0 text-secondary">{t.sessionsIntro}</p>
      <ul class="list-group list-group-flush">
        {sessions.map((session) => (
          <li class="list-group-item">
            <div class="row align-items-center g-2">
              <div class="col text-break">
                <div>
                  {readableDevice(session.userAgent) || t.unknownDevice}
                  {session.idHash === current && <span class="badge bg-green-lt ms-2">{t.thisDevice}</span>}
                </div>
                <div class="text-secondary small">
                  {`${withColon(page.locale, t.lastSeen)} ${formatDate(page.locale, session.lastSeenAt)} · ${t.since} ${formatDate(page.locale, session.createdAt)} · ${session.address}`}
                </div>
              </div>
              {session.idHash !== current && (
                <form method="post" action="/settings/sessions/revoke" class="col-auto">
                  <CsrfField token={page.csrf} />
                  <input type="hidden" name="session" value={session.idHash} />
                  <button type="submit" class="btn btn-sm">
                    {t.revoke}
                  </button>
                </form>
              )}
            </div>
          </li>
        ))}
      </ul>
    </div>
  )
}

export const AccountPage = ({ page, sessions, currentSession, minPasswordLength, forms }: AccountProps) => (
  <SettingsFrame page={page} current="/settings">
    <div class="row row-cards">
      <div class="col-lg-6">
        <Profile page={page} form={forms.profile ?? emptyForm} />
      </div>
      <div class="col-lg-6">
        <Appearance page={page} form={forms.appearance ?? emptyForm} />
      </div>
      <div class="col-lg-6">
        <Password page={page} form={forms.password ?? emptyForm} minLength={minPasswordLength} />
      </div>
      <div class="col-lg-6">
        <Sessions page={page} sessions={sessions} current={currentSession} />
      </div>
    </div>
  </SettingsFrame>
)
