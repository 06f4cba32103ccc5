import type { Deps } from '#src/deps.ts'
import { verifyPassword } from './passwords.ts'
import { findUserByEmail, type User } from './queries.ts'
import { forgiveAttempt, reserveAttempt, throttleKeys } from './throttle.ts'

const MAX_EMAIL_LENGTH = 254
const MAX_PASSWORD_BYTES = 4096

export type SignInAnswer =
  | { kind: 'signed_in'; user: User }
  | { kind: 'wrong' }
  | { kind: 'wait'; seconds: number }

/** Checks e-mail and password. An unknown or disabled account takes as long and says the same as a wrong
 *  password. `device` tells the mark of this browser for an account, if it has one. */
export const signIn = async (
  deps: Pick<Deps, 'db' | 'clock' | 'keys'>,
  attempt: { email: string; password: string; address: string | null },
  device: (userId: number | null) => string | null,
): Promise<SignInAnswer> => {
  const email = attempt.email.trim().toLowerCase()
  if (email.length > MAX_EMAIL_LENGTH || attempt.password.length > MAX_PASSWORD_BYTES)
    return { kind: 'wrong' }
  const user = email.includes('\0') ? null : await findUserByEmail(deps.db, email)
  const keys = throttleKeys(deps.keys, { email, address: attempt.address, device: device(user?.id ?? null) })
  const reserved = await reserveAttempt(deps, keys)
  if (reserved.kind === 'wait') return reserved
  const hash = user && user.disabledAt === null ? user.passwordHash : null
  if (!(await verifyPassword(attempt.password, hash)) || !user) return { kind: 'wrong' }
  await forgiveAttempt(deps, keys, reserved.ids)
  return { kind: 'signed_in', user }
}
