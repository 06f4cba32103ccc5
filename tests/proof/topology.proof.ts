// nginx and the edge on a proxy host, the server and PostgreSQL on an application host, with the shipped nginx files
// as they are and the compiled executables: what the Internet gets, what the local network gets, what neither gets.
// Needs root, nginx and openssl.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBuilt } from '#deploy/ensure-built.ts'
import {
  DOMAIN,
  install,
  LOGIN,
  PLACES,
  type Installation,
  type Visitor,
} from '#tests/support/installation.ts'
import { temporaryFolder } from '#tests/support/product.ts'
import { until } from '#tests/support/until.ts'
import { CLAIMS, oddRequests, PRIVATE, TRICKS } from './private-places.ts'

const MINUTE = 60_000
/** A target that has to survive exactly as it is. */
const TARGET = 'https://www.example.net/offre?a=1&b=%2525&next=https%3A%2F%2Fautre.example%2F'
const ONE_CLICK = 'List-Unsubscribe=One-Click'
/** A live page says something at least this often (src/operations/progress-stream.ts). */
const STILL_HERE_MS = 15_000

const folder = temporaryFolder('topology')
let here: Installation
type Sent = { token: string; pixelUrl: string; links: { url: string }[]; unsubscribeUrl: string }

beforeAll(async () => {
  await ensureBuilt()
  here = await install(folder.path)
}, 5 * MINUTE)
afterAll(async () => {
  await here?.close()
  folder.remove()
}, MINUTE)

type Question = {
  method?: string
  headers?: Record<string, string>
  body?: string
  plain?: boolean
  waitMs?: number
}
type Answer = { status: number; head: string; body: string; location: string }

const readAnswer = (answer: string): Answer => {
  const end = answer.indexOf('\r\n\r\n')
  const head = end < 0 ? answer : answer.slice(0, end)
  return {
    status: Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0),
    head,
    body: end < 0 ? '' : answer.slice(end + 4),
    location: /^location: (.*?)\r?$/im.exec(head)?.[1] ?? '',
  }
}

