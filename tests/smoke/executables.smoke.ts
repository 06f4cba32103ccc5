import { afterAll, beforeAll, expect, test } from 'bun:test'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { postmasterOf } from '#tests/support/embedded-processes.ts'
import { freePort } from '#tests/support/free-port.ts'

const MINUTE = 60_000
const ROOT = join(import.meta.dir, '../..')
const ADMIN = { email: 'first@example.org', password: 'nine-long-words-here' }

const work = mkdtempSync('/tmp/prospectlab-smoke-')
const folder = join(work, 'an empty folder')
const server = join(work, 'prospectlab')
const edge = join(work, 'prospectlab-edge')
const started: Bun.Subprocess[] = []

beforeAll(() => {
  mkdirSync(folder)
  for (const name of ['prospectlab', 'prospectlab-edge'])
    copyFileSync(join(ROOT, 'dist', name), join(work, name))
})

afterAll(async () => {
  for (const child of started) child.kill('SIGTERM')
  await Promise.all(started.map((child) => child.exited))
  rmSync(work, { recursive: true, force: true })
})

// An empty folder mounted over the sources shows whether the executable still reads any of them. Only root may.
const withoutSources = ((): string[] => {
  const hide = ['unshare', '--mount', 'sh', '-c', `mount -t tmpfs none "$0" && exec "$@"`, ROOT]
  const probe = Bun.spawnSync([...hide, 'true'], { stderr: 'ignore' })
  if (probe.exitCode === 0) return hide
  console.warn('smoke: the sources stay within reach (hiding them needs root and unshare)')
  return []
})()

const environment = (extra: Record<string, string> = {}): Record<string, string> => ({
  PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: work,
  ...extra,
})

