import { afterAll, expect, test } from 'bun:test'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import postgres from 'postgres'
import { acquireEmbedded } from '#src/db/embedded.ts'
import type { Embedded } from '#src/db/embedded.ts'
import { openDatabase } from '#src/db/open.ts'
import { createLog, silentLog } from '#src/lib/log.ts'
import { postmasterOf, useEmbedded } from '#tests/support/embedded-processes.ts'
import { until } from '#tests/support/until.ts'
import { freePort } from '#tests/support/free-port.ts'

const MINUTE = 60_000
const root = mkdtempSync('/tmp/prospectlab-embedded-')
afterAll(() => rmSync(root, { recursive: true, force: true }), MINUTE)

const acquire = (
  dataDir: string,
  options: Partial<Parameters<typeof acquireEmbedded>[0]> = {},
): Promise<Embedded> => acquireEmbedded({ dataDir, log: silentLog, role: 'command', ...options })
const isAlive = (pid: number | null): boolean => {
  if (pid === null) return false
  try {
    process.kill(pid, 0)
    if (process.platform !== 'linux') return true
    return !/^\S+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}
const serverOf = (dataDir: string): number | null => postmasterOf(join(dataDir, 'postgres'))

test(
  'the first start makes a Unicode database with the extensions, and data outlive a stop',
  async () => {
    const dataDir = join(root, 'première fois')
    const first = await acquire(dataDir)
    const one = openDatabase(first.connection)
    await one.sql`CREATE EXTENSION pg_trgm`
    await one.sql`CREATE EXTENSION unaccent`
    await one.sql`CREATE TABLE kept AS SELECT unaccent('Léger') AS plain, lower('ÉLÈVE') AS small`
    await one.sql`CREATE UNIQUE INDEX ON kept (plain)`
    const again = one.sql.unsafe(`INSERT INTO kept VALUES ('Leger', '')`)
    expect(await again.catch((error: { detail?: string }) => error.detail)).toContain('Leger')
    await one.close()
    await first.release()
    expect(serverOf(dataDir)).toBeNull()
    const log = readFileSync(join(dataDir, 'postgres', 'server.log'), 'utf8')
    expect([/duplicate key/.test(log), /Leger/.test(log)]).toEqual([true, false])

    const second = await acquire(dataDir)
    const two = openDatabase(second.connection)
    expect([...(await two.sql`SELECT * FROM kept`)]).toEqual([{ plain: 'Leger', small: 'élève' }])
    await two.close()
    await second.release()
    await second.release()

    const modeOf = (name: string) => statSync(join(dataDir, 'postgres', name)).mode & 0o777
    expect([modeOf('password'), modeOf('cluster')]).toEqual([0o600, 0o700])
  },
  MINUTE,
)

test(
  'a wrong password is refused on the socket too',
  async () => {
    const dataDir = join(root, 'password')
    const embedded = await acquire(dataDir)
    const { sql, close } = openDatabase({ ...embedded.connection, password: 'guessed' })
    await expect(sql`SELECT 1`.then(() => 'in')).rejects.toThrow('password authentication failed')
    await close()
    await embedded.release()
  },
  MINUTE,
)

test(
  'commands and serve share one server, and only the last to leave stops it',
  async () => {
    const dataDir = join(root, 'shared')
    const starter = await useEmbedded(dataDir)
    const pid = serverOf(dataDir)
    const serving = await useEmbedded(dataDir, 'serve')
    const joined = await acquire(dataDir)
    expect([starter.said.visits, serving.said.visits, serverOf(dataDir)]).toEqual([1, 2, pid])

    await starter.leave()
    await joined.release()
    expect(isAlive(pid)).toBe(true)

    const second = await useEmbedded(dataDir, 'serve')
    expect(second.said).toMatchObject({ code: 'already_serving' })
    expect(second.said.message).toContain(dataDir)

    await serving.leave()
    expect(isAlive(pid)).toBe(false)
    const again = await useEmbedded(dataDir, 'serve')
    expect(again.said.visits).toBe(3)
    await again.leave()
  },
  MINUTE,
)

test(
  'a server left behind by kill -9 is adopted and stopped by the next last user',
  async () => {
    const dataDir = join(root, 'killed')
    const serving = await useEmbedded(dataDir, 'serve')
    const pid = serverOf(dataDir)
    await serving.kill()
    expect(isAlive(pid)).toBe(true)
    const next = await useEmbedded(dataDir, 'serve')
    expect([next.said.visits, serverOf(dataDir)]).toEqual([2, pid])
    await next.leave()
    expect(next.log()).toContain('adopted')
    expect(isAlive(pid)).toBe(false)
  },
  MINUTE,
)

test(
  'after a crash of everything it starts again, also when the old process number is now another PostgreSQL',
  async () => {
    const dataDir = join(root, 'crashed')
    const file = join(dataDir, 'postgres/cluster/postmaster.pid')
    const serving = await useEmbedded(dataDir, 'serve')
    const pid = serverOf(dataDir)
    await serving.kill()
    process.kill(pid ?? 0, 'SIGKILL')
    await until('the postmaster is gone', () => !isAlive(pid))
    // Of the same user: one that PostgreSQL itself would take for the owner of the file.
    const other = await acquire(join(root, 'other'))
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^\d+/, String(serverOf(join(root, 'other')))))

    const next = await useEmbedded(dataDir, 'serve')
    expect(next.said.visits).toBe(2)
    await next.leave()
    expect(isAlive(serverOf(join(root, 'other')))).toBe(true)
    await other.release()
  },
  MINUTE,
)

