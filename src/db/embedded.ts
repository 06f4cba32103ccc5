import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError, messageOf } from '#src/lib/errors.ts'
import type { Log } from '#src/lib/log.ts'
import { provideBinaries, removeOldBinaries } from './embedded-binaries.ts'
import { DATABASE_NAME, DATABASE_USER, provideCluster, readPassword } from './embedded-cluster.ts'
import { choosePlace, giveToOwnerOf } from './embedded-place.ts'
import type { Place } from './embedded-place.ts'
import { findRunning, runsAsWanted, startServer, stopServer, writeAccessRules } from './embedded-server.ts'
import type { Listening, Running } from './embedded-server.ts'
import { openLock, waitExclusive } from './lock.ts'
import type { FileLock } from './lock.ts'

const TURN_WITHIN_MS = 120_000

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
  const lock = (name: string): FileLock => openOwnedLock(dataDir, name)

  const serving = role === 'serve' ? lock('serve.lock') : null
  if (serving !== null) claimServing(serving, dataDir)
  const turn = lock('turn.lock')
  const using = lock('users.lock')
  try {
    await takeTurn(turn, dataDir)
    const alone = using.tryExclusive()
    if (!using.tryShared()) throw new AppError('embedded_locked', `${dataDir} is locked by another program`)
    const password = readPassword(dataDir)
    const running = await ensureRunning({ place, password, alone, log, listening: options })
    turn.close()
    return {
      connection: {
        host: running.socketDirectory,
        port: running.port,
        user: DATABASE_USER,
        password,
        database: DATABASE_NAME,
      },
      release: async () => leave({ place, dataDir, using, serving }),
    }
  } catch (error) {
    for (const held of [using, serving, turn]) held?.close()
    throw error
  }
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
    writeFileSync(note, String(process.pid), { mode: 0o600 })
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

const takeTurn = async (turn: FileLock, dataDir: string): Promise<void> => {
  if (await waitExclusive(turn, TURN_WITHIN_MS)) return
  throw new AppError(
    'embedded_locked',
    `another process has been starting or stopping the database of ${dataDir} for too long`,
  )
}

const ensureRunning = async ({
  place,
  password,
  alone,
  log,
  listening,
}: {
  place: Place
  password: string
  alone: boolean
  log: Log
  listening: Listening
}): Promise<Running> => {
  let running = findRunning(place)
  const binaries = await provideBinaries(place)
  if (running !== null && !runsAsWanted(place, running, binaries, listening)) {
    if (alone) {
      await stopServer(place, running)
      running = null
    } else {
      log.warn(
        'the running database was started with other settings: DATABASE_LISTEN counts from its next start',
      )
      return running
    }
  }
  if (running !== null) {
    writeAccessRules(place, listening, running)
    if (alone) log.info('adopted the database that an earlier run left', { pid: running.pid })
    return running
  }
  await provideCluster(place, binaries, password)
  writeAccessRules(place, listening, null)
  const started = await startServer(place, binaries, listening, log)
  removeOldBinaries(place, binaries.key)
  return started
}

const left = new WeakSet<FileLock>()

const leave = async ({
  place,
  dataDir,
  using,
  serving,
}: {
  place: Place
  dataDir: string
  using: FileLock
  serving: FileLock | null
}): Promise<void> => {
  if (left.has(using)) return
  left.add(using)
  const turn = openOwnedLock(dataDir, 'turn.lock')
  try {
    await takeTurn(turn, dataDir)
    const running = using.tryExclusive() ? findRunning(place) : null
    if (running !== null) await stopServer(place, running)
  } finally {
    for (const held of [using, serving, turn]) held?.close()
  }
}
