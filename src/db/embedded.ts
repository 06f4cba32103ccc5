import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError, messageOf } from '#src/lib/errors.ts'
import type { Log } from '#src/lib/log.ts'
import { provideBinaries, removeOldBinaries } from './embedded-binaries.ts'
import { DATABASE_NAME, DATABASE_USER, provideCluster, readPassword } from './embedded-cluster.ts'
import { choosePlace, giveToOwnerOf } from './embedded-place.ts'
import type { Place } from './embedded-place.ts'
import {
  findRunning,
  isAnyRunning,
  runsAsWanted,
  startServer,
  stopServer,
  waitSettled,
  writeAccessRules,
} from './embedded-server.ts'
import type { Listening, Running } from './embedded-server.ts'
import { openLock, waitExclusive } from './lock.ts'
import type { FileLock } from './lock.ts'

const TURN_WITHIN_MS = 120_000
const WATCH_MS = 1000

export type EmbeddedConnection = {
  host: string
  port: number
  user: string
  password: string
  database: string
}

export type Embedded = {
  /** `host` is the folder of the Unix socket. */
  connection: EmbeddedConnection
  /** Leaves the database; the last process to leave stops it. May be called twice. */
  release: () => Promise<void>
}

/** Joins the PostgreSQL that runs on DATA_DIR, else starts it (made first when there is none). The users of one
 *  DATA_DIR each hold a lock that the kernel frees when they die, so a server left by a crash is adopted here.
 *  Throws AppError `already_serving` for a second `serve`, `embedded_…` when the server cannot run. */
export const acquireEmbedded = async (
  options: { dataDir: string; log: Log; role: 'serve' | 'command' } & Listening,
): Promise<Embedded> => {
  const { log, role } = options
  const dataDir = makeDataDir(options.dataDir)
  const place = inDataDir(dataDir, () => choosePlace(dataDir, log))
  const serving = role === 'serve' ? openOwnedLock(dataDir, 'serve.lock') : null
  if (serving !== null) claimServing(serving, dataDir)
  const using = openOwnedLock(dataDir, 'users.lock')
  const member: Member = { dataDir, place, log, listening: options, using, serving }
  try {
    const { running, password } = await inTurn(dataDir, () => enter(member))
    const watch = watchServer(member, running)
    const { socketDirectory: host, port } = running
    return {
      connection: { host, port, user: DATABASE_USER, password, database: DATABASE_NAME },
      release: once(async () => {
        await watch.stop()
        await inTurn(dataDir, () => leave(member))
      }),
    }
  } catch (error) {
    using.close()
    serving?.close()
    throw error
  }
}

/** What one user of a DATA_DIR holds while it uses the database. */
type Member = {
  dataDir: string
  place: Place
  log: Log
  listening: Listening
  using: FileLock
  serving: FileLock | null
}

const makeDataDir = (path: string): string =>
  inDataDir(path, () => {
    mkdirSync(path, { recursive: true, mode: 0o711 })
    return realpathSync(path)
  })

const inDataDir = <T>(path: string, use: () => T): T => {
  try {
    return use()
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('data_dir', `DATA_DIR ${path} cannot be used by this user: ${messageOf(error)}`, {
      cause: error,
    })
  }
}

const openOwnedLock = (dataDir: string, name: string): FileLock =>
  inDataDir(dataDir, () => {
    const path = join(dataDir, 'postgres', name)
    const lock = openLock(path)
    giveToOwnerOf(dataDir, path)
    return lock
  })

const claimServing = (serving: FileLock, dataDir: string): void => {
  const note = join(dataDir, 'postgres', 'serve.pid')
  if (serving.tryExclusive()) {
    rmSync(note, { force: true })
    writeFileSync(note, String(process.pid), { mode: 0o600, flag: 'wx' })
    giveToOwnerOf(dataDir, note)
    return
  }
  serving.close()
  const holder = existsSync(note) ? `process ${readFileSync(note, 'utf8').trim()}` : 'another process'
  throw new AppError(
    'already_serving',
    `${holder} already serves DATA_DIR ${dataDir}: stop it first, or set another DATA_DIR`,
  )
}

/** Starting, joining, leaving and stopping happen one at a time among all processes of a DATA_DIR. */
const inTurn = async <T>(dataDir: string, act: () => Promise<T>): Promise<T> => {
  const turn = openOwnedLock(dataDir, 'turn.lock')
  try {
    if (await waitExclusive(turn, TURN_WITHIN_MS)) return await act()
    throw new AppError(
      'embedded_locked',
      `another process has been starting or stopping the database of ${dataDir} for too long`,
    )
  } finally {
    turn.close()
  }
}

const enter = async (member: Member): Promise<{ running: Running; password: string }> => {
  const { dataDir, place, log, listening, using } = member
  const alone = using.tryExclusive()
  if (!using.tryShared()) throw new AppError('embedded_locked', `${dataDir} is locked by another program`)
  const password = readPassword(dataDir)
  const binaries = await provideBinaries(place)
  const found = await waitSettled(place)
  if (found !== null) {
    const fits = runsAsWanted(place, found, binaries, listening)
    if (fits || !alone) {
      if (fits) writeAccessRules(place, listening, found)
      else log.warn('the database runs with other settings until all its users have left; then they count')
      if (alone) log.info('adopted the database that an earlier run left', { pid: found.pid })
      return { running: found, password }
    }
    await stopServer(place, found)
  }
  await provideCluster(place, binaries, password)
  writeAccessRules(place, listening, null)
  const running = await startServer(place, binaries, listening, log)
  removeOldBinaries(place, binaries.key)
  return { running, password }
}

/** Starts the server again, under the same address, when it was lost (killed for want of memory, say). */
const watchServer = (member: Member, { socketDirectory }: Running): { stop: () => Promise<void> } => {
  const { dataDir, place, log, listening } = member
  const restart = async (): Promise<void> => {
    if (isAnyRunning(place)) return
    log.warn('the embedded database is gone; starting it again')
    await startServer(place, await provideBinaries(place), listening, log, socketDirectory)
  }
  let busy: Promise<void> | null = null
  const timer = setInterval(() => {
    if (busy !== null || isAnyRunning(place)) return
    busy = inTurn(dataDir, restart)
      .catch((error) =>
        log.error('the embedded database cannot be started again', { reason: messageOf(error) }),
      )
      .finally(() => {
        busy = null
      })
  }, WATCH_MS)
  timer.unref()
  const stop = async () => {
    clearInterval(timer)
    await busy
  }
  return { stop }
}

const leave = async ({ place, using, serving }: Member): Promise<void> => {
  try {
    const running = using.tryExclusive() ? findRunning(place) : null
    if (running !== null) await stopServer(place, running)
  } finally {
    using.close()
    serving?.close()
  }
}

const once = (act: () => Promise<void>): (() => Promise<void>) => {
  let done: Promise<void> | null = null
  return () => (done ??= act())
}
