import { beforeAll, expect, test } from 'bun:test'
import { openDatabase, type Connection, type Sql } from '#src/db/open.ts'
import { findOldLink, insertHits } from '#src/tracking/queries.ts'
import { emptyDatabase, testDatabase } from '#tests/support/database.ts'
import { migrateDatabase } from '#src/db/migrate.ts'

const { sql: owner, url, beforeClose } = await testDatabase()
const role = `${new URL(url).pathname.slice(1)}_edge`
let edge: Sql
type Place = Exclude<Connection, { url: string }>

beforeAll(async () => {
  await owner.unsafe(`CREATE ROLE ${role} LOGIN`)
  await owner`SELECT grant_edge_role()`
  const address = new URL(url)
  address.username = role
  const opened = openDatabase({ url: address.href }, { max: 1 })
  edge = opened.sql
  beforeClose(async () => {
    await opened.close()
    await owner.unsafe(`DROP OWNED BY ${role}; DROP ROLE ${role}`)
  })
})

const codeOf = (statement: string): Promise<string> =>
  edge.unsafe(statement).then(
    () => 'done',
    (error: { code?: string }) => String(error.code),
  )
const REFUSED = '42501'

type Named = { name: string; kind: string }
const relations = () => owner<Named[]>`
  SELECT c.oid::regclass::text AS name, c.relkind AS kind FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')`

test('the role is named after the database, within 63 bytes', async () => {
  const [row] = await owner`SELECT edge_role() AS name`
  expect(row?.name).toBe(role)
})

