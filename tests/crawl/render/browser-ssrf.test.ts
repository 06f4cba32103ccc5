import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { createSocket } from 'node:dgram'
import type { Resolve } from '#src/lib/address-vetting.ts'
import {
  networks,
  page as httpPage,
  startServer,
  type OutsideServer,
} from '#tests/support/outside-servers.ts'
import { testRenderer, testSite } from '#tests/support/renderer.ts'

setDefaultTimeout(120_000)

// The site of a stranger has the one address that may be reached; whatever listens on the others must stay untouched.
const OUTSIDE = '127.0.0.2'
const allowNetworks = networks(`${OUTSIDE}/32`)
const renderer = await testRenderer()

const first = await startServer(() => {}, '127.0.0.1')
const { port } = first
const ofPort = (host: string): Promise<OutsideServer> =>
  new Promise((resolve, reject) => {
    const state = { port, sockets: 0, connections: 0, requests: [], serverNames: [] }
    const listener = Bun.listen({
      hostname: host,
      port,
      socket: {
        open: () => void (state.connections += 1),
        data: () => {},
        error: (_, error) => reject(error),
      },
    })
    afterAll(() => listener.stop(true))
    resolve(state)
  })
const guarded = [first, await ofPort('127.0.0.3'), await ofPort('::1')]

const packets: string[] = []
const datagrams = createSocket('udp4', (message) => void packets.push(message.toString('hex')))
await new Promise<void>((resolve) => datagrams.bind(port, '127.0.0.1', resolve))
afterAll(() => datagrams.close())

/** Resolves some names as an attacker's name server would. */
const resolve: Resolve = async (name) => {
  if (name === 'private.test') return ['10.0.0.1']
  if (['loopback.test', 'localhost', 'a.localhost'].includes(name)) return ['127.0.0.1']
  if (name === 'mapped.test') return ['::ffff:127.0.0.1']
  if (name === 'metadata.test') return ['169.254.169.254']
  if (name === 'mixed.test') return ['93.184.216.34', '127.0.0.1']
  throw Object.assign(new Error('none'), { code: 'ENOTFOUND' })
}
const HOSTS = [
  '127.0.0.1',
  'localhost',
  'a.localhost',
  '127.0.0.3',
  '[::1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '0.0.0.0',
  '[::]',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '127.1',
  '169.254.169.254',
  '10.0.0.5',
  '172.16.0.1',
  '192.168.1.1',
  '100.64.0.1',
  '[fd00::1]',
  '[fe80::1]',
  '[64:ff9b::7f00:1]',
  'private.test',
  'loopback.test',
  'mapped.test',
  'metadata.test',
  'mixed.test',
]

const page = (body: string) =>
  `<!doctype html><title>x</title><body>${body}<p>${'Words of a page that is long enough. '.repeat(10)}</p>`

const attack = async (body: string, more: Record<string, () => Response> = {}, timeoutMs = 8_000) => {
  const site = testSite(
    (_, { pathname }) => (pathname === '/' ? page(body) : (more[pathname]?.() ?? null)),
    OUTSIDE,
  )
  const drawn = await renderer.render(site.url, { allowNetworks, resolve, timeoutMs })
  return { drawn, site }
}

const untouched = () => {
  expect(guarded.map(({ connections }) => connections)).toEqual(guarded.map(() => 0))
  expect(packets).toEqual([])
}

test('a script reaches no address that is not public, however it is written', async () => {
  const urls = JSON.stringify(HOSTS.map((host) => `http://${host}:${port}/fetch`))
  const { drawn } = await attack(
    `<script>for (const url of ${urls}) fetch(url, { mode: 'no-cors' }).catch(() => {})</script>`,
  )
  if (!drawn.ok) throw new Error(drawn.message)
  // Each was asked for, and it was the proxy that said no.
  for (const host of HOSTS) expect(drawn.refused).toContain(new URL(`http://${host}`).hostname)
  untouched()
})

