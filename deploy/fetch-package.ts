import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'

const CACHE = join(dirname(import.meta.dir), 'node_modules/.cache/prospectlab')

/** The folder of an npm package of an exact version, fetched once: for what another platform needs, which an
 *  install on this one leaves out. */
export const fetchPackage = async (name: string, version: string): Promise<string> => {
  const folder = join(CACHE, `${name.replace('/', '+')}@${version}`)
  if (existsSync(folder)) return folder
  mkdirSync(CACHE, { recursive: true })
  const work = mkdtempSync(join(CACHE, 'fetching-'))
  try {
    const run = Bun.spawnSync(['npm', 'pack', '--silent', `${name}@${version}`], {
      cwd: work,
      stderr: 'inherit',
    })
    const archive = readdirSync(work).find((file) => file.endsWith('.tgz'))
    if (run.exitCode !== 0 || archive === undefined)
      throw new Error(`${name}@${version} could not be fetched by npm pack`)
    await new Bun.Archive(await Bun.file(join(work, archive)).bytes()).extract(work)
    renameSync(join(work, 'package'), folder)
    return folder
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}