const start = (
  command: string[],
  env: Record<string, string>,
): { log: () => string; stop: () => Promise<number> } => {
  let log = ''
  const child = Bun.spawn([...withoutSources, ...command], {
    cwd: folder,
    env: environment(env),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  void (async () => {
    for await (const chunk of child.stderr) log += new TextDecoder().decode(chunk)
  })()
  started.push(child)
  const stop = async () => {
    child.kill('SIGTERM')
    return child.exited
  }
  return { log: () => log, stop }
}

const run = async (command: string[], env: Record<string, string> = {}) => {
  const child = Bun.spawn([...withoutSources, ...command], {
    cwd: folder,
    env: environment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [code, out, errors] = await Promise.all([
    child.exited,
    Bun.readableStreamToText(child.stdout),
    Bun.readableStreamToText(child.stderr),
  ])
  return { code, out, errors }
}

const answered = async (url: string, statuses: number[], log: () => string): Promise<Response> => {
  const deadline = Date.now() + MINUTE
  while (Date.now() < deadline) {
    const answer = await fetch(url).catch(() => null)
    if (answer !== null && statuses.includes(answer.status)) return answer
    await Bun.sleep(50)
  }
  throw new Error(`${url} did not answer: ${log()}`)
}

const cookieOf = (answer: Response): string =>
  answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')

const signIn = async (base: string): Promise<{ status: number; cookie: string }> => {
  const page = await fetch(`${base}/login`)
  const csrf = /name="csrf"[^>]*value="([^"]*)"/.exec(await page.text())?.[1] ?? ''
  const answer = await fetch(`${base}/login`, {
    method: 'POST',
    redirect: 'manual',
    headers: { Origin: base, Cookie: cookieOf(page) },
    body: new URLSearchParams({ ...ADMIN, csrf }),
  })
  return { status: answer.status, cookie: cookieOf(answer) }
}

test(
  'the server alone in an empty folder serves its pages, assets and tables, shares its database and stops clean',
  async () => {
    const port = freePort()
    const base = `http://127.0.0.1:${port}`
    const settings = { HOST: '127.0.0.1', PORT: String(port) }
    const serving = start([server, 'serve'], {
      ...settings,
      ADMIN_EMAIL: ADMIN.email,
      ADMIN_PASSWORD: ADMIN.password,
    })
    await answered(`${base}/healthz`, [200], serving.log)

    const { status, cookie } = await signIn(base)
    expect(status).toBe(303)
    const companies = await fetch(`${base}/companies`, { headers: { Cookie: cookie }, redirect: 'manual' })
    expect(companies.status).toBe(200)
    const assets = [...new Set((await companies.text()).match(/\/assets\/[^"]+/g))]
    expect(assets.length).toBeGreaterThan(2)
    for (const path of assets) {
      const asset = await fetch(base + path)
      expect([path, asset.status, (await asset.bytes()).length > 0]).toEqual([path, 200, true])
    }

    writeFileSync(join(folder, 'companies.csv'), 'name;website\nGarage Léger;https://garage-leger.example\n')
    const imported = await run([server, 'import', 'companies.csv', '--json'])
    expect({ ...imported, out: JSON.parse(imported.out || '{}') }).toMatchObject({
      code: 0,
      out: { rows: 1, created: 1 },
    })
    const listed = await fetch(`${base}/companies`, { headers: { Cookie: cookie } })
    expect(await listed.text()).toContain('Garage Léger')

    const second = await run([server, 'serve'], { ...settings, PORT: String(freePort()) })
    expect([second.code, /already serves/.test(second.errors)]).toEqual([1, true])

    expect(await serving.stop()).toBe(0)
    expect(postmasterOf(join(folder, 'data/postgres'))).toBeNull()
  },
  2 * MINUTE,
)

test(
  'its threads crawl and analyse a site',
  async () => {
    const page = `<!doctype html><html lang="fr"><title>Garage Léger</title><h1>Garage</h1>
      <p>Écrivez à <a href="mailto:contact@garage-leger.fr">nous</a>, tél. 03 87 00 00 01</p></html>`
    const site = Bun.serve({
      hostname: '127.0.0.1',
      port: 0,
      fetch: (request) =>
        new URL(request.url).pathname === '/'
          ? new Response(page, { headers: { 'Content-Type': 'text/html; charset=utf-8' } })
          : new Response('', { status: 404 }),
    })
    const env = { CRAWL_ALLOW_NETWORKS: '127.0.0.0/8' }
    const analysed = await run([server, 'analyse', `http://127.0.0.1:${site.port}/`, '--json'], env)
    await site.stop(true)
    expect([analysed.code, analysed.code === 0 ? '' : analysed.errors]).toEqual([0, ''])
    const told = JSON.parse(analysed.out)
    expect(told.pages[0].title).toBe('Garage Léger')
    expect(told.emails.map((email: { value: string }) => email.value)).toContain('contact@garage-leger.fr')
    expect(told.score.value).toBeNumber()
  },
  MINUTE,
)

test(
  'wrong words and wrong settings end with 2, naming what is wrong',
  async () => {
    expect((await run([server, 'nonsense'])).code).toBe(2)
    const wrong = await run([server, 'serve'], { PORT: 'nonsense' })
    expect([wrong.code, wrong.errors.trim().split('\n').length]).toEqual([2, 1])
    expect(wrong.errors).toContain('PORT')
    writeFileSync(join(folder, 'wrong.env'), 'PORT=nonsense\n')
    expect((await run([server, 'serve', '--env-file', 'wrong.env'])).code).toBe(2)
  },
  MINUTE,
)

test(
  'the edge answers its health and nothing of the server, and refuses wrong settings by name',
  async () => {
    const port = freePort()
    const base = `http://127.0.0.1:${port}`
    const serving = start([edge, 'serve'], { PORT: String(port), BASE_URL: 'https://t.example' })
    const health = await answered(`${base}/healthz`, [503], serving.log)
    expect(await health.json()).toMatchObject({ missing: ['DATABASE_URL or EDGE_UPSTREAM', 'EDGE_KEYS'] })
    for (const path of ['/companies', '/login', '/assets/app.css', '/']) {
      expect([path, (await fetch(base + path)).status]).toEqual([path, 404])
    }
    expect(await serving.stop()).toBe(0)

    const wrong = await run([edge, 'serve'], { EDGE_KEYS: 'a:short' })
    expect([wrong.code, wrong.errors.trim().split('\n').length]).toEqual([2, 1])
    expect(wrong.errors).toContain('EDGE_KEYS')
    expect((await run([edge, 'crawl'])).code).toBe(2)
  },
  MINUTE,
)

test('neither executable carries a path of the machine that built it', () => {
  for (const file of [server, edge]) {
    expect([file, readFileSync(file).includes(`${ROOT}/src/`)]).toEqual([file, false])
  }
})
