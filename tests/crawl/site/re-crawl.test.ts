import { afterAll, expect, test } from 'bun:test'
import { join } from 'node:path'
import { readMemory, type KeptPage } from '#src/crawl/site/page-memory.ts'
import type { PageRecord, SiteRecord } from '#src/crawl/site-record.ts'
import { startThreads } from '#src/threads.ts'
import { crawlSmallSite, html, readSmallSite, serveSmallSite } from '#tests/support/small-site.ts'

const threads = startThreads(1)
const stops: (() => unknown)[] = []
afterAll(async () => {
  threads.close()
  for (const stop of stops) await stop()
})

const DAY_MS = 86_400_000
const START = Date.parse('2026-11-22T12:00:00Z')
const WORDS = 'chene hetre frene noyer erable tilleul bouleau cedre orme aulne charme saule pin'.split(' ')

/** A site of 20 pages that says when they have changed; `how` tells by which means. */
const joinery = (how: 'etag' | 'modified' | 'none' | 'lies') => {
  const state = { version: 1, changed: new Set<string>(), extra: '', busy: '' }
  const body = (path: string): string => {
    if (path === '/')
      return `<h1>Menuiserie Noël</h1><a href="/contact">Contact</a><a href="/mentions-legales">Mentions légales</a>
        <a href="/perdue">ancienne page</a>${WORDS.map((word) => `<a href="/bois-${word}">${word}</a>`).join('')}
        <a href="/equipe">L’équipe</a>${state.extra}`
    if (path === '/contact')
      return `<h1>Contact</h1><a href="mailto:bonjour@menuiserie-noel.fr">mail</a> Tél. 03 87 00 00 01 ${state.extra}`
    if (path === '/mentions-legales')
      return '<h1>Mentions</h1><p>Directeur de la publication : Paul Noël, gérant</p>'
    if (path === '/equipe') return '<h1>Équipe</h1><p><strong>Claire Noël</strong>, gérante</p>'
    const word = path.slice('/bois-'.length)
    return `<h1>${word}</h1><p>Meubles en ${word}, ${word}@menuiserie-noel.fr</p>`
  }
  const page = (request: Request): Response => {
    const path = new URL(request.url).pathname
    if (path === '/perdue') return new Response('partie', { status: 404 })
    if (state.busy && path.startsWith(state.busy)) return new Response('', { status: 503 })
    const version = state.changed.has(path) ? state.version : 1
    const etag = `"${path}-${how === 'lies' ? 1 : version}"`
    const modified = new Date(START - 10 * DAY_MS + version * 1_000).toUTCString()
    const validators: Record<string, string> =
      how === 'etag' ? { etag } : how === 'modified' ? { 'last-modified': modified } : {}
    if (how === 'lies') Object.assign(validators, { etag, 'last-modified': modified })
    const same =
      (validators['etag'] !== undefined && request.headers.get('if-none-match') === etag) ||
      (how === 'modified' && request.headers.get('if-modified-since') === modified)
    if (same) return new Response(null, { status: 304, headers: validators })
    return html(body(path), validators)
  }
  const site = serveSmallSite({}, page)
  stops.push(site.stop)
  const change = (...paths: string[]) => {
    state.version += 1
    for (const path of paths) state.changed.add(path)
  }
  return { ...site, state, change }
}

/** Crawls a site again and again, each time with what the crawl before kept. */
const crawler = (site: ReturnType<typeof joinery>) => {
  let kept: KeptPage[] = []
  const crawl = async (day: number, limits = {}, ignoreRobots = false) => {
    site.asked.length = 0
    const now = new Date(START + day * DAY_MS)
    const record = await readSmallSite(site.url, {
      threads,
      limits: { fruitlessPages: 20, pages: 25, ...limits },
      tools: { now: () => now },
      options: { ignoreRobots, memory: readMemory(kept, now), onKept: (pages) => void (kept = pages) },
    })
    return {
      record,
      requests: site.asked.length,
      unchanged: record.pages.filter((page) => page.unchanged).length,
    }
  }
  return { crawl, kept: () => kept, rows: (rows: KeptPage[]) => void (kept = rows) }
}