test('a database with a very long name has a role of its own all the same', async () => {
  const long = await emptyDatabase()
  const admin = openDatabase(long.connection, { max: 1 })
  const name = `${'é'.repeat(20)}${'x'.repeat(23)}`
  try {
    await admin.sql.unsafe(`CREATE DATABASE "${name}"`)
    const there = openDatabase({ ...(long.connection as Place), database: name }, { max: 2 })
    await migrateDatabase(there.sql)
    const [row] = await there.sql<{ name: string }[]>`SELECT edge_role() AS name`
    await there.close()
    expect(row?.name).toEndWith('_edge')
    expect(Buffer.byteLength(row?.name ?? '')).toBeLessThanOrEqual(63)
    expect(row?.name).not.toBe(name)
  } finally {
    await admin.sql.unsafe(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`)
    await admin.close()
  }
})

test('events are put into the inbox, and nothing else can be done with it', async () => {
  const hit = {
    event_id: Bun.randomUUIDv7(),
    type: 'open',
    at: '2026-11-22T12:00:00.000Z',
    message: null,
    campaign_id: null,
    link: null,
    facts: { method: 'GET' },
    detail: null,
  }
  await insertHits(edge, [JSON.stringify(hit)])
  const [kept] = await owner`SELECT type FROM tracking_inbox WHERE event_id = ${hit.event_id}`
  expect(kept?.type).toBe('open')
  for (const statement of [
    'SELECT * FROM tracking_inbox',
    'SELECT ctid FROM tracking_inbox',
    "UPDATE tracking_inbox SET type = 'click'",
    'DELETE FROM tracking_inbox',
    'TRUNCATE tracking_inbox',
    'DO $$ BEGIN LOCK TABLE tracking_inbox IN ACCESS EXCLUSIVE MODE; END $$',
    'COPY tracking_inbox TO STDOUT',
    'ALTER TABLE tracking_inbox ADD COLUMN x int',
    'DROP TABLE tracking_inbox',
    'CREATE INDEX ON tracking_inbox (at)',
    `INSERT INTO tracking_inbox (event_id, type, at, facts) VALUES (gen_random_uuid(), 'open', now(), '{}') RETURNING event_id`,
  ])
    expect([statement, await codeOf(statement)]).toEqual([statement, REFUSED])
})

test('old-form links are asked for by message and by no other way', async () => {
  const [message] = await owner<{ id: number }[]>`
    INSERT INTO messages (token, recipient, subject, opens, clicks)
    VALUES ('old-token-of-a-message', 'a@example.org', 's', 'individual', 'individual') RETURNING id`
  await owner`INSERT INTO message_links (message_id, position, target)
    VALUES (${message!.id}, 0, 'https://example.org/')`
  expect(await findOldLink(edge, 'old-token-of-a-message', ['https://example.org/'])).toBe(
    'https://example.org/',
  )
  expect(await findOldLink(edge, 'old-token-of-a-message', ['https://example.org/x'])).toBeNull()
})

test('every view of the API can be read and not written; every table, other view and sequence is closed', async () => {
  const all = await relations()
  expect(all.length).toBeGreaterThan(30)
  for (const { name, kind } of all) {
    if (name === 'tracking_inbox') continue
    const open = kind === 'v' && name.startsWith('api_')
    const expected = open ? 'done' : REFUSED
    const read = kind === 'S' ? `SELECT last_value FROM ${name}` : `SELECT * FROM ${name} LIMIT 0`
    expect([name, await codeOf(read)]).toEqual([name, expected])
    if (kind === 'S') expect([name, await codeOf(`SELECT nextval('${name}')`)]).toEqual([name, REFUSED])
    else {
      expect([name, await codeOf(`COPY (SELECT * FROM ${name} LIMIT 0) TO STDOUT`)]).toEqual([name, expected])
      const remove = await codeOf(`DELETE FROM ${name}`)
      // 55000: a view that nobody could write to.
      expect([name, [REFUSED, '55000'].includes(remove) ? 'closed' : remove]).toEqual([name, 'closed'])
    }
  }
})

test('only the functions of the API, track_link and fold can be called', async () => {
  const functions = await owner<{ name: string; call: string; usable: boolean }[]>`
    SELECT p.proname AS name, has_function_privilege(${role}, p.oid, 'EXECUTE') AS usable
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')`
  for (const { name, usable } of functions)
    expect([name, usable]).toEqual([name, /^(api_.*|track_link|fold)$/.test(name)])
  expect(await codeOf('SELECT grant_edge_role()')).toBe(REFUSED)
  expect(await codeOf('SELECT * FROM edge_rights()')).toBe(REFUSED)
})

test('every function that runs with the rights of its owner has a fixed search path', async () => {
  const loose = await owner`
    SELECT p.oid::regprocedure::text AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = 'public' AND p.prosecdef
      AND NOT coalesce(array_to_string(p.proconfig, ' ') LIKE '%search_path=%', false)`
  expect(loose.map(({ name }) => name)).toEqual([])
})

test.each([
  'CREATE TABLE x (y int)',
  'CREATE TEMPORARY TABLE x (y int)',
  'CREATE SCHEMA x',
  'CREATE FUNCTION x() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
  'CREATE VIEW x AS SELECT 1',
  'CREATE EXTENSION dblink',
  'CREATE ROLE x',
  'CREATE DATABASE x',
  "COPY (SELECT 1) TO PROGRAM 'true'",
  "COPY tracking_inbox FROM PROGRAM 'true'",
  "COPY tracking_inbox FROM '/etc/passwd'",
  "COPY (SELECT 1) TO '/tmp/x'",
  'SET ROLE postgres',
  'SET SESSION AUTHORIZATION postgres',
  'SET session_replication_role = replica',
  "SELECT pg_read_file('/etc/passwd')",
  "SELECT pg_ls_dir('.')",
  "SELECT lo_import('/etc/passwd')",
  'SELECT * FROM pg_authid',
  'SELECT * FROM pg_shadow',
  'SELECT * FROM pg_largeobject',
  'SELECT * FROM pg_hba_file_rules',
  'SELECT pg_reload_conf()',
  'ALTER SYSTEM SET fsync = off',
  'ALTER DEFAULT PRIVILEGES FOR ROLE postgres GRANT SELECT ON TABLES TO PUBLIC',
  'GRANT SELECT ON companies TO PUBLIC',
  'REASSIGN OWNED BY postgres TO CURRENT_USER',
  'DO $$ BEGIN PERFORM count(*) FROM companies; END $$',
  'EXPLAIN SELECT * FROM companies',
  'SELECT * FROM drizzle.__drizzle_migrations',
  'COMMENT ON TABLE companies IS NULL',
  "SELECT query_to_xml('SELECT * FROM companies', true, true, '')",
  "SELECT table_to_xml('companies', true, true, '')",
  "SELECT ts_stat('SELECT name FROM companies')",
])('is refused: %s', async (statement) => {
  const code = await codeOf(statement)
  expect([statement, code]).toEqual([statement, REFUSED])
})

test('sessions of others cannot be ended', async () => {
  const [row] = await owner<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`
  expect(await codeOf(`SELECT pg_terminate_backend(${row?.pid})`)).toBe(REFUSED)
  expect(await codeOf(`SELECT pg_cancel_backend(${row?.pid})`)).toBe(REFUSED)
})

test('statistics of columns and what others ask are hidden', async () => {
  const columns = await edge`SELECT 1 FROM pg_stats WHERE schemaname = 'public' AND tablename = 'companies'`
  const others = await edge`
    SELECT query FROM pg_stat_activity WHERE usename IS DISTINCT FROM current_user AND query !~ 'insufficient privilege|^$'`
  expect([columns.length, others.length]).toEqual([0, 0])
})

test('what is made later is closed too, and what was given by hand is taken back', async () => {
  await owner.unsafe(`
    CREATE TABLE later (x int); CREATE FUNCTION later_too() RETURNS int LANGUAGE sql AS 'SELECT 1';
    GRANT SELECT ON companies TO ${role}; GRANT USAGE ON SCHEMA drizzle TO ${role};
    GRANT UPDATE (type) ON tracking_inbox TO ${role}`)
  expect(await codeOf('SELECT * FROM later')).toBe(REFUSED)
  expect(await codeOf('SELECT later_too()')).toBe(REFUSED)
  expect(await codeOf('SELECT 1 FROM companies')).toBe('done')
  await owner`SELECT grant_edge_role()`
  expect(await codeOf('SELECT 1 FROM companies')).toBe(REFUSED)
  expect(await codeOf("UPDATE tracking_inbox SET type = 'x'")).toBe(REFUSED)
  const [row] = await owner`SELECT has_schema_privilege(${role}, 'drizzle', 'USAGE') AS open`
  expect(row?.open).toBe(false)
  await owner.unsafe('DROP TABLE later; DROP FUNCTION later_too()')
})