test(
  'a server that dies under its users is started again under the same address',
  async () => {
    const dataDir = join(root, 'lost')
    const embedded = await acquire(dataDir)
    const { sql, close } = openDatabase(embedded.connection, { max: 1 })
    await sql`CREATE TABLE kept AS SELECT 7 AS seven`
    const pid = serverOf(dataDir) ?? 0
    process.kill(pid, 'SIGKILL')
    await until('another server runs', () => serverOf(dataDir) !== pid && isAlive(serverOf(dataDir)), MINUTE)
    await until(
      'the data can be read again',
      () =>
        sql`SELECT seven FROM kept`.then(
          () => true,
          () => false,
        ),
      MINUTE,
    )
    await close()
    await embedded.release()
    expect(serverOf(dataDir)).toBeNull()
  },
  MINUTE,
)

test(
  'a server that another program is stopping is waited for and started again',
  async () => {
    const dataDir = join(root, 'stopping')
    const first = await useEmbedded(dataDir)
    const pid = serverOf(dataDir) ?? 0
    // A smart shutdown waits for the connection of the first user, which now dies without leaving.
    process.kill(pid, 'SIGTERM')
    const second = useEmbedded(dataDir)
    await first.kill()
    expect((await second).said.visits).toBe(2)
    expect(serverOf(dataDir)).not.toBe(pid)
    await (await second).leave()
  },
  MINUTE,
)

test(
  'two data directories run side by side, one under a path too long for a socket',
  async () => {
    const long = join(root, 'très-long/'.repeat(12))
    const [one, two] = await Promise.all([acquire(join(root, 'side')), acquire(long)])
    expect(one.connection.host).not.toBe(two.connection.host)
    expect(Buffer.byteLength(two.connection.host)).toBeLessThan(90)
    const database = openDatabase(two.connection)
    expect((await database.sql`SELECT 1 AS one`)[0]?.one).toBe(1)
    await database.close()
    await Promise.all([one.release(), two.release()])
  },
  MINUTE,
)

test(
  'DATABASE_LISTEN opens TCP to the allowed networks, encrypted and with the password only',
  async () => {
    const dataDir = join(root, 'listening')
    const closed = await useEmbedded(dataDir)
    await closed.kill()
    const lines: string[] = []
    const listen = { address: '127.0.0.1', port: freePort() }
    const log = createLog((line) => lines.push(line))
    const embedded = await acquire(dataDir, { listen, listenAllow: ['127.0.0.1/32'], log })
    const { user, password, database } = embedded.connection
    const over = (settings: object) => {
      const sql = postgres({
        host: listen.address,
        port: listen.port,
        user,
        password,
        database,
        max: 1,
        ...settings,
      })
      return sql`SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()`
        .then(
          ([row]) => row?.ssl,
          (error: Error) => error.message,
        )
        .finally(() => sql.end())
    }
    expect(await over({ ssl: { rejectUnauthorized: false } })).toBe(true)
    expect(await over({ ssl: false })).toContain('no pg_hba.conf entry')
    expect(await over({ ssl: { rejectUnauthorized: false }, password: 'guessed' })).toContain(
      'authentication failed',
    )
    const unlisted = await acquire(dataDir, { listen, listenAllow: ['192.0.2.0/24'] })
    await until('the new rules hold', async () =>
      String(await over({ ssl: { rejectUnauthorized: false } })).includes('no pg_hba.conf entry'),
    )
    await unlisted.release()
    await embedded.release()
  },
  MINUTE,
)

test('a DATA_DIR that cannot be made is one clear error', async () => {
  writeFileSync(join(root, 'a file'), '')
  await expect(acquire(join(root, 'a file/data'))).rejects.toMatchObject({ code: 'data_dir' })
})
