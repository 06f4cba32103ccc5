import { parseArgs } from 'node:util'
import { migrateDatabase } from '#src/db/migrate.ts'
import type { Deps } from '#src/deps.ts'
import { importTokens, readOldTokens } from '#src/integrations/tokens/import-tokens.ts'
import { listTokens, type TokenRow } from '#src/integrations/tokens/queries.ts'
import {
  checkSettings,
  readOrigins,
  readScopes,
  wordsOf,
  type TokenProblem,
  type TokenSettings,
} from '#src/integrations/tokens/token-settings.ts'
import { createToken, deleteToken, revokeToken, rotateToken } from '#src/integrations/tokens/tokens.ts'
import { systemClock } from '#src/lib/clock.ts'
import { AppError, type Result } from '#src/lib/errors.ts'
import { json, UsageError, type Command } from './command.ts'
import { openProduct } from './open-product.ts'
import { readTokenExpiry } from './token-expiry.ts'

type Store = Pick<Deps, 'db' | 'clock'>
type Options = Partial<Record<keyof typeof OPTIONS, string | boolean | undefined>>
type Answer = { document: unknown; text: string; code?: number }
type Action = {
  /** Throws UsageError before the database is opened. */
  check: (options: Options, rest: string[]) => void
  run: (store: Store, options: Options, rest: string[]) => Promise<Answer>
}

const OPTIONS = {
  name: { type: 'string' },
  scopes: { type: 'string' },
  expires: { type: 'string' },
  allow: { type: 'string' },
  origins: { type: 'string' },
  'app-url': { type: 'string' },
  'requests-per-minute': { type: 'string' },
  'analyses-per-day': { type: 'string' },
  id: { type: 'string' },
  overlap: { type: 'string' },
  'with-writes': { type: 'boolean' },
  json: { type: 'boolean' },
} as const

const CREATE_USAGE =
  'token create needs --name N and --scopes S,…; and takes --expires DATE|DAYSd, --allow NETWORK,…, ' +
  '--origins ORIGIN,…, --app-url U, --requests-per-minute N, --analyses-per-day N'

const textOf = (options: Options, name: keyof typeof OPTIONS): string | undefined => {
  const value = options[name]
  return typeof value === 'string' ? value : undefined
}

const numberOf = (options: Options, name: keyof typeof OPTIONS): number | undefined => {
  const text = textOf(options, name)
  if (text === undefined) return undefined
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`--${name} is a whole number, not "${text}"`)
  return Number(text)
}

const usable = <T>(result: Result<T, TokenProblem>): T => {
  if (!result.ok) throw new UsageError(result.problem.message)
  return result.value
}

const settingsOf = (options: Options): TokenSettings => {
  const name = textOf(options, 'name')
  const scopes = textOf(options, 'scopes')
  if (name === undefined || scopes === undefined) throw new UsageError(CREATE_USAGE)
  const expires = textOf(options, 'expires')
  const perMinute = numberOf(options, 'requests-per-minute')
  const perDay = numberOf(options, 'analyses-per-day')
  const settings: TokenSettings = {
    name,
    scopes: usable(readScopes(wordsOf(scopes))),
    expiresAt: expires === undefined ? null : readTokenExpiry(expires, systemClock.now()),
    allowedNetworks: wordsOf(textOf(options, 'allow') ?? ''),
    allowedOrigins: usable(readOrigins(wordsOf(textOf(options, 'origins') ?? ''))),
    appUrl: textOf(options, 'app-url') ?? null,
    ...(perMinute === undefined ? {} : { requestsPerMinute: perMinute }),
    ...(perDay === undefined ? {} : { analysesPerDay: perDay }),
  }
  return usable(checkSettings(settings, systemClock.now()))
}

const idOf = (options: Options): number => {
  const id = numberOf(options, 'id')
  if (id === undefined) throw new UsageError('--id N is needed; `token list` names them')
  return id
}

const done = <T>(result: Result<T, TokenProblem>): T => {
  if (!result.ok) throw new AppError(result.problem.code, result.problem.message)
  return result.value
}

