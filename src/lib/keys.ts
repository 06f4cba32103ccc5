import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError, messageOf } from './errors.ts'

const KEY_BYTES = 32
const SECRET_FILE = 'secret-key'
const MIN_SECRET_LENGTH = 16

/** One key per purpose, so that none of them opens what another protects. */
export type Keys = {
  /** Form tokens, flash messages, browser marks. */
  sessions: Buffer
  /** Tracking and unsubscribe links. */
  links: Buffer
  /** Encryption of stored passwords. */
  storedPasswords: Buffer
  /** Finds erased entries of the suppression list again. */
  suppressions: Buffer
  /** Hides accounts and addresses in the counts of failed sign-ins. */
  throttle: Buffer
  /** The edge's password at the database, by its generation. */
  edgeDatabase: Buffer
  /** Signs the calls of an edge that has no database (lib/signed-call.ts); the only one of these that leaves. */
  edgeUpstream: Buffer
  /** The METRICS_TOKEN that is suggested for the edge. */
  edgeMetrics: Buffer
  /** Proves that two nodes share a SECRET_KEY without telling it. */
  check: Buffer
  /** Part of the cookie names: two installations on one host name must not sign each other out. */
  installation: string
}

const derive = (secret: string, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, 'prospectlab', purpose, KEY_BYTES))

/** Separate keys from one SECRET_KEY by HKDF-SHA256 (RFC 5869). */
export const deriveKeys = (secret: string): Keys => ({
  sessions: derive(secret, 'sessions'),
  links: derive(secret, 'links'),
  storedPasswords: derive(secret, 'stored passwords'),
  suppressions: derive(secret, 'suppressions'),
  throttle: derive(secret, 'throttle'),
  edgeDatabase: derive(secret, 'edge database'),
  edgeUpstream: derive(secret, 'edge upstream'),
  edgeMetrics: derive(secret, 'edge metrics'),
  check: derive(secret, 'check'),
  installation: derive(secret, 'installation').toString('hex').slice(0, 8),
})

const read = (path: string): string | null => {
  try {
    const secret = readFileSync(path, 'utf8').trim()
    if (secret.length >= MIN_SECRET_LENGTH) return secret
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw new AppError('secret_key', `The secret key in ${path} cannot be read.`, {
      status: 500,
      cause: error,
    })
  }
  throw new AppError('secret_key', `The file ${path} does not hold a secret key. Restore it from a backup.`, {
    status: 500,
  })
}

/** The SECRET_KEY of the settings, else the one in DATA_DIR/secret-key, made (mode 0600) when there is none.
 *  Two processes that start at once end up with the same. */
export const loadSecretKey = (config: { SECRET_KEY?: string | undefined; DATA_DIR: string }): string => {
  if (config.SECRET_KEY) return config.SECRET_KEY
  const path = join(config.DATA_DIR, SECRET_FILE)
  const existing = read(path)
  if (existing) return existing

  makeKey(config.DATA_DIR, path)
  return read(path) ?? loadSecretKey(config)
}

const makeKey = (dataDir: string, path: string): void => {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    writeFileSync(draft, `${randomBytes(KEY_BYTES).toString('hex')}\n`, { mode: 0o600, flag: 'wx' })
    chmodSync(draft, 0o600)
    // A link appears whole or not at all, and never replaces a key that another process has just made.
    linkSync(draft, path)
  } catch (error) {
    if (!existsSync(path))
      throw new AppError('data_dir', `DATA_DIR ${dataDir} cannot be written to: ${messageOf(error)}`, {
        status: 500,
        cause: error,
      })
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Keyed hash of several parts (no two lists of parts give the same), base64url. */
export const sign = (key: Buffer, ...parts: string[]): string =>
  createHmac('sha256', key).update(JSON.stringify(parts)).digest('base64url')

/** Whether `signature` is that of these parts, in constant time. */
export const isSignedBy = (key: Buffer, signature: string, ...parts: string[]): boolean => {
  const expected = Buffer.from(sign(key, ...parts))
  const given = Buffer.from(signature)
  return given.length === expected.length && timingSafeEqual(given, expected)
}
