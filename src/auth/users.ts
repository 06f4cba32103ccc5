import type { Deps } from '#src/deps.ts'
import { failed, ok, type Result } from '#src/lib/errors.ts'
import { z } from 'zod'
import {
  generatePassword,
  hashPassword,
  MAX_PASSWORD_LENGTH,
  MIN_PASSWORD_LENGTH,
  passwordLength,
  verifyPassword,
} from './passwords.ts'
import {
  countOtherAdmins,
  deleteSessionsOf,
  findUser,
  insertUser,
  lockAdmins,
  updateUser,
  type Role,
  type User,
} from './queries.ts'
import { forgetFailures, forgiveAttempt, reserveAttempt, throttleKeys } from './throttle.ts'

const MAX_EMAIL_LENGTH = 254

export type AccountProblem = {
  code:
    | 'bad_email'
    | 'email_taken'
    | 'password_too_short'
    | 'password_too_long'
    | 'password_is_email'
    | 'wrong_current_password'
    | 'too_many_attempts'
    | 'last_admin'
    | 'unknown_user'
  message: string
}
type Store = Pick<Deps, 'db' | 'clock'>

/** Trimmed and in lower case: people type their own address in many ways. Null when it is none. */
export const normaliseEmail = (text: string): string | null => {
  const email = text.trim().toLowerCase()
  return email.length <= MAX_EMAIL_LENGTH && z.email().safeParse(email).success ? email : null
}

/** Why this password cannot be taken, or null. */
export const passwordProblem = (password: string, email: string): AccountProblem | null => {
  const length = passwordLength(password)
  if (length < MIN_PASSWORD_LENGTH)
    return {
      code: 'password_too_short',
      message: `The password needs at least ${MIN_PASSWORD_LENGTH} characters.`,
    }
  if (length > MAX_PASSWORD_LENGTH)
    return {
      code: 'password_too_long',
      message: `The password may have at most ${MAX_PASSWORD_LENGTH} characters.`,
    }
  if (password.trim().toLowerCase() === email.toLowerCase())
    return { code: 'password_is_email', message: 'The password must not be the e-mail address.' }
  return null
}

const unknownUser = () => failed('unknown_user', 'There is no such account.')

/** A new account. Without a password one is made and returned, to be shown once. */
export const addUser = async (
  { db }: Pick<Deps, 'db'>,
  wanted: { email: string; role: Role; password?: string; name?: string; locale?: User['locale'] },
): Promise<Result<{ user: User; password?: string }, AccountProblem>> => {
  const email = normaliseEmail(wanted.email)
  if (!email) return failed('bad_email', `"${wanted.email.slice(0, 100)}" is not an e-mail address.`)
  const generated = wanted.password === undefined ? generatePassword() : undefined
  const password = wanted.password ?? generated ?? ''
  const problem = passwordProblem(password, email)
  if (problem) return { ok: false, problem }
  const user = await insertUser(db, {
    email,
    role: wanted.role,
    name: wanted.name ?? '',
    locale: wanted.locale ?? 'fr',
    passwordHash: await hashPassword(password),
  })
  if (!user) return failed('email_taken', `There is already an account with the address ${email}.`)
  return ok(generated === undefined ? { user } : { user, password: generated })
}

/** Sets a password and ends the account's sessions, except `keepSession`. Without a password one is made. */
export const setPassword = async (
  { db, clock, keys }: Store & Pick<Deps, 'keys'>,
  id: number,
  wanted: { password?: string; keepSession?: string | null } = {},
): Promise<Result<{ user: User; password?: string }, AccountProblem>> => {
  const user = await findUser(db, id)
  if (!user) return unknownUser()
  const generated = wanted.password === undefined ? generatePassword() : undefined
  const password = wanted.password ?? generated ?? ''
  const problem = passwordProblem(password, user.email)
  if (problem) return { ok: false, problem }
  const passwordHash = await hashPassword(password)
  await db.transaction(async (tx) => {
    await updateUser(tx, id, { passwordHash, passwordChangedAt: clock.now() })
    await deleteSessionsOf(tx, id, wanted.keepSession)
    await forgetFailures(tx, keys, user.email)
  })
  return ok(generated === undefined ? { user } : { user, password: generated })
}

/** The account's own change of password: the current one first; every other session ends. */
export const changeOwnPassword = async (
  deps: Store & Pick<Deps, 'keys'>,
  id: number,
  change: { current: string; wanted: string; keepSession: string | null },
): Promise<Result<{ user: User }, AccountProblem>> => {
  const user = await findUser(deps.db, id)
  if (!user) return unknownUser()
  // Counted apart from signing in: who has stolen a session must not guess here, nor lock the owner out there.
  const keys = throttleKeys(deps.keys, { email: user.email, address: null, device: `password of ${id}` })
  const reserved = await reserveAttempt(deps, keys)
  if (reserved.kind === 'wait')
    return failed('too_many_attempts', 'Too many wrong passwords. Try again later.')
  if (!(await verifyPassword(change.current, user.passwordHash)))
    return failed('wrong_current_password', 'This is not the current password.')
  await forgiveAttempt(deps, keys, reserved.ids)
  return setPassword(deps, id, { password: change.wanted, keepSession: change.keepSession })
}

/** Role or access of an account. The last administrator who can sign in keeps both. */
export const changeAccess = async (
  { db, clock }: Store,
  id: number,
  change: { role?: Role; disabled?: boolean },
): Promise<Result<User, AccountProblem>> =>
  db.transaction(async (tx) => {
    await lockAdmins(tx)
    const user = await findUser(tx, id)
    if (!user) return unknownUser()
    const losesAdmin = change.role === 'member' || change.disabled === true
    const isActiveAdmin = user.role === 'admin' && user.disabledAt === null
    if (losesAdmin && isActiveAdmin && (await countOtherAdmins(tx, id)) === 0)
      return failed('last_admin', 'This is the last administrator: appoint another first.')
    const disabledAt = change.disabled === undefined ? user.disabledAt : change.disabled ? clock.now() : null
    const role = change.role ?? user.role
    await updateUser(tx, id, { role, disabledAt })
    if (disabledAt) await deleteSessionsOf(tx, id)
    return ok({ ...user, role, disabledAt })
  })
