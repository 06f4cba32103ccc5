import type { ListedUser } from '#src/auth/queries.ts'
import { formatDate } from '#src/lib/i18n.ts'
import { CsrfField, Field } from '#templates/components/form.tsx'
import type { FormState, PageContext } from '#templates/page.ts'
import { Choice } from '#templates/components/choice.tsx'
import { authMessages } from './messages.ts'
import { SettingsFrame } from './settings-frame.tsx'

type UsersProps = {
  page: PageContext
  users: ListedUser[]
  form: FormState
  generated: { email: string; password: string } | null
}

type ActionProps = { page: PageContext; action: string; label: string; confirm?: string; value?: string }

const Action = ({ page, action, label, confirm, value }: ActionProps) => (
  <form method="post" action={action}>
    <CsrfField token={page.csrf} />
    <button type="submit" class="btn btn-sm" name="value" value={value ?? ''} data-confirm={confirm}>
      {label}
    </button>
  </form>
)

const Actions = ({ page, user }: { page: PageContext; user: ListedUser }) => {
  const t = authMessages(page.locale)
  const path = `/settings/users/${user.id}`
  const otherRole = user.role === 'admin' ? 'member' : 'admin'
  return (
    <div class="d-flex flex-wrap gap-2">
      <Action
        page={page}
        action={`${path}/password`}
        label={t.resetPassword}
        confirm={t.confirmReset(user.email)}
      />
      <Action
        page={page}
        action={`${path}/role`}
        label={otherRole === 'admin' ? t.makeAdmin : t.makeMember}
        confirm={t.confirmRole(user.email)}
        value={otherRole}
      />
      {user.disabledAt ? (
        <Action page={page} action={`${path}/enable`} label={t.enable} />
      ) : (
        <Action
          page={page}
          action={`${path}/disable`}
          label={t.disable}
          confirm={t.confirmDisable(user.email)}
        />
      )}
    </div>
  )
}

const Row = ({ page, user }: { page: PageContext; user: ListedUser }) => {
  const t = authMessages(page.locale)
  return (
    <tr>
      <td class="text-break" data-label={t.email}>
        {user.email}
        {user.id === page.user?.id && <span class="badge bg-blue-lt ms-2">{t.you}</span>}
        {user.name && <div class="text-secondary small">{user.name}</div>}
      </td>
      <td data-label={t.role}>{user.role === 'admin' ? t.admin : t.member}</td>
      <td data-label={t.state}>
        <span class={user.disabledAt ? 'badge bg-secondary-lt' : 'badge bg-green-lt'}>
          {user.disabledAt ? t.disabled : t.active}
        </span>
      </td>
      <td data-label={t.lastSeen}>{user.lastSeenAt ? formatDate(page.locale, user.lastSeenAt) : t.never}</td>
      <td data-label={t.actions}>
        <Actions page={page} user={user} />
      </td>
    </tr>
  )
}

const AddUser = ({ page, form }: { page: PageContext; form: FormState }) => {
  const t = authMessages(page.locale)
  const roles = [
    { value: 'member', label: t.member },
    { value: 'admin', label: t.admin },
  ]
  return (
    <form method="post" action="/settings/users" class="card">
      <div class="card-header">
        <h2 class="card-title">{t.addUser}</h2>
      </div>
      <div class="card-body">
        <CsrfField token={page.csrf} />
        <Field name="email" type="email" label={t.email} form={form} required autocomplete="off" />
        <Field name="name" label={t.name} form={form} autocomplete="off" />
        <Choice name="role" label={t.role} form={form} value="member" options={roles} hint={t.memberHint} />
      </div>
      <div class="card-footer text-end">
        <button type="submit" class="btn btn-primary">
          {t.add}
        </button>
      </div>
    </form>
  )
}

export const UsersPage = ({ page, users, form, generated }: UsersProps) => {
  const t = authMessages(page.locale)
  return (
    <SettingsFrame page={page} current="/settings/users">
      {generated && (
        <div class="alert alert-success" role="status">
          <h2 class="alert-title">{t.generatedTitle(generated.email)}</h2>
          <p class="mb-2">{t.generatedText}</p>
          <code class="fs-2 user-select-all">{generated.password}</code>
        </div>
      )}
      <div class="row row-cards">
        <div class="col-lg-8">
          <div class="card">
            <table class="table table-vcenter card-table table-mobile-lg">
              <thead>
                <tr>
                  <th>{t.email}</th>
                  <th>{t.role}</th>
                  <th>{t.state}</th>
                  <th>{t.lastSeen}</th>
                  <th>{t.actions}</th>
                </tr>
              </thead>
              <tbody>
                {users.map((user) => (
                  <Row page={page} user={user} />
                ))}
              </tbody>
            </table>
          </div>
        </div>
        <div class="col-lg-4">
          <AddUser page={page} form={form} />
        </div>
      </div>
    </SettingsFrame>
  )
}
