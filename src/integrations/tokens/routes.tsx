import { Hono, type Context } from 'hono'
import { setFlash } from '#src/auth/flash.ts'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import { AppError, type Result } from '#src/lib/errors.ts'
import { SCOPES } from '#src/public-api/endpoint.ts'
import { apiTokenMessages } from '#templates/api-tokens/messages.ts'
import { TokensPage } from '#templates/api-tokens/tokens-page.tsx'
import { emptyForm, type FormState } from '#templates/page.ts'
import { OLD_PERMISSIONS, scopesOfPermissions } from './old-permissions.ts'
import { listTokens } from './queries.ts'
import { readTokenForm, settingsOfForm } from './token-form.ts'
import type { TokenProblem } from './token-settings.ts'
import { createToken, deleteToken, keepToken, revokeToken, rotateToken, type MadeToken } from './tokens.ts'

const MAX_ID = 2_147_483_647
const HOUR_MS = 3_600_000

/** Where each problem is shown. */
const FIELD_OF: Partial<Record<TokenProblem['code'], string>> = {
  bad_name: 'name',
  bad_expiry: 'expires',
  bad_network: 'networks',
  bad_origin: 'origins',
  bad_app_url: 'app_url',
  bad_limit: 'per_minute',
}

const idOf = (c: Context): number => {
  const text = c.req.param('id') ?? ''
  if (/^[1-9]\d{0,9}$/.test(text) && Number(text) <= MAX_ID) return Number(text)
  throw new AppError('not_found', 'There is no such token.', { status: 404 })
}

/** Administrators look after the keys of other programs. */
export const tokenRoutes = (deps: Deps): Hono<AppEnv> => {
  const routes = new Hono<AppEnv>()

  type Shown = { createForm?: FormState; importForm?: FormState; made?: MadeToken; oldUntil?: Date | null }
  const show = async (c: Context<AppEnv>, shown: Shown, status: 200 | 422) => {
    const { made, oldUntil = null } = shown
    return c.html(
      <TokensPage
        page={c.get('page')}
        tokens={await listTokens(deps.db)}
        now={deps.clock.now()}
        scopes={SCOPES}
        permissions={OLD_PERMISSIONS}
        createForm={shown.createForm ?? emptyForm}
        importForm={shown.importForm ?? emptyForm}
        made={made ? { name: made.token.name, text: made.text, oldUntil } : null}
      />,
      status,
    )
  }
  const withProblem = (c: Context<AppEnv>, form: FormState, code: TokenProblem['code'], field: string) => ({
    ...form,
    errors: { [field]: apiTokenMessages(c.get('page').locale)[code] },
  })
  const back = (
    c: Context<AppEnv>,
    ended: Result<string, TokenProblem>,
    text: 'wasRevoked' | 'wasDeleted' | 'wasImported',
  ) => {
    const t = apiTokenMessages(c.get('page').locale)
    if (ended.ok) setFlash(c, 'success', t[text](ended.value))
    else setFlash(c, 'danger', t[ended.problem.code])
    return c.redirect('/settings/api', 303)
  }

  routes.get('/', (c) => show(c, {}, 200))

  routes.post('/', async (c) => {
    const form = await readTokenForm(c)
    const settings = settingsOfForm(form.values)
    const made = await createToken(deps, settings, c.get('page').user?.id ?? null)
    if (made.ok) return show(c, { made: made.value }, 200)
    const { code } = made.problem
    return show(c, { createForm: withProblem(c, form, code, FIELD_OF[code] ?? 'scopes') }, 422)
  })

  routes.post('/import', async (c) => {
    const { secret, ...form } = await readTokenForm(c)
    const permissions = OLD_PERMISSIONS.map(({ name }) => name).filter((name) => form.values[name] === '1')
    const settings = {
      name: form.values['old_name'] ?? '',
      scopes: scopesOfPermissions(permissions, form.values['with_writes'] === '1'),
    }
    const createdBy = c.get('page').user?.id ?? null
    const kept = await keepToken(deps, secret, { settings, createdBy })
    if (kept.ok) return back(c, { ok: true, value: kept.value.name }, 'wasImported')
    const { code } = kept.problem
    const field = { bad_name: 'old_name', bad_token: 'old_token', token_taken: 'old_token' }[code as string]
    return show(c, { importForm: withProblem(c, form, code, field ?? 'scopes') }, 422)
  })

  routes.post('/:id/rotate', async (c) => {
    const id = idOf(c)
    const { values } = await readTokenForm(c)
    const overlapHours = /^\d{1,4}$/.test(values['overlap'] ?? '') ? Number(values['overlap']) : NaN
    const made = await rotateToken(deps, id, { overlapHours, createdBy: c.get('page').user?.id ?? null })
    if (!made.ok) return back(c, made, 'wasRevoked')
    const oldUntil = new Date(deps.clock.now().getTime() + overlapHours * HOUR_MS)
    return show(c, { made: made.value, oldUntil: overlapHours > 0 ? oldUntil : null }, 200)
  })

  routes.post('/:id/revoke', async (c) => back(c, await revokeToken(deps, idOf(c)), 'wasRevoked'))
  routes.post('/:id/delete', async (c) => back(c, await deleteToken(deps, idOf(c)), 'wasDeleted'))
  return routes
}