const requestOf = (path: string, { method = 'GET', headers = {}, body = '' }: Question): string => {
  const all: Record<string, string> = { Host: DOMAIN, Connection: 'close', ...headers }
  if (body !== '') all['Content-Length'] ??= String(Buffer.byteLength(body))
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`
}

const askRaw = (who: Visitor, send: string, { plain = false, waitMs }: Question = {}) => {
  const host = who === here.lan ? '192.168.77.1' : PLACES.proxy
  const where = plain ? { host, port: 80 } : { host, port: 443, name: DOMAIN }
  return who.ask({ ...where, send, ...(waitMs === undefined ? {} : { waitMs }) })
}

const ask = async (who: Visitor, path: string, question: Question = {}): Promise<Answer> =>
  readAnswer((await askRaw(who, requestOf(path, question), question)).answer)

const pathOf = (url: string): string => url.slice(new URL(url).origin.length)

const sendMail = async (): Promise<Sent> => {
  const html = join(folder.path, 'mail.html')
  writeFileSync(html, `<p>Bonjour</p><a href="${TARGET.replaceAll('&', '&amp;')}">Offre</a>`)
  const to = `${crypto.randomUUID()}@example.org`
  return here.prospectlab<Sent>(
    'send',
    '--to',
    to,
    '--subject',
    'Offre',
    '--html',
    html,
    '--tracking',
    'individual',
  )
}

type Event = { type: string }
const eventsOf = async ({ token }: Sent): Promise<string[]> =>
  (await here.prospectlab<Event[]>('tracking', 'events', '--message', token))
    .map(({ type }) => type)
    .toSorted()

describe('from the Internet', () => {
  test(
    'a mail is opened, followed and unsubscribed from, over https and under its public name',
    async () => {
      const mail = await sendMail()
      expect(mail.pixelUrl).toStartWith(`https://${DOMAIN}/track/`)
      const pixel = await ask(here.internet, pathOf(mail.pixelUrl))
      expect([pixel.status, /^content-type: image\//im.test(pixel.head)]).toEqual([200, true])
      const click = await ask(here.internet, pathOf(mail.links[0]!.url))
      expect([click.status, click.location]).toEqual([302, TARGET])
      const page = await ask(here.internet, pathOf(mail.unsubscribeUrl))
      expect(page.status).toBe(200)
      const form = { 'Content-Type': 'application/x-www-form-urlencoded' }
      const left = await ask(here.internet, pathOf(mail.unsubscribeUrl), {
        method: 'POST',
        headers: form,
        body: ONE_CLICK,
      })
      expect(left.status).toBe(200)
      await until('the events are listed', async () => (await eventsOf(mail)).length === 3, 15_000)
      expect(await eventsOf(mail)).toEqual(['click', 'open', 'unsubscribe'])
    },
    MINUTE,
  )

  test(
    'the public API answers a token, and sees the real address of its client whatever the client claims',
    async () => {
      const make = (name: string, allow: string) =>
        here.prospectlab<{ token: string }>(
          'token',
          'create',
          '--name',
          name,
          '--scopes',
          'companies:read',
          '--allow',
          allow,
        )
      const own = await make('own', `${PLACES.internet}/32`)
      const others = await make('others', '198.51.100.7/32')
      const info = async (token: string, headers: Record<string, string> = {}) =>
        (
          await ask(here.internet, '/api/public/token/info', {
            headers: { Authorization: `Bearer ${token}`, ...headers },
          })
        ).status
      expect(await info(own.token)).toBe(200)
      expect(
        (
          await ask(here.internet, '/api/public/entreprises?limit=1', {
            headers: { Authorization: `Bearer ${own.token}` },
          })
        ).status,
      ).toBe(200)
      expect((await ask(here.internet, '/api/public/token/info')).status).toBe(401)
      const refused = await info(others.token)
      expect(refused).toBeGreaterThanOrEqual(401)
      for (const name of [
        'X-Forwarded-For',
        'X-Real-IP',
        'Forwarded',
        'CF-Connecting-IP',
        'True-Client-IP',
        'X-Client-IP',
      ]) {
        const claim = name === 'Forwarded' ? 'for=198.51.100.7' : '198.51.100.7'
        expect([name, await info(others.token, { [name]: claim })]).toEqual([name, refused])
        expect([name, await info(own.token, { [name]: claim })]).toEqual([name, 200])
      }
    },
    MINUTE,
  )

  test('http leads to https, and a certificate can be renewed', async () => {
    const moved = await ask(here.internet, '/track/click/x?y=1', { plain: true })
    expect([moved.status, moved.location]).toEqual([308, `https://${DOMAIN}/track/click/x?y=1`])
    await here.proxy.write('/var/www/html/.well-known/acme-challenge/a-token', 'a-token.proof')
    await here.proxy.run(['chmod', '-R', 'a+rX', '/var/www'])
    const challenge = await ask(here.internet, '/.well-known/acme-challenge/a-token', { plain: true })
    expect([challenge.status, challenge.body]).toEqual([200, 'a-token.proof'])
  })

  test(
    'two thousand opens at once from one address are all answered',
    async () => {
      const one = requestOf('/track/pixel/a-mailing-opened-by-a-mail-service.gif', {
        headers: { Connection: 'keep-alive' },
      })
      const asked = Array.from({ length: 8 }, () => askRaw(here.internet, one.repeat(250), { waitMs: 3000 }))
      const answers = (await Promise.all(asked)).map(
        ({ answer }) => answer.split('HTTP/1.1 200 OK').length - 1,
      )
      expect(answers).toEqual(Array<number>(8).fill(250))
    },
    MINUTE,
  )
})

/** Port 80 tells where https is, and nothing else. */
const leadsToHttps = ({ status, location }: Answer): boolean =>
  status === 308 && location.startsWith('https://')

