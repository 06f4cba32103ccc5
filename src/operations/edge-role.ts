import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import type { Db } from '#src/db/open.ts'
import { sign, type Keys } from '#src/lib/keys.ts'
import {
  creationOf,
  GRANTS,
  isRefused,
  passwordChangeOf,
  readEdgeRole,
  runTogether,
  type EdgeRoleFacts,
} from './queries-edge-role.ts'
import { readSetting, writeSetting } from './queries-settings.ts'

const SETTING = 'edge_role'
const SCRAM_ROUNDS = 4096
const SALT_BYTES = 16

export type EdgeRole = {
  name: string
  /** Derived from SECRET_KEY: the same until a new one is asked for. */
  password: string
  /** What somebody with more rights must run; null when everything is done. */
  sql: string | null
  state: 'created' | 'kept' | 'new_password' | 'to_be_created' | 'to_be_changed'
}

/** The password of the edge's role as it was last handed out. */
export const edgePassword = async (db: Db, keys: Keys): Promise<string> =>
  passwordOf(keys, await readGeneration(db))

const passwordOf = (keys: Keys, generation: number): string =>
  sign(keys.edgeDatabase, 'password', String(generation))

const readGeneration = async (db: Db): Promise<number> => {
  const kept = (await readSetting(db, SETTING)) as { passwordGeneration?: number } | undefined
  return kept?.passwordGeneration ?? 1
}

/** Makes the edge's role, or brings its rights up to date, as far as this connection may; else says what to run. The
 *  password of a role that is there changes only when `newPassword` asks for it. Needs a migrated database. */
export const provideEdgeRole = async (
  { db, keys }: { db: Db; keys: Keys },
  { newPassword = false } = {},
): Promise<EdgeRole> => {
  const facts = await readEdgeRole(db)
  const generation = (await readGeneration(db)) + (newPassword && facts.exists ? 1 : 0)
  const password = passwordOf(keys, generation)
  const settled = await settle(db, facts, newPassword, verifierOf(password))
  if (newPassword && facts.exists) await writeSetting(db, SETTING, { passwordGeneration: generation })
  return { name: facts.role, password, ...settled }
}

const settle = async (
  db: Db,
  facts: EdgeRoleFacts,
  newPassword: boolean,
  verifier: string,
): Promise<Pick<EdgeRole, 'sql' | 'state'>> => {
  if (!facts.exists) {
    const statements = creationOf(facts, verifier)
    const done = facts.mayCreate && (await tryRunning(db, statements))
    return done ? { sql: null, state: 'created' } : { sql: statements, state: 'to_be_created' }
  }
  const change = newPassword ? [passwordChangeOf(facts, verifier)] : []
  const statements = [...change, GRANTS].join('\n')
  if (await tryRunning(db, statements)) return { sql: null, state: newPassword ? 'new_password' : 'kept' }
  return { sql: statements, state: newPassword ? 'to_be_changed' : 'kept' }
}

const tryRunning = async (db: Db, statements: string): Promise<boolean> => {
  try {
    await runTogether(db, statements)
    return true
  } catch (error) {
    if (isRefused(error)) return false
    throw error
  }
}

/** What PostgreSQL keeps of a password (RFC 5803), so that the password itself stands in no statement and in no log
 *  of the database. */
export const verifierOf = (password: string, salt = randomBytes(SALT_BYTES)): string => {
  const salted = pbkdf2Sync(password, salt, SCRAM_ROUNDS, 32, 'sha256')
  const keyed = (text: string) => createHmac('sha256', salted).update(text).digest()
  const stored = createHash('sha256').update(keyed('Client Key')).digest('base64')
  const server = keyed('Server Key').toString('base64')
  return `SCRAM-SHA-256$${SCRAM_ROUNDS}:${salt.toString('base64')}$${stored}:${server}`
}
