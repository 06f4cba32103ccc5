import { expect, test } from 'bun:test'
import { parseRobots, readRobots } from '#src/crawl/site/robots.ts'
import { safeFetch, type FetchOptions } from '#src/lib/safe-fetch.ts'
import { networks, page, redirect, startServer, type Answer } from '#tests/support/outside-servers.ts'

const ORIGIN = 'https://site.test'
const allows = (text: string, path: string): boolean => parseRobots(ORIGIN, text).allows(`${ORIGIN}${path}`)

const fetchLocal = (url: string, options: FetchOptions = {}) =>
  safeFetch(url, { ...options, allowNetworks: networks('127.0.0.0/8'), timeoutMs: 3_000 })
const readFrom = async (answer: Answer) => {
  const server = await startServer(answer)
  return readRobots(`http://127.0.0.1:${server.port}`, fetchLocal)
}

test.each([
  ['User-agent: *\nDisallow: /private', '/private/x', false],
  ['User-agent: *\nDisallow: /private', '/public', true],
  ['User-agent: *\nDisallow:', '/anything', true],
  ['User-agent: *\nDisallow: /\nAllow: /contact', '/contact.html', true],
  ['User-agent: *\nDisallow: /\nAllow: /contact', '/team', false],
  ['User-agent: *\nDisallow: /page\nAllow: /page', '/page', true],
  ['User-agent: *\nDisallow: /*.pdf$', '/a/b.pdf', false],
  ['User-agent: *\nDisallow: /*.pdf$', '/a/b.pdf?x', true],
  ['User-agent: *\nDisallow: /a?b=', '/a?b=1', false],
  ['User-agent: *\nDisallow: /caf%C3%A9', '/café', false],
  ['User-agent: prospectlab\nDisallow: /\n\nUser-agent: *\nDisallow:', '/', false],
  ['User-agent: ProspectLab/1.0\nDisallow: /x\n\nUser-agent: *\nDisallow: /', '/y', true],
  ['User-agent: Other\nDisallow: /', '/', true],
  ['User-agent: Other\nUser-agent: *\nDisallow: /x', '/x', false],
  ['User-agent: *\nSitemap: /s.xml\nUser-agent: Other\nDisallow: /x', '/x', false],
  ['User-agent: *\nUser-agent: Other\nDisallow: /x\nUser-agent: Googlebot\nDisallow: /', '/y', true],
  ['User-agent: *\nCrawl-delay: 5\nUser-agent: Googlebot\nDisallow: /', '/y', true],
  ['User-agent: *\nNoindex: /a\nUser-agent: Googlebot\nDisallow: /', '/y', true],
  [
    'User-agent: ProspectLab\nDisallow: /a\n\nUser-agent: Other\nDisallow: /\n\nUser-agent: ProspectLab\nDisallow: /b',
    '/b',
    false,
  ],
  ['\ufeffUser-agent: *\r\nDisallow: /x # not here\r\n', '/x', false],
  ['user-agent:*\rdisallow:/x', '/x', false],
  ['Disallow: /', '/', true],
  ['no colon\n<html>\n: :\n', '/', true],
  ['User-agent: __proto__\nDisallow: /\nUser-agent: constructor\nDisallow: /', '/', true],
])('%p lets us read %s: %p', (text, path, expected) => {
  expect(allows(text, path)).toBe(expected)
})

test('a group whose rules are all left out is not taken for the beginning of the next', () => {
  const text = `User-agent: *\nDisallow: /${'x'.repeat(3_000)}\nUser-agent: Googlebot\nDisallow: /`
  expect(allows(text, '/y')).toBe(true)
})

test('the rules of others are not added to ours', () => {
  expect(allows('User-agent: ProspectLab\nDisallow: /a\n\nUser-agent: Other\nDisallow: /', '/c')).toBe(true)
})

test('a file that forbids search engines everything is told apart from one that forbids only us', () => {
  expect(parseRobots(ORIGIN, 'User-agent: *\nDisallow: /').disallowsAll).toBe(true)
  expect(parseRobots(ORIGIN, 'User-agent: ProspectLab\nDisallow: /').disallowsAll).toBe(false)
  expect(
    parseRobots(ORIGIN, 'User-agent: *\nDisallow: /\nUser-agent: Googlebot\nAllow: /').disallowsAll,
  ).toBe(false)
  expect(parseRobots(ORIGIN, 'User-agent: *\nDisallow: /admin').disallowsAll).toBe(false)
})

