import { afterAll, describe, expect, test as plainTest } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { layOutNginx, makeCertificate, shippedSites } from '#tests/support/nginx.ts'
import { temporaryFolder } from '#tests/support/product.ts'
import { testWith } from '#tests/support/tool.ts'

const SITES = ['one-domain', 'one-machine', 'several-domains', 'without-edge']
const NAMES = ['prospect.example.fr', 'liens.example.com', 'suivi.example.org']
const folder = temporaryFolder('nginx')
const certificates = join(folder.path, 'certificates')
// A name that resolves here, and ports that any user may open.
const replace = {
  '/etc/letsencrypt/live/': `${certificates}/`,
  'app.internal': '127.0.0.1',
  'listen 80': 'listen 8080',
  '[::]:80': '[::]:8080',
  'listen 443': 'listen 8443',
  '[::]:443': '[::]:8443',
}
const test = testWith('nginx')

const certify = async () => {
  for (const name of NAMES) await makeCertificate(join(certificates, name), [name])
}
let certified: Promise<void> | undefined
afterAll(folder.remove)

const check = async (name: string, sites: string[]) => {
  await (certified ??= certify())
  const file = layOutNginx(join(folder.path, name), sites, replace)
  const run = Bun.spawn(['nginx', '-t', '-q', '-c', file, '-p', join(folder.path, name)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin` },
  })
  const [code, said] = await Promise.all([run.exited, new Response(run.stderr).text()])
  // Newer versions say that `listen … http2` has become a directive of its own; older ones know nothing else.
  const complaints = said.split('\n').filter((line) => line !== '' && !line.includes('"listen ... http2"'))
  return { code, complaints }
}

describe('nginx accepts the shipped files', () => {
  for (const site of SITES)
    test(`${site}, with and without the refusal of other names`, async () => {
      expect(await check(site, [site])).toEqual({ code: 0, complaints: [] })
      expect(await check(`${site}-alone`, [site, 'refuse-other-names'])).toEqual({ code: 0, complaints: [] })
    })

  test('there is no site file that these tests do not know', () => {
    expect(shippedSites()).toEqual([...SITES, 'refuse-other-names'].toSorted())
  })

  test('every location that hands on goes through the snippet that overwrites what the client claims', () => {
    const root = join(import.meta.dir, '../../deploy/nginx')
    for (const path of new Bun.Glob('**/*.conf').scanSync(root)) {
      const text = readFileSync(join(root, path), 'utf8')
      expect(text).not.toContain('$proxy_add_x_forwarded_for')
      if (path.endsWith('prospectlab-health.conf')) continue
      for (const location of text.split(/^location /m).slice(1))
        if (location.includes('proxy_pass'))
          expect(location).toMatch(/include +snippets\/prospectlab-forward\.conf;/)
    }
  })
})

plainTest('every public route of the product is handed on, and nothing beside', async () => {
  const run = Bun.spawnSync([
    process.execPath,
    join(import.meta.dir, '../../src/main.ts'),
    'routes',
    '--json',
  ])
  const routes = JSON.parse(run.stdout.toString()) as { path: string }[]
  const text = readFileSync(join(import.meta.dir, '../../deploy/nginx/conf.d/prospectlab.conf'), 'utf8')
  const map = /map \$request_uri[^}]*\}/.exec(text)![0]
  const rules = [...map.matchAll(/^ *"~(\*?)(.*)" ([01]);$/gm)].map(([, any, pattern, value]) => ({
    // What nginx's and JavaScript's expressions have in common.
    pattern: new RegExp(pattern!, any === '*' ? 'i' : ''),
    handedOn: value === '1',
  }))
  const isHandedOn = (uri: string) => rules.find(({ pattern }) => pattern.test(uri))?.handedOn ?? false
  const uris = routes.map(({ path }) => path.replaceAll(/:\w+/g, 'aZ-_9.png'))
  expect(uris.filter(isHandedOn)).toEqual(uris.filter((uri) => /^\/(track|api\/public)\//.test(uri)))
  expect(isHandedOn('/track/click/x?url=https%3A%2F%2Fwww.example.fr%2F..%2F%2525')).toBe(true)
})
