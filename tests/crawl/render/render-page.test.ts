import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { standardLimits } from '#src/crawl/crawl-limits.ts'
import { crawlTools } from '#src/crawl/crawl-tools.ts'
import { createPoliteness } from '#src/crawl/politeness/politeness.ts'
import type { RenderOptions } from '#src/crawl/render/render-page.ts'
import type { Renderer } from '#src/crawl/render/renderer.ts'
import { crawlSite } from '#src/crawl/site/crawl-site.ts'
import { startThreads } from '#src/threads.ts'
import { networks, page as httpPage, startTlsServer } from '#tests/support/outside-servers.ts'
import { script, testRenderer, testSite, type Answers } from '#tests/support/renderer.ts'

setDefaultTimeout(60_000)
const allowNetworks = networks('127.0.0.0/8')
const threads = startThreads(1)
afterAll(() => threads.close())

const renderer = await testRenderer()

const shell = (scripts: string) =>
  `<!doctype html><html lang="fr"><head><title>Atelier</title></head><body><div id="root"></div>${scripts}</body></html>`

const draw = async (answer: Answers, options: RenderOptions = {}) => {
  const site = testSite(answer)
  const drawn = await renderer.render(site.url, { allowNetworks, ...options })
  if (!drawn.ok) throw new Error(`${drawn.code}: ${drawn.message}`)
  return { ...drawn, site }
}

const LONG = 'Nous fabriquons vos meubles sur mesure depuis trente ans. '.repeat(8)

test('what scripts load and draw is in the document, with what stands in open shadow roots', async () => {
  const { html, site, finalUrl } = await draw((_, { pathname }) => {
    if (pathname === '/') return shell('<script src="/app.js"></script>')
    if (pathname === '/api') return Response.json({ email: 'contact@atelier-durand.fr' })
    if (pathname !== '/app.js') return null
    return script(`fetch('/api').then((r) => r.json()).then(({ email }) => {
      root.innerHTML = '<h1>Atelier</h1><a href="mailto:' + email + '">' + email + '</a><x-phone></x-phone><p>${LONG}</p><template><i>kept</i></template>'
      const phone = document.querySelector('x-phone').attachShadow({ mode: 'open' })
      phone.innerHTML = '<p>03 87 00 00 01</p><x-inner></x-inner>'
      phone.querySelector('x-inner').attachShadow({ mode: 'open' }).innerHTML = '<b>inner</b>'
    })`)
  })
  expect(finalUrl).toBe(site.url)
  expect(html).toContain('<a href="mailto:contact@atelier-durand.fr">')
  expect(html).toContain(
    '<x-phone><div><p>03 87 00 00 01</p><x-inner><div><b>inner</b></div></x-inner></div></x-phone>',
  )
  expect(html).toContain('<template><i>kept</i></template>')
  expect(html).toStartWith('<!doctype html><html lang="fr">')
})

test('a site sees who asks, no credential of the proxy, and no request for pictures, fonts or films', async () => {
  const { site } = await draw((_, { pathname }) =>
    pathname === '/'
      ? shell(`<style>@font-face { font-family: x; src: url(/x.woff2) } body { font-family: x }</style>${LONG}
          <img src="/a.png" onerror="this.remove()" id="picture"><video src="/film.mp4" autoplay></video>`)
      : null,
  )
  expect(site.asked.map(({ path }) => path).filter((path) => path !== '/favicon.ico')).toEqual(['/'])
  const { headers } = site.asked[0]!
  expect(headers.get('user-agent')).toEndWith('ProspectLab/test (+https://agence.example)')
  expect(headers.get('proxy-authorization')).toBeNull()
})

test('nothing of one page is left for the next: cookies, storage, cache', async () => {
  const answer: Answers = (request, { pathname }) =>
    pathname === '/'
      ? new Response(
          shell(
            `<p id="seen"></p><script>seen.textContent = (localStorage.getItem('a') ?? 'new') + '${LONG}'; localStorage.setItem('a', 'back')</script>`,
          ),
          {
            headers: {
              'content-type': 'text/html',
              'set-cookie': 'id=1',
              'cache-control': 'max-age=600',
              'x-cookie': request.headers.get('cookie') ?? '',
            },
          },
        )
      : null
  const site = testSite(answer)
  for (let visit = 0; visit < 2; visit++) {
    const drawn = await renderer.render(site.url, { allowNetworks })
    expect(drawn.ok && drawn.html).toContain('<p id="seen">new')
  }
  expect(site.asked.filter(({ path }) => path === '/').map(({ headers }) => headers.get('cookie'))).toEqual([
    null,
    null,
  ])
})

test('a page that keeps asking is taken once it stands still; one that draws late is waited for', async () => {
  const polling = await draw((_, { pathname }) =>
    pathname === '/'
      ? shell(`<p>${LONG}</p><script>setInterval(() => fetch('/poll'), 100)</script>`)
      : new Response('ok'),
  )
  expect(polling.html).toContain(LONG.trim())
  const late = await draw((_, { pathname }) =>
    pathname === '/'
      ? shell(`<script>setTimeout(() => (root.textContent = 'come at last'), 1200)</script>`)
      : null,
  )
  expect(late.html).toContain('come at last')
})

