import { parseArgs } from 'node:util'
import type { Config } from '#src/config.ts'
import { openDatabase, type Connection } from '#src/db/open.ts'
import { messageOf } from '#src/lib/errors.ts'
import { deriveKeys, loadSecretKey, type Keys } from '#src/lib/keys.ts'
import type { Log } from '#src/lib/log.ts'
import type { RoleProbes } from '#src/operations/doctor/check-role.ts'
import { examine, type Patient } from '#src/operations/doctor/examine.ts'
import type { Finding } from '#src/operations/doctor/finding.ts'
import { edgePassword } from '#src/operations/edge-role.ts'
import { json, type Command } from './command.ts'
import { openProduct, type OpenProduct } from './open-product.ts'

const MARKS = { ok: 'ok     ', failed: 'FAILED ', unknown: '?      ' }

/** `doctor`: what is wrong with this installation and what to do; exit 1 when a check failed. */
export const doctorCommand: Command = {
  usage: 'doctor [--json]',
  summary: 'check database, edge role, BASE_URL, clock, disk and sending accounts',
  run: async ({ args, config: readConfig, log, print }) => {
    const { values } = parseArgs({ args, options: { json: { type: 'boolean' } } })
    const config = readConfig()
    const keys = deriveKeys(loadSecretKey(config))
    const opened = await open(config, log)
    try {
      const database = opened.ok ? databaseOf(opened.product, keys) : opened
      const findings = await examine({ config, keys, now: () => new Date(), database })
      print(values.json ? json(findings) : textOf(findings))
      return findings.some(({ status }) => status === 'failed') ? 1 : 0
    } finally {
      if (opened.ok) await opened.product.close()
    }
  },
}

const open = async (
  config: Config,
  log: Log,
): Promise<{ ok: true; product: OpenProduct } | { ok: false; reason: string }> => {
  try {
    return { ok: true, product: await openProduct(config, log, 'command') }
  } catch (error) {
    return { ok: false, reason: messageOf(error) }
  }
}

const databaseOf = ({ db, sql, embedded, connection }: OpenProduct, keys: Keys): Patient['database'] => ({
  ok: true,
  db,
  sql,
  embedded,
  signIn: async (role) => signIn(connectionAs(connection, role, await edgePassword(db, keys))),
})

const connectionAs = (connection: Connection, role: string, password: string): Connection => {
  if (!('url' in connection)) return { ...connection, user: role, password }
  const url = new URL(connection.url)
  url.username = encodeURIComponent(role)
  url.password = password
  return { url: url.href }
}

const signIn = async (connection: Connection): Promise<RoleProbes['login']> => {
  const { sql, close } = openDatabase(connection, { max: 1 })
  try {
    await sql`SELECT 1`
    return 'ok'
  } catch (error) {
    const code = String((error as { code?: unknown }).code)
    return code === '28P01' ? 'wrong_password' : code === '28000' ? 'not_from_here' : 'unreachable'
  } finally {
    await close()
  }
}

const textOf = (findings: Finding[]): string => {
  const width = Math.max(...findings.map(({ check }) => check.length)) + 1
  return findings
    .flatMap(({ check, status, detail, fix }) => [
      `${MARKS[status]}${check.padEnd(width)}${detail}`,
      ...(fix === null ? [] : [`${' '.repeat(MARKS[status].length + width)}→ ${fix}`]),
    ])
    .join('\n')
}
