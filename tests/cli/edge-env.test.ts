import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { openDatabase } from '#src/db/open.ts'
import { verifyingKeys } from '#src/tracking/tracking-settings.ts'
import { deriveKeys } from '#src/lib/keys.ts'
import { loadEdgeConfig, missingSettings } from '#edge/config.ts'
import { emptyDatabase } from '#tests/support/database.ts'
import { freePort } from '#tests/support/free-port.ts'
import { FROM_SOURCE, runProgram, temporaryFolder } from '#tests/support/product.ts'

setDefaultTimeout(120_000)

const SECRET_KEY = 'a-secret-key-of-the-tests-0123456789'
type Document = { env: Record<string, string>; sql: string | null; hints: string[]; role?: { state: string } }

const folder = temporaryFolder('edge-env')
afterAll(() => folder.remove())

const edgeEnv = async (env: Record<string, string>, ...args: string[]): Promise<Document> => {
  const { code, out, errors } = await runProgram(['edge-env', '--json', ...args], {
    command: FROM_SOURCE,
    env: { SECRET_KEY, DATA_DIR: folder.path, ...env },
  })
  if (code !== 0) throw new Error(errors)
  return JSON.parse(out) as Document
}

const ask = async (url: string, statement = 'SELECT current_user AS who') => {
  const { sql, close } = openDatabase({ url }, { max: 1 })
  try {
    const [row] = await sql.unsafe(statement)
    return row?.who ?? row
  } catch (error) {
    return (error as { code?: string }).code
  } finally {
    await close()
  }
}

test('a connection that may makes the role; asked again, everything stays', async () => {
  const { url, beforeClose } = await emptyDatabase()
  const role = `${new URL(url).pathname.slice(1)}_edge`
  beforeClose(() => ask(url, `DROP OWNED BY ${role}; DROP ROLE ${role}`))
  const env = { DATABASE_URL: url, BASE_URL: 'https://t.example.org' }
  const first = await edgeEnv(env)
  const second = await edgeEnv(env)
  expect([first.sql, first.role?.state, second.role?.state]).toEqual([null, 'created', 'kept'])
  expect(second.env).toEqual(first.env)
  expect(Object.keys(first.env)).toEqual([
    'DATABASE_URL',
    'EDGE_KEYS',
    'BASE_URL',
    'METRICS_TOKEN',
    'TRUSTED_PROXIES',
  ])
  expect(await ask(first.env['DATABASE_URL']!)).toBe(role)
  expect(await ask(first.env['DATABASE_URL']!, 'SELECT 1 FROM companies')).toBe('42501')
  const config = loadEdgeConfig(first.env)
  expect(missingSettings(config)).toEqual([])
  const { links } = deriveKeys(SECRET_KEY)
  expect(config.EDGE_KEYS?.map(({ id, key }) => [id, key.toString('hex')])).toEqual(
    verifyingKeys(links, { keyGeneration: 1 }).map(({ id, key }) => [id, key.toString('hex')]),
  )
  // Nothing that opens anything else leaves.
  expect(JSON.stringify(first)).not.toContain(SECRET_KEY)
  expect(JSON.stringify(first)).not.toContain(links.toString('hex'))

  const changed = await edgeEnv(env, '--new-password')
  const after = await edgeEnv(env)
  expect(changed.role?.state).toBe('new_password')
  expect(changed.env['DATABASE_URL']).not.toBe(first.env['DATABASE_URL'])
  expect(after.env).toEqual(changed.env)
})