const withoutTimes = (site: SiteRecord) => ({
  ...site,
  durationMs: 0,
  pages: site.pages.map(({ unchanged: _unchanged, ...page }: PageRecord) => ({
    ...page,
    ttfbMs: 0,
    durationMs: 0,
    headers: {},
  })),
})

test('an unchanged site costs a few requests and tells exactly what it told', async () => {
  for (const how of ['etag', 'modified', 'none'] as const) {
    const { crawl } = crawler(joinery(how))
    const first = await crawl(0)
    expect(first).toMatchObject({ unchanged: 0 })
    expect(first.requests).toBeGreaterThanOrEqual(20)
    expect(first.record.emails.length).toBe(WORDS.length + 1)
    const second = await crawl(1)
    expect(second.requests).toBeLessThanOrEqual(6)
    expect(second.unchanged).toBe(first.record.pages.length)
    expect(withoutTimes(second.record)).toEqual(withoutTimes(first.record))
    const measured = ({ record }: typeof first) =>
      record.pages.map(({ ttfbMs, durationMs }) => [ttfbMs, durationMs])
    if (how !== 'none') expect(measured(second)).toEqual(measured(first))
    const third = await crawl(2)
    expect(third.requests).toBeLessThanOrEqual(6)
    expect(withoutTimes(third.record)).toEqual(withoutTimes(first.record))
  }
})

test('a change of the contact page has every page asked for, and only what has changed is read', async () => {
  const site = joinery('etag')
  const { crawl } = crawler(site)
  const first = await crawl(0)
  site.state.extra = '<a href="mailto:atelier@menuiserie-noel.fr">atelier</a>'
  site.change('/contact')
  const second = await crawl(1)
  expect(second.requests).toBeGreaterThanOrEqual(first.record.pages.length)
  expect(
    second.record.pages.filter((page) => !page.unchanged).map((page) => new URL(page.url).pathname),
  ).toEqual(['/contact', '/perdue'])
  expect(second.record.emails.map((email) => email.value)).toContain('atelier@menuiserie-noel.fr')
})

test('what a crawl that was cut short did not come to is kept as it was, and read by the next', async () => {
  const site = joinery('etag')
  const { crawl } = crawler(site)
  const first = await crawl(0)
  const emails = ({ record }: typeof first) => record.emails.map((email) => email.value).toSorted()
  site.state.extra = '<p>Nouveau</p>'
  site.change('/', '/contact')
  site.state.busy = '/bois-'
  const second = await crawl(1)
  expect(second.record.endedBy).toBe('busy')
  const refused = second.record.errors.filter((error) => error.code === 'status_503').length
  expect(emails(second).length).toBe(emails(first).length - refused)
  site.state.busy = ''
  const third = await crawl(2)
  expect(third.record.endedBy).toBeNull()
  expect(third.requests).toBeGreaterThan(WORDS.length)
  expect(emails(third)).toEqual(emails(first))
})

test('a site that says for ever that nothing has changed is read anew after 30 days', async () => {
  const site = joinery('etag')
  const { crawl } = crawler(site)
  await crawl(0)
  site.state.extra = '<a href="mailto:atelier@menuiserie-noel.fr">atelier</a>'
  for (const day of [10, 20, 29.9]) {
    const again = await crawl(day)
    expect(again.requests).toBeLessThanOrEqual(6)
    expect(again.record.emails.map((email) => email.value)).not.toContain('atelier@menuiserie-noel.fr')
  }
  const late = await crawl(30.1)
  expect(late.unchanged).toBe(0)
  expect(late.record.emails.map((email) => email.value)).toContain('atelier@menuiserie-noel.fr')
})

