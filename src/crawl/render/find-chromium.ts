import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'

const VERSION_TIMEOUT_MS = 10_000
const USUAL_NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
  'microsoft-edge-stable',
]
const USUAL_PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
]

/** CHROME_PATH, else the first browser by its usual names on PATH or in its usual place; null when there is none.
 *  Only looks: whether it runs is asked by `versionOf`. */
export const findChromium = (chosen?: string): string | null => {
  if (chosen !== undefined) return isProgram(chosen) ? chosen : null
  for (const name of USUAL_NAMES) {
    const path = Bun.which(name)
    if (path) return path
  }
  return USUAL_PLACES.find(isProgram) ?? null
}

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** What the browser says of itself, such as `Chromium 156.0.8078.79`; null when it does not run or answer.
 *  @param environment of the process; nothing else is handed to it */
export const versionOf = (path: string, environment: Record<string, string>): Promise<string | null> =>
  new Promise((resolve) => {
    const child = spawn(path, ['--version'], {
      env: environment,
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: VERSION_TIMEOUT_MS,
      killSignal: 'SIGKILL',
    })
    let told = ''
    child.stdout.on('data', (chunk: Buffer) => void (told += chunk.toString().slice(0, 500)))
    child.on('error', () => resolve(null))
    child.on('close', (code) => {
      const version = /[A-Z][\w ]{2,40}? \d+(?:\.\d+){1,3}/.exec(told)?.[0]
      resolve(code === 0 && version ? version : null)
    })
  })