test('an ordinary owner is told what to run, and what it is told works', async () => {
  const { url, beforeClose } = await emptyDatabase()
  const database = new URL(url).pathname.slice(1)
  const owner = `${database}_owner`
  const role = `${database}_edge`
  const run = (statement: string) => ask(url, statement)
  await run(`CREATE ROLE ${owner} LOGIN; ALTER DATABASE ${database} OWNER TO ${owner}`)
  beforeClose(() => run(`DROP OWNED BY ${role}; DROP ROLE ${role}; DROP OWNED BY ${owner} CASCADE`))
  const address = new URL(url)
  address.username = owner
  const env = { DATABASE_URL: address.href, BASE_URL: 'https://t.example.org' }
  const first = await edgeEnv(env)
  expect(first.role?.state).toBe('to_be_created')
  expect(first.sql).toContain(`CREATE ROLE "${role}"`)
  expect(first.sql).not.toContain(new URL(first.env['DATABASE_URL']!).password)
  const { sql, close } = openDatabase({ url }, { max: 1 })
  await sql.unsafe(first.sql!)
  await close()
  expect(await ask(first.env['DATABASE_URL']!)).toBe(role)
  expect(await ask(first.env['DATABASE_URL']!, 'SELECT 1 FROM companies')).toBe('42501')
  expect(
    await ask(
      first.env['DATABASE_URL']!,
      `INSERT INTO tracking_inbox (event_id, type, at, facts) VALUES (gen_random_uuid(), 'open', now(), '{}')`,
    ),
  ).toBeUndefined()
  const second = await edgeEnv(env)
  expect([second.sql, second.role?.state, second.env]).toEqual([null, 'kept', first.env])
  const change = await edgeEnv(env, '--new-password')
  expect([change.role?.state, change.sql?.startsWith(`ALTER ROLE "${role}" PASSWORD`)]).toEqual([
    'to_be_changed',
    true,
  ])
})

test('the embedded database is offered where it listens, encrypted, and its password is checked', async () => {
  const dataDir = join(folder.path, 'embedded')
  const port = freePort()
  const silent = await edgeEnv({ DATA_DIR: dataDir })
  expect([silent.env['DATABASE_URL'], silent.hints.join(' ').includes('DATABASE_LISTEN')]).toEqual([
    undefined,
    true,
  ])
  const env = {
    DATA_DIR: dataDir,
    DATABASE_LISTEN: `127.0.0.1:${port}`,
    DATABASE_LISTEN_ALLOW: '127.0.0.1/32',
  }
  const { acquireEmbedded } = await import('#src/db/embedded.ts')
  const { silentLog } = await import('#src/lib/log.ts')
  const embedded = await acquireEmbedded({
    dataDir,
    log: silentLog,
    role: 'command',
    listen: { address: '127.0.0.1', port },
    listenAllow: ['127.0.0.1/32'],
  })
  try {
    const { env: printed } = await edgeEnv(env)
    const url = printed['DATABASE_URL']!
    expect(new URL(url).host).toBe(`127.0.0.1:${port}`)
    expect(await ask(url)).toBe('prospectlab_edge')
    const wrong = new URL(url)
    wrong.password = 'wrong'
    const plain = new URL(url)
    plain.searchParams.set('sslmode', 'disable')
    expect([await ask(wrong.href), await ask(plain.href)]).toEqual(['28P01', '28000'])
    const { env: changed } = await edgeEnv(env, '--new-password')
    expect([await ask(url), await ask(changed['DATABASE_URL']!)]).toEqual(['28P01', 'prospectlab_edge'])
  } finally {
    await embedded.release()
  }
})

test('an edge without a database is told where the server is and how to sign its calls', async () => {
  const { url } = await emptyDatabase()
  const { env, sql } = await edgeEnv(
    { DATABASE_URL: url },
    '--upstream',
    '--server-url',
    'http://10.0.0.2:5000',
  )
  expect([env['EDGE_UPSTREAM'], /^[0-9a-f]{64}$/.test(env['EDGE_UPSTREAM_KEY']!), sql]).toEqual([
    'http://10.0.0.2:5000',
    true,
    null,
  ])
  expect([env['DATABASE_URL'], missingSettings(loadEdgeConfig(env))]).toEqual([undefined, []])
})

test('without --json the lines are those of an environment file', async () => {
  const { url, beforeClose } = await emptyDatabase()
  const role = `${new URL(url).pathname.slice(1)}_edge`
  beforeClose(() => ask(url, `DROP OWNED BY ${role}; DROP ROLE ${role}`))
  const run = (...args: string[]) =>
    runProgram(['edge-env', ...args], {
      command: FROM_SOURCE,
      env: { SECRET_KEY, DATA_DIR: folder.path, DATABASE_URL: url },
    })
  const { code, out } = await run('--database-host', 'db.example.org:6432')
  expect(code).toBe(0)
  for (const line of out.trim().split('\n')) expect(line).toMatch(/^(# .*|[A-Z_]+=\S+)$/)
  expect(out).toMatch(/^DATABASE_URL=postgres:\/\/\w+_edge:[\w-]+@db\.example\.org:6432\//m)
  expect((await run('--database-host', 'a b')).code).toBe(2)
})
