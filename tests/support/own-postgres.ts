import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { chownSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import postgres from 'postgres'
import { provideBinaries } from '#src/db/embedded-binaries.ts'
import { freePort } from './free-port.ts'

const UNPRIVILEGED = 65534
const START_MS = 20_000

export type OwnPostgres = {
  url: string
  /** Makes an empty database; its URL. */
  newDatabase: (name: string) => Promise<string>
  start: () => Promise<void>
  /** Ends every connection and stops the server, as an administrator does. */
  stop: () => Promise<void>
  remove: () => Promise<void>
}

/** A PostgreSQL of a test's own, with the settings it ships with (it waits for the disk), to be stopped and started. */
export const ownPostgres = async (): Promise<OwnPostgres> => {
  const root = process.getuid?.() === 0
  const directory = mkdtempSync('/tmp/prospectlab-postgres-')
  if (root) chownSync(directory, UNPRIVILEGED, UNPRIVILEGED)
  const identity = root ? { uid: UNPRIVILEGED, gid: UNPRIVILEGED } : null
  const native = (await provideBinaries({ directory, identity, searches: false })).directory
  const data = join(directory, 'data')
  const options = { ...identity, cwd: directory }
  const made = spawnSync(
    join(native, 'bin/initdb'),
    ['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync'],
    { ...options, encoding: 'utf8' },
  )
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr || made.error?.message}`)
  const port = freePort()
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  let running: ChildProcess | null = null
  endWithThisProcess(directory)

  const start = async () => {
    const settings = ['listen_addresses=127.0.0.1', `unix_socket_directories=${directory}`]
    running = spawn(
      join(native, 'bin/postgres'),
      ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
      { ...options, stdio: 'ignore' },
    )
    const sql = postgres(url, { max: 1, onnotice: () => {} })
    const deadline = Date.now() + START_MS
    while (
      !(await sql`SELECT 1`.then(
        () => true,
        () => false,
      ))
    )
      if (Date.now() > deadline) throw new Error('the PostgreSQL of this test did not start')
    await sql.end()
  }
  const end = async (signal: NodeJS.Signals) => {
    const ended = running
    running = null
    if (ended === null) return
    const gone = new Promise((resolve) => ended.once('exit', resolve))
    ended.kill(signal)
    await gone
  }
  const newDatabase = async (name: string) => {
    const sql = postgres(url, { max: 1 })
    await sql.unsafe(`CREATE DATABASE ${name}`)
    await sql.end()
    return url.replace(/[^/]+$/, name)
  }
  return {
    url,
    newDatabase,
    start,
    stop: () => end('SIGINT'),
    remove: async () => {
      await end('SIGQUIT')
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

// A run that is killed leaves nothing behind: its end closes a pipe.
const endWithThisProcess = (directory: string): void => {
  const script = 'cat >/dev/null; kill -QUIT "$(head -n 1 "$1/data/postmaster.pid")"; sleep 1; rm -rf "$1"'
  spawn('sh', ['-c', script, 'sh', directory], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  }).unref()
}
