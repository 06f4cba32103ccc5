import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '#tests/support/free-port.ts'

export const ROOT = join(import.meta.dir, '../..')
export const FROM_SOURCE = [process.execPath, join(ROOT, 'src/main.ts'), 'serve']

const EMAIL = 'bench@example.org'
const PASSWORD = 'nine-long-words-here'
const READY_WITHIN_MS = 60_000
const ASK_EVERY_MS = 4

type Started = {
  base: string
  pid: number
  /** From the start of the process to the first 200 of /healthz. */
  readyMs: number
  stop: () => Promise<void>
}

/** Starts `command` as a server on a free port and waits until it answers /healthz with 200. */
export const startServer = async (command: string[], env: Record<string, string>): Promise<Started> => {
  const port = freePort()
  const base = `http://127.0.0.1:${port}`
  const settings = { HOST: '127.0.0.1', PORT: String(port), ADMIN_EMAIL: EMAIL, ADMIN_PASSWORD: PASSWORD }
  const started = performance.now()
  const child = Bun.spawn(command, {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...settings, ...env },
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'pipe',
  })
  const log = new Response(child.stderr).text()
  const stop = async () => {
    child.kill('SIGTERM')
    await child.exited
  }
  for (;;) {
    const ok = await fetch(`${base}/healthz`).then(
      async (answer) => (await answer.text()) !== '' && answer.ok,
      () => false,
    )
    const readyMs = performance.now() - started
    if (ok) return { base, pid: child.pid, readyMs, stop }
    if (child.exitCode !== null || readyMs > READY_WITHIN_MS) {
      await stop()
      throw new Error(`the server did not start: ${(await log).slice(-2_000)}`)
    }
    await Bun.sleep(ASK_EVERY_MS)
  }
}

/** Signs in as the first administrator. The function given back reads one page with that session. */
export const signIn = async (base: string): Promise<(path: string) => Promise<string>> => {
  const cookies = new Map<string, string>()
  const send = async (path: string, init: RequestInit = {}) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(base + path, {
      ...init,
      redirect: 'manual',
      headers: { accept: 'text/html', origin: base, ...(cookie ? { cookie } : {}) },
    })
    for (const line of answer.headers.getSetCookie()) {
      const pair = line.slice(0, line.indexOf(';'))
      cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
    }
    return { status: answer.status, text: await answer.text() }
  }
  const csrf = /name="csrf" value="([^"]+)"/.exec((await send('/login')).text)?.[1] ?? ''
  const form = new URLSearchParams({ email: EMAIL, password: PASSWORD, csrf })
  const { status } = await send('/login', { method: 'POST', body: form })
  if (status !== 303) throw new Error(`sign-in was answered with ${status}`)
  return async (path) => {
    const page = await send(path)
    if (page.status !== 200) throw new Error(`${path} was answered with ${page.status}`)
    return page.text
  }
}

/** Resident megabytes of a process (Linux). */
export const residentMb = (pid: number): number =>
  (Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024) / 1e6
