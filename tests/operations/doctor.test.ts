import { afterAll, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openDatabase } from '#src/db/open.ts'
import { checkBaseUrl } from '#src/operations/doctor/check-base-url.ts'
import { checkDatabase, judgeDatabase, withoutDatabase } from '#src/operations/doctor/check-database.ts'
import {
  checkClock,
  checkDataDir,
  checkMailSettings,
  checkSpool,
  judgeRoom,
} from '#src/operations/doctor/check-host.ts'
import { checkRole, judgeRole } from '#src/operations/doctor/check-role.ts'
import type { Finding } from '#src/operations/doctor/finding.ts'
import { provideEdgeRole } from '#src/operations/edge-role.ts'
import { deriveKeys } from '#src/lib/keys.ts'
import { linkKeys, type LinkKeys } from '#src/tracking/token.ts'
import { KEYS, NOW, testEdge } from '#tests/edge/test-edge.ts'
import { emptyDatabase, testDatabase } from '#tests/support/database.ts'

const { db, sql, beforeClose } = await testDatabase()
const folder = mkdtempSync('/tmp/prospectlab-doctor-')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const statusOf = (findings: Finding[], check: string) =>
  findings.find((finding) => finding.check === check)?.status
const FACTS = { version: 170_004, extensions: ['plpgsql', 'pg_trgm', 'unaccent'], now: NOW }

test('a database that is there, of a known version, migrated and complete is well', async () => {
  const { findings } = await checkDatabase(db, sql)
  expect(findings.map(({ check, status }) => `${check} ${status}`)).toEqual([
    'database ok',
    'database_version ok',
    'migrations ok',
    'extensions ok',
  ])
})

test('a database without tables, and one that is away', async () => {
  const { connection, beforeClose: before } = await emptyDatabase()
  const empty = openDatabase(connection, { max: 1 })
  before(empty.close)
  const { findings } = await checkDatabase(empty.db, empty.sql)
  expect([statusOf(findings, 'migrations'), statusOf(findings, 'extensions')]).toEqual(['failed', 'unknown'])
  const away = openDatabase({ url: 'postgres://x@127.0.0.1:1/x' }, { max: 1 })
  const asked = await checkDatabase(away.db, away.sql)
  await away.close()
  expect(asked.findings.map(({ status }) => status)).toEqual(['failed', 'unknown', 'unknown', 'unknown'])
  expect(withoutDatabase('x', false)[0]?.status).toBe('failed')
})

test.each([
  [{ facts: { ...FACTS, version: 140_010 }, migrations: 'current' }, 'database_version', 'failed'],
  [{ facts: { ...FACTS, version: 150_001 }, migrations: 'current' }, 'database_version', 'ok'],
  [{ facts: { ...FACTS, version: 190_000 }, migrations: 'current' }, 'database_version', 'unknown'],
  [{ facts: FACTS, migrations: 'behind' }, 'migrations', 'failed'],
  [{ facts: FACTS, migrations: 'ahead' }, 'migrations', 'failed'],
  [{ facts: { ...FACTS, extensions: ['pg_trgm'] }, migrations: 'current' }, 'extensions', 'failed'],
] as const)('the database is judged: %#', (state, check, status) => {
  const { facts, migrations } = state
  const findings = judgeDatabase({ facts: { ...facts, extensions: [...facts.extensions] }, migrations })
  expect(statusOf(findings, check)).toBe(status)
})

test('a file of views or grants that has changed since is seen', async () => {
  await sql`UPDATE settings SET value = '"other"' WHERE key = 'database_objects'`
  const { findings } = await checkDatabase(db, sql)
  expect(statusOf(findings, 'migrations')).toBe('failed')
})

test('without a role nothing is claimed of it', async () => {
  const findings = await checkRole(db, async () => 'ok')
  expect(findings.map(({ status }) => status)).toEqual(['unknown', 'unknown', 'unknown'])
  const unasked = judgeRole({ rights: undefined, login: 'ok' })
  expect(unasked.map(({ status }) => status)).toEqual(['unknown', 'unknown', 'unknown'])
})

