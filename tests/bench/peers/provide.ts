import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Installs what only the benches need, by the project's own Bun, when it is missing. */
export const providePeers = async (): Promise<void> => {
  if (existsSync(join(import.meta.dir, 'node_modules/@crawlee/cheerio'))) return
  process.stderr.write('installing the peers of the benches…\n')
  const install = Bun.spawn([process.execPath, 'install', '--frozen-lockfile'], {
    cwd: import.meta.dir,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if ((await install.exited) !== 0) throw new Error('the peers could not be installed')
}