const VECTORS: Record<string, (url: string) => string> = {
  iframe: (url) => `<iframe src="${url}"></iframe>`,
  'iframe srcdoc': (url) => `<iframe srcdoc="<script src='${url}'></script>"></iframe>`,
  image: (url) => `<img src="${url}">`,
  'svg image': (url) => `<svg><image href="${url}"/><use href="${url}#a"/></svg>`,
  script: (url) => `<script src="${url}"></script>`,
  module: (url) => `<script type="module">import('${url}').catch(() => {})</script>`,
  'style sheet': (url) => `<link rel="stylesheet" href="${url}">`,
  'style import': (url) => `<style>@import url(${url});</style>`,
  font: (url) => `<style>@font-face { font-family: z; src: url(${url}) } p { font-family: z }</style>`,
  background: (url) => `<div style="background: url(${url}); width: 9px; height: 9px"></div>`,
  prefetch: (url) => `<link rel="prefetch" href="${url}">`,
  preload: (url) => `<link rel="preload" as="fetch" crossorigin href="${url}">`,
  modulepreload: (url) => `<link rel="modulepreload" href="${url}">`,
  preconnect: (url) => `<link rel="preconnect" href="${url}">`,
  'dns-prefetch': (url) => `<link rel="dns-prefetch" href="${url}">`,
  icon: (url) => `<link rel="icon" href="${url}">`,
  manifest: (url) => `<link rel="manifest" href="${url}">`,
  speculation: (url) =>
    `<script type="speculationrules">{"prefetch":[{"source":"list","urls":["${url}"]}],"prerender":[{"source":"list","urls":["${url}"]}]}</script>`,
  video: (url) => `<video src="${url}" preload="auto" autoplay></video><audio src="${url}"></audio>`,
  track: (url) => `<video><track default src="${url}"></video>`,
  object: (url) => `<object data="${url}"></object><embed src="${url}">`,
  request: (url) =>
    `<script>try { const x = new XMLHttpRequest(); x.open('POST', '${url}'); x.send('a') } catch {}</script>`,
  'synchronous request': (url) =>
    `<script>try { const x = new XMLHttpRequest(); x.open('GET', '${url}', false); x.send() } catch {}</script>`,
  beacon: (url) => `<script>navigator.sendBeacon('${url}', 'a')</script>`,
  keepalive: (url) =>
    `<script>fetch('${url}', { keepalive: true, mode: 'no-cors', method: 'POST', body: 'a' }).catch(() => {})</script>`,
  websocket: (url) => `<script>try { new WebSocket('${url.replace('http', 'ws')}') } catch {}</script>`,
  'event source': (url) => `<script>new EventSource('${url}')</script>`,
  worker: (url) =>
    `<script>new Worker(URL.createObjectURL(new Blob(["importScripts('${url}')"]))); new Worker(URL.createObjectURL(new Blob(["fetch('${url}', {mode: 'no-cors'}); new WebSocket('${url.replace('http', 'ws')}')"])))</script>`,
  'shared worker': (url) =>
    `<script>try { new SharedWorker(URL.createObjectURL(new Blob(["fetch('${url}', {mode: 'no-cors'})"]))) } catch {}</script>`,
  'data frame': (url) =>
    `<iframe src="data:text/html,<script>fetch('${url}', {mode: 'no-cors'})</script>"></iframe>`,
  form: (url) =>
    `<iframe name="f"></iframe><form id="g" target="f" method="post" action="${url}"><input name="a"></form><script>g.submit()</script>`,
  ping: (url) => `<a id="h" href="#" ping="${url}">x</a><script>h.click()</script>`,
  'pop-up': (url) =>
    `<a id="i" target="_blank" href="${url}">x</a><script>i.click(); window.open('${url}')</script>`,
  'web transport': (url) =>
    `<script>try { new WebTransport('${url.replace('http:', 'https:')}') } catch {}</script>`,
  webrtc:
    () => `<script>try { const c = new RTCPeerConnection({ iceServers: [{ urls: ['stun:127.0.0.1:${port}', 'turn:127.0.0.1:${port}?transport=tcp'], username: 'a', credential: 'b' }] }); c.createDataChannel('a'); c.createOffer().then((o) => c.setLocalDescription(o)) } catch {}</script>
    <iframe srcdoc="<script>try { const c = new RTCPeerConnection({ iceServers: [{ urls: ['stun:127.0.0.1:${port}'] }] }); c.createDataChannel('a'); c.createOffer().then((o) => c.setLocalDescription(o)) } catch {}</script>"></iframe>`,
  'frame refresh': (url) => `<iframe srcdoc='<meta http-equiv="refresh" content="0; url=${url}">'></iframe>`,
  report: (url) =>
    `<meta http-equiv="content-security-policy" content="img-src 'none'; report-uri ${url}"><img src="/x.png">`,
}

test('nor does any element, frame, worker or socket', async () => {
  for (const host of ['127.0.0.1', '[::1]', 'loopback.test']) {
    const body = Object.entries(VECTORS).map(([name, make]) =>
      make(`http://${host}:${port}/${encodeURIComponent(name)}`),
    )
    const { drawn } = await attack(body.join('\n'))
    expect(drawn.ok ? drawn.refused : drawn).toContain(new URL(`http://${host}`).hostname)
  }
  untouched()
})

