import { parseNetworks } from '#src/lib/networks.ts'
import { failed, ok, type Result } from '#src/lib/errors.ts'
import { SCOPES, type Scope } from '#src/public-api/endpoint.ts'

const MAX_NAME = 100
const MAX_LIST = 50
const MAX_PER_MINUTE = 1_000_000
const MAX_PER_DAY = 100_000
const MAX_URL = 500

/** What a token may do and from where; what is missing has its default. */
export type TokenSettings = {
  name: string
  scopes: Scope[]
  expiresAt?: Date | null
  allowedNetworks?: string[]
  allowedOrigins?: string[]
  appUrl?: string | null
  requestsPerMinute?: number
  analysesPerDay?: number
}

export type TokenProblem = {
  code:
    | 'bad_name'
    | 'no_scope'
    | 'bad_scope'
    | 'bad_expiry'
    | 'bad_network'
    | 'bad_origin'
    | 'bad_app_url'
    | 'bad_limit'
    | 'bad_token'
    | 'token_taken'
    | 'unknown_token'
    | 'token_ended'
  message: string
}

const isScope = (text: string): text is Scope => (SCOPES as readonly string[]).includes(text)

/** Words separated by commas or spaces, each once. */
export const wordsOf = (text: string): string[] => [...new Set(text.split(/[\s,;]+/).filter(Boolean))]

export const readScopes = (words: readonly string[]): Result<Scope[], TokenProblem> => {
  const wrong = words.find((word) => !isScope(word))
  if (wrong !== undefined)
    return failed('bad_scope', `"${wrong.slice(0, 50)}" is no scope; there are ${SCOPES.join(', ')}.`)
  if (words.length === 0) return failed('no_scope', 'A token needs at least one scope.')
  return ok(SCOPES.filter((scope) => words.includes(scope)))
}

/** `https://app.example/` → `https://app.example`; what is no origin of a page is named. */
export const readOrigins = (words: readonly string[]): Result<string[], TokenProblem> => {
  const origins: string[] = []
  for (const word of words) {
    const origin = originOf(word)
    if (origin === null)
      return failed('bad_origin', `"${word.slice(0, 100)}" is no origin such as https://app.example.`)
    origins.push(origin)
  }
  return ok([...new Set(origins)])
}

const originOf = (text: string): string | null => {
  if (!URL.canParse(text)) return null
  const { protocol, host, pathname, search, hash, username } = new URL(text)
  const bare = host !== '' && ['', '/'].includes(pathname) && search === '' && hash === '' && username === ''
  // URL.origin is "null" for schemes such as capacitor:// that apps have.
  return bare && /^[a-z][a-z0-9+.-]*:$/.test(protocol) ? `${protocol}//${host}` : null
}

const isWholeIn = (value: number, max: number): boolean =>
  Number.isInteger(value) && value >= 1 && value <= max

/** Everything checked; the first thing that is wrong is named. */
export const checkSettings = (settings: TokenSettings, now: Date): Result<TokenSettings, TokenProblem> => {
  const name = settings.name.trim()
  if (name === '' || name.length > MAX_NAME)
    return failed('bad_name', `A token needs a name of at most ${MAX_NAME} characters.`)
  const scopes = readScopes(settings.scopes)
  if (!scopes.ok) return scopes
  const { expiresAt = null, allowedNetworks = [], requestsPerMinute = 600, analysesPerDay = 100 } = settings
  if (expiresAt && !(expiresAt.getTime() > now.getTime()))
    return failed('bad_expiry', 'The token would have expired already.')
  const networks = parseNetworks(allowedNetworks)
  if (!networks.ok) return failed('bad_network', networks.problem.message)
  const origins = readOrigins(settings.allowedOrigins ?? [])
  if (!origins.ok) return origins
  if (allowedNetworks.length > MAX_LIST || origins.value.length > MAX_LIST)
    return failed('bad_network', `At most ${MAX_LIST} networks and origins can be given.`)
  const appUrl = settings.appUrl?.trim() || null
  if (appUrl && (appUrl.length > MAX_URL || !/^https?:/i.test(appUrl) || !URL.canParse(appUrl)))
    return failed('bad_app_url', 'The address of the application must begin with https:// or http://.')
  if (!isWholeIn(requestsPerMinute, MAX_PER_MINUTE) || !isWholeIn(analysesPerDay, MAX_PER_DAY))
    return failed('bad_limit', 'Limits are whole numbers from 1.')
  return ok({
    name,
    scopes: scopes.value,
    expiresAt,
    allowedNetworks,
    allowedOrigins: origins.value,
    appUrl,
    requestsPerMinute,
    analysesPerDay,
  })
}
