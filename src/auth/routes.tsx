import { Hono, type Context } from 'hono'
import { setCookie } from 'hono/cookie'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import { SetupHelpPage, SetupPage } from '#templates/auth/setup.tsx'
import { SignInPage } from '#templates/auth/sign-in.tsx'
import { emptyForm, type FormState } from '#templates/page.ts'
import { completeSetup, setupState } from './first-admin.ts'
import { accountProblemText, languageForm, readForm, setupForm, signInForm } from './forms.ts'
import { accountMessages } from './messages.ts'
import { MIN_PASSWORD_LENGTH } from './passwords.ts'
import { hasUsers, type User } from './queries.ts'
import { localeCookie, localPath } from './request.ts'
import { readCookie, readDevice, startSession, writeDeviceCookie, writeSessionCookie } from './sessions.ts'
import { signIn } from './sign-in.ts'

const LOCALE_COOKIE_SECONDS = 365 * 24 * 3600

const openSession = async (c: Context<AppEnv>, deps: Deps, user: User): Promise<void> => {
  const https = c.get('https')
  const from = {
    address: c.get('address') || null,
    userAgent: c.req.header('user-agent') ?? '',
    previous: readCookie(c, deps.keys, 'session', https),
  }
  writeSessionCookie(c, deps.keys, await startSession(deps, user, from), https)
  if (!readDevice(c, deps.keys, user.id, https)) writeDeviceCookie(c, deps.keys, user.id, https)
}

/** /login and the choice of language before it. */
export const signInRoutes = (deps: Deps): Hono<AppEnv> => {
  const routes = new Hono<AppEnv>()
  let someoneExists = false

  routes.get('/login', async (c) => {
    const next = localPath(c.req.query('next'))
    if (c.get('page').user) return c.redirect(next, 303)
    someoneExists ||= await hasUsers(deps.db)
    return c.html(<SignInPage page={c.get('page')} form={emptyForm} next={next} noUsers={!someoneExists} />)
  })

  routes.post('/login', async (c) => {
    const page = c.get('page')
    const read = await readForm(c, signInForm, page.locale)
    const { email, password, next } = read.ok ? read.value : { email: '', password: '', next: '' }
    const answer = await signIn(deps, { email, password, address: c.get('address') || null }, (userId) =>
      readDevice(c, deps.keys, userId, c.get('https')),
    )
    if (answer.kind === 'signed_in') {
      await openSession(c, deps, answer.user)
      return c.redirect(localPath(next), 303)
    }
    const t = accountMessages(page.locale)
    const wait = answer.kind === 'wait'
    if (wait) c.header('Retry-After', String(answer.seconds))
    return c.html(
      <SignInPage
        page={page}
        form={read.form}
        next={localPath(next)}
        problem={wait ? t.wait(answer.seconds) : t.wrongLogin}
        noUsers={false}
      />,
      wait ? 429 : 422,
    )
  })

  routes.post('/language', async (c) => {
    const read = await readForm(c, languageForm, c.get('page').locale)
    const { locale, next } = read.ok ? read.value : { locale: 'fr', next: '/' }
    const options = { path: '/', httpOnly: true, sameSite: 'Lax', maxAge: LOCALE_COOKIE_SECONDS } as const
    setCookie(c, localeCookie, locale, { ...options, secure: c.get('https') })
    const path = localPath(next)
    return c.redirect(path === '/' ? '/login' : `/login?next=${encodeURIComponent(path)}`, 303)
  })

  return routes
}

/** The one-time link that makes the first administrator. */
export const setupRoutes = (deps: Deps): Hono<AppEnv> => {
  const routes = new Hono<AppEnv>()

  const answerWithoutLink = (c: Context<AppEnv>, state: 'invalid' | 'done', token: string) => {
    const page = c.get('page')
    const problem =
      state === 'invalid' && token !== '' ? accountMessages(page.locale).setupLinkInvalid : undefined
    return c.html(
      <SetupHelpPage page={page} problem={problem} done={state === 'done'} />,
      state === 'invalid' && token !== '' ? 403 : 200,
    )
  }
  const answerForm = (c: Context<AppEnv>, token: string, form: FormState, status: 200 | 422) =>
    c.html(
      <SetupPage page={c.get('page')} form={form} token={token} minPasswordLength={MIN_PASSWORD_LENGTH} />,
      status,
    )

  routes.get('/', async (c) => {
    const token = c.req.query('token') ?? ''
    const state = await setupState(deps, token)
    return state === 'open' ? answerForm(c, token, emptyForm, 200) : answerWithoutLink(c, state, token)
  })

  routes.post('/', async (c) => {
    const { locale } = c.get('page')
    const read = await readForm(c, setupForm, locale)
    const token = String((await c.req.parseBody())['token'] ?? '')
    const state = await setupState(deps, token)
    if (state !== 'open') return answerWithoutLink(c, state, token)
    if (!read.ok) return answerForm(c, token, read.form, 422)
    const made = await completeSetup(deps, { ...read.value, locale })
    if (made.ok) {
      await openSession(c, deps, made.value)
      return c.redirect('/', 303)
    }
    const { problem } = made
    if (problem.code === 'setup_link')
      return answerWithoutLink(c, (await hasUsers(deps.db)) ? 'done' : 'invalid', token)
    const field = problem.code.startsWith('password') ? 'password' : 'email'
    return answerForm(
      c,
      token,
      { ...read.form, errors: { [field]: accountProblemText(locale, problem) } },
      422,
    )
  })

  return routes
}
