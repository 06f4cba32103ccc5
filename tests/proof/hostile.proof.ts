// The program as installed, in a network where every address answers: whatever a site leads to, only its own public
// address is ever connected to. And bombs of gigabytes, through the same command.
import { expect, test } from 'bun:test'
import { existsSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { join } from 'node:path'
import { findChromium } from '#src/crawl/render/find-chromium.ts'
import {
  compressed,
  compressedBombs,
  hugePages,
  slowBombs,
  wireBombs,
  type Bomb,
} from '#tests/crawl/hostile/bombs.ts'
import { sendHtml, sendNothing, SITE_ADDRESS, startWorld } from '#tests/crawl/hostile/outside-world.ts'
import { FROM_SOURCE } from '#tests/support/product.ts'

const MINUTE = 60_000
const LONE = join(import.meta.dir, '../support/lone-internet.ts')
const environment = { PATH: process.env.PATH ?? '', HOME: '/tmp', TZ: 'Europe/Paris' }

type Crawled = { url: string; code: number; out: string; errors: string }
type Told = { connected: string[]; counts: number; groups: string[][]; crawls: Crawled[]; starts: Crawled[] }

test(
  'no site leads a crawl or its browser to an address that is not public',
  async () => {
    const child = Bun.spawn(['unshare', '--net', process.execPath, LONE, ...FROM_SOURCE], {
      env: environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const told = JSON.parse(await new Response(child.stdout).text()) as Told
    expect(told.counts).toBe(1)
    const strangers = told.connected.filter((one) => !/^93\.184\.216\.3\d (?:80|443|8080|8443)$/.test(one))
    expect(strangers).toEqual([])
    expect(told.connected.length).toBeGreaterThan(100)
    for (const { url, code, out, errors } of told.crawls) {
      expect([url, code, errors]).toEqual([url, 0, ''])
      expect(out).toContain(`bonjour@${new URL(url).hostname}`)
    }
    const refused = told.crawls.flatMap(({ out }) => out.match(/refused_address/g) ?? []).length
    expect(refused).toBeGreaterThan(60)
    for (const { url, out } of told.starts)
      if (!url.includes('rebind'))
        expect([url, out]).toEqual([url, expect.stringContaining('refused_address')])
    const drawn = told.crawls.find(({ url }) => url.includes('dessin'))!
    if (findChromium(undefined) !== null) expect(drawn.out).toContain('dessin@dessin.fr')
  },
  4 * MINUTE,
)

const AT_ONCE = 5
const LOOK_MS = 50

const peakOf = (pid: number): number | null => {
  const path = `/proc/${pid}/status`
  const kilobytes = existsSync(path) && /^VmHWM:\s+(\d+)/m.exec(readFileSync(path, 'utf8'))?.[1]
  return kilobytes ? Number(kilobytes) * 1_024 : null
}

const MOST_MS = 170_000
// Five pages of 5 MB each at once in two threads.
const MOST_BYTES = 600_000_000

test(
  'bombs of gigabytes end within the limits of the command, and the other pages are read',
  async () => {
    const member = gzipSync(Buffer.alloc(100_000_000, '<p>boum</p>'))
    const tenGigabytes = Buffer.concat(Array.from({ length: 100 }, () => member))
    const bombs: [string, Bomb][] = [
      ['ten gigabytes', compressed('gzip', tenGigabytes)],
      ['ten gigabytes in a gzip', compressed('gzip, gzip', gzipSync(tenGigabytes))],
      ...Object.entries(compressedBombs(400)),
      ...Object.entries(hugePages(3)),
      ...Object.entries(wireBombs).map(([name, [bomb]]) => [name, bomb] as [string, Bomb]),
      ...Object.entries(slowBombs),
    ]
    const sites = Array.from({ length: Math.ceil(bombs.length / AT_ONCE) }, (_, index) =>
      bombs.slice(index * AT_ONCE, (index + 1) * AT_ONCE),
    )
    const crawled = await Promise.all(
      sites.map(async (own) => {
        const world = await startWorld()
        world.serve(({ url }, response) => {
          const bomb = own[url.charCodeAt('/bombe-'.length) - 97]
          if (url === '/robots.txt' || url.includes('sitemap')) return sendNothing(response)
          if (url === '/contact') return sendHtml(response, '<p>bonjour@atelier-noel.fr</p>')
          if (bomb && url.startsWith('/bombe-')) return bomb[1](response)
          const links = own.map((_, index) => `<a href="/bombe-${'abcde'[index]}">x</a>`)
          sendHtml(response, `<h1>Atelier</h1>${links.join('')}<a href="/contact">Contact</a>`)
        })
        const began = performance.now()
        const child = Bun.spawn(
          [...FROM_SOURCE, 'crawl', `http://${SITE_ADDRESS}:${world.port}/`, '--json'],
          {
            env: { ...environment, CRAWL_ALLOW_NETWORKS: '127.9.0.0/24' },
            stdio: ['ignore', 'pipe', 'pipe'],
          },
        )
        // getrusage counts what the parent held when it forked; this is the program's own.
        let memory = 0
        const timer = setInterval(() => void (memory = peakOf(child.pid) ?? memory), LOOK_MS)
        const out = await new Response(child.stdout).text()
        const code = await child.exited
        clearInterval(timer)
        const asked = world.asked.filter((line) => line.includes('/bombe-')).length
        return { names: own.map(([name]) => name), code, out, asked, memory, ms: performance.now() - began }
      }),
    )
    for (const { names, memory, ms } of crawled)
      console.log(`${(ms / 1_000).toFixed(1)} s, ${(memory / 1e6).toFixed()} MB: ${names.join(', ')}`)
    for (const { names, code, out, asked, memory, ms } of crawled) {
      expect([names, code]).toEqual([names, 0])
      expect(out).toContain('bonjour@atelier-noel.fr')
      expect(asked).toBeGreaterThanOrEqual(names.length)
      expect(ms).toBeLessThan(MOST_MS)
      expect(memory).toBeGreaterThan(0)
      expect(memory).toBeLessThan(MOST_BYTES)
    }
  },
  4 * MINUTE,
)
