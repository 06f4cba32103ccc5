import { existsSync, readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { z } from 'zod'
import { parseNetwork } from './networks.ts'
import { readPostgresUrl } from './postgres-url.ts'

/** A setting that cannot be used: named, explained, exit 2. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

export type Environment = Record<string, string | undefined>

/** The given environment over the file `.env` (or the one named), which need not exist unless it was named. */
export const readSettings = (environment: Environment, envFile?: string): Environment => {
  if (envFile !== undefined && !existsSync(envFile)) {
    throw new ConfigError(`--env-file ${envFile}: there is no such file`)
  }
  const path = envFile ?? '.env'
  const fromFile = existsSync(path) ? parseEnv(readFileSync(path, 'utf8')) : {}
  return { ...fromFile, ...environment }
}

/** Checks every setting at once. Throws ConfigError with one line that names the first wrong variable.
 *  An empty value counts as not set. */
export const parseSettings = <S extends z.ZodType>(schema: S, environment: Environment): z.infer<S> => {
  const given = Object.entries(environment)
    .map(([name, value]) => [name, value?.trim()] as const)
    .filter(([, value]) => value !== undefined && value !== '')
  const parsed = schema.safeParse(Object.fromEntries(given))
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new ConfigError(`${issue?.path.join('.') ?? 'configuration'}: ${issue?.message ?? 'is wrong'}`)
}

export const port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port number from 0 to 65535')
  .transform(Number)
  .refine((value) => value <= 65535, 'must be a port number from 0 to 65535')

/** A comma-separated list of addresses and CIDR networks. */
export const networks = z.string().transform((value, context) => {
  const entries = value.split(/[\s,]+/).filter(Boolean)
  const wrong = entries.find((entry) => !parseNetwork(entry))
  if (wrong === undefined) return entries
  context.addIssue({
    code: 'custom',
    message: `"${wrong}" is not an address or a network such as 192.168.1.0/24`,
  })
  return z.NEVER
})

// A bare % in a password has to be written %25.
const isDecodable = (url: string): boolean => {
  try {
    decodeURIComponent(url)
    return true
  } catch {
    return false
  }
}

export const postgresUrl = z
  .string()
  .refine(
    (value) => /^postgres(ql)?:\/\//.test(value) && URL.canParse(value) && isDecodable(value),
    'must be a URL such as postgres://user:password@host:5432/database',
  )
  .superRefine((value, context) => {
    if (!URL.canParse(value) || !isDecodable(value)) return
    const read = readPostgresUrl(value)
    if (!read.ok) context.addIssue({ code: 'custom', message: read.problem.message })
  })

export const httpUrl = z
  .string()
  .refine(
    (value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol),
    'must be an http(s) URL',
  )
  .transform((value) => value.replace(/\/+$/, ''))