test('an ETag that stays while the date of change moves on is not believed', async () => {
  const site = joinery('lies')
  const { crawl } = crawler(site)
  await crawl(0)
  site.state.extra = '<a href="mailto:atelier@menuiserie-noel.fr">atelier</a>'
  site.change('/', '/contact')
  const again = await crawl(1)
  expect(again.record.emails.map((email) => email.value)).toContain('atelier@menuiserie-noel.fr')
})

test('other limits, another robots.txt or another extractor have the site walked again', async () => {
  const site = joinery('etag')
  const { crawl, kept, rows } = crawler(site)
  const few = await crawl(0, { pages: 5 })
  expect(few.record.pages).toHaveLength(5)
  const all = await crawl(1)
  expect(all.record.pages.length).toBeGreaterThan(15)
  expect(all.unchanged).toBeGreaterThanOrEqual(4)
  expect((await crawl(2, {}, true)).requests).toBeGreaterThan(6)
  rows(kept().map((row) => ({ ...row, parser: 'another' })))
  expect((await crawl(3)).unchanged).toBe(0)
})

test('an ETag or a date that no request can carry is not kept', async () => {
  const odd = { etag: '"\u00e9t\u00e9-\u00e6\u0097\u00a5"', 'last-modified': 'lundi 3 f\u00e9vrier' }
  const site = serveSmallSite({ '/': () => html('<p>bonjour@menuiserie-noel.fr</p>', odd) })
  stops.push(site.stop)
  let kept: KeptPage[] = []
  for (const unchanged of [undefined, true]) {
    const options = {
      memory: readMemory(kept, new Date()),
      onKept: (pages: KeptPage[]) => void (kept = pages),
    }
    const record = await readSmallSite(site.url, { threads, options })
    expect(record.pages.map((page) => page.unchanged)).toEqual([unchanged])
    expect(record.emails).toHaveLength(1)
  }
})

test('a site that says "not changed" to somebody who has never been there has not been read', async () => {
  const site = serveSmallSite({}, () => new Response(null, { status: 304 }))
  stops.push(site.stop)
  expect(await crawlSmallSite(site.url, { threads })).toMatchObject({ ok: false, error: { status: 304 } })
})

test('a page too large to keep is read again, and the others are not', async () => {
  const cards = Array.from(
    { length: 9_000 },
    (_, n) => `<img src="/realisations/chantier-numero-${n}.jpg" alt="Chantier ${n}">`,
  )
  const links = Array.from(
    { length: 1_900 },
    (_, n) => `<a href="/bois-${'x'.repeat(400)}${n}">${'mot '.repeat(60)}</a>`,
  )
  const site = joinery('etag')
  site.state.extra = cards.join('') + links.join('')
  const { crawl, kept } = crawler(site)
  const first = await crawl(0, { pages: 8, bytes: 100_000_000 })
  for (const row of kept()) expect(row.parsed.length).toBeLessThan(1_000_000)
  const second = await crawl(1, { pages: 8, bytes: 100_000_000 })
  const anew = second.record.pages.filter((page) => !page.unchanged).map((page) => new URL(page.url).pathname)
  expect(anew).toContain('/contact')
  expect(anew).not.toContain('/mentions-legales')
  expect(withoutTimes(second.record)).toEqual(withoutTimes(first.record))
})

test('what parsed a page is named by a digest of the extractor as it was when the program was made', async () => {
  const script = `
    import { EXTRACTOR_VERSION } from '#src/crawl/site/extractor-version.ts'
    import { hashExtractor } from '#src/crawl/site/hash-extractor.ts'
    console.log(EXTRACTOR_VERSION === hashExtractor(), EXTRACTOR_VERSION.length)`
  const run = Bun.spawn([process.execPath, '-e', script], { cwd: join(import.meta.dir, '../../..') })
  expect(await new Response(run.stdout).text()).toBe('true 16\n')
})
