import { afterAll } from 'bun:test'
import { randomBytes } from 'node:crypto'
import { startTestServer } from './postgres.ts'
import { migrateDatabase } from '#src/db/migrate.ts'
import { openDatabase, type Connection, type Db, type Sql } from '#src/db/open.ts'

export type TestDatabase = {
  db: Db
  sql: Sql
  connection: Connection & { database?: string }
  url: string
  /** What must end before the database goes; hooks of `afterAll` run in the order they were made, after it. */
  beforeClose: (end: () => unknown) => void
}

const CLOSE_MS = 30_000

const TEMPLATE = 'prospectlab_template'

/** A fresh, migrated database for this test file, dropped when the file is done. Call it once at the top:
 *  `const { db, sql } = await testDatabase()`. */
export const testDatabase = async (): Promise<TestDatabase> => {
  const server = await startTestServer()
  await server.once('template', async () => {
    await server.admin.unsafe(`CREATE DATABASE ${TEMPLATE}`)
    const template = openDatabase(server.connection(TEMPLATE), { max: 2 })
    await migrateDatabase(template.sql)
    await template.close()
  })
  const name = `test_${randomBytes(6).toString('hex')}`
  await server.admin.unsafe(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`)
  const opened = openDatabase(server.connection(name))
  const ends: (() => unknown)[] = []
  afterAll(async () => {
    for (const end of ends.toReversed()) await end()
    await opened.close()
    await server.admin.unsafe(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  }, CLOSE_MS)
  return {
    db: opened.db,
    sql: opened.sql,
    connection: server.connection(name),
    url: server.url(name),
    beforeClose: (end) => void ends.push(end),
  }
}

/** An empty database without tables, for what tests migrations or starts a whole program. */
export const emptyDatabase = async (): Promise<{
  url: string
  connection: Connection
  drop: () => Promise<void>
  /** What must end before the database goes. */
  beforeClose: (end: () => unknown) => void
}> => {
  const server = await startTestServer()
  const name = `test_${randomBytes(6).toString('hex')}`
  await server.admin.unsafe(`CREATE DATABASE ${name}`)
  const drop = async () => void (await server.admin.unsafe(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))
  const ends: (() => unknown)[] = []
  afterAll(async () => {
    for (const end of ends.toReversed()) await end()
    await drop()
  }, CLOSE_MS)
  return {
    url: server.url(name),
    connection: server.connection(name),
    drop,
    beforeClose: (end) => void ends.push(end),
  }
}
