// Import of a 50,000-row workbook by the pages of a running server: `bun tests/bench/import.ts`.
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toXlsx } from '#src/companies/write-table.ts'
import type { Measure } from './measure.ts'

const ROWS = 50_000
const PAGE_EVERY_MS = 100
const WAIT_MS = 5 * 60_000
const EMAIL = 'bench@example.org'
const PASSWORD = 'nine-long-words-here'

const HEADER = [
  'Nom',
  'Site web',
  'Téléphone',
  'Adresse',
  'Code postal',
  'Ville',
  'E-mail',
  'Activité',
  'Note',
  'Nombre d’avis',
]
const TOWNS = ['Metz', 'Nancy', 'Thionville', 'Épinal', 'Sarreguemines', 'Forbach', 'Verdun', 'Lunéville']

const workbook = async (note: number): Promise<Uint8Array<ArrayBuffer>> => {
  const rows = Array.from({ length: ROWS }, (_, i) => [
    `Entreprise ${i} Léger & fils`,
    `https://www.entreprise-${i}.example/accueil`,
    `03 87 ${String(100_000 + (i % 900_000)).replace(/(\d\d)(\d\d)(\d\d)/, '$1 $2 $3')}`,
    `${(i % 120) + 1} rue des Lilas`,
    String(54_000 + (i % 3_000)),
    TOWNS[i % TOWNS.length]!,
    `contact@entreprise-${i}.example`,
    'Plomberie et chauffage',
    note,
    i % 400,
  ])
  return new Uint8Array(await new Response(toXlsx({ header: HEADER, rows }, 'Liste')).arrayBuffer())
}

const startServer = async (dataDir: string) => {
  const port = 20_000 + Math.floor(Math.random() * 20_000)
  const child = spawn(process.execPath, ['src/main.ts', 'serve'], {
    cwd: join(import.meta.dir, '../..'),
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      DATA_DIR: dataDir,
      DATABASE_URL: '',
      HOST: '127.0.0.1',
      PORT: String(port),
      ADMIN_EMAIL: EMAIL,
      ADMIN_PASSWORD: PASSWORD,
    },
  })
  const base = `http://127.0.0.1:${port}`
  await waitFor('the server', async () => (await fetch(`${base}/healthz`).catch(() => null))?.ok ?? false)
  return { child, base }
}

const waitFor = async (what: string, condition: () => Promise<boolean>): Promise<void> => {
  const deadline = Date.now() + WAIT_MS
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${WAIT_MS / 1000} s`)
    await Bun.sleep(50)
  }
}

/** A signed-in browser without a screen. */
const signIn = async (base: string) => {
  const cookies = new Map<string, string>()
  let token = ''
  const send = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { accept: 'text/html', cookie, 'x-csrf-token': token }
    const response = await fetch(`${base}${path}`, { redirect: 'manual', ...init, headers })
    for (const line of response.headers.getSetCookie()) {
      const pair = line.split(';')[0]!
      cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
    }
    return response
  }
  const readToken = async (path: string) => {
    token = /name="csrf" value="([^"]+)"/.exec(await (await send(path)).text())![1]!
  }
  await readToken('/login')
  const form = (fields: Record<string, string>) => ({ method: 'POST', body: new URLSearchParams(fields) })
  await send('/login', form({ email: EMAIL, password: PASSWORD, csrf: token }))
  await readToken('/imports')
  return { send, form }
}

const memoryOf = ({ pid }: ChildProcess): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024

type Browser = Awaited<ReturnType<typeof signIn>>

/** Uploads, checks and imports; another reader opens a page all the while. */
const measure = async (
  title: string,
  child: ChildProcess,
  browser: Browser,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Measure[]> => {
  const { send, form } = browser
  let peak = 0
  let worst = 0
  const measuring = new AbortController()
  const reading = (async () => {
    while (!measuring.signal.aborted) {
      const start = performance.now()
      await (await send('/companies')).text()
      worst = Math.max(worst, performance.now() - start)
      peak = Math.max(peak, memoryOf(child))
      await Bun.sleep(PAGE_EVERY_MS)
    }
  })()
  const until = (path: string, state: string) =>
    waitFor(state, async () => (await (await send(path)).text()).includes(state))

  const body = new FormData()
  body.append('file', new File([bytes], 'bench.xlsx'))
  const started = performance.now()
  const answer = await send('/imports', { method: 'POST', body })
  const path = answer.headers.get('location')
  if (!path) throw new Error(`the upload was answered with ${answer.status}`)
  const uploaded = performance.now()
  await send(`${path}/checks`, form({}))
  await until(path, '>Prêt à importer<')
  const checked = performance.now()
  await send(`${path}/runs`, form({}))
  await until(path, '>Terminé<')
  const ended = performance.now()
  measuring.abort()
  await reading
  const seconds = (at: number, from: number) => (at - from) / 1000
  return [
    { what: `${title}: upload and first look`, value: seconds(uploaded, started), unit: 's' },
    { what: `${title}: check`, value: seconds(checked, uploaded), unit: 's' },
    { what: `${title}: import`, value: seconds(ended, checked), unit: 's', target: 30 },
    { what: `${title}: speed`, value: ROWS / seconds(ended, checked), unit: 'rows/s' },
    { what: `${title}: peak memory of the server`, value: peak, unit: 'MB', target: 300 },
    { what: `${title}: slowest page meanwhile`, value: worst, unit: 'ms', target: 200 },
  ]
}

/** Speed, the server's peak memory and the slowest page meanwhile: all rows new, all known, all changed. */
export const benchImport = async (): Promise<Measure[]> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'prospectlab-bench-import-'))
  const { child, base } = await startServer(dataDir)
  try {
    const browser = await signIn(base)
    const list = await workbook(4)
    return [
      ...(await measure('50,000 new', child, browser, list)),
      ...(await measure('50,000 unchanged', child, browser, list)),
      ...(await measure('50,000 updated', child, browser, await workbook(3))),
    ]
  } finally {
    child.kill('SIGINT')
    await new Promise((resolve) => child.once('exit', resolve))
    rmSync(dataDir, { recursive: true, force: true })
  }
}

if (import.meta.main) console.table(await benchImport(), ['what', 'value', 'unit', 'target'])
