import { accessSync, constants } from 'node:fs'
import { availableParallelism } from 'node:os'
import { z } from 'zod'
import { canonicalAddress } from './lib/networks.ts'
import { httpUrl, networks, parseSettings, port, postgresUrl, readSettings } from './lib/settings.ts'
import type { Environment } from './lib/settings.ts'

const MAX_PORT = 65_535

const flag = z
  .string()
  .trim()
  .toLowerCase()
  .transform((value, context) => {
    if (['true', '1', 'yes', 'on'].includes(value)) return true
    if (['false', '0', 'no', 'off'].includes(value)) return false
    context.addIssue({ code: 'custom', message: 'must be true or false' })
    return z.NEVER
  })

const listenAddress = z.string().refine((value) => {
  const [, address = '', number = ''] = /^(\[[0-9a-fA-F:]+\]|[0-9.]+):(\d{1,5})$/.exec(value) ?? []
  return canonicalAddress(address) !== null && Number(number) >= 1 && Number(number) <= MAX_PORT
}, 'must be ADDRESS:PORT, such as 10.0.0.2:5433')

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const schema = z.object({
  HOST: z.string().min(1).default('0.0.0.0'),
  PORT: port.default(5000),
  DATABASE_URL: postgresUrl.optional(),
  DATA_DIR: z.string().min(1).default('./data'),
  SECRET_KEY: z.string().min(16, 'must be at least 16 characters').optional(),
  BASE_URL: httpUrl.optional(),
  RESTRICT_TO_LOCAL_NETWORK: flag.default(true),
  ALLOWED_NETWORKS: networks.default([]),
  TRUSTED_PROXIES: networks.default([]),
  WORKERS: z
    .string()
    .regex(/^[1-9]\d?$/, 'must be a number of threads from 1 to 99')
    .transform(Number)
    .default(Math.max(1, availableParallelism() - 1)),
  ADMIN_EMAIL: z.email('must be an e-mail address').optional(),
  ADMIN_PASSWORD: z.string().min(8, 'must be at least 8 characters').optional(),
  CRAWL_ALLOW_NETWORKS: networks.default([]),
  WEBHOOK_ALLOW_NETWORKS: networks.default([]),
  DATABASE_LISTEN: listenAddress.optional(),
  DATABASE_LISTEN_ALLOW: networks.default([]),
  SPOOL_MAX_MB: z
    .string()
    .regex(/^[1-9]\d{0,6}$/, 'must be a number of megabytes from 1')
    .transform(Number)
    .default(1024),
  METRICS_TOKEN: z.string().min(16, 'must be at least 16 characters').optional(),
  MAIL_SERVER: z.string().optional(),
  MAIL_PORT: port.optional(),
  MAIL_USE_TLS: flag.optional(),
  MAIL_USERNAME: z.string().optional(),
  MAIL_PASSWORD: z.string().optional(),
  MAIL_DEFAULT_SENDER: z.string().optional(),
  /** Folder of Wappalyzer-format JSON */
  TECHNOLOGY_RULES_DIR: z.string().optional(),
  CHROME_PATH: z.string().refine(isProgram, 'must be the path of a program that can be run').optional(),
})

export type Config = z.infer<typeof schema> & {
  /** Known names of the product this one replaces that are set but no longer needed. */
  ignored: string[]
}

const aliases: Record<string, string> = { CELERY_WORKERS: 'WORKERS' }
const noLongerNeeded = [
  'CELERY_BROKER_URL',
  'CELERY_RESULT_BACKEND',
  'REDIS_URL',
  'FLASK_ENV',
  'FLASK_APP',
  'FLASK_DEBUG',
  'GUNICORN_WORKERS',
  'SOCKETIO_ASYNC_MODE',
]

/** The environment of this process over the file `.env` (or `--env-file`), which need not exist unless it was
 *  named. The only reader of process.env in the program. */
export const readEnvironment = (envFile?: string): Environment => readSettings(process.env, envFile)

// Where programs, libraries, fonts and temporary files are, and which language is spoken: nothing that is secret.
const PLAIN_NAMES = [
  'PATH',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'LD_LIBRARY_PATH',
  'FONTCONFIG_FILE',
  'FONTCONFIG_PATH',
]

/** The little of this process's environment that a program started by it may see. */
export const plainEnvironment = (): Record<string, string> =>
  Object.fromEntries(
    PLAIN_NAMES.flatMap((name) => {
      const value = process.env[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )

/** Removes the proxy variables, which would carry requests past the vetting of addresses. Returns their names. */
export const dropProxyVariables = (): string[] => {
  const names = Object.keys(process.env).filter((name) => /^(https?|all)_proxy$/i.test(name))
  for (const name of names) delete process.env[name]
  return names
}

/** Checks every setting at once. Throws ConfigError with one line that names the first wrong variable.
 *  An empty value counts as not set, except for lists of networks, where it means none. */
export const loadConfig = (environment: Environment): Config => {
  const values: Environment = {}
  for (const [name, value] of Object.entries(environment))
    if (value !== undefined && value.trim() !== '') values[aliases[name] ?? name] ??= value.trim()
  for (const [alias, name] of Object.entries(aliases))
    if (environment[name]?.trim()) values[name] = environment[name].trim()
    else if (environment[alias]?.trim()) values[name] = environment[alias].trim()

  return {
    ...parseSettings(schema, values),
    ignored: noLongerNeeded.filter((name) => values[name] !== undefined),
  }
}
