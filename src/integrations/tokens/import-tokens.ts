import Papa from 'papaparse'
import type { Deps } from '#src/deps.ts'
import { failed, ok, type Result } from '#src/lib/errors.ts'
import { OLD_PERMISSIONS, scopesOfPermissions } from './old-permissions.ts'
import { keepToken } from './tokens.ts'

const MAX_TOKENS = 1000
const OFF = /^\s*(|0|f|false|no|non|null)\s*$/i
const COLUMNS = OLD_PERMISSIONS.map(({ name }) => name)
// What the existing product gives a token whose flags nobody has said.
const DEFAULT_PERMISSIONS = COLUMNS.filter((name) => name !== 'can_delete_entreprises')

/** A row of the existing product's table `api_tokens`. */
type OldToken = {
  row: number
  text: string
  name: string
  appUrl: string | null
  permissions: string[]
  active: boolean
}

export type ImportedTokens = {
  imported: { id: number; name: string; preview: string; scopes: string[] }[]
  rejected: { row: number; name: string; reason: string }[]
}

/** Reads that table as JSON (an array of rows) or as CSV with its column names, as PostgreSQL and SQLite export it. */
export const readOldTokens = (text: string): Result<OldToken[]> => {
  const rows = /^\s*[[{]/.test(text) ? fromJson(text) : fromCsv(text)
  if (!rows) return failed('unreadable', 'This is neither a JSON array nor a CSV table.')
  if (rows.length > MAX_TOKENS)
    return failed('too_many', `At most ${MAX_TOKENS} tokens are imported at once.`)
  if (rows.some((row) => !('token' in row)))
    return failed('no_token', 'The column "token" is missing: export the whole table api_tokens.')
  return ok(rows.map(oldToken))
}

const fromJson = (text: string): Record<string, unknown>[] | null => {
  try {
    const value: unknown = JSON.parse(text)
    const rows = Array.isArray(value) ? value : [value]
    return rows.every((row) => typeof row === 'object' && row !== null) ? rows : null
  } catch {
    return null
  }
}

const fromCsv = (text: string): Record<string, unknown>[] | null => {
  const { data, meta } = Papa.parse<Record<string, unknown>>(text.replace(/^\ufeff/, ''), {
    header: true,
    skipEmptyLines: 'greedy',
  })
  return meta.fields?.length ? data : null
}

const oldToken = (given: Record<string, unknown>, index: number): OldToken => {
  const text = (name: string) =>
    String(given[name] ?? '')
      .replaceAll('\u0000', '')
      .toWellFormed()
      .trim()
  const named = COLUMNS.filter((name) => name in given)
  return {
    row: index + 1,
    text: text('token'),
    name: text('name') || 'Token',
    appUrl: text('app_url') || null,
    permissions:
      named.length === 0 ? DEFAULT_PERMISSIONS : named.filter((name) => !OFF.test(String(given[name] ?? ''))),
    active: !('is_active' in given) || !OFF.test(String(given['is_active'] ?? '')),
  }
}

/** Keeps these tokens, hashed. Each on its own: one that cannot be kept hinders no other. */
export const importTokens = async (
  store: Pick<Deps, 'db' | 'clock'>,
  tokens: readonly OldToken[],
  { withWrites, createdBy = null }: { withWrites: boolean; createdBy?: number | null },
): Promise<ImportedTokens> => {
  const done: ImportedTokens = { imported: [], rejected: [] }
  for (const { row, text, name, appUrl, permissions, active } of tokens) {
    const reject = (reason: string) => void done.rejected.push({ row, name, reason })
    if (!active) {
      reject('revoked')
      continue
    }
    const scopes = scopesOfPermissions(permissions, withWrites)
    const kept = await keepToken(store, text, { settings: { name, scopes, appUrl }, createdBy })
    if (!kept.ok) reject(kept.problem.code)
    else
      done.imported.push({ id: kept.value.id, name, preview: kept.value.preview, scopes: kept.value.scopes })
  }
  return done
}
