import { afterAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compilePattern, versionOf } from '#src/crawl/extract/admin-rule-patterns.ts'
import { readAdminRules } from '#src/crawl/extract/admin-rules.ts'
import { compileAdminRules } from '#src/crawl/extract/admin-technologies.ts'
import { parsePage } from '#src/crawl/extract/parse-page.ts'
import type { ParseInput } from '#src/crawl/extract/parsed-page.ts'
import { ConfigError } from '#src/lib/settings.ts'
import { startThreads } from '#src/threads.ts'

// Made for this test: no rule here is of anyone's data set.
const CATEGORIES = {
  1: { name: 'CMS', priority: 1 },
  11: { name: 'Ecommerce' },
  59: { name: 'JavaScript libraries' },
}
const RULES = {
  Quenelle: {
    cats: [1],
    description: 'ignored',
    headers: { 'X-Quenelle': '^v?([\\d.]+)?\\;version:\\1' },
    cookies: { quenelle_sid: '' },
    meta: { generator: '^Quenelle ([\\d.]+)\\;version:\\1' },
    implies: ['PHP', 'Godiveau\\;confidence:50', 'Rissole\\;confidence:20'],
    icon: 'Quenelle.svg',
    js: { 'Quenelle.version': '([\\d.]+)' },
  },
  Godiveau: { cats: [59], scriptSrc: ['godiveau(?:-([\\d.]+))?(?:\\.min)?\\.js\\;version:\\1'] },
  Rissole: { cats: [59], html: '<rissole-app[^>]+data-v="([\\d]+)"\\;version:\\1?\\1.x:' },
  Bouchée: {
    cats: [11],
    dom: { 'div.bouchee > a[href*="panier"]': { attributes: { href: '/panier-(\\d)\\;version:\\1' } } },
  },
  Financière: { cats: [11], dom: 'script#financiere-config', requires: 'Quenelle' },
  Croustade: { cats: [11], scripts: 'window\\.croustade\\s*=', excludes: 'Bouchée' },
  Vol: { cats: 11, url: '/vol-au-vent/', text: ['\\bà la reine\\b\\;confidence:40'] },
  WordPress: { cats: [11], html: 'quenelle-wordpress' },
}
const folders: string[] = []
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })))

const folderOf = (files: Record<string, unknown>): string => {
  const folder = mkdtempSync(join(tmpdir(), 'technology-rules-'))
  folders.push(folder)
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
  return folder
}
const rules = readAdminRules(folderOf({ 'q.json': RULES, 'categories.json': CATEGORIES })).rules
const admin = compileAdminRules(rules)

const inputOf = (
  html: string,
  headers: Record<string, string> = {},
  path = '/',
  home = true,
): ParseInput => ({
  url: `https://maison-klein.fr${path}`,
  finalUrl: `https://maison-klein.fr${path}`,
  siteHost: 'maison-klein.fr',
  depth: 0,
  status: 200,
  headers: { 'content-type': 'text/html; charset=utf-8', ...headers },
  body: new TextEncoder().encode(html),
  deep: true,
  home,
})
const told = (...given: Parameters<typeof inputOf>): string[] =>
  parsePage(inputOf(...given), admin)
    .facts.technologies.map(({ name, category, version }) =>
      [name, version, category].filter(Boolean).join(' '),
    )
    .toSorted()

test('headers, cookies and metas tell a technology, its version, its category and what it implies', () => {
  const expected = (version: string) => [
    'Godiveau javascript-library',
    'PHP language',
    `Quenelle ${version}cms`,
  ]
  expect(told('', { 'x-quenelle': 'v2.1' })).toEqual(expected('2.1 '))
  expect(told('', { 'set-cookie': 'quenelle_sid=abc; path=/' })).toEqual(expected(''))
  expect(told('<meta name="generator" content="Quenelle 3.0">')).toEqual(expected('3.0 '))
})

test.each<[string, Parameters<typeof inputOf>, string[]]>([
  ['a script', ['<script src="/js/godiveau-1.4.min.js"></script>'], ['Godiveau 1.4 javascript-library']],
  ['markup', ['<rissole-app id="a" data-v="7"></rissole-app>'], ['Rissole 7.x javascript-library']],
  ['an element', ['<div class="bouchee"><a href="/panier-3">x</a></div>'], ['Bouchée 3 ecommerce']],
  ['a script element alone', ['<script id="financiere-config"></script>'], []],
  [
    'one beside what it requires',
    ['<script id="financiere-config"></script>', { 'x-quenelle': '' }],
    ['Financière ecommerce', 'Godiveau javascript-library', 'PHP language', 'Quenelle cms'],
  ],
  [
    'one that excludes another',
    ['<div class="bouchee"><a href="/panier-3">x</a></div><script>window.croustade = {}</script>'],
    ['Croustade ecommerce'],
  ],
  ['an address', ['<p>x</p>', {}, '/vol-au-vent/'], ['Vol ecommerce']],
  ['a word that is not sure enough', ['<p>Bouchée à la reine</p>'], []],
  [
    'markup of another page than the home page',
    ['<rissole-app a data-v="7"></rissole-app>', {}, '/x', false],
    [],
  ],
])('%s', (_, given, expected) => expect(told(...given)).toEqual(expected))

