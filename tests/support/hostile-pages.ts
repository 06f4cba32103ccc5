import { expect } from 'bun:test'
import type { Renderer } from '#src/crawl/render/renderer.ts'
import { networks } from './outside-servers.ts'
import { testSite } from './renderer.ts'

const TIMEOUT_MS = 1_500
// Until a page that does not answer is given up and its browser ended, on a busy machine.
const SPARE_MS = 12_000
const allowNetworks = networks('127.0.0.0/8')

const words = 'Words of a page that is long enough. '.repeat(10)
const page = (body: string) => `<!doctype html><title>x</title><body><p>${words}</p>${body}`
const endless =
  (head: string, type: string, headers: Record<string, string> = {}) =>
  () => {
    const chunk = new TextEncoder().encode('<p>and on and on</p>\n'.repeat(500))
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode(head)),
      pull: async (controller) => {
        await Bun.sleep(1)
        controller.enqueue(chunk)
      },
    })
    return new Response(body, { headers: { 'content-type': type, ...headers } })
  }

/** What a page may do to a browser: its name, what its server answers to a path, how drawing it may end. */
export const hostilePages: [name: string, answer: (path: string) => Response | string, codes: string[]][] = [
  ['a script that never ends', () => page('<script>for (;;) {}</script>'), ['timeout']],
  [
    'a script that never ends, later',
    () => page('<script>setTimeout(() => { for (;;) {} }, 100)</script>'),
    ['timeout'],
  ],
  ['alerts without end', () => page('<script>for (;;) alert("a")</script>'), ['timeout']],
  [
    'questions and refusals to leave',
    () => page('<script>onbeforeunload = () => "stay"; confirm("a"); prompt("b"); print()</script>'),
    ['ok'],
  ],
  [
    'pop-ups without end',
    () =>
      page(
        '<a id="a" target="_blank" href="/">x</a><script>setInterval(() => { open("/"); a.click() }, 1)</script>',
      ),
    ['ok', 'too_large'],
  ],
  [
    'a gigabyte of memory',
    () =>
      page(
        '<script>const all = []; for (let i = 0; i < 64; i++) all.push(new Uint8Array(16e6).fill(i)); globalThis.all = all; setInterval(() => {}, 10)</script>',
      ),
    ['browser_crashed', 'timeout'],
  ],
  [
    'a heap without end',
    () =>
      page('<script>const all = []; for (let i = 0; ; i++) all.push({ i, s: "x".repeat(100) + i })</script>'),
    ['browser_crashed', 'timeout'],
  ],
  [
    'a document without end',
    endless(page(''), 'text/html'),
    ['ok', 'too_large', 'timeout', 'browser_crashed'],
  ],
  [
    'a download without end',
    endless('x', 'application/octet-stream', { 'content-disposition': 'attachment; filename=a.bin' }),
    ['not_html', 'unreachable'],
  ],
  [
    'a body for a script without end',
    (path) =>
      path === '/'
        ? page('<script>fetch("/b").then((r) => r.arrayBuffer())</script>')
        : endless('', 'text/plain')(),
    ['ok', 'too_large'],
  ],
  [
    'redirects by script without end',
    (path) => page(`<script>location = '/${Number(path.slice(1)) + 1}'</script>`),
    ['too_many_redirects', 'ok'],
  ],
  [
    'itself again without end',
    () => page('<script>location.reload()</script>'),
    ['too_many_redirects', 'ok'],
  ],
  [
    'refreshes without end',
    (path) => page(`<meta http-equiv="refresh" content="0; url=/${Number(path.slice(1)) + 1}">`),
    ['too_many_redirects', 'ok'],
  ],
  [
    'frames in frames without end',
    () => page('<iframe src="/a"></iframe><iframe src="/b"></iframe>'),
    ['ok', 'too_large'],
  ],
  [
    'requests without end',
    () =>
      page(
        '<script>setInterval(() => { for (let i = 0; i < 50; i++) fetch("/" + Math.random()) }, 5)</script>',
      ),
    ['too_large', 'ok'],
  ],
  [
    'elements without end',
    () =>
      page(
        '<script>setInterval(() => { for (let i = 0; i < 5000; i++) document.body.append(document.createElement("b")) }, 1)</script>',
      ),
    ['ok', 'timeout', 'browser_crashed'],
  ],
  [
    'history and hashes without end',
    () =>
      page(
        '<script>setInterval(() => { history.pushState(0, "", "/" + Math.random()); location.hash = Math.random() }, 1)</script>',
      ),
    ['ok'],
  ],
  [
    'objects of its own instead of the browser’s',
    () =>
      page(
        '<script>Object.defineProperty(Element.prototype, "outerHTML", { get: () => "forged" }); Object.defineProperty(document, "documentElement", { get: () => null }); JSON.stringify = () => { throw 1 }; Array.prototype.push = () => { for (;;) {} }</script>',
      ),
    ['ok'],
  ],
  [
    'workers that never end',
    () =>
      page(
        '<script>for (let i = 0; i < 20; i++) new Worker(URL.createObjectURL(new Blob(["for (;;) {}"])))</script>',
      ),
    ['ok', 'timeout'],
  ],
]

export type Hostile = (typeof hostilePages)[number]

/** Draws a hostile page and one after it. */
export const drawHostile = async (renderer: Renderer, hostile: Hostile): Promise<void> => {
  const [, answer, codes] = hostile
  const site = testSite((_request, { pathname }) => answer(pathname))
  const began = performance.now()
  const drawn = await renderer.render(site.url, { allowNetworks, timeoutMs: TIMEOUT_MS })
  expect(performance.now() - began).toBeLessThan(TIMEOUT_MS + SPARE_MS)
  if (!codes.includes(drawn.ok ? 'ok' : drawn.code)) throw new Error(JSON.stringify(drawn).slice(0, 300))
  if (drawn.ok) {
    expect(drawn.html).toContain('Words of a page')
    expect(drawn.html.length).toBeLessThanOrEqual(5_000_000)
  }
  const next = testSite(() => page('<script>document.body.append("drawn")</script>'))
  const after = await renderer.render(next.url, { allowNetworks })
  expect(after.ok && after.html).toContain('drawn')
}
