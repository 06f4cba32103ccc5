import { isInNetworks, parseNetworks } from '#src/lib/networks.ts'
import type { LinkKeys } from '#src/tracking/token.ts'

const EMBEDDED_DATABASE = 'prospectlab'
const LOCAL_PROXY = '127.0.0.1,::1'

const parsed = parseNetworks(['127.0.0.0/8', '::1', '0.0.0.0', '::'])
const HERE = parsed.ok ? parsed.value : []

type Settings = {
  DATABASE_URL?: string | undefined
  DATABASE_LISTEN?: string | undefined
  BASE_URL?: string | undefined
}

/** Settings in the order they are printed, and what is still to be thought of. */
export type EdgeSettings = { env: Record<string, string>; hints: string[] }

/** `id:hex,…`: the keys of links and nothing that opens anything else; the first one signs. */
export const edgeKeys = (keys: LinkKeys): string =>
  keys.map(({ id, key }) => `${id}:${key.toString('hex')}`).join(',')

/** Where the edge finds the database, with its own login; null when nobody outside this machine can reach it. */
export const edgeDatabaseUrl = (
  config: Settings,
  login: { name: string; password: string },
  databaseHost?: string,
): { url: string | null; hints: string[] } => {
  const listen = config.DATABASE_LISTEN
  if (config.DATABASE_URL === undefined && listen === undefined)
    return {
      url: null,
      hints: [
        'The embedded database takes no connections from other machines. Set DATABASE_LISTEN=ADDRESS:PORT and DATABASE_LISTEN_ALLOW=<address of the edge> for the server, or use --upstream: an edge without a database connection.',
      ],
    }
  const url = new URL(config.DATABASE_URL ?? `postgres://localhost/${EMBEDDED_DATABASE}?sslmode=require`)
  if (config.DATABASE_URL === undefined && listen !== undefined) url.host = listen
  url.username = encodeURIComponent(login.name)
  url.password = login.password
  if (databaseHost !== undefined) {
    url.host = databaseHost
    url.searchParams.delete('host')
  }
  const hints: string[] = []
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (host === '' || host === 'localhost' || url.searchParams.get('host') || isInNetworks(host, HERE))
    hints.push(
      'DATABASE_URL names this machine: on another one write the address under which it reaches the database (--database-host HOST[:PORT]).',
    )
  if (url.searchParams.get('sslrootcert')?.startsWith('/'))
    hints.push('DATABASE_URL names a certificate file (sslrootcert): copy it to the machine of the edge.')
  return { url: url.href, hints }
}

/** What an edge needs; `where` is how it reaches this installation. */
export const edgeSettings = (
  config: Settings,
  links: LinkKeys,
  metricsToken: string,
  where: Record<string, string>,
): EdgeSettings => {
  const hints: string[] = []
  if (config.BASE_URL === undefined)
    hints.push(
      'BASE_URL is not set: it is the public address of /track and /api/public, such as https://t.example.org.',
    )
  else if (!config.BASE_URL.startsWith('https:'))
    hints.push('BASE_URL is not https: links in mails would travel in clear.')
  const env = {
    ...where,
    EDGE_KEYS: edgeKeys(links),
    ...(config.BASE_URL === undefined ? {} : { BASE_URL: config.BASE_URL }),
    METRICS_TOKEN: metricsToken,
    TRUSTED_PROXIES: LOCAL_PROXY,
  }
  return { env, hints }
}