test('the rights of the role are exact, and whatever is planted is found and named', async () => {
  const keys = deriveKeys('a-secret-key-of-the-tests')
  const { name } = await provideEdgeRole({ db, keys })
  beforeClose(() => sql.unsafe(`DROP OWNED BY ${name}; DROP ROLE ${name}`))
  const look = async () => {
    const findings = await checkRole(db, async () => 'ok')
    return findings.find(({ check }) => check === 'edge_rights')!
  }
  expect(await look()).toMatchObject({ status: 'ok' })
  const group = `${name}_group`
  const planted: [string, string, string][] = [
    [
      `GRANT SELECT ON companies TO ${name}`,
      `REVOKE SELECT ON companies FROM ${name}`,
      'SELECT on companies',
    ],
    [
      `GRANT SELECT (email) ON users TO ${name}`,
      `REVOKE SELECT (email) ON users FROM ${name}`,
      'SELECT on users',
    ],
    ['GRANT SELECT ON companies TO PUBLIC', 'REVOKE SELECT ON companies FROM PUBLIC', 'SELECT on companies'],
    [
      `GRANT SELECT ON tracking_inbox TO ${name}`,
      `REVOKE SELECT ON tracking_inbox FROM ${name}`,
      'SELECT on tracking_inbox',
    ],
    [
      `GRANT USAGE ON SEQUENCE companies_id_seq TO ${name}`,
      `REVOKE USAGE ON SEQUENCE companies_id_seq FROM ${name}`,
      'USAGE on sequence companies_id_seq',
    ],
    [
      `GRANT CREATE ON SCHEMA public TO ${name}`,
      `REVOKE CREATE ON SCHEMA public FROM ${name}`,
      'CREATE on schema public',
    ],
    [
      `GRANT USAGE ON SCHEMA drizzle TO PUBLIC`,
      `REVOKE USAGE ON SCHEMA drizzle FROM PUBLIC`,
      'USAGE on schema drizzle',
    ],
    [
      `GRANT EXECUTE ON FUNCTION grant_edge_role() TO ${name}`,
      `REVOKE EXECUTE ON FUNCTION grant_edge_role() FROM ${name}`,
      'EXECUTE on grant_edge_role()',
    ],
    [
      `GRANT EXECUTE ON FUNCTION pg_catalog.pg_read_file(text) TO ${name}`,
      `REVOKE EXECUTE ON FUNCTION pg_catalog.pg_read_file(text) FROM ${name}`,
      'function pg_read_file(text)',
    ],
    [
      `GRANT pg_read_all_data TO ${name}`,
      `REVOKE pg_read_all_data FROM ${name}`,
      'member on role pg_read_all_data',
    ],
    [`ALTER ROLE ${name} CREATEDB`, `ALTER ROLE ${name} NOCREATEDB`, 'CREATEDB on itself'],
    [
      `CREATE ROLE ${group}; GRANT INSERT ON companies TO ${group}; GRANT ${group} TO ${name}`,
      `DROP OWNED BY ${group}; DROP ROLE ${group}`,
      `member on role ${group}`,
    ],
    [
      `CREATE TABLE planted (x int); ALTER TABLE planted OWNER TO ${name}`,
      'DROP TABLE planted',
      'owner on table planted',
    ],
    [
      `DO $$ BEGIN EXECUTE format('GRANT TEMP ON DATABASE %I TO ${name}', current_database()); END $$`,
      `DO $$ BEGIN EXECUTE format('REVOKE TEMP ON DATABASE %I FROM ${name}', current_database()); END $$`,
      'TEMPORARY on database',
    ],
  ]
  for (const [plant, remove, told] of planted) {
    await sql.unsafe(plant)
    const found = await look()
    expect([plant, found.status]).toEqual([plant, 'failed'])
    expect(found.detail).toContain(told)
    await sql.unsafe(remove)
    expect([remove, (await look()).status]).toEqual([remove, 'ok'])
  }
  await sql.unsafe(`REVOKE INSERT ON tracking_inbox FROM ${name}`)
  expect(await look()).toMatchObject({ status: 'failed' })
  expect((await look()).detail).toContain('missing: INSERT on tracking_inbox')
  await provideEdgeRole({ db, keys })
  expect(await look()).toMatchObject({ status: 'ok' })
})

test.each([
  ['ok', 'ok'],
  ['wrong_password', 'failed'],
  ['not_from_here', 'unknown'],
  ['unreachable', 'unknown'],
] as const)('signing in as the role: %s', (login, status) => {
  const findings = judgeRole({ rights: { role: 'x_edge', missing: [], extra: [] }, login })
  expect(statusOf(findings, 'edge_login')).toBe(status)
})

const serveAt = (fetch: (request: Request) => Response | Promise<Response>) => {
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch })
  beforeClose(() => server.stop(true))
  return `http://127.0.0.1:${server.port}`
}
const look = async (baseUrl: string | undefined, keys: LinkKeys = KEYS) => {
  const { findings } = await checkBaseUrl(baseUrl, keys, NOW)
  return ['base_url', 'edge', 'edge_keys'].map((check) => statusOf(findings, check))
}

