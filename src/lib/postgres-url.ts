import { readFileSync } from 'node:fs'
import { failed, ok, type Result } from './errors.ts'
import { parseAddress } from './networks.ts'

const MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const
export type SslMode = (typeof MODES)[number]

// What libpq takes in a URL and a server refuses as a setting of its own.
const CLIENT_PARAMETERS = [
  'sslmode',
  'ssl',
  'sslrootcert',
  'sslcert',
  'sslkey',
  'sslpassword',
  'sslcrl',
  'sslsni',
  'sslcompression',
  'ssl_min_protocol_version',
  'ssl_max_protocol_version',
  'channel_binding',
  'gssencmode',
  'krbsrvname',
  'keepalives',
  'keepalives_idle',
  'keepalives_interval',
  'keepalives_count',
  'tcp_user_timeout',
  'passfile',
  'require_auth',
]

/** DATABASE_URL as libpq and its users write it. */
export type PostgresUrl = {
  /** Without what only concerns the client. */
  url: string
  /** Decoded; undefined where the URL names none. */
  database: string | undefined
  mode: SslMode
  /** To be compared with the certificate where `mode` is verify-full and the host an address. */
  address: string | null
  /** PEM; undefined: the well-known authorities. */
  authorities: string | undefined
  certificate: string | undefined
  key: string | undefined
}

/** Reads a URL of PostgreSQL with the files it names. As libpq does: without sslmode the connection is encrypted where
 *  the server offers it (not on this very machine), and `require` with a sslrootcert means verify-ca. */
export const readPostgresUrl = (text: string): Result<PostgresUrl> => {
  const url = new URL(text)
  const get = (name: string) => url.searchParams.get(name) ?? undefined
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const files = {
    authorities: get('sslrootcert') === 'system' ? undefined : get('sslrootcert'),
    certificate: get('sslcert'),
    key: get('sslkey'),
  }
  if (get('channel_binding') === 'require')
    return failed('channel_binding', 'channel_binding=require is not supported: use sslmode=verify-full')
  const mode = modeOf(get('sslmode') ?? get('ssl'), host, get('sslrootcert'))
  if (mode === null) return failed('sslmode', `sslmode must be one of ${MODES.join(', ')}`)
  const contents: Partial<Record<keyof typeof files, string>> = {}
  for (const [name, path] of Object.entries(files)) {
    if (path === undefined) continue
    try {
      contents[name as keyof typeof files] = readFileSync(path, 'utf8')
    } catch {
      return failed('certificate', `the file ${path} cannot be read`)
    }
  }
  for (const name of CLIENT_PARAMETERS) url.searchParams.delete(name)
  return ok({
    url: url.href,
    database: decodeURIComponent(url.pathname.slice(1)) || undefined,
    mode,
    address: parseAddress(host) === null ? null : host,
    authorities: contents.authorities,
    certificate: contents.certificate,
    key: contents.key,
  })
}

const modeOf = (given: string | undefined, host: string, rootCertificate?: string): SslMode | null => {
  if (given === undefined && rootCertificate === 'system') return 'verify-full'
  if (given === undefined) return isThisMachine(host) ? 'disable' : 'prefer'
  if (given === 'true' || given === '1') return 'verify-full'
  if (given === 'false' || given === '0') return 'disable'
  if (given === 'require' && rootCertificate !== undefined) return 'verify-ca'
  return MODES.find((mode) => mode === given) ?? null
}

const isThisMachine = (host: string): boolean =>
  host === '' || host === 'localhost' || host === '::1' || host.startsWith('127.') || host.startsWith('%2F')