test('these elements do ask, where they may', async () => {
  const other = await startServer(
    httpPage('', { 'Access-Control-Allow-Origin': '*', Connection: 'close' }),
    '127.0.0.4',
  )
  const url = (name: string) => `http://127.0.0.4:${other.port}/${encodeURIComponent(name)}`
  const body = Object.entries(VECTORS).map(([name, make]) => make(url(name)))
  const site = testSite((_, { pathname }) => (pathname === '/' ? page(body.join('\n')) : null), OUTSIDE)
  await renderer.render(site.url, {
    allowNetworks: networks('127.0.0.2/32', '127.0.0.4/32'),
    timeoutMs: 8_000,
  })
  const asked = other.requests.map((head) => decodeURIComponent(/^\w+ \/(\S*)/.exec(head)?.[1] ?? ''))
  // The others are answered or refused before they leave the browser.
  const outgoing = [
    'iframe',
    'script',
    'module',
    'style sheet',
    'style import',
    'prefetch',
    'preload',
    'object',
    'request',
  ]
  const byScript = [
    'synchronous request',
    'keepalive',
    'websocket',
    'event source',
    'worker',
    'data frame',
    'form',
  ]
  for (const name of [...outgoing, ...byScript, 'frame refresh']) expect(asked).toContain(name)
})

test('nor what a redirect of an allowed server leads to', async () => {
  const to = (status: number, host: string) => () =>
    new Response(null, {
      status,
      headers: { location: `http://${host}:${port}/redirected`, 'access-control-allow-origin': '*' },
    })
  const { drawn } = await attack(
    `<script>for (const p of ['/301', '/307', '/308']) fetch(p, { mode: 'no-cors', method: p === '/301' ? 'GET' : 'POST' }).catch(() => {})</script><script src="/302"></script><iframe src="/303"></iframe><img src="/301">`,
    {
      '/301': to(301, '127.0.0.1'),
      '/302': to(302, '[::1]'),
      '/303': to(303, 'loopback.test'),
      '/307': to(307, '0x7f.1'),
      '/308': to(308, '169.254.169.254'),
    },
  )
  if (!drawn.ok) throw new Error(drawn.message)
  expect(drawn.refused.toSorted()).toEqual(['127.0.0.1', '169.254.169.254', '[::1]', 'loopback.test'])
  untouched()
})

test('the page itself leads nowhere forbidden: by script, refresh, redirect, nor to files or pages of the browser', async () => {
  for (const host of ['127.0.0.1', '[::ffff:127.0.0.1]', '2130706433', 'metadata.test']) {
    const url = `http://${host}:${port}/top`
    for (const body of [
      `<script>location = '${url}'</script>`,
      `<meta http-equiv="refresh" content="0; url=${url}">`,
    ]) {
      const { drawn } = await attack(body)
      expect(drawn).toMatchObject({ ok: false, code: 'refused_address' })
    }
    const redirecting = testSite(() => Response.redirect(url, 302), OUTSIDE)
    expect(await renderer.render(redirecting.url, { allowNetworks, resolve })).toMatchObject({
      ok: false,
      code: 'refused_address',
    })
  }
  for (const url of [
    'file:///etc/passwd',
    'chrome://version',
    'view-source:http://127.0.0.1/',
    'data:text/html,<p>data',
    'devtools://devtools/bundled/inspector.html',
  ]) {
    const { drawn } = await attack(
      `<script>try { location = ${JSON.stringify(url)} } catch {}; try { window.open(${JSON.stringify(url)}) } catch {}</script><iframe src="${url}"></iframe>`,
    )
    if (!drawn.ok) throw new Error(`${url}: ${drawn.message}`)
    expect(drawn.finalUrl).toStartWith(`http://${OUTSIDE}`)
    expect(drawn.html).toContain('Words of a page')
    expect(drawn.html).not.toContain('root:')
  }
  untouched()
})

test('a name that changes its address between two requests gains nothing', async () => {
  for (const honest of [1, 2]) {
    let asked = 0
    const rebinding: Resolve = async () => [asked++ < honest ? OUTSIDE : '127.0.0.1']
    const site = testSite(
      () =>
        page(
          `<script>fetch('/again'); fetch('http://rebind.test:${port}/'); fetch('http://other.rebind.test:${port}/').catch(() => {})</script>`,
        ),
      OUTSIDE,
    )
    await renderer.render(`http://rebind.test:${site.port}/`, {
      allowNetworks,
      resolve: rebinding,
      timeoutMs: 5_000,
    })
    expect(asked).toBeGreaterThan(honest)
  }
  untouched()
})

test('what the browser asks for itself goes nowhere', async () => {
  // A page in progress and a while of nothing: no request but the page's own has reached the proxy with a credential.
  const { drawn, site } = await attack('quiet')
  expect(drawn).toMatchObject({ ok: true, refused: [] })
  expect(site.asked.map(({ path }) => path).filter((path) => path !== '/favicon.ico')).toEqual(['/'])
  untouched()
})