/** What a page of the product, its sign-in form, its numbers or its health look like. */
const isPrivate = ({ status, body, location }: Answer): boolean =>
  /name="csrf"|\/assets\/|prospectlab_(build_info|edge_)|"database":|<title>[^<]*ProspectLab/.test(body) ||
  /\/(login|setup|companies)/.test(location) ||
  status === 401 ||
  status === 403

const attack = async (): Promise<void> => {
  const asked = [
    ...PRIVATE.flatMap((path) => CLAIMS.map((headers) => ({ path, headers }))),
    ...TRICKS.flatMap((path) => CLAIMS.slice(0, 2).map((headers) => ({ path, headers }))),
  ]
  const answers = await Promise.all(
    asked.map(async ({ path, headers }) => ({
      path,
      headers,
      answer: await ask(here.internet, path, { headers }),
    })),
  )
  const reached = answers.filter(({ answer }) => isPrivate(answer) || ![400, 404].includes(answer.status))
  expect(reached.map(({ path, headers, answer }) => [path, headers, answer.status])).toEqual([])
}

describe('what is private', () => {
  test(
    'is nowhere to be found from the Internet, however it is spelled and whatever is claimed',
    attack,
    MINUTE,
  )

  test(
    'cannot be had by a name, by none, by an old protocol or by a request hidden in another',
    async () => {
      for (const plain of [false, true])
        for (const send of oddRequests(DOMAIN)) {
          const { answer } = await askRaw(here.internet, send, { plain, waitMs: 700 })
          const each = answer.split(/(?=HTTP\/1\.[01] \d{3})/).map(readAnswer)
          expect([send, each.filter((one) => isPrivate(one) && !(plain && leadsToHttps(one)))]).toEqual([
            send,
            [],
          ])
        }
    },
    MINUTE,
  )

  test('has no port of its own towards the Internet', async () => {
    const ports = [5000, 5001, 5080, 5432, 5433]
    const answers = await Promise.all(
      ports.map((port) =>
        here.internet.ask({ host: PLACES.proxy, port, send: 'GET /healthz HTTP/1.0\r\n\r\n', waitMs: 1500 }),
      ),
    )
    expect(answers.map(({ answer }) => answer)).toEqual(ports.map(() => ''))
  })

  test('is not in a log, nor are keys and recipients', async () => {
    await ask(here.internet, '/api/public/token/info?api_token=not-for-a-log')
    const { out } = await here.proxy.run(['sh', '-c', 'cat /var/log/nginx/*.log'])
    expect(out).toContain('/api/public/token/info')
    expect(out).not.toContain('not-for-a-log')
    const { out: tracking } = await here.proxy.run(['cat', '/var/log/nginx/prospectlab_track.log'])
    expect(tracking).not.toContain(PLACES.internet)
    expect(tracking).not.toContain('/track/')
  })
})

