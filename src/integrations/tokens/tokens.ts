import type { Deps } from '#src/deps.ts'
import { failed, ok, type Result } from '#src/lib/errors.ts'
import { keptOf, makeTokenText } from './make-token.ts'
import { endTokenBy, insertToken, lockToken, markRevoked, removeToken, type TokenRow } from './queries.ts'
import { checkSettings, type TokenProblem, type TokenSettings } from './token-settings.ts'

const HOUR_MS = 3_600_000
/** How long the old token goes on beside the one that takes its place. */
export const DEFAULT_OVERLAP_HOURS = 24
export const MAX_OVERLAP_HOURS = 24 * 90

type Store = Pick<Deps, 'db' | 'clock'>
export type MadeToken = { token: TokenRow; text: string }

/** A new token. Its text is here and nowhere else: only its SHA-256 is kept. */
export const createToken = async (
  { db, clock }: Store,
  settings: TokenSettings,
  createdBy: number | null = null,
): Promise<Result<MadeToken, TokenProblem>> => {
  const text = makeTokenText()
  const made = await keepToken({ db, clock }, text, { settings, createdBy })
  return made.ok ? ok({ token: made.value, text }) : made
}

/** A token that others already use: the existing product's, of 64 hexadecimal digits, or one made here before. */
export const keepToken = async (
  { db, clock }: Store,
  text: string,
  { settings, createdBy }: { settings: TokenSettings; createdBy: number | null },
): Promise<Result<TokenRow, TokenProblem>> => {
  const checked = checkSettings(settings, clock.now())
  if (!checked.ok) return checked
  const kept = keptOf(text.trim())
  if (!kept) return failed('bad_token', 'This is no token: 64 hexadecimal digits, or pl_ and 32 letters.')
  const token = await insertToken(db, { ...checked.value, ...kept, createdBy })
  return token ? ok(token) : failed('token_taken', 'This token is there already.')
}

/** A token with the same rights under a new text; the old one goes on for `overlapHours`, so that programs can be
 *  changed over one after another. */
export const rotateToken = async (
  { db, clock }: Store,
  id: number,
  options: { overlapHours?: number; createdBy?: number | null } = {},
): Promise<Result<MadeToken, TokenProblem>> => {
  const { overlapHours = DEFAULT_OVERLAP_HOURS, createdBy = null } = options
  if (!(overlapHours >= 0 && overlapHours <= MAX_OVERLAP_HOURS))
    return failed('bad_expiry', `The old token may go on for 0 to ${MAX_OVERLAP_HOURS} hours.`)
  const text = makeTokenText()
  return db.transaction(async (tx) => {
    const now = clock.now()
    const old = await lockToken(tx, id)
    if (!old) return unknown()
    if (old.revokedAt || (old.expiresAt && old.expiresAt <= now))
      return failed('token_ended', 'This token is revoked or has expired: make a new one.')
    const kept = keptOf(text)
    const token = kept && (await insertToken(tx, { ...sameRights(old), ...kept, createdBy, replacesId: id }))
    if (!token) return failed('token_taken', 'This token is there already.')
    await endTokenBy(tx, id, new Date(now.getTime() + overlapHours * HOUR_MS))
    return ok({ token, text })
  })
}

const sameRights = (token: TokenRow) => ({
  name: token.name,
  scopes: token.scopes,
  appUrl: token.appUrl,
  allowedNetworks: token.allowedNetworks,
  allowedOrigins: token.allowedOrigins,
  requestsPerMinute: token.requestsPerMinute,
  analysesPerDay: token.analysesPerDay,
  expiresAt: token.expiresAt,
})

/** It counts no more, and stays in the list. Resolves to its name. */
export const revokeToken = async (
  { db, clock }: Store,
  id: number,
): Promise<Result<string, TokenProblem>> => {
  const name = await markRevoked(db, id, clock.now())
  return name === null ? unknown() : ok(name)
}

/** It is gone, with the phones registered by it. Resolves to its name. */
export const deleteToken = async (
  { db }: Pick<Store, 'db'>,
  id: number,
): Promise<Result<string, TokenProblem>> => {
  const name = await removeToken(db, id)
  return name === null ? unknown() : ok(name)
}

const unknown = () => failed('unknown_token', 'There is no such token, or it is revoked already.')
