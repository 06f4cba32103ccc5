import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { acquireEmbedded } from '#src/db/embedded.ts'
import { openDatabase } from '#src/db/open.ts'
import { silentLog } from '#src/lib/log.ts'
import type { Finding } from '#src/operations/doctor/finding.ts'
import { startEdge } from '#tests/edge/edge-process.ts'
import { emptyDatabase } from '#tests/support/database.ts'
import { freePort } from '#tests/support/free-port.ts'
import { FROM_SOURCE, runProgram, temporaryFolder } from '#tests/support/product.ts'

setDefaultTimeout(120_000)

const SECRET_KEY = 'a-secret-key-of-the-tests-0123456789'
const folder = temporaryFolder('doctor')
afterAll(() => folder.remove())

const run = (args: string[], env: Record<string, string>) =>
  runProgram(args, { command: FROM_SOURCE, env: { SECRET_KEY, DATA_DIR: folder.path, ...env } })
const examine = async (env: Record<string, string>) => {
  const { code, out } = await run(['doctor', '--json'], env)
  const findings = JSON.parse(out) as Finding[]
  const failed = findings.filter(({ status }) => status === 'failed').map(({ check }) => check)
  return { code, findings, failed }
}

test('from an empty database to a whole installation with its edge', async () => {
  const { url, beforeClose } = await emptyDatabase()
  const port = freePort()
  const env = { DATABASE_URL: url, BASE_URL: `http://127.0.0.1:${port}` }
  const empty = await examine({ DATABASE_URL: url })
  expect([empty.code, empty.failed]).toEqual([1, ['migrations', 'base_url']])
  for (const finding of empty.findings)
    expect(Object.keys(finding)).toEqual(['check', 'status', 'detail', 'fix'])

  const { out } = await run(['edge-env', '--json'], env)
  const settings = (JSON.parse(out) as { env: Record<string, string> }).env
  const withoutEdge = await examine(env)
  expect([withoutEdge.code, withoutEdge.failed]).toEqual([1, ['edge']])

  const edge = await startEdge({ ...settings, PORT: String(port), DATA_DIR: join(folder.path, 'edge') })
  beforeClose(() => edge.kill())
  const whole = await examine(env)
  expect([whole.code, whole.failed]).toEqual([0, []])
  const text = await run(['doctor'], env)
  expect([text.code, text.out.includes('edge_keys')]).toEqual([0, true])

  await edge.kill()
  const away = await examine({ ...env, DATABASE_URL: 'postgres://x:secret-password@127.0.0.1:1/x' })
  expect([away.code, away.failed]).toEqual([1, ['database', 'edge']])
  expect(JSON.stringify(away.findings)).not.toContain('secret-password')
})

test('the password of the role is tried, on an embedded database too', async () => {
  const dataDir = join(folder.path, 'embedded')
  const env = { DATA_DIR: dataDir }
  await run(['edge-env'], env)
  const statusOf = async () =>
    (await examine(env)).findings.find(({ check }) => check === 'edge_login')?.status
  expect(await statusOf()).toBe('ok')
  const embedded = await acquireEmbedded({ dataDir, log: silentLog, role: 'command' })
  const { sql, close } = openDatabase(embedded.connection, { max: 1 })
  await sql.unsafe("ALTER ROLE prospectlab_edge PASSWORD 'another'")
  await close()
  await embedded.release()
  expect(await statusOf()).toBe('failed')
})