test('what both name is told once, as our rule says it', () => {
  const page = '<meta name="generator" content="WordPress 6.4"><i class="quenelle-wordpress"></i>'
  expect(told(page)).toEqual(['PHP language', 'WordPress 6.4 cms'])
  expect(told('<i class="quenelle-wordpress"></i>')).toEqual(['WordPress cms'])
})

test('threads are given the rules once', async () => {
  const threads = startThreads(1, { technologyRules: rules })
  try {
    for (const version of ['1.0', '2.0']) {
      const { facts } = await threads.parsePage(inputOf('', { 'x-quenelle': version }))
      expect(facts.technologies).toContainEqual(expect.objectContaining({ name: 'Quenelle', version }))
    }
  } finally {
    threads.close()
  }
})

test('one file may hold everything, as older collections do', () => {
  const { rules: read } = readAdminRules(
    folderOf({
      'technologies.json': {
        technologies: { Tourte: { cats: [1], script: 'tourte\\.js' } },
        categories: CATEGORIES,
      },
    }),
  )
  expect(read).toMatchObject([{ name: 'Tourte', category: 'cms', scriptSrc: ['tourte\\.js'] }])
})

test('a folder that cannot be used is one clear line', () => {
  const missing = () => readAdminRules('/nowhere/at/all')
  expect(missing).toThrow(ConfigError)
  expect(missing).toThrow('TECHNOLOGY_RULES_DIR: /nowhere/at/all is not a folder that can be read')
  expect(() => readAdminRules(folderOf({}))).toThrow('no technology rules in')
  expect(() => readAdminRules(folderOf({ 'a.json': '{"x":' }))).toThrow(
    'TECHNOLOGY_RULES_DIR: a.json is not JSON',
  )
})

test('wrong entries are left out, the others stay', () => {
  const broken = {
    Un: 'x',
    Deux: { cats: 'x', headers: 3, dom: 7, html: { a: 1 } },
    Trois: { html: ['(((', 'trois'] },
  }
  const { rules: read, skippedPatterns } = readAdminRules(folderOf({ 'a.json': broken }))
  expect(read.map(({ name }) => name)).toEqual(['Deux', 'Trois'])
  expect(skippedPatterns).toBe(1)
})

test.each<[string, string, string | null]>([
  ['nginx/([\\d.]+)\\;version:\\1', 'nginx/1.2.3', '1.2.3'],
  ['a(?:-(\\d))?\\;version:\\1?\\1.x:old', 'a-4', '4.x'],
  ['a(?:-(\\d))?\\;version:\\1?\\1.x:old', 'a', 'old'],
  ['(\\d)-(\\d)\\;confidence:50\\;version:\\1.\\2', '3-4', '3.4'],
  ['abc', 'abc', null],
])('%s on %s tells version %s', (written, text, expected) => {
  const pattern = compilePattern(written)!
  expect(versionOf(pattern.version, pattern.regex.exec(text)!)).toBe(expected)
})

test.each(['(a+)+$', '(?:\\w+\\.)*x', '(a|a)*$', '((a|b)c){2,}', '.*a.*b.*c.*d', '(', 'a{2}{3}('])(
  '%s could hold a page up, or is no pattern, and is left out',
  (written) => {
    expect(compilePattern(written)).toBeNull()
  },
)

test.each<[string, string]>([
  ['jquery(?:-ui)?[.-]([\\d.]*\\d)[^/]*\\.js', 'jquery'],
  ['/wp-(?:content|includes)/', '/wp-'],
  ['foo|bar', ''],
  ['powered by <a[^>]+>Tourte', 'powered by <a'],
  ['colou?r-bar', 'r-bar'],
])('%s needs the text %s', (written, literal) => expect(compilePattern(written)?.literal).toBe(literal))

test('no pattern takes long over a hostile page', () => {
  const hostile = Object.fromEntries(
    ['.*?<x.*?data-a="[^"]+".*?y', '\\s+\\s+z', 'a.*a.*a.*b', '<div[^>]+class="[^"]+"[^>]+id="zz"'].map(
      (html, at) => [`Hostile ${at}`, { html, text: html, scripts: html }],
    ),
  )
  const slow = compileAdminRules(readAdminRules(folderOf({ 'h.json': hostile })).rules)
  const pages = [
    `${' '.repeat(200_000)}`,
    'a'.repeat(200_000),
    '<div class="x" '.repeat(15_000),
    '<x data-a="'.repeat(20_000),
  ]
  const began = performance.now()
  for (const page of pages) parsePage(inputOf(`${page} z b y id="zz" data-a="q"`), slow)
  expect(performance.now() - began).toBeLessThan(10_000)
})
