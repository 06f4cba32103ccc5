import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from './free-port.ts'

export const ADMIN = { email: 'anne@example.org', password: 'nine-long-words-here' }

const MAIN = join(import.meta.dir, '../../src/main.ts')
const START_MS = 60_000

/** The program from its sources; a compiled copy is `[path]`. */
export const FROM_SOURCE = [process.execPath, MAIN]

type Options = {
  command?: string[]
  cwd?: string
  env?: Record<string, string>
}

export type Running = {
  pid: number
  /** What it logged so far. */
  log: () => string
  /** Asks it to stop; its exit code. */
  stop: () => Promise<number>
  /** `kill -9` */
  kill: () => Promise<void>
}

/** Starts a long-running command of the program, such as `serve` or `work`. */
export const startProgram = (args: string[], { command = FROM_SOURCE, cwd, env = {} }: Options): Running => {
  const child = Bun.spawn([...command, ...args], {
    ...(cwd ? { cwd } : {}),
    env: environment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return follow(child)
}

/** A process with its output piped: what it logs is kept as it comes. */
export const follow = (child: Bun.Subprocess<'ignore', 'pipe', 'pipe'>): Running => {
  let log = ''
  for (const stream of [child.stdout, child.stderr])
    void (async () => {
      for await (const chunk of stream) log += new TextDecoder().decode(chunk)
    })()
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal)
    return child.exited
  }
  return {
    pid: child.pid,
    log: () => log,
    stop: () => end('SIGTERM'),
    kill: async () => void (await end('SIGKILL')),
  }
}

/** Runs a command of the program to its end. */
export const runProgram = async (args: string[], { command = FROM_SOURCE, cwd, env = {} }: Options) => {
  const child = Bun.spawn([...command, ...args], {
    ...(cwd ? { cwd } : {}),
    env: environment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [code, out, errors] = await Promise.all([
    child.exited,
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ])
  return { code, out, errors }
}

// Nothing of the machine's own settings, least of all its DATABASE_URL.
const environment = (extra: Record<string, string>): Record<string, string> => ({
  PATH: process.env.PATH ?? '',
  HOME: process.env.HOME ?? '/tmp',
  TZ: 'Europe/Paris',
  ...extra,
})

export type Served = Running & { base: string; env: Record<string, string> }

/** `serve` on a free port of 127.0.0.1, answering; the crawler may reach the loopback network. */
export const serveProduct = async ({ command, cwd, env = {} }: Options = {}): Promise<Served> => {
  const port = env.PORT ?? String(freePort())
  const all = {
    HOST: '127.0.0.1',
    PORT: port,
    ADMIN_EMAIL: ADMIN.email,
    ADMIN_PASSWORD: ADMIN.password,
    CRAWL_ALLOW_NETWORKS: '127.0.0.0/8',
    ...env,
  }
  const base = `http://127.0.0.1:${port}`
  const running = startProgram(['serve'], {
    ...(command ? { command } : {}),
    ...(cwd ? { cwd } : {}),
    env: all,
  })
  const deadline = Date.now() + START_MS
  // Ready means that someone can sign in: the first account comes after the tables.
  while (!running.log().includes('ProspectLab is ready')) {
    if (Date.now() > deadline) {
      await running.kill()
      throw new Error(`the server did not start: ${running.log()}`)
    }
    await Bun.sleep(20)
  }
  return { ...running, base, env: all }
}

/** A directory that goes away with `remove`. */
export const temporaryFolder = (name: string): { path: string; remove: () => void } => {
  const path = mkdtempSync(`/tmp/prospectlab-${name}-`)
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

type Answer = { status: number; text: string; location: string }

/** Signed in over HTTP, without a browser: reads pages and sends forms. */
export const signInOverHttp = async (base: string) => {
  const cookies = new Map<string, string>()
  let csrf = ''
  const request = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const answer = await fetch(base + path, {
      ...init,
      redirect: 'manual',
      headers: { Origin: base, Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    })
    for (const line of answer.headers.getSetCookie()) {
      const pair = line.split(';')[0] ?? ''
      cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
    }
    const text = await answer.text()
    csrf = /name="csrf"[^>]*value="([^"]*)"/.exec(text)?.[1] ?? csrf
    return { status: answer.status, text, location: answer.headers.get('location') ?? '' }
  }
  const get = (path: string) => request(path)
  const post = (path: string, form: Record<string, string> = {}) =>
    request(path, { method: 'POST', body: new URLSearchParams({ csrf, ...form }) })
  /** Sends a file as a form does, to the address that takes it; where it leads. */
  const upload = async (path: string, name: string, text: string): Promise<string> => {
    const body = new FormData()
    body.set('csrf', csrf)
    body.set('file', new File([text], name))
    const { location } = await request(path, { method: 'POST', body })
    return location
  }
  await get('/login')
  const { status } = await post('/login', ADMIN)
  if (status !== 303) throw new Error(`signing in answered ${status}`)
  return { get, post, upload }
}
