import { expect, test } from 'bun:test'
import data from '#src/crawl/extract/technologies.data.json'
import { parsePage } from '#src/crawl/extract/parse-page.ts'

const told = (html: string): string[] =>
  parsePage({
    url: 'https://www.maison-klein.fr/',
    finalUrl: 'https://www.maison-klein.fr/',
    siteHost: 'www.maison-klein.fr',
    depth: 0,
    status: 200,
    headers: { 'content-type': 'text/html' },
    body: new TextEncoder().encode(html),
    deep: true,
  }).facts.technologies.map((fact) => [fact.name, fact.version].filter(Boolean).join(' '))

test('there are at least 300 rules, each technology once', () => {
  const names = data.rules.map((rule) => rule.name)
  expect(names.length).toBeGreaterThanOrEqual(300)
  expect(new Set(names).size).toBe(names.length)
})

test.each<[string, string]>([
  ['<!-- This site is optimized with the Yoast SEO plugin v21.9 - https://yoast.com/ -->', 'Yoast SEO 21.9'],
  ['<style>/*! tailwindcss v3.4.1 | MIT License */*{margin:0}</style>', 'Tailwind CSS 3.4.1'],
  ['<app-root ng-version="16.2.12"></app-root>', 'Angular 16.2.12'],
  ['<script src="/js/lodash/4.17.21/lodash.min.js"></script>', 'Lodash 4.17.21'],
  [
    '<link rel="stylesheet" href="/lib/font-awesome/css/fontawesome.min.css?ver=5.15.3">',
    'Font Awesome 5.15.3',
  ],
  ['<link rel="stylesheet" href="/wp-content/themes/astra/style.css?ver=4.6.11">', 'Astra 4.6.11'],
  ['<div id="disqus_thread"></div>', 'Disqus'],
  ['<script src="https://dev.visualwebsiteoptimizer.com/j.php"></script>', 'VWO'],
])('%s tells %s', (html, expected) => expect(told(html)).toContain(expected))

test.each([
  '<!-- Yoast is a plugin we like --><p>tailwindcss v3</p>',
  '<a href="https://dev.visualwebsiteoptimizer.com/">x</a><img src="https://dev.visualwebsiteoptimizer.com/pixel.gif">',
  '<script src="/js/main.js?ver=5.15.3"></script>',
])('%s tells nothing', (html) => expect(told(html)).toEqual([]))
