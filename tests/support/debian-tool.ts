import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const CACHE = join(import.meta.dir, '../../node_modules/.cache/prospectlab/debian')

export type DebianTool = { path: string; env: Record<string, string> }

/** A file of a Debian package (`usr/bin/wrk`; may be a pattern): the one of this system when it is installed, else
 *  from the package and what it is given to need, fetched by apt once and unpacked beside node_modules; nothing is
 *  installed. `env` lets it find its libraries. */
export const debianTool = (file: string, packages: string[]): DebianTool => {
  const installed = findIn('/', file)
  if (installed !== undefined) return { path: installed, env: {} }
  const folder = join(CACHE, packages.join('+'))
  if (!existsSync(folder)) fetchInto(folder, packages)
  const path = findIn(folder, file)
  if (path === undefined) throw new Error(`there is no ${file} in ${packages.join(', ')}`)
  const libraries = [...new Bun.Glob('usr/lib/*-linux-*').scanSync({ cwd: folder, onlyFiles: false })]
  return { path, env: { LD_LIBRARY_PATH: libraries.map((name) => join(folder, name)).join(':') } }
}

const findIn = (root: string, file: string): string | undefined => {
  const [found] = new Bun.Glob(file).scanSync({ cwd: root })
  return found === undefined ? undefined : join(root, found)
}

const fetchInto = (folder: string, packages: string[]): void => {
  mkdirSync(CACHE, { recursive: true })
  const work = mkdtempSync(join(CACHE, 'fetching-'))
  try {
    const download = () => Bun.spawnSync(['apt-get', 'download', '-q', ...packages], { cwd: work }).exitCode
    const there = download() === 0 || (update() && download() === 0)
    if (!there) throw new Error(`apt could not fetch ${packages.join(', ')}`)
    const target = join(work, 'unpacked')
    for (const name of readdirSync(work).filter((each) => each.endsWith('.deb')))
      if (Bun.spawnSync(['dpkg-deb', '-x', join(work, name), target]).exitCode !== 0)
        throw new Error(`${name} could not be unpacked`)
    renameSync(target, folder)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

// A fresh machine has no list of packages yet; only root can get one.
const update = (): boolean =>
  process.getuid?.() === 0 && Bun.spawnSync(['apt-get', 'update', '-qq']).exitCode === 0
