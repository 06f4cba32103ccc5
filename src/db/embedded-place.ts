import { createHash } from 'node:crypto'
import { chmodSync, existsSync, lchownSync, lstatSync, mkdirSync, readFileSync, realpathSync } from 'node:fs'
import { renameSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { AppError } from '#src/lib/errors.ts'
import type { Log } from '#src/lib/log.ts'

// PostgreSQL refuses to run as root. This number is in the range (60578–61183) that systemd's and Debian's
// uid maps leave unused, unlike `nobody`, whose processes other daemons share; and it is below 65536.
const DATABASE_UID = 60_718
const SYSTEM_DIRECTORY = '/var/lib/prospectlab'

export type Identity = { uid: number; gid: number }

/** Who runs PostgreSQL and where its files lie. `identity` is null when that is simply this process's user;
 *  `searches`: it needs the capability to pass closed parent folders (setpriv gives it). */
export type Place = { directory: string; identity: Identity | null; searches: boolean }

/** How to spawn a command as the place's user (or as another, for initdb): a prefix for it and spawn options. */
export const commandAs = (
  place: Place,
  identity = place.identity,
): { prefix: string[]; options: Partial<Identity> } => {
  if (identity === null) return { prefix: [], options: {} }
  return place.searches ? { prefix: searchPrefix(identity), options: {} } : { prefix: [], options: identity }
}

/** Decides the place for this DATA_DIR (a real path) and makes its folders. As root the user is the owner of the
 *  files when that is not root, else an unprivileged uid of the product's own. */
export const choosePlace = (dataDir: string, log: Log): Place => {
  const directory = join(dataDir, 'postgres')
  if (process.getuid?.() !== 0) {
    makeDirectory(directory, 0o700)
    return { directory, identity: null, searches: false }
  }
  const identity = chooseIdentity(dataDir, directory)
  makeDirectory(directory, 0o755)
  giveToOwnerOf(dataDir, directory)

  const moved = readMoved(directory)
  if (moved !== null) return { directory: followMoved(moved, dataDir, directory), identity, searches: false }
  if (isReachable(directory, identity)) return { directory, identity, searches: false }

  if (canSearch(identity)) return { directory, identity, searches: true }
  if (existsSync(join(directory, 'cluster'))) {
    throw new AppError(
      'embedded_unreachable',
      `the database in ${directory} cannot be reached by the unprivileged user that must run it (uid ${identity.uid}): install setpriv (util-linux), or move DATA_DIR out of the closed folder`,
    )
  }
  const elsewhere = systemDirectory(dataDir)
  setAside(elsewhere)
  makeDirectory(SYSTEM_DIRECTORY, 0o755)
  makeDirectory(elsewhere, 0o755)
  writeMoved(directory, { directory: elsewhere, dataDir })
  log.info('DATA_DIR is closed to the unprivileged user of PostgreSQL: the database lies elsewhere', {
    directory: elsewhere,
  })
  return { directory: elsewhere, identity, searches: false }
}

const chooseIdentity = (dataDir: string, directory: string): Identity => {
  const cluster = join(directory, 'cluster')
  for (const path of [cluster, dataDir]) {
    if (!existsSync(path)) continue
    const { uid, gid } = statSync(path)
    if (uid !== 0) return { uid, gid }
  }
  return { uid: DATABASE_UID, gid: DATABASE_UID }
}

/** Makes a folder with exactly this mode, whatever the umask. */
export const makeDirectory = (path: string, mode: number): void => {
  mkdirSync(path, { recursive: true })
  if ((lstatSync(path).mode & 0o777) !== mode) chmodSync(path, mode)
}

/** Root working in a user's folder leaves files that this user can use without root. */
export const giveToOwnerOf = (folder: string, path: string): void => {
  const { uid, gid } = statSync(folder)
  if (process.getuid?.() === 0 && uid !== 0) lchownSync(path, uid, gid)
}

/** Whether the mode bits of every parent folder let this user in (access lists are not looked at). */
export const isReachable = (path: string, { uid, gid }: Identity): boolean => {
  for (let folder = path; ; folder = dirname(folder)) {
    const stat = statSync(folder)
    const bit = stat.uid === uid ? 0o100 : stat.gid === gid ? 0o010 : 0o001
    if ((stat.mode & bit) === 0) return false
    if (dirname(folder) === folder) return true
  }
}

const searchPrefix = ({ uid, gid }: Identity): string[] => [
  'setpriv',
  `--reuid=${uid}`,
  `--regid=${gid}`,
  '--clear-groups',
  '--inh-caps=-all,+dac_read_search',
  '--ambient-caps=+dac_read_search',
  '--bounding-set=-all,+dac_read_search',
  '--no-new-privs',
]

// False without setpriv (util-linux), and in containers that lack the capability.
const canSearch = (identity: Identity): boolean => {
  if (Bun.which('setpriv') === null) return false
  return (
    Bun.spawnSync([...searchPrefix(identity), 'true'], { stdout: 'ignore', stderr: 'ignore' }).exitCode === 0
  )
}

const systemDirectory = (dataDir: string): string =>
  join(SYSTEM_DIRECTORY, createHash('sha256').update(dataDir).digest('hex').slice(0, 16))

// A database without the DATA_DIR that names it (deleted with its clone) must not come back under a new one.
const setAside = (directory: string): void => {
  if (existsSync(directory)) renameSync(directory, `${directory}.left-${Date.now()}`)
}

type Moved = { directory: string; dataDir: string }

const movedFile = (directory: string): string => join(directory, 'elsewhere.json')

const readMoved = (directory: string): Moved | null => {
  const file = movedFile(directory)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Moved) : null
}

const writeMoved = (directory: string, moved: Moved): void => {
  const file = movedFile(directory)
  writeFileSync(`${file}.new`, JSON.stringify(moved), { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

// DATA_DIR may have been renamed (its database follows) or copied (two must never share one).
const followMoved = (moved: Moved, dataDir: string, directory: string): string => {
  if (moved.dataDir === dataDir) return moved.directory
  const original = movedFile(join(moved.dataDir, 'postgres'))
  if (existsSync(original) && realpathSync(original) !== realpathSync(movedFile(directory))) {
    throw new AppError(
      'embedded_copied',
      `${dataDir} is a copy of ${moved.dataDir}, whose database lies in ${moved.directory}: remove ${directory} to start empty`,
    )
  }
  const elsewhere = systemDirectory(dataDir)
  setAside(elsewhere)
  renameSync(moved.directory, elsewhere)
  writeMoved(directory, { directory: elsewhere, dataDir })
  return elsewhere
}
