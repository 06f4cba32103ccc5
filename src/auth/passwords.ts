import { randomInt } from 'node:crypto'
import { AppError } from '#src/lib/errors.ts'

export const MIN_PASSWORD_LENGTH = 8
export const MAX_PASSWORD_LENGTH = 200
// OWASP's argon2id setting of least memory: 19 MiB fits a Raspberry Pi several times over.
const ARGON2ID = { algorithm: 'argon2id', memoryCost: 19_456, timeCost: 2 } as const
const MAX_AT_ONCE = 2
const MAX_WAITING = 40
const GENERATED_LENGTH = 20
// Without 0/O, 1/l/I: read from a screen and typed elsewhere.
const ALPHABET = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'

let running = 0
const waiting: (() => void)[] = []

/** Bun hashes on its thread pool; a crowd of sign-ins must not take all of it, nor all of the memory. */
const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
  if (running >= MAX_AT_ONCE) {
    if (waiting.length >= MAX_WAITING)
      throw new AppError('busy', 'Too many sign-ins at the same moment. Try again shortly.', { status: 429 })
    await new Promise<void>((resolve) => waiting.push(resolve))
  } else running += 1
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running -= 1
  }
}

// The same letters typed on two keyboards may differ in bytes (NIST SP 800-63B §3.1.1.2).
const normalised = (password: string): string => password.normalize('NFKC')

/** Length of a password in characters as people count them. */
export const passwordLength = (password: string): number => [...normalised(password)].length

/** An argon2id hash with its salt, in the PHC form. */
export const hashPassword = (password: string): Promise<string> =>
  inTurn(() => Bun.password.hash(normalised(password), ARGON2ID))

let dummyHash: Promise<string> | undefined

/** Whether the password belongs to the hash. Without a hash (no such account) it takes as long and says no. */
export const verifyPassword = async (password: string, hash: string | null): Promise<boolean> => {
  dummyHash ??= Bun.password.hash('nobody has this password', ARGON2ID)
  const dummy = await dummyHash
  const matches = await inTurn(() => Bun.password.verify(normalised(password), hash ?? dummy))
  return matches && hash !== null
}

/** A random password of about 116 bits that is easy to read out. */
export const generatePassword = (): string => {
  const letters = Array.from({ length: GENERATED_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)])
  return letters.join('').replace(/(.{5})(?!$)/g, '$1-')
}