test('a redirect by script is followed; the page that counts is where it ends', async () => {
  const { finalUrl, html } = await draw((_, { pathname }) =>
    pathname === '/'
      ? shell(`<script>location.replace('/accueil')</script>`)
      : pathname === '/accueil'
        ? shell(LONG)
        : null,
  )
  expect(new URL(finalUrl).pathname).toBe('/accueil')
  expect(html).toContain(LONG.trim())
})

test('what robots.txt forbids is not asked for', async () => {
  const { site } = await draw(
    (_, { pathname }) =>
      pathname === '/'
        ? shell(`<p>${LONG}</p><script>fetch('/private/a'); fetch('/open'); location = '/private/b'</script>`)
        : 'open',
    { mayOpen: async (url) => !url.includes('/private/') },
  )
  const paths = site.asked.map(({ path }) => path)
  expect(paths).toContain('/open')
  expect(paths.filter((path) => path.startsWith('/private'))).toEqual([])
})

test('each way of failing has its name', async () => {
  const site = testSite((_, { pathname }) =>
    pathname === '/pdf'
      ? new Response('%PDF-1.4', { headers: { 'content-type': 'application/pdf' } })
      : pathname === '/slow'
        ? new Promise<Response>(() => {})
        : null,
  )
  const code = async (url: string, options: Parameters<Renderer['render']>[1] = {}) => {
    const drawn = await renderer.render(url, { allowNetworks, ...options })
    return drawn.ok ? 'ok' : drawn.code
  }
  expect(await code(`${site.url}missing`)).toBe('status')
  expect(await code(`${site.url}pdf`)).toBe('not_html')
  expect(await code(`${site.url}slow`, { timeoutMs: 500 })).toBe('timeout')
  expect(await code('http://127.0.0.2:1/')).toBe('unreachable')
  expect(await code('http://name.invalid/')).toBe('dns')
  expect(await code(site.url, { allowNetworks: [] })).toBe('refused_address')
  for (const url of [
    'file:///etc/passwd',
    'chrome://version/',
    'data:text/html,x',
    'javascript:1',
    'about:blank',
    'http://a:b@127.0.0.2/',
  ])
    expect(await code(url)).toBe('bad_url')
  expect(await code(site.url, { signal: AbortSignal.abort() })).toBe('stopped')
  const soon = AbortSignal.timeout(600)
  expect(await code(`${site.url}slow`, { signal: soon })).toBe('stopped')
  expect(await code(site.url, { gate: async () => ({ go: false, message: 'not now' }) })).toBe('stopped')
})

test('a site with a broken certificate is drawn all the same', async () => {
  const server = await startTlsServer(
    ['expired.test'],
    httpPage(shell(LONG), { 'Content-Type': 'text/html' }),
  )
  const drawn = await renderer.render(`https://expired.test:${server.port}/`, {
    allowNetworks,
    resolve: async () => ['127.0.0.1'],
  })
  expect(drawn).toMatchObject({ ok: true, status: 200 })
})

test('a gate is passed once a page, and left when it is done', async () => {
  const site = testSite((_, { pathname }) =>
    pathname === '/' ? shell(LONG + '<script src="/a.js"></script>') : script(''),
  )
  const seen: string[] = []
  await renderer.render(site.url, {
    allowNetworks,
    gate: async ({ url, address }) => {
      seen.push(`${url.href} ${address}`)
      return { go: true, done: () => void seen.push('done') }
    },
  })
  expect(seen).toEqual([`${site.url} 127.0.0.2`, 'done'])
})

test('without a browser that runs there is a reason, not a crash', async () => {
  const none = await testRenderer({ chromePath: '/bin/true' })
  const site = testSite(() => shell(LONG))
  expect(await none.render(site.url, { allowNetworks })).toMatchObject({ ok: false, code: 'no_browser' })
})

test('a crawl finds the e-mail address that only scripts show', async () => {
  const site = testSite((_, { pathname }) => {
    if (pathname === '/robots.txt') return null
    if (pathname === '/api/company.json')
      return Response.json({ email: 'contact@atelier-durand.fr', phone: '03 87 00 00 01' })
    if (pathname === '/app.js')
      return script(`fetch('/api/company.json').then((r) => r.json()).then((c) => {
        root.innerHTML = '<h1>Atelier Durand</h1><p>Tél. : ' + c.phone + ' – ' + c.email + '</p>' })`)
    return pathname === '/' ? shell('<script type="module" src="/app.js"></script>') : null
  })
  const settings = {
    CRAWL_ALLOW_NETWORKS: ['127.0.0.0/8'],
    BASE_URL: undefined,
    MAIL_DEFAULT_SENDER: undefined,
    ADMIN_EMAIL: undefined,
  }
  const politeness = createPoliteness({ enabled: false })
  const crawl = async (drawing: boolean) => {
    const tools = crawlTools({ settings, politeness, threads, ...(drawing && { renderer }) })
    const outcome = await crawlSite(site.url, standardLimits, { ...tools, now: () => new Date() })
    if (!outcome.ok) throw new Error(outcome.error.message)
    return outcome.site
  }
  const drawn = await crawl(true)
  expect(drawn.emails.map(({ value }) => value)).toEqual(['contact@atelier-durand.fr'])
  expect(drawn.phones.map(({ value }) => value)).toEqual(['+33387000001'])
  expect(drawn.pages[0]?.needsBrowser).toBe(false)
  const plain = await crawl(false)
  expect(plain.emails).toEqual([])
  expect(plain.pages[0]?.needsBrowser).toBe(true)
})