test.each([
  ['Crawl-delay: 5', 5_000],
  ['Crawl-delay: 0.5', 500],
  ['Crawl-delay: 86400', 30_000],
  ['Crawl-delay: 1e9', 30_000],
  ['Crawl-delay: 0', null],
  ['Crawl-delay: -3', null],
  ['Crawl-delay: soon', null],
  ['Crawl-delay:', null],
  ['', null],
])('%p asks for a pause of %p ms', (line, expected) => {
  expect(parseRobots(ORIGIN, `User-agent: *\n${line}\nDisallow: /x`).crawlDelayMs).toBe(expected)
})

test('our own group decides our pause', () => {
  const text = 'User-agent: *\nCrawl-delay: 20\n\nUser-agent: ProspectLab\nCrawl-delay: 3\n'
  expect(parseRobots(ORIGIN, text).crawlDelayMs).toBe(3_000)
})

test('sitemaps are absolute, http and each named once, wherever they stand', () => {
  const text =
    'Sitemap: https://site.test/a.xml\nUser-agent: x\nDisallow: /\nsitemap: /b.xml\nSitemap: /b.xml\nSitemap: ftp://site.test/c\nSitemap: http://[\n'
  expect(parseRobots(ORIGIN, text).sitemaps).toEqual(['https://site.test/a.xml', 'https://site.test/b.xml'])
})

test('a hostile file is read quickly', () => {
  const agents = Array.from({ length: 17_000 }, (_, index) => `User-agent: a${index}`).join('\n')
  const rules = Array.from({ length: 19_000 }, () => 'Disallow: /a').join('\n')
  const stars = Array.from({ length: 250 }, () => `Disallow: /${'*a'.repeat(990)}`).join('\n')
  const started = performance.now()
  for (const text of [
    `${agents}\n${rules}`,
    `User-agent: *\n${stars}`,
    'x'.repeat(512_000),
    '\n'.repeat(512_000),
  ]) {
    const robots = parseRobots(ORIGIN, text)
    for (let count = 0; count < 10; count += 1) robots.allows(`${ORIGIN}/${'a'.repeat(2_000)}b`)
  }
  expect(performance.now() - started).toBeLessThan(4_000)
})

test('a robots.txt is found and obeyed', async () => {
  const robots = await readFrom(page('User-agent: *\nDisallow: /x\n', { 'Content-Type': 'text/plain' }))
  expect(robots).toMatchObject({ status: 200, found: true })
  expect([robots.allows('http://127.0.0.1/x'), robots.allows('http://127.0.0.1/y')]).toEqual([false, true])
})

test.each([
  [404, true],
  [401, true],
  [403, true],
  [410, true],
  [500, false],
  [503, false],
  [429, false],
])('an answer %d means that everything may be read: %p', async (status, expected) => {
  const robots = await readFrom(page('User-agent: *\nDisallow: /x', {}, status))
  expect(robots).toMatchObject({ status, found: false, disallowsAll: false, sitemaps: [] })
  expect(robots.allows('/x')).toBe(expected)
})

test('a page in place of robots.txt counts as none', async () => {
  const typed = await readFrom(page('Sitemap: /x', { 'Content-Type': 'text/html; charset=utf-8' }))
  const untyped = await readFrom(page('\n<!doctype html><p>User-agent: *\nDisallow: /'))
  for (const robots of [typed, untyped]) {
    expect(robots).toMatchObject({ status: 200, found: false, sitemaps: [] })
    expect(robots.allows('/')).toBe(true)
  }
})

test('rules served with the type of a page are obeyed', async () => {
  const robots = await readFrom(page('# ours\n User-agent: *\nDisallow: /x', { 'Content-Type': 'text/html' }))
  expect(robots.found).toBe(true)
  expect([robots.allows('/x'), robots.allows('/y')]).toEqual([false, true])
})

test('a server that cannot be reached forbids everything', async () => {
  const robots = await readRobots('http://127.0.0.1:1', fetchLocal)
  expect(robots.status).toBeNull()
  expect(robots.allows('/')).toBe(false)
})

test('redirects are followed five times; a circle counts as no file', async () => {
  const chain = await readFrom((socket, head) => {
    const step = Number(/step(\d)/.exec(head)?.[1] ?? 0)
    if (step < 5) redirect(`/step${step + 1}`)(socket, head)
    else page('User-agent: *\nDisallow: /')(socket, head)
  })
  const circle = await readFrom(redirect('/robots.txt'))
  expect(chain).toMatchObject({ found: true, disallowsAll: true })
  expect(circle.allows('/')).toBe(true)
})

test('a file over the limit is read up to it', async () => {
  const robots = await readFrom(
    page(`User-agent: *\nDisallow: /x\n${'# filler\n'.repeat(100_000)}Disallow: /y\n`),
  )
  expect([robots.allows('/x'), robots.allows('/y')]).toEqual([false, true])
})
