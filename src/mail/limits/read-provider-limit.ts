import { domainToASCII } from 'node:url'
import { KNOWN_PROVIDERS, providerOf } from './provider.ts'
import { WINDOWS, type Limits } from './windows.ts'

export const MAX_LIMIT = 1_000_000
const DOMAIN = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/

export type ProviderLimitProblem = 'no_provider' | 'bad_provider' | 'no_limit' | 'bad_number'

/** What the form of a provider's limit says: `provider` is a known name, a domain, or `*` for each other one; an empty
 *  field is no limit, 0 is nothing at all. */
export const readProviderLimit = (
  values: Record<string, string>,
):
  | { ok: true; provider: string; limits: Limits }
  | {
      ok: false
      problems: Partial<Record<'provider' | 'minute' | 'hour' | 'day', ProviderLimitProblem>>
    } => {
  const problems: Partial<Record<'provider' | 'minute' | 'hour' | 'day', ProviderLimitProblem>> = {}
  const provider = readProvider(values['provider'] ?? '')
  if (provider === null) problems.provider = values['provider']?.trim() ? 'bad_provider' : 'no_provider'
  const limits: Limits = { minute: null, hour: null, day: null }
  for (const window of WINDOWS) {
    const text = (values[window] ?? '').replaceAll(/\s/g, '')
    if (text === '') continue
    if (/^\d{1,7}$/.test(text) && Number(text) <= MAX_LIMIT) limits[window] = Number(text)
    else problems[window] = 'bad_number'
  }
  const isEmpty = WINDOWS.every((window) => limits[window] === null)
  if (isEmpty && Object.keys(problems).length === 0) problems.hour = 'no_limit'
  if (provider === null || Object.keys(problems).length > 0) return { ok: false, problems }
  return { ok: true, provider, limits }
}

// A mail domain of a known provider means the provider, as its mails are counted there.
const readProvider = (text: string): string | null => {
  const name = text.trim().toLowerCase().replace(/^@/, '')
  if (name === '*' || KNOWN_PROVIDERS.includes(name)) return name
  const domain = domainToASCII(name)
  return DOMAIN.test(domain) ? providerOf(domain, null) : null
}