test('an edge of this installation is recognised, and nothing is recorded by asking it', async () => {
  const { app, hits } = testEdge()
  expect(await look(serveAt(app.fetch))).toEqual(['ok', 'ok', 'ok'])
  expect(hits).toEqual([])
})

test('an edge with the keys of another installation, or without the newest, is not', async () => {
  const base = serveAt(testEdge().app.fetch)
  expect(await look(base, linkKeys(Buffer.alloc(32, 8)))).toEqual(['ok', 'ok', 'failed'])
  const rotated = linkKeys(Buffer.alloc(32, 7), 2)
  expect(await look(base, rotated)).toEqual(['ok', 'ok', 'failed'])
  const { findings } = await checkBaseUrl(base, rotated, NOW)
  expect(findings.find(({ check }) => check === 'edge_keys')?.detail).toContain(rotated[0]!.id)
})

test('an edge that is not well says so', async () => {
  expect(await look(serveAt(testEdge({ missing: ['EDGE_KEYS'] }).app.fetch))).toEqual(['ok', 'failed', 'ok'])
})

test('what answers pixels but shows everybody the same page is no edge that can be asked', async () => {
  const { app } = testEdge()
  const base = serveAt((request) =>
    request.url.includes('/unsubscribe/')
      ? new Response('<html lang="en"></html>', { headers: { 'Content-Type': 'text/html' } })
      : app.fetch(request),
  )
  expect(await look(base)).toEqual(['ok', 'ok', 'unknown'])
})

test('another site, nobody, and no address at all', async () => {
  expect(await look(serveAt(() => new Response('hello')))).toEqual(['ok', 'failed', 'unknown'])
  expect(await look('http://127.0.0.1:1')).toEqual(['ok', 'failed', 'unknown'])
  expect(await look(undefined)).toEqual(['failed', 'unknown', 'unknown'])
  expect((await look('http://unknown.invalid'))[0]).toBe('failed')
  expect((await look('https://unknown.invalid'))[0]).toBe('ok')
})

test('the clock is compared with others, if there are any', () => {
  const other = (ms: number) => [{ name: 'BASE_URL', date: new Date(NOW.getTime() + ms) }]
  expect([
    checkClock(NOW, other(1000)).status,
    checkClock(NOW, other(-40_000)).status,
    checkClock(NOW, [{ name: 'BASE_URL', date: null }]).status,
  ]).toEqual(['ok', 'failed', 'unknown'])
})

test('DATA_DIR: writable with room, absent, nearly full', () => {
  expect([
    checkDataDir(folder).status,
    checkDataDir(join(folder, 'absent')).status,
    judgeRoom(folder, 1000).status,
    judgeRoom(folder, 1e10).status,
  ]).toEqual(['ok', 'failed', 'failed', 'ok'])
})

test('the spool: nothing, under way, left lying, refused, unreadable', () => {
  const statuses: string[] = [checkSpool(folder, NOW).status]
  const spool = join(folder, 'spool')
  mkdirSync(spool)
  const segment = join(spool, 'x.000001.seg')
  const write = (path: string, at: Date) => {
    writeFileSync(path, 'x')
    utimesSync(path, at, at)
  }
  write(segment, NOW)
  statuses.push(checkSpool(folder, NOW).status)
  statuses.push(checkSpool(folder, new Date(NOW.getTime() + 120_000)).status)
  rmSync(segment)
  statuses.push(checkSpool(folder, NOW).status)
  write(join(spool, 'rejected.jsonl'), NOW)
  statuses.push(checkSpool(folder, NOW).status)
  rmSync(spool, { recursive: true })
  writeFileSync(spool, 'no folder')
  statuses.push(checkSpool(folder, NOW).status)
  expect(statuses).toEqual(['ok', 'ok', 'failed', 'ok', 'failed', 'unknown'])
})

test.each([
  [{}, 'unknown'],
  [{ MAIL_SERVER: 'm' }, 'failed'],
  [{ MAIL_SERVER: 'm', MAIL_DEFAULT_SENDER: 'a@b.c', MAIL_USERNAME: 'u' }, 'failed'],
  [{ MAIL_SERVER: 'm', MAIL_DEFAULT_SENDER: 'a@b.c' }, 'ok'],
] as const)('mail settings %j: %s', (settings, status) => {
  const given = { MAIL_DEFAULT_SENDER: undefined, MAIL_USERNAME: undefined, MAIL_PASSWORD: undefined }
  expect(checkMailSettings({ MAIL_SERVER: undefined, ...given, ...settings }).status).toBe(status)
})
