import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { devDependencies } from '../../package.json'

const ROOT = join(import.meta.dir, '../..')
const CACHE = join(ROOT, 'tests/.cache')
const INSTALLED = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

// The package's own looks for its fonts in other places, and a page without any font has no visible text.
const FONTS = `<?xml version="1.0"?>
<fontconfig><dir prefix="relative">fonts</dir><dir>/usr/share/fonts</dir><cachedir prefix="xdg">fontconfig</cachedir></fontconfig>
`

/** Where the program is, and what its environment must have. */
export type Chromium = { path: string; env: Record<string, string> }

/** CHROME_PATH, else an installed Chromium or Chrome, else the one that the npm package @sparticuz/chromium carries.
 *  Throws when none runs here: browser tests are never left out in silence. */
export const findChromium = async (): Promise<Chromium> => {
  const chosen = process.env.CHROME_PATH
  if (chosen) {
    if (!existsSync(chosen)) throw new Error(`CHROME_PATH: there is no ${chosen}`)
    return { path: chosen, env: {} }
  }
  const installed = INSTALLED.map((name) => Bun.which(name)).find((path) => path !== null)
  return installed ? { path: installed, env: {} } : unpackChromium()
}

/** Unpacks the one of the package once per version, into tests/.cache. The package writes to TMPDIR, and its
 *  libraries only where it believes to be on the service it was made for: a process of its own is told both. */
export const unpackChromium = async (): Promise<Chromium> => {
  const folder = join(CACHE, `chromium-${devDependencies['@sparticuz/chromium']}`)
  if (!existsSync(folder)) {
    if (process.platform !== 'linux' || process.arch !== 'x64')
      throw new Error('no Chromium found: install one or set CHROME_PATH')
    mkdirSync(CACHE, { recursive: true })
    const unfinished = mkdtempSync(join(CACHE, 'unpacking-'))
    const script = `await (await import('@sparticuz/chromium')).default.executablePath()`
    const run = Bun.spawn([process.execPath, '--eval', script], {
      cwd: ROOT,
      env: { ...process.env, TMPDIR: unfinished, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' },
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    if ((await run.exited) !== 0) throw new Error('the Chromium of @sparticuz/chromium could not be unpacked')
    writeFileSync(join(unfinished, 'fonts/fonts.conf'), FONTS)
    try {
      renameSync(unfinished, folder)
    } catch (error) {
      // Another process was faster.
      rmSync(unfinished, { recursive: true, force: true })
      if (!existsSync(folder)) throw error
    }
  }
  const libraries = [join(folder, 'al2023/lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':')
  return {
    path: join(folder, 'chromium'),
    env: { LD_LIBRARY_PATH: libraries, FONTCONFIG_PATH: join(folder, 'fonts') },
  }
}