describe('from the local network', () => {
  const cookies = new Map<string, string>()
  const visit = async (path: string, question: Question = {}): Promise<Answer> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await ask(here.lan, path, {
      ...question,
      headers: { Origin: `https://${DOMAIN}`, Cookie: cookie, ...question.headers },
    })
    for (const [, name, value] of answer.head.matchAll(/^set-cookie: ([^=]+)=([^;\r]*)/gim))
      cookies.set(name!, value!)
    return answer
  }
  const signIn = async () => {
    const csrf = /name="csrf"[^>]*value="([^"]*)"/.exec((await visit('/login')).body)?.[1] ?? ''
    const body = new URLSearchParams({ ...LOGIN, csrf }).toString()
    return visit('/login', {
      method: 'POST',
      body,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    })
  }

  test(
    'the pages work: signing in, the list, a large upload; live pages arrive as they are said',
    async () => {
      expect((await visit('/companies')).status).toBe(303)
      expect((await signIn()).status).toBe(303)
      expect([...cookies.keys()].some((name) => name.startsWith('__Host-'))).toBe(true)
      const page = await visit('/companies', { headers: { 'X-Forwarded-For': '8.8.8.8' } })
      expect([page.status, /^strict-transport-security/im.test(page.head)]).toEqual([200, true])
      expect((await visit('/metrics')).status).toBe(404)
      expect((await visit('/edge/hits', { method: 'POST', body: 'x' })).status).toBe(404)

      const csrf = /name="csrf"[^>]*value="([^"]*)"/.exec((await visit('/imports')).body)?.[1] ?? ''
      const rows = Array.from(
        { length: 60_000 },
        (_, index) => `Entreprise ${index};12 rue des Lilas;75001;Paris\r\n`,
      )
      const part = (name: string, value: string) =>
        `--part\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
      const file = `--part\r\nContent-Disposition: form-data; name="file"; filename="liste.csv"\r\nContent-Type: text/csv\r\n\r\nNom;Adresse;Code postal;Ville\r\n${rows.join('')}\r\n--part--\r\n`
      const uploaded = await visit('/imports', {
        method: 'POST',
        headers: { 'Content-Type': 'multipart/form-data; boundary=part' },
        body: part('csrf', csrf) + file,
        waitMs: 30_000,
      })
      expect([uploaded.status, uploaded.location.startsWith('/imports/')]).toEqual([303, true])

      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
      const live = await askRaw(
        here.lan,
        requestOf('/jobs/events', { headers: { Cookie: cookie, 'Accept-Encoding': 'gzip' } }),
        {
          waitMs: STILL_HERE_MS + 4000,
        },
      )
      const saidAt = (text: string) =>
        live.arrivals.find((piece) => piece.text.includes(text))?.at ?? Infinity
      expect(readAnswer(live.answer).head).toMatch(/^content-type: text\/event-stream/im)
      expect(saidAt('data:')).toBeLessThan(3000)
      // A few bytes, on their own: whoever buffers keeps them.
      expect(saidAt(': still here')).toBeLessThan(STILL_HERE_MS + 3000)
      expect(saidAt(': still here')).toBeGreaterThan(saidAt('data:'))
    },
    MINUTE,
  )

  test('monitoring and deploy.sh hear of the server and of the public side through nginx, on the proxy host only', async () => {
    const status = async (path: string) =>
      (
        await here.proxy.run([
          'bash',
          '-c',
          `exec 3<>/dev/tcp/127.0.0.1/5080; printf 'GET ${path} HTTP/1.0\\r\\n\\r\\n' >&3; head -n 1 <&3`,
        ])
      ).out.split(' ')[1]
    expect([
      await status('/healthz'),
      await status('/track/pixel/healthz.gif'),
      await status('/login'),
    ]).toEqual(['200', '200', '404'])
  })
})

describe('when a part is down', () => {
  test(
    'PostgreSQL and the server: clicks go on leading where they should, and are counted afterwards',
    async () => {
      const mail = await sendMail()
      await here.server().stop()
      for (let hit = 0; hit < 5; hit++) {
        const click = await ask(here.internet, pathOf(mail.links[0]!.url))
        expect([click.status, click.location]).toEqual([302, TARGET])
      }
      expect((await ask(here.internet, pathOf(mail.pixelUrl))).status).toBe(200)
      expect((await ask(here.lan, '/login')).status).toBe(502)
      await here.startServer()
      await until('the events are listed', async () => (await eventsOf(mail)).length === 6, 30_000)
      expect(await eventsOf(mail)).toEqual([...Array<string>(5).fill('click'), 'open'])
    },
    2 * MINUTE,
  )

  test(
    'the edge: the server answers for it, and what is private stays so',
    async () => {
      const mail = await sendMail()
      await here.edge().stop()
      const click = await ask(here.internet, pathOf(mail.links[0]!.url))
      expect([click.status, click.location]).toEqual([302, TARGET])
      const left = await ask(here.internet, pathOf(mail.unsubscribeUrl), {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: ONE_CLICK,
      })
      expect(left.status).toBe(200)
      await attack()
      await until('the events are listed', async () => (await eventsOf(mail)).length === 2, 15_000)
      await here.startEdge()
      expect((await ask(here.internet, pathOf(mail.pixelUrl))).status).toBe(200)
    },
    2 * MINUTE,
  )
})
