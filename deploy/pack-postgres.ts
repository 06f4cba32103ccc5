import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fetchPackage } from './fetch-package.ts'

const ROOT = dirname(import.meta.dir)
const CACHE = join(ROOT, 'node_modules/.cache/prospectlab')
const ZSTD_LEVEL = 19

// Needed only to compile against PostgreSQL, or by extensions written in other languages.
const LEFT_OUT = [
  /\.a$/,
  /\/pkgconfig\//,
  /\/pgxs\//,
  /\/include\//,
  /\/(plperl|plpython3|pltcl)/,
  /_pl(perl|python3)/,
]
const PROGRAMS = ['postgres', 'initdb']

type PackageJson = { optionalDependencies: Record<string, string> }

/** Packs a platform's PostgreSQL into one file (tar, zstd) for the executable, and returns its path. Its name
 *  carries version and content, so that a new build never runs from what an older one unpacked. */
export const packPostgres = async (
  packageName: string,
  { optionalDependencies }: PackageJson,
): Promise<string> => {
  const version = optionalDependencies[packageName]
  if (version === undefined) throw new Error(`package.json does not name ${packageName}`)
  const installed = join(ROOT, 'node_modules', packageName)
  const folder = existsSync(installed) ? installed : await fetchPackage(packageName, version)

  const files = readNeeded(join(folder, 'native'))
  const hash = createHash('sha256')
  for (const [path, bytes] of Object.entries(files)) hash.update(path).update(bytes)
  const platform = packageName.split('/')[1]
  const packed = join(CACHE, `postgres-${version}-${platform}-${hash.digest('hex').slice(0, 12)}.tar.zst`)
  if (!existsSync(packed)) {
    mkdirSync(CACHE, { recursive: true })
    const tar = await new Bun.Archive(files).bytes()
    await Bun.write(`${packed}.new`, await Bun.zstdCompress(tar, { level: ZSTD_LEVEL }))
    renameSync(`${packed}.new`, packed)
  }
  return packed
}

const readNeeded = (native: string): Record<string, Buffer> => {
  const files: Record<string, Buffer> = {}
  for (const entry of readdirSync(native, { withFileTypes: true, recursive: true })) {
    const file = join(entry.parentPath, entry.name)
    const path = file.slice(native.length + 1)
    const isProgram = path.startsWith('bin/') && !PROGRAMS.includes(basename(path))
    if (!entry.isFile() || isProgram || LEFT_OUT.some((pattern) => pattern.test(`/${path}`))) continue
    if (path !== 'pg-symlinks.json') files[path] = readFileSync(file)
  }
  return withLoadedNames(native, files)
}

// The package's links as a list: programs ask for libpq.so.5, the file is libpq.so.5.18. Only the asked-for
// name is packed, as a plain file; names for compilers (libpq.so) are not.
const withLoadedNames = (native: string, files: Record<string, Buffer>): Record<string, Buffer> => {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return files
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const from = source.replace(/^native\//, '')
    const loaded = /\.so\.\d+$|\.\d+\.dylib$/.test(target)
    if (loaded) files[target.replace(/^native\//, '')] = readFileSync(join(native, from))
  }
  for (const { source } of links) delete files[source.replace(/^native\//, '')]
  return files
}
