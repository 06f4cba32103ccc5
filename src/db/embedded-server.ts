import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
} from 'node:fs'
import { readlinkSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '#src/lib/errors.ts'
import type { Log } from '#src/lib/log.ts'
import type { Binaries } from './embedded-binaries.ts'
import { provideCertificate } from './embedded-certificate.ts'
import { clusterDirectory } from './embedded-cluster.ts'
import { commandAs, giveToOwnerOf } from './embedded-place.ts'
import type { Place } from './embedded-place.ts'

const START_WITHIN_MS = 60_000
const FAST_STOP_WITHIN_MS = 8_000
const POLL_MS = 5
const RETRY_MS = 300
const TRIES = 10
// sun_path holds 107 bytes on Linux, 103 on macOS, of which "/.s.PGSQL.65535" takes 15.
const SOCKET_DIRECTORY_BYTES = 85
const SHORT_PREFIX = '/tmp/prospectlab-'
const SERVER_LOG_BYTES = 5_000_000
// Above any real process number: PostgreSQL then looks at the shared memory that the file names, and not at it.
const DEAD_PID = 2_147_483_646
const SOCKET_PORT = 5432
// Root never writes through a link that the folder's owner may have laid.
const APPEND_HERE = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW

/** A running PostgreSQL of this place, as its postmaster.pid tells. */
export type Running = { pid: number; port: number; socketDirectory: string }

/** Where TCP is opened, off by default, and which networks (CIDR) may come. */
export type Listening = { listen?: { address: string; port: number }; listenAllow?: string[] }

// For a small server: memory is for the crawl and its pages too.
const SETTINGS = {
  shared_buffers: '96MB',
  // DETAIL and STATEMENT repeat values of rows, which are people's data.
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
  effective_cache_size: '768MB',
  work_mem: '16MB',
  maintenance_work_mem: '96MB',
  max_connections: '80',
  max_wal_size: '1GB',
  wal_compression: 'on',
  random_page_cost: '1.1',
  jit: 'off',
  unix_socket_permissions: '0700',
  log_checkpoints: 'off',
  log_min_messages: 'warning',
  password_encryption: 'scram-sha-256',
  timezone: 'UTC',
  log_timezone: 'UTC',
}

/** The server that runs on this place's cluster, whoever started it, or null. */
export const findRunning = (place: Place): Running | null => {
  const lines = readPidFile(place)
  const [pid, , , port, socketDirectory, , , status] = lines
  if (!isServerOf(place, Number(pid)) || status?.trim() !== 'ready') return null
  return { pid: Number(pid), port: Number(port), socketDirectory: socketDirectory ?? '' }
}

/** Whether a server is there at all, be it still starting or already stopping. */
export const isAnyRunning = (place: Place): boolean => isServerOf(place, Number(readPidFile(place)[0]))

/** Waits while a server that someone else started or stops is neither ready nor gone. */
export const waitSettled = async (place: Place): Promise<Running | null> => {
  const deadline = Date.now() + START_WITHIN_MS
  while (findRunning(place) === null && isAnyRunning(place) && Date.now() < deadline) await Bun.sleep(POLL_MS)
  return findRunning(place)
}

const pidFile = (place: Place): string => join(clusterDirectory(place), 'postmaster.pid')

const readPidFile = (place: Place): string[] => {
  try {
    return readFileSync(pidFile(place), 'utf8').split('\n')
  } catch {
    return []
  }
}

// After a crash the number may belong to another program: only a postgres working in this cluster is ours.
const isServerOf = (place: Place, pid: number): boolean => {
  if (!Number.isInteger(pid) || pid <= 1) return false
  const cluster = clusterDirectory(place)
  if (process.platform !== 'linux') {
    const listing = Bun.spawnSync(['ps', '-o', 'command=', '-p', String(pid)]).stdout.toString()
    return listing.includes('postgres') && listing.includes(cluster)
  }
  try {
    const [program = '', ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    if (!program.endsWith('postgres')) return false
    return args.includes(cluster) || readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster)
  } catch {
    return false
  }
}

/** Whether that server was started with what this program would start it with now. */
export const runsAsWanted = (
  place: Place,
  running: Running,
  binaries: Binaries,
  listening: Listening,
): boolean => {
  const options = readFileSync(join(clusterDirectory(place), 'postmaster.opts'), 'utf8')
  const wanted = serverArguments(place, running.socketDirectory, binaries, listening)
  return options.trim().endsWith(wanted.map((argument) => `"${argument}"`).join(' '))
}

const serverArguments = (
  place: Place,
  socketDirectory: string,
  binaries: Binaries,
  listening: Listening,
): string[] => {
  const { listen } = listening
  const settings: Record<string, string> = {
    ...SETTINGS,
    cluster_name: binaries.key,
    unix_socket_directories: socketDirectory.replaceAll(',', '\\,'),
    listen_addresses: listen?.address ?? '',
    port: String(listen?.port ?? SOCKET_PORT),
    ssl: listen === undefined ? 'off' : 'on',
  }
  return [
    '-D',
    clusterDirectory(place),
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]
}

/** Writes who may connect and how; a running server is told to read it again. */
export const writeAccessRules = (place: Place, listening: Listening, running: Running | null): void => {
  const networks = listening.listen === undefined ? [] : (listening.listenAllow ?? [])
  const rules = [
    'local all all scram-sha-256',
    ...networks.map((network) => `hostssl all all ${network} scram-sha-256`),
  ]
  const file = join(clusterDirectory(place), 'pg_hba.conf')
  const text = `${rules.join('\n')}\n`
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return
  writeOwned(place, file, text)
  if (running !== null) process.kill(running.pid, 'SIGHUP')
}

const writeOwned = (place: Place, file: string, text: string): void => {
  rmSync(`${file}.new`, { force: true })
  writeFileSync(`${file}.new`, text, { mode: 0o600, flag: 'wx' })
  if (place.identity !== null) lchownSync(`${file}.new`, place.identity.uid, place.identity.gid)
  renameSync(`${file}.new`, file)
}

/** Starts PostgreSQL in a session of its own (Ctrl-C reaches the program first) and waits until it answers.
 *  `socketDirectory`: where clients already look for it, when it was lost under them. */
export const startServer = async (
  place: Place,
  binaries: Binaries,
  listening: Listening,
  log: Log,
  socketDirectory?: string,
): Promise<Running> => {
  if (listening.listen !== undefined) {
    for (const { name, text } of await provideCertificate(clusterDirectory(place))) {
      writeOwned(place, join(clusterDirectory(place), name), text)
    }
  }
  const logFile = join(place.directory, 'server.log')
  if (existsSync(logFile) && statSync(logFile).size > SERVER_LOG_BYTES) renameSync(logFile, `${logFile}.1`)
  let socket = makeSocketDirectory(place, socketDirectory ?? shortDirectory(place))
  for (let attempt = 1; ; attempt++) {
    disarmStalePid(place)
    const before = existsSync(logFile) ? statSync(logFile).size : 0
    const args = serverArguments(place, socket, binaries, listening)
    const running = await launch(place, binaries, args, logFile)
    if (running !== null) return running
    const said = readFileSync(logFile).subarray(before).toString('utf8')
    const noSocket = /could not (bind|create) Unix/.test(said)
    // Just after a crash of the postmaster its last children are still leaving the shared memory.
    const mayWork = noSocket || /pre-existing shared memory/.test(said)
    if (attempt >= TRIES || !mayWork) throw notStarting(said, logFile)
    log.warn('the embedded database is not ready to start; trying again', { attempt })
    // Some mounted folders hold no sockets.
    if (noSocket) socket = makeSocketDirectory(place, mkdtempSync(SHORT_PREFIX))
    await Bun.sleep(RETRY_MS)
  }
}

const notStarting = (said: string, logFile: string): AppError => {
  const lines = said.trim().split('\n')
  const reason = lines.findLast((line) => /FATAL|ERROR|HINT/.test(line)) ?? lines.at(-1)
  const message = `the embedded database does not start: ${reason} (see ${logFile})`
  return new AppError('embedded_failed', message, { status: 503 })
}

const disarmStalePid = (place: Place): void => {
  const [pid, ...rest] = readPidFile(place)
  if (pid === undefined || rest.length === 0 || isServerOf(place, Number(pid))) return
  writeOwned(place, pidFile(place), [DEAD_PID, ...rest].join('\n'))
}

// Too long a path of a socket is fatal.
const shortDirectory = (place: Place): string => {
  const inside = join(place.directory, 'socket')
  return Buffer.byteLength(inside) > SOCKET_DIRECTORY_BYTES ? mkdtempSync(SHORT_PREFIX) : inside
}

const makeSocketDirectory = (place: Place, directory: string): string => {
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(directory, { mode: 0o700 })
  chmodSync(directory, 0o700)
  if (place.identity !== null) lchownSync(directory, place.identity.uid, place.identity.gid)
  return directory
}

const launch = async (
  place: Place,
  binaries: Binaries,
  args: string[],
  logFile: string,
): Promise<Running | null> => {
  const { prefix, options } = commandAs(place)
  const output = openSync(logFile, APPEND_HERE, 0o600)
  giveToOwnerOf(place.directory, logFile)
  const child = Bun.spawn([...prefix, join(binaries.directory, 'bin/postgres'), ...args], {
    ...options,
    cwd: '/',
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    stdio: ['ignore', output, output],
    detached: true,
  })
  closeSync(output)
  const deadline = Date.now() + START_WITHIN_MS
  while (child.exitCode === null && child.signalCode === null && Date.now() < deadline) {
    const running = findRunning(place)
    if (running !== null) {
      child.unref()
      return running
    }
    await Bun.sleep(POLL_MS)
  }
  child.kill('SIGQUIT')
  await child.exited
  return null
}

/** Stops the server and waits for it: connections are ended, nothing committed is lost. */
export const stopServer = async (place: Place, running: Running): Promise<void> => {
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    if (isServerOf(place, running.pid)) process.kill(running.pid, signal)
    const deadline = Date.now() + FAST_STOP_WITHIN_MS
    while (Date.now() < deadline) {
      if (!isServerOf(place, running.pid)) {
        rmSync(running.socketDirectory, { recursive: true, force: true })
        return
      }
      await Bun.sleep(POLL_MS)
    }
  }
  throw new AppError('embedded_failed', `the embedded database (process ${running.pid}) does not stop`, {
    status: 503,
  })
}
