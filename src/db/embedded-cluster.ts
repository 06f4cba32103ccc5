import { randomBytes } from 'node:crypto'
import { chmodSync, chownSync, existsSync, lchownSync, mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '#src/lib/errors.ts'
import type { Binaries } from './embedded-binaries.ts'
import { commandAs, giveToOwnerOf } from './embedded-place.ts'
import type { Identity, Place } from './embedded-place.ts'

export const DATABASE_USER = 'prospectlab'
export const DATABASE_NAME = 'prospectlab'

// The builtin provider needs no system locale and never changes under an index with the operating system.
const INITDB_OPTIONS = [
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
]

export const clusterDirectory = (place: Place): string => join(place.directory, 'cluster')

/** The database password, made once; the file is readable by this process's user only. */
export const readPassword = (dataDir: string): string => {
  const file = join(dataDir, 'postgres', 'password')
  if (!existsSync(file)) {
    rmSync(`${file}.new`, { force: true })
    writeFileSync(`${file}.new`, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx' })
    giveToOwnerOf(dataDir, `${file}.new`)
    renameSync(`${file}.new`, file)
  }
  return readFileSync(file, 'utf8').trim()
}

/** Makes the cluster when there is none: all of it under another name first, so that a crash leaves none. */
export const provideCluster = async (place: Place, binaries: Binaries, password: string): Promise<void> => {
  const cluster = clusterDirectory(place)
  if (existsSync(cluster)) return refuseOtherVersion(cluster, binaries)
  for (const name of readdirSync(place.directory)) {
    if (name.startsWith('cluster-making-'))
      rmSync(join(place.directory, name), { recursive: true, force: true })
  }
  const making = join(place.directory, `cluster-making-${process.pid}`)
  const passwordFile = `${making}.password`
  const maker = place.identity === null ? null : namedUser(place.identity)
  mkdirSync(making)
  chmodSync(making, 0o700)
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (maker !== null) for (const path of [making, passwordFile]) chownSync(path, maker.uid, maker.gid)
  try {
    const initdb = [
      ...INITDB_OPTIONS,
      '--auth=scram-sha-256',
      `--username=${DATABASE_USER}`,
      '--no-instructions',
    ]
    await run(place, maker, [
      join(binaries.directory, 'bin/initdb'),
      ...initdb,
      `--pwfile=${passwordFile}`,
      '-D',
      making,
    ])
    const single = [join(binaries.directory, 'bin/postgres'), '--single', '-D', making, 'postgres']
    await run(place, maker, single, `CREATE DATABASE ${DATABASE_NAME};\n`)
    if (place.identity !== null) giveAll(making, place.identity)
    renameSync(making, cluster)
  } finally {
    rmSync(passwordFile, { force: true })
    rmSync(making, { recursive: true, force: true })
  }
}

const refuseOtherVersion = (cluster: string, binaries: Binaries): void => {
  const made = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim()
  const ours = /^postgres-(\d+)/.exec(binaries.key)?.[1]
  if (made !== ours) {
    throw new AppError(
      'embedded_version',
      `the database in ${cluster} is of PostgreSQL ${made}, this program has ${ours}`,
    )
  }
}

// initdb insists on a user with a name; the finished files are then given to the uid that runs them.
const namedUser = (identity: Identity): Identity => {
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name, , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .filter(({ name, uid, gid }) => Boolean(name) && uid > 0 && Number.isInteger(gid))
  const user =
    users.find(({ uid }) => uid === identity.uid) ?? users.find(({ name }) => name === 'nobody') ?? users[0]
  if (user === undefined) {
    throw new AppError(
      'embedded_no_user',
      'no user but root in /etc/passwd to run PostgreSQL: set DATABASE_URL',
    )
  }
  return { uid: user.uid, gid: user.gid }
}

const run = async (place: Place, as: Identity | null, command: string[], input = ''): Promise<void> => {
  const { prefix, options } = commandAs(place, as)
  const child = Bun.spawn([...prefix, ...command], {
    ...options,
    cwd: '/',
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    stdin: new Blob([input]),
    stdout: 'pipe',
    stderr: 'pipe',
    // Ctrl-C during the first start reaches this program, which cleans up, and not these.
    detached: true,
  })
  const [out, errors, code] = await Promise.all([
    Bun.readableStreamToText(child.stdout),
    Bun.readableStreamToText(child.stderr),
    child.exited,
  ])
  if (code === 0) return
  if (/could not look up effective user/.test(errors)) {
    throw new AppError(
      'embedded_no_user',
      `PostgreSQL needs a user with a name, and uid ${process.getuid?.()} has none in /etc/passwd: run as a named user, or set DATABASE_URL`,
    )
  }
  if (/No space left on device/.test(`${out}${errors}`))
    throw new AppError('disk_full', 'the embedded database could not be made: the disk of DATA_DIR is full')
  const said = `${out}\n${errors}`.trim().split('\n').slice(-3).join(' / ')
  throw new AppError('embedded_failed', `the embedded database could not be made: ${said || `exit ${code}`}`)
}

const giveAll = (path: string, { uid, gid }: Identity): void => {
  lchownSync(path, uid, gid)
  for (const entry of readdirSync(path, { withFileTypes: true, recursive: true })) {
    lchownSync(join(entry.parentPath, entry.name), uid, gid)
  }
}