const shownOnce = ({ token, text }: { token: TokenRow; text: string }, more: object = {}): Answer => {
  const { id, name, scopes } = token
  return {
    document: { id, name, scopes, token: text, ...more },
    text: `${id}  ${name}  ${scopes.join(' ')}\nToken, shown only now: ${text}`,
  }
}

const noRest = (rest: string[]): void => {
  if (rest.length > 0) throw new UsageError(`unexpected "${rest.join(' ')}"`)
}

const create: Action = {
  check: (options, rest) => void (noRest(rest), settingsOf(options)),
  run: async (store, options) => shownOnce(done(await createToken(store, settingsOf(options)))),
}

const list: Action = {
  check: (_, rest) => noRest(rest),
  run: async ({ db, clock }) => {
    const now = clock.now()
    const tokens = (await listTokens(db)).map((token) => ({
      ...token,
      state: token.revokedAt ? 'revoked' : token.expiresAt && token.expiresAt <= now ? 'expired' : 'active',
    }))
    const lines = tokens.map(
      ({ id, state, preview, name, scopes }) =>
        `${String(id).padStart(4)}  ${state.padEnd(7)}  ${preview}…  ${name}  ${scopes.join(' ')}`,
    )
    return { document: tokens, text: lines.join('\n') || 'There are no tokens yet.' }
  },
}

const rotate: Action = {
  check: (options, rest) => void (noRest(rest), idOf(options), numberOf(options, 'overlap')),
  run: async (store, options) => {
    const overlapHours = numberOf(options, 'overlap')
    const id = idOf(options)
    const made = await rotateToken(store, id, overlapHours === undefined ? {} : { overlapHours })
    return shownOnce(done(made), { replaces: id })
  },
}

const ending = (end: typeof revokeToken, state: string): Action => ({
  check: (options, rest) => void (noRest(rest), idOf(options)),
  run: async (store, options) => {
    const id = idOf(options)
    const name = done(await end(store, id))
    return { document: { id, name, state }, text: `${id}  ${name}  ${state}` }
  },
})

const importAction: Action = {
  check: (_, rest) => {
    if (rest.length !== 1)
      throw new UsageError('token import takes one file, or - for stdin: the table api_tokens as JSON or CSV')
  },
  run: async (store, options, [path = '-']) => {
    const text = await (path === '-' ? Bun.stdin : Bun.file(path)).text().catch((error: Error) => {
      throw new AppError('unreadable', `${path} cannot be read: ${error.message}`)
    })
    const tokens = readOldTokens(text)
    if (!tokens.ok) throw new AppError(tokens.problem.code, tokens.problem.message)
    const withWrites = options['with-writes'] === true
    const imported = await importTokens(store, tokens.value, { withWrites })
    const lines = [
      ...imported.imported.map(({ id, name, scopes }) => `${id}  ${name}  ${scopes.join(' ')}`),
      ...imported.rejected.map(({ row, name, reason }) => `not imported: row ${row}, ${name}: ${reason}`),
      ...(withWrites ? [] : ['Without --with-writes these tokens may read only.']),
    ]
    return { document: imported, text: lines.join('\n') }
  },
}

const actions: Record<string, Action> = {
  create,
  list,
  rotate,
  revoke: ending(revokeToken, 'revoked'),
  delete: ending(deleteToken, 'deleted'),
  import: importAction,
}

export const tokenCommand: Command = {
  usage: 'token create --name N --scopes S,… | list | rotate|revoke|delete --id N | import FILE|- [--json]',
  summary: 'keys of other programs to the public API; a token is printed once',
  run: async ({ args, config: readConfig, log, print }) => {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options: OPTIONS })
    const [name = '', ...rest] = positionals
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined
    if (!action) throw new UsageError(`token takes one of ${Object.keys(actions).join(', ')}`)
    action.check(values, rest)
    const product = await openProduct(readConfig(), log, 'command')
    try {
      await migrateDatabase(product.sql)
      const answer = await action.run({ db: product.db, clock: systemClock }, values, rest)
      print(values.json ? json(answer.document) : answer.text)
      return answer.code ?? 0
    } finally {
      await product.close()
    }
  },
}
