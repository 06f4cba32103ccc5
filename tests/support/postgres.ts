import { spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import postgres from 'postgres'
import { provideBinaries } from '#src/db/embedded-binaries.ts'
import type { Connection } from '#src/db/open.ts'
import { freePort } from './free-port.ts'

const UNPRIVILEGED = 65534
const START_DEADLINE_MS = 20_000

type TestServer = {
  admin: postgres.Sql
  connection: (database: string) => Connection & { host: string; port: number }
  url: (database: string) => string
  once: (key: string, action: () => Promise<void>) => Promise<void>
}

// Bun runs every test file in one process: the server is started by the first that asks.
const shared = globalThis as { testServer?: Promise<TestServer> }

/** One PostgreSQL for the whole run: in a temporary directory, without fsync, gone with this process. */
export const startTestServer = (): Promise<TestServer> => (shared.testServer ??= start())

const start = async (): Promise<TestServer> => {
  const root = process.getuid?.() === 0
  const directory = mkdtempSync('/tmp/prospectlab-test-')
  if (root) chownSync(directory, UNPRIVILEGED, UNPRIVILEGED)
  const identity = root ? { uid: UNPRIVILEGED, gid: UNPRIVILEGED } : {}
  const native = process.env.TEST_POSTGRES ?? (await runnableBinaries(directory, root))
  const data = join(directory, 'data')
  const made = spawnSync(
    join(native, 'bin/initdb'),
    ['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync'],
    { ...identity, encoding: 'utf8', cwd: directory },
  )
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr || made.error?.message}`)

  const port = freePort()
  const options = [
    'fsync=off',
    'synchronous_commit=off',
    'full_page_writes=off',
    'max_connections=200',
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${directory}`,
  ]
  const child = spawn(
    join(native, 'bin/postgres'),
    ['-D', data, '-p', String(port), ...options.flatMap((option) => ['-c', option])],
    { ...identity, cwd: directory, stdio: 'ignore', detached: true },
  )
  child.unref()
  stopWithThisProcess(child.pid ?? 0, directory)

  const connection = (database: string) => ({
    host: '127.0.0.1',
    port,
    user: 'postgres',
    password: '',
    database,
  })
  const admin = postgres({
    host: '127.0.0.1',
    port,
    user: 'postgres',
    database: 'postgres',
    max: 2,
    onnotice: () => {},
  })
  const deadline = Date.now() + START_DEADLINE_MS
  while (
    !(await admin`SELECT 1`.then(
      () => true,
      () => false,
    ))
  )
    if (Date.now() > deadline || !existsSync(directory)) throw new Error('the test PostgreSQL did not start')

  const done = new Map<string, Promise<void>>()
  const once = (key: string, action: () => Promise<void>) => {
    if (!done.has(key)) done.set(key, action())
    return done.get(key)!
  }
  return { admin, connection, url: (database) => `postgres://postgres@127.0.0.1:${port}/${database}`, once }
}

// `bun test` fires no exit event, and a killed run fires none either: the end of this process closes a pipe, and
// a shell that waits on it stops the server.
const stopWithThisProcess = (pid: number, directory: string): void => {
  const watcher = spawn(
    'sh',
    ['-c', 'cat >/dev/null; kill -QUIT "$1"; sleep 1; rm -rf "$2"', 'sh', String(pid), directory],
    { stdio: ['pipe', 'ignore', 'ignore'], detached: true },
  )
  watcher.unref()
}

// A clone under a closed folder: root's unprivileged server cannot run what lies in its node_modules.
const runnableBinaries = async (directory: string, root: boolean): Promise<string> => {
  const identity = root ? { uid: UNPRIVILEGED, gid: UNPRIVILEGED } : null
  return (await provideBinaries({ directory, identity, searches: false })).directory
}
