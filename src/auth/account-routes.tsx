import { Hono, type Context } from 'hono'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import { AppError } from '#src/lib/errors.ts'
import { AccountPage, type AccountForms } from '#templates/auth/account.tsx'
import { authMessages } from '#templates/auth/messages.ts'
import { setFlash } from './flash.ts'
import {
  accountProblemText,
  appearanceForm,
  passwordForm,
  profileForm,
  readForm,
  sessionForm,
} from './forms.ts'
import { MIN_PASSWORD_LENGTH } from './passwords.ts'
import { deleteSession, deleteSessionsOf, listSessions, updateUser } from './queries.ts'
import { dropCookie, sessionLimits } from './sessions.ts'
import { changeOwnPassword } from './users.ts'

/** The signed-in person, whom requireSession has made sure of. */
const reader = (c: Context<AppEnv>) => {
  const { user } = c.get('page')
  const sessionId = c.get('sessionId')
  if (!user || sessionId === null) throw new AppError('unauthenticated', 'Sign in first.', { status: 401 })
  return { user, sessionId }
}

/** /settings of one's own account, and signing out. */
export const accountRoutes = (deps: Deps): Hono<AppEnv> => {
  const routes = new Hono<AppEnv>()

  const show = async (c: Context<AppEnv>, forms: AccountForms, status: 200 | 422) => {
    const { user, sessionId } = reader(c)
    const { now, idleSince } = sessionLimits(deps.clock.now())
    const sessions = await listSessions(deps.db, user.id, now, idleSince)
    return c.html(
      <AccountPage
        page={c.get('page')}
        sessions={sessions}
        currentSession={sessionId}
        minPasswordLength={MIN_PASSWORD_LENGTH}
        forms={forms}
      />,
      status,
    )
  }
  const backWith = (c: Context<AppEnv>, text: string) => {
    setFlash(c, 'success', text)
    return c.redirect('/settings', 303)
  }

  routes.post('/logout', async (c) => {
    await deleteSession(deps.db, reader(c).sessionId)
    dropCookie(c, deps.keys, 'session', c.get('https'))
    return c.redirect('/login', 303)
  })

  routes.get('/settings', (c) => show(c, {}, 200))

  routes.post('/settings/profile', async (c) => {
    const { locale } = c.get('page')
    const read = await readForm(c, profileForm, locale)
    if (!read.ok) return show(c, { profile: read.form }, 422)
    await updateUser(deps.db, reader(c).user.id, read.value)
    return backWith(c, authMessages(locale).saved)
  })

  routes.post('/settings/appearance', async (c) => {
    const read = await readForm(c, appearanceForm, c.get('page').locale)
    if (!read.ok) return show(c, { appearance: read.form }, 422)
    await updateUser(deps.db, reader(c).user.id, read.value)
    return backWith(c, authMessages(read.value.locale).saved)
  })

  routes.post('/settings/password', async (c) => {
    const { locale } = c.get('page')
    const { user, sessionId } = reader(c)
    const read = await readForm(c, passwordForm, locale)
    if (!read.ok) return show(c, { password: read.form }, 422)
    const changed = await changeOwnPassword(deps, user.id, { ...read.value, keepSession: sessionId })
    if (changed.ok) return backWith(c, authMessages(locale).passwordChanged)
    const { code } = changed.problem
    const field = code === 'wrong_current_password' || code === 'too_many_attempts' ? 'current' : 'wanted'
    const errors = { [field]: accountProblemText(locale, changed.problem) }
    return show(c, { password: { values: {}, errors } }, 422)
  })

  routes.post('/settings/sessions/revoke', async (c) => {
    const { locale } = c.get('page')
    const read = await readForm(c, sessionForm, locale)
    if (!read.ok) throw new AppError('bad_session', 'There is no such session.', { status: 422 })
    await deleteSession(deps.db, read.value.session, reader(c).user.id)
    return backWith(c, authMessages(locale).sessionRevoked)
  })

  routes.post('/settings/sessions/revoke-others', async (c) => {
    const { user, sessionId } = reader(c)
    await deleteSessionsOf(deps.db, user.id, sessionId)
    return backWith(c, authMessages(c.get('page').locale).sessionsRevoked)
  })

  return routes
}
