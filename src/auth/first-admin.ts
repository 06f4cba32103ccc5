import type { Deps } from '#src/deps.ts'
import { AppError, failed, ok, type Result } from '#src/lib/errors.ts'
import {
  deleteSetupTokens,
  hasUsers,
  insertSetupToken,
  isSetupToken,
  lockAdmins,
  type User,
} from './queries.ts'
import { hashToken, newToken } from './sessions.ts'
import { addUser, type AccountProblem } from './users.ts'

const SETUP_LINK_MS = 24 * 3_600_000

export type FirstAdmin =
  | { kind: 'exists' }
  | { kind: 'created'; email: string }
  | { kind: 'setup_link'; url: string }

/** At start: the first administrator from ADMIN_EMAIL and ADMIN_PASSWORD when there is no account, else a
 *  one-time link that makes one. */
export const ensureFirstAdmin = (
  { db, clock, config }: Pick<Deps, 'db' | 'clock' | 'config'>,
  { baseUrl }: { baseUrl: string },
): Promise<FirstAdmin> =>
  db.transaction(async (tx): Promise<FirstAdmin> => {
    await lockAdmins(tx)
    if (await hasUsers(tx)) return { kind: 'exists' }
    if (config.ADMIN_EMAIL && config.ADMIN_PASSWORD) {
      const made = await addUser(
        { db: tx },
        { email: config.ADMIN_EMAIL, password: config.ADMIN_PASSWORD, role: 'admin' },
      )
      if (!made.ok) throw new AppError('first_admin', `ADMIN_EMAIL, ADMIN_PASSWORD: ${made.problem.message}`)
      return { kind: 'created', email: made.value.user.email }
    }
    const token = newToken()
    const now = clock.now()
    await insertSetupToken(tx, hashToken(token), now, new Date(now.getTime() + SETUP_LINK_MS))
    return { kind: 'setup_link', url: `${baseUrl.replace(/\/$/, '')}/setup?token=${token}` }
  })

/** open: the link may be used · invalid: wrong, expired or used · done: somebody can sign in already. */
export const setupState = async (
  { db, clock }: Pick<Deps, 'db' | 'clock'>,
  token: string,
): Promise<'open' | 'invalid' | 'done'> => {
  if (await hasUsers(db)) return 'done'
  return (await isSetupToken(db, hashToken(token), clock.now())) ? 'open' : 'invalid'
}

/** Uses the link up: of two who press the button at once, one gets the account. */
export const completeSetup = (
  { db, clock }: Pick<Deps, 'db' | 'clock'>,
  wanted: { token: string; email: string; name: string; password: string; locale: User['locale'] },
): Promise<Result<User, AccountProblem | { code: 'setup_link'; message: string }>> =>
  db.transaction(async (tx) => {
    await lockAdmins(tx)
    if ((await setupState({ db: tx, clock }, wanted.token)) !== 'open')
      return failed('setup_link', 'This link has been used, has expired or is not complete.')
    const made = await addUser({ db: tx }, { ...wanted, role: 'admin' })
    if (!made.ok) return made
    await deleteSetupTokens(tx)
    return ok(made.value.user)
  })
