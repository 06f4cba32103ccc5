import { z } from 'zod'
import { httpUrl, networks, parseSettings, port, postgresUrl, readSettings } from '#src/lib/settings.ts'
import type { Environment } from '#src/lib/settings.ts'

/** `kid:hex,…` as `prospectlab edge-env` prints it: keys of at least 128 bits, the first one signs. */
const keys = z.string().transform((value, context) => {
  const entries = value
    .split(',')
    .map((entry) => /^([\w-]{1,32}):((?:[0-9a-f]{2}){16,64})$/i.exec(entry.trim()))
  if (entries.every((entry) => entry !== null)) {
    return entries.map((entry) => ({ id: entry[1] ?? '', key: Buffer.from(entry[2] ?? '', 'hex') }))
  }
  context.addIssue({ code: 'custom', message: 'must be id:hex,… as `prospectlab edge-env` prints it' })
  return z.NEVER
})

const schema = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: port.default(5001),
  DATABASE_URL: postgresUrl.optional(),
  EDGE_UPSTREAM: httpUrl.optional(),
  EDGE_UPSTREAM_KEY: z.string().min(16, 'must be at least 16 characters').optional(),
  EDGE_KEYS: keys.optional(),
  DATA_DIR: z.string().min(1).default('./edge-data'),
  SPOOL_MAX_MB: z
    .string()
    .regex(/^[1-9]\d{0,6}$/, 'must be a number of megabytes from 1')
    .transform(Number)
    .default(1024),
  TRUSTED_PROXIES: networks.default(['127.0.0.1', '::1']),
  BASE_URL: httpUrl.optional(),
  METRICS_TOKEN: z.string().min(16, 'must be at least 16 characters').optional(),
})

export type EdgeConfig = z.infer<typeof schema>

/** The edge's settings from the process environment over `.env`; ConfigError names a wrong variable. */
export const loadEdgeConfig = (environment: Environment): EdgeConfig => parseSettings(schema, environment)

/** The only reader of process.env in the edge. */
export const readEdgeEnvironment = (envFile?: string): Environment => readSettings(process.env, envFile)

/** What is not set and without which the edge answers no token: reported by /healthz, not a refusal. */
export const missingSettings = (config: EdgeConfig): string[] => {
  const missing: string[] = []
  if (config.DATABASE_URL === undefined && config.EDGE_UPSTREAM === undefined) {
    missing.push('DATABASE_URL or EDGE_UPSTREAM')
  }
  if (config.DATABASE_URL === undefined && config.EDGE_UPSTREAM !== undefined && !config.EDGE_UPSTREAM_KEY) {
    missing.push('EDGE_UPSTREAM_KEY')
  }
  if (config.EDGE_KEYS === undefined) missing.push('EDGE_KEYS')
  return missing
}
