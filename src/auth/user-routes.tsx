import { Hono, type Context } from 'hono'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import { AppError, type Result } from '#src/lib/errors.ts'
import { authMessages } from '#templates/auth/messages.ts'
import { UsersPage } from '#templates/auth/users.tsx'
import { emptyForm, type FormState } from '#templates/page.ts'
import { setFlash } from './flash.ts'
import { accountProblemText, newUserForm, readForm, roleForm } from './forms.ts'
import { listUsers, type User } from './queries.ts'
import { addUser, changeAccess, setPassword, type AccountProblem } from './users.ts'

const MAX_ID = 2_147_483_647

const idOf = (c: Context): number => {
  const text = c.req.param('id') ?? ''
  if (/^[1-9]\d{0,9}$/.test(text) && Number(text) <= MAX_ID) return Number(text)
  throw new AppError('not_found', 'There is no such account.', { status: 404 })
}

/** Administrators look after the accounts. */
export const userRoutes = (deps: Deps): Hono<AppEnv> => {
  const routes = new Hono<AppEnv>()

  type Shown = { form?: FormState; generated?: { email: string; password: string } }
  const show = async (c: Context<AppEnv>, { form, generated }: Shown, status: 200 | 422) =>
    c.html(
      <UsersPage
        page={c.get('page')}
        users={await listUsers(deps.db)}
        form={form ?? emptyForm}
        generated={generated ?? null}
      />,
      status,
    )

  const backWith = (c: Context<AppEnv>, changed: Result<User, AccountProblem>) => {
    const { locale } = c.get('page')
    if (changed.ok) setFlash(c, 'success', authMessages(locale).userChanged(changed.value.email))
    else setFlash(c, 'danger', accountProblemText(locale, changed.problem))
    return c.redirect('/settings/users', 303)
  }

  routes.get('/', (c) => show(c, {}, 200))

  routes.post('/', async (c) => {
    const { locale } = c.get('page')
    const read = await readForm(c, newUserForm, locale)
    if (!read.ok) return show(c, { form: read.form }, 422)
    const made = await addUser(deps, { ...read.value, locale })
    if (!made.ok) {
      const errors = { email: accountProblemText(locale, made.problem) }
      return show(c, { form: { ...read.form, errors } }, 422)
    }
    const { user, password = '' } = made.value
    return show(c, { generated: { email: user.email, password } }, 200)
  })

  routes.post('/:id/password', async (c) => {
    const changed = await setPassword(deps, idOf(c), { keepSession: c.get('sessionId') })
    if (!changed.ok) return backWith(c, changed)
    const { user, password = '' } = changed.value
    return show(c, { generated: { email: user.email, password } }, 200)
  })

  routes.post('/:id/role', async (c) => {
    const read = await readForm(c, roleForm, c.get('page').locale)
    if (!read.ok) throw new AppError('bad_role', 'The role is admin or member.', { status: 422 })
    return backWith(c, await changeAccess(deps, idOf(c), { role: read.value.value }))
  })

  routes.post('/:id/disable', async (c) => backWith(c, await changeAccess(deps, idOf(c), { disabled: true })))

  routes.post('/:id/enable', async (c) => backWith(c, await changeAccess(deps, idOf(c), { disabled: false })))

  return routes
}
