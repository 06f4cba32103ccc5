import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { memoryOfGroup } from '#src/crawl/render/watch-memory.ts'
import { findChromium } from '#tests/support/chromium.ts'
import { drawHostile, hostilePages, type Hostile } from '#tests/support/hostile-pages.ts'
import { networks } from '#tests/support/outside-servers.ts'
import { testRenderer, testSite } from '#tests/support/renderer.ts'
import { until } from '#tests/support/until.ts'

setDefaultTimeout(120_000)
const allowNetworks = networks('127.0.0.0/8')
// The rest is tried by `bun run proof hostile-pages`.
const QUICK = new Set([
  'a script that never ends',
  'alerts without end',
  'a download without end',
  'redirects by script without end',
  'objects of its own instead of the browser’s',
])

const renderer = await testRenderer({ maxMemoryBytes: 500_000_000 })

const page = (body: string) =>
  `<!doctype html><title>x</title><p>${'Words of a page. '.repeat(20)}</p>${body}`

test.each(hostilePages.filter(([name]) => QUICK.has(name)))(
  '%s: an end within the limits, and the next page is drawn',
  (...hostile: Hostile) => drawHostile(renderer, hostile),
)

test('a page that takes too much memory costs its browser, not the machine', async () => {
  const site = testSite(() =>
    page(`<script>const all = []; for (let i = 0; i < 64; i++) all.push(new Uint8Array(16e6).fill(1)); globalThis.all = all
      setInterval(() => fetch('/' + all.length), 50)</script>`),
  )
  const drawn = await renderer.render(site.url, { allowNetworks, timeoutMs: 30_000 })
  expect(drawn).toMatchObject({
    ok: false,
    code: 'browser_crashed',
    message: 'The page took too much memory.',
  })
})

test('a page beside one that takes the browser down is drawn again', async () => {
  const bad = testSite(() => page('<script>for (;;) {}</script>'))
  const slow = testSite((_, { pathname }) =>
    pathname === '/'
      ? page('<script>fetch("/a").then(() => document.body.append("drawn"))</script>')
      : Bun.sleep(6_000).then(() => new Response('a')),
  )
  const [first, second] = await Promise.all([
    renderer.render(bad.url, { allowNetworks, timeoutMs: 1_500 }),
    renderer.render(slow.url, { allowNetworks, timeoutMs: 15_000 }),
  ])
  expect(first).toMatchObject({ ok: false, code: 'timeout' })
  expect(second.ok && second.html).toContain('drawn')
})

const profiles = () =>
  readdirSync(tmpdir()).filter((name) => name.startsWith(`prospectlab-chromium-${process.pid}-`))

test('no page is lost when the browser is replaced while others wait', async () => {
  const site = testSite((_, { pathname }) => `<h1>${pathname}</h1><p>${'mot '.repeat(80)}</p>`)
  const own = await testRenderer({ pagesPerBrowser: 1 })
  const pages = await Promise.all(
    [1, 2, 3, 4, 5, 6].map((n) => own.render(`${site.url}${n}`, { allowNetworks })),
  )
  expect(pages.map((page) => (page.ok ? 'drawn' : page.message))).toEqual(pages.map(() => 'drawn'))
})

test('the browser ends when it is not needed, and when the product does; nothing of it is left', async () => {
  const others = new Set(profiles())
  const own = await testRenderer({ idleMs: 300 })
  const site = testSite(() => page(''))
  expect((await own.render(site.url, { allowNetworks })).ok).toBe(true)
  expect(profiles().filter((name) => !others.has(name))).toHaveLength(1)
  await until('the browser has ended', () => profiles().every((name) => others.has(name)), 10_000)
  expect((await own.render(site.url, { allowNetworks })).ok).toBe(true)
  await own.close()
  expect(profiles().filter((name) => !others.has(name))).toEqual([])
  expect(await own.render(site.url, { allowNetworks })).toMatchObject({ ok: false, code: 'stopped' })
})

test.skipIf(process.platform !== 'linux')('no browser outlives a product that is killed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'render-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const { path, env } = await findChromium()
  const environment = { PATH: process.env.PATH ?? '', TMPDIR: folder, ...env }
  const program = `
    const { launchChromium } = await import(${JSON.stringify(join(import.meta.dir, '../../../src/crawl/render/launch-chromium.ts'))})
    const parts = { path: ${JSON.stringify(path)}, environment: ${JSON.stringify(environment)}, userAgent: 'x', maxMemoryBytes: 1e9 }
    const { pid, cdp } = await launchChromium(parts)
    const { targetId } = await cdp.send('Target.createTarget', { url: 'data:text/html,<script>for (;;) {}</script>' })
    console.log(pid)
    await new Promise(() => {})`
  const product = Bun.spawn([process.execPath, '--eval', program], {
    env: { ...process.env, TMPDIR: folder },
    stdout: 'pipe',
  })
  const reader = product.stdout.getReader()
  const pid = Number(new TextDecoder().decode((await reader.read()).value))
  expect(memoryOfGroup(pid)).toBeGreaterThan(10_000_000)
  product.kill('SIGKILL')
  await product.exited
  await until('all its processes have ended', () => memoryOfGroup(pid) === 0, 15_000)
})
