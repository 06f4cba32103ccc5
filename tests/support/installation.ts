// The installation of deploy/GUIDE.md in a network of its own: nginx and the edge on a proxy host, the server and
// PostgreSQL on an application host, someone on the Internet, someone on the local network.
import { chmodSync, cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { guideCommands } from './guide.ts'
import { makeCertificate } from './nginx.ts'
import { openNetwork, type Machine, type Network } from './machines.ts'
import type { Running } from './product.ts'
import type { RawAnswer, RawQuestion } from './raw-client.ts'
import { until } from './until.ts'

const ROOT = join(import.meta.dir, '../..')
const SUPPORT = import.meta.dir
const START_MS = 60_000

export const DOMAIN = 'prospect.example.fr'
export const PLACES = {
  proxy: '203.0.113.1',
  internet: '203.0.113.9',
  lan: '192.168.77.50',
  app: '10.44.0.2',
}
export const LOGIN = { email: 'anne@example.org', password: 'nine-long-words-here' }

const SERVER_SETTINGS = {
  HOST: PLACES.app,
  DATABASE_LISTEN: `${PLACES.app}:5433`,
  DATABASE_LISTEN_ALLOW: '10.44.0.1/32',
  BASE_URL: `https://${DOMAIN}`,
  TRUSTED_PROXIES: '10.44.0.1',
  SECRET_KEY: 'a-secret-key-of-this-proof-only',
  ADMIN_EMAIL: LOGIN.email,
  ADMIN_PASSWORD: LOGIN.password,
  MAIL_SERVER: '127.0.0.1',
  MAIL_USE_TLS: 'false',
  MAIL_DEFAULT_SENDER: 'Anne <anne@example.org>',
}

export type Visitor = { ask: (question: RawQuestion) => Promise<RawAnswer> }

/** Someone with a machine: asks with any bytes. */
const visitorOn = (machine: Machine): Visitor => {
  const child = Bun.spawn(machine.inside([process.execPath, join(SUPPORT, 'raw-client.ts')]), {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const waiting = new Map<number, (answer: RawAnswer) => void>()
  let next = 0
  void (async () => {
    let rest = ''
    for await (const chunk of child.stdout) {
      const lines = (rest + new TextDecoder().decode(chunk)).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        const { id, ...answer } = JSON.parse(line) as RawAnswer & { id: number }
        waiting.get(id)?.(answer)
        waiting.delete(id)
      }
    }
  })()
  return {
    ask: (question) =>
      new Promise((resolve) => {
        const id = (next += 1)
        waiting.set(id, resolve)
        child.stdin.write(`${JSON.stringify({ id, ...question })}\n`)
        void child.stdin.flush()
      }),
  }
}

export type Installation = {
  app: Machine
  proxy: Machine
  internet: Visitor
  lan: Visitor
  server: () => Running
  startServer: () => Promise<void>
  edge: () => Running
  startEdge: () => Promise<void>
  /** Runs a command of the server's executable beside it. */
  prospectlab: <T>(...args: string[]) => Promise<T>
  close: () => Promise<void>
}

/** @param folder a temporary one; everything lies in it */
export const install = async (folder: string): Promise<Installation> => {
  // PostgreSQL is run by a user of its own, and nginx reads as one.
  chmodSync(folder, 0o755)
  for (const name of ['prospectlab', 'prospectlab-edge']) cpSync(join(ROOT, 'dist', name), join(folder, name))
  const network: Network = await openNetwork(folder)
  const proxy = await network.machine('proxy', [`${PLACES.proxy}/24`, '192.168.77.1/24', '10.44.0.1/24'])
  const app = await network.machine('app', [`${PLACES.app}/24`])
  const internet = await network.machine('internet', [`${PLACES.internet}/24`])
  const lan = await network.machine('lan', [`${PLACES.lan}/24`])

  const mail = app.start([
    process.execPath,
    '--eval',
    `const { startMailServer } = await import(${JSON.stringify(join(SUPPORT, 'mail-server.ts'))}); console.log('port', (await startMailServer()).port)`,
  ])
  await until('the mail server is there', () => /port \d+/.test(mail.log()), START_MS)
  const settings = { ...SERVER_SETTINGS, MAIL_PORT: /port (\d+)/.exec(mail.log())![1]! }
  const envFile = join(folder, 'prospectlab.env')
  const lines = Object.entries({ ...settings, DATA_DIR: join(folder, 'data') })
  writeFileSync(envFile, lines.map(([name, value]) => `${name}="${value}"\n`).join(''))

  let server: Running
  const startServer = async () => {
    server = app.start([join(folder, 'prospectlab'), 'serve', '--env-file', envFile], { cwd: folder })
    await until('the server is ready', () => server.log().includes('ProspectLab is ready'), START_MS).catch(
      () => {
        throw new Error(`the server did not start: ${server.log()}`)
      },
    )
  }
  await startServer()
  const prospectlab = async <T>(...args: string[]): Promise<T> => {
    const { out } = await app.run([join(folder, 'prospectlab'), '--env-file', envFile, ...args, '--json'])
    return JSON.parse(out) as T
  }

  const { env } = await prospectlab<{ env: Record<string, string> }>('edge-env')
  let edge: Running
  const startEdge = async () => {
    edge = proxy.start([join(folder, 'prospectlab-edge'), 'serve'], {
      env: { ...env, DATA_DIR: join(folder, 'edge-data') },
      cwd: folder,
    })
    await until('the edge listens', () => edge.log().includes('edge is listening'), START_MS)
  }
  await startEdge()
  await startNginx(proxy, folder)
  return {
    app,
    proxy,
    internet: visitorOn(internet),
    lan: visitorOn(lan),
    server: () => server,
    startServer,
    edge: () => edge,
    startEdge,
    prospectlab,
    close: network.close,
  }
}

/** With the very commands of the guide, on a Debian machine that has a certificate. */
const startNginx = async (proxy: Machine, folder: string): Promise<void> => {
  const shipped = join(ROOT, 'deploy/nginx')
  await makeCertificate(join(folder, 'certificate'), [DOMAIN])
  for (const name of ['fullchain.pem', 'privkey.pem'])
    await proxy.write(
      `/etc/letsencrypt/live/${DOMAIN}/${name}`,
      readFileSync(join(folder, 'certificate', name), 'utf8'),
      0o600,
    )
  // What installing nginx, certbot and deploy.sh leave on the machine.
  const before = `mkdir -p /var/log/nginx /var/lib/nginx /var/www/html /opt/prospectlab/tools
    cp -r "$0" /opt/prospectlab/tools/
    rm -f /etc/nginx/conf.d/* /etc/nginx/snippets/prospectlab* /etc/nginx/sites-enabled/prospectlab`
  await proxy.run(['sh', '-ec', before, shipped])
  for (const part of ['tee -a /etc/hosts', 'sites/one-domain.conf'])
    await proxy.run(['bash', '-ec', guideCommands(part).replaceAll('10.0.0.2', PLACES.app)])
  proxy.start(['nginx', '-g', 'daemon off;'])
  await until(
    'nginx listens',
    async () => (await proxy.run(['sh', '-c', 'ls /run/nginx.pid'], { mayFail: true })).code === 0,
  )
}
