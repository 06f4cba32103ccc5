import { expect, test } from 'bun:test'
import { addUser } from '#src/auth/users.ts'
import { migrateDatabase } from '#src/db/migrate.ts'
import { openDatabase } from '#src/db/open.ts'
import { startTestServer } from '#tests/support/postgres.ts'
import { runProgram, startProgram, temporaryFolder } from '#tests/support/product.ts'
import { freePort } from '#tests/support/free-port.ts'
import { until } from '#tests/support/until.ts'

const START_MS = 30_000
const server = await startTestServer()

const settings = (dataDir: string, extra: Record<string, string>): Record<string, string> => ({
  HOST: '127.0.0.1',
  DATA_DIR: dataDir,
  ...extra,
})

test(
  'a database that is made after the start is taken up without a restart',
  async () => {
    const folder = temporaryFolder('serve')
    const name = `late_${Date.now()}`
    const port = freePort()
    const program = startProgram(['serve'], {
      env: settings(folder.path, { PORT: String(port), DATABASE_URL: server.url(name) }),
    })
    const status = async () =>
      (await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => null))?.status ?? program.log()
    await until('503 while there is no database', async () => (await status()) === 503, START_MS)
    await until('a line that says so', () => program.log().includes(`"${name}\\" does not exist`), START_MS)
    await server.admin.unsafe(`CREATE DATABASE ${name}`)
    await until('200 once it is there', async () => (await status()) === 200, START_MS)
    expect(program.log().match(/cannot be reached/g)).toHaveLength(1)
    expect(await program.stop()).toBe(0)
    await server.admin.unsafe(`DROP DATABASE ${name} WITH (FORCE)`)
    folder.remove()
  },
  3 * START_MS,
)

test(
  'after an update it is not well before the tables are those of the new version',
  async () => {
    const folder = temporaryFolder('update')
    const name = `updated_${Date.now()}`
    await server.admin.unsafe(`CREATE DATABASE ${name}`)
    const { db, sql, close } = openDatabase({ url: server.url(name) }, { max: 3 })
    await migrateDatabase(sql)
    await addUser({ db }, { email: 'anne@example.org', password: 'nine-long-words-here', role: 'admin' })
    // Another node is at it.
    const migrating = await sql.reserve()
    await migrating`SELECT pg_advisory_lock(7203441)`
    const port = freePort()
    const env = settings(folder.path, { PORT: String(port), DATABASE_URL: server.url(name) })
    const program = startProgram(['serve'], { env })
    const health = async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => null)
      return answer && [answer.status, ((await answer.json()) as { status: string }).status]
    }
    await until('an answer', async () => (await health()) !== null, START_MS)
    expect(await health()).toEqual([503, 'starting'])
    await migrating`SELECT pg_advisory_unlock(7203441)`
    migrating.release()
    await until('all is well', async () => (await health())?.[0] === 200, START_MS)
    expect(await program.stop()).toBe(0)
    await close()
    await server.admin.unsafe(`DROP DATABASE ${name} WITH (FORCE)`)
    folder.remove()
  },
  3 * START_MS,
)

test(
  'a command says in one line that the database cannot be reached',
  async () => {
    const folder = temporaryFolder('command')
    const urls = [`postgres://nobody@127.0.0.1:${freePort()}/none`, server.url('no_such_database')]
    for (const DATABASE_URL of urls) {
      const { code, errors } = await runProgram(['user', 'list'], {
        env: settings(folder.path, { DATABASE_URL }),
      })
      expect([code, errors]).toEqual([1, expect.stringMatching(/^prospectlab: the database [^\n]+\n$/)])
    }
    folder.remove()
  },
  START_MS,
)

test(
  'an address that cannot be listened on is one line that names the variable',
  async () => {
    const folder = temporaryFolder('address')
    const { code, errors } = await runProgram(['serve'], {
      env: settings(folder.path, { HOST: '203.0.113.7', PORT: '0', DATABASE_URL: server.url('none') }),
    })
    expect([code, errors]).toEqual([2, expect.stringMatching(/^prospectlab: HOST: [^\n]+\n$/)])
    folder.remove()
  },
  START_MS,
)
