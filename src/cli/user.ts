import { parseArgs } from 'node:util'
import { findUserByEmail, listUsers, type Role, type User } from '#src/auth/queries.ts'
import { addUser, changeAccess, normaliseEmail, setPassword } from '#src/auth/users.ts'
import { migrateDatabase } from '#src/db/migrate.ts'
import type { Deps } from '#src/deps.ts'
import { systemClock } from '#src/lib/clock.ts'
import { AppError } from '#src/lib/errors.ts'
import { deriveKeys, loadSecretKey } from '#src/lib/keys.ts'
import { json, UsageError, type Command } from './command.ts'
import { openProduct } from './open-product.ts'
import { readPassword } from './read-password.ts'

type Store = Pick<Deps, 'db' | 'clock' | 'keys'>
type Options = { email?: string | undefined; role?: string | undefined; name?: string | undefined }
type Answer = { document: unknown; text: string }
type Action = (store: Store, options: Options) => Promise<Answer>

const emailOf = ({ email }: Options): string => {
  if (email === undefined) throw new UsageError('--email E is needed')
  const normalised = normaliseEmail(email)
  if (!normalised) throw new UsageError(`--email: "${email}" is not an e-mail address`)
  return normalised
}

const roleOf = ({ role = 'member' }: Options): Role => {
  if (role === 'admin' || role === 'member') return role
  throw new UsageError(`--role is admin or member, not "${role}"`)
}

const existing = async ({ db }: Store, options: Options): Promise<User> => {
  const email = emailOf(options)
  const user = await findUserByEmail(db, email)
  if (!user) throw new AppError('unknown_user', `There is no account with the address ${email}.`)
  return user
}

const account = ({ id, email, role }: User, password?: string): Answer => ({
  document: password === undefined ? { id, email, role } : { id, email, role, password },
  text:
    password === undefined
      ? `${email} (${role})`
      : `${email} (${role})\nPassword, shown only now: ${password}`,
})

const add: Action = async (store, options) => {
  const wanted = {
    email: emailOf(options),
    role: roleOf(options),
    ...(options.name ? { name: options.name } : {}),
  }
  const password = await readPassword()
  const made = await addUser(store, password === undefined ? wanted : { ...wanted, password })
  if (!made.ok) throw new AppError(made.problem.code, made.problem.message)
  return account(made.value.user, made.value.password)
}

const changePassword: Action = async (store, options) => {
  const user = await existing(store, options)
  const password = await readPassword()
  const changed = await setPassword(store, user.id, password === undefined ? {} : { password })
  if (!changed.ok) throw new AppError(changed.problem.code, changed.problem.message)
  return account(user, changed.value.password)
}

const changeDisabled =
  (disabled: boolean): Action =>
  async (store, options) => {
    const user = await existing(store, options)
    const changed = await changeAccess(store, user.id, { disabled })
    if (!changed.ok) throw new AppError(changed.problem.code, changed.problem.message)
    const { id, email, role } = user
    return {
      document: { id, email, role, disabled },
      text: `${email} is ${disabled ? 'disabled' : 'enabled'}`,
    }
  }

const list: Action = async ({ db }) => {
  const users = (await listUsers(db)).map(({ disabledAt, ...user }) => ({
    ...user,
    disabled: disabledAt !== null,
  }))
  const lines = users.map(
    ({ id, email, role, disabled }) =>
      `${String(id).padStart(4)}  ${role.padEnd(6)}  ${email}${disabled ? '  disabled' : ''}`,
  )
  return { document: users, text: lines.join('\n') || 'There are no accounts yet.' }
}

const actions: Record<string, Action> = {
  add,
  list,
  password: changePassword,
  disable: changeDisabled(true),
  enable: changeDisabled(false),
}

export const userCommand: Command = {
  usage: 'user add|list|password|disable|enable [--email E] [--role admin|member] [--name N] [--json]',
  summary: 'accounts; a password is read from stdin, else made and printed once',
  run: async ({ args, config: readConfig, log, print }) => {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        email: { type: 'string' },
        role: { type: 'string' },
        name: { type: 'string' },
        json: { type: 'boolean' },
      },
    })
    const [name = '', ...rest] = positionals
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined
    if (!action || rest.length > 0)
      throw new UsageError(`user takes one of ${Object.keys(actions).join(', ')}`)
    if (name !== 'list') emailOf(values)
    if (name === 'add') roleOf(values)

    const config = readConfig()
    const product = await openProduct(config, log, 'command')
    try {
      await migrateDatabase(product.sql)
      const store = { db: product.db, clock: systemClock, keys: deriveKeys(loadSecretKey(config)) }
      const answer = await action(store, values)
      print(values.json ? json(answer.document) : answer.text)
      return 0
    } finally {
      await product.close()
    }
  },
}
