import { expect, test } from 'bun:test'
import { createFrontier } from '#src/crawl/site/frontier.ts'
import { canonicalPageUrl, siteHostOf } from '#src/crawl/site/page-urls.ts'

const BASE = 'https://exemple.fr/'
const link = (url: string, kind: 'contact' | 'legal' | 'team' | 'about' | 'other' = 'other') => ({
  url,
  kind,
})

const drain = (frontier: ReturnType<typeof createFrontier>): string[] => {
  const urls: string[] = []
  for (let next = frontier.take(); next; next = frontier.take()) urls.push(new URL(next.url).pathname)
  return urls
}

test('contact and legal pages come before everything else, whatever their order in the page', () => {
  const frontier = createFrontier({ siteHost: 'exemple.fr', maxDepth: 3 })
  for (const one of [
    link('/blog'),
    link('/equipe', 'team'),
    link('/mentions', 'legal'),
    link('/nous-ecrire', 'contact'),
  ])
    frontier.add(one, BASE, 1)
  expect(drain(frontier)).toEqual(['/nous-ecrire', '/mentions', '/equipe', '/blog'])
})

test('a page is visited once under all its spellings', () => {
  const frontier = createFrontier({ siteHost: 'exemple.fr', maxDepth: 3 })
  frontier.visited('https://exemple.fr/')
  for (const url of [
    '/',
    '/index.php',
    'http://www.exemple.fr',
    '/a',
    '/a/',
    '/a#x',
    '/a?utm_source=mail',
    '/a?fbclid=1',
  ])
    frontier.add(link(url), BASE, 1)
  expect(drain(frontier)).toEqual(['/a'])
})

test.each([
  ['another site', 'https://autre.fr/contact'],
  ['a subdomain', 'https://boutique.exemple.fr/'],
  ['a picture', '/photo.JPG'],
  ['a document', '/plaquette.pdf'],
  ['a cart', '/panier/'],
  ['a login', '/wp-login.php'],
  ['a script', 'javascript:alert(1)'],
  ['a mail', 'mailto:a@exemple.fr'],
  ['credentials', 'https://a:b@exemple.fr/x'],
  ['an endless path', `/${'a/'.repeat(20)}`],
  ['a facet', '/liste?couleur=1&taille=2&page=3'],
  ['a folder within itself', '/blog/blog/blog/x'],
  ['a facet alone', '/produits?couleur=bleu'],
  ['a search', '/?s=bois'],
  ['a feed', '/?feed=rss2'],
  ['a giant', `/${'x'.repeat(2000)}`],
])('%s is not worth a request', (_, url) => {
  const frontier = createFrontier({ siteHost: 'exemple.fr', maxDepth: 3 })
  frontier.add(link(url), BASE, 1)
  expect(frontier.size()).toBe(0)
})

test('calendars and pagination are capped, however many links they offer', () => {
  const frontier = createFrontier({ siteHost: 'exemple.fr', maxDepth: 3 })
  for (let day = 1; day <= 300; day++) frontier.add(link(`/agenda/2026/${day}`), BASE, 1)
  for (let page = 1; page <= 300; page++) frontier.add(link(`/blog?page=${page}`), BASE, 1)
  expect(frontier.size()).toBeLessThanOrEqual(8)
})

test('links deeper than allowed and nofollow links are left', () => {
  const frontier = createFrontier({ siteHost: 'exemple.fr', maxDepth: 1 })
  frontier.add(link('/deep'), BASE, 2)
  frontier.add({ ...link('/sponsored'), nofollow: true }, BASE, 1)
  expect(frontier.size()).toBe(0)
})

test('session ids and tracking do not make other pages', () => {
  expect(canonicalPageUrl('/a;jsessionid=AB12?PHPSESSID=1&b=2&a=1#top', BASE)).toBe(
    'https://exemple.fr/a?a=1&b=2',
  )
})

test('www and the bare name are one site', () => {
  expect(siteHostOf('http://www.exemple.fr/x')).toBe(siteHostOf('https://exemple.fr/'))
  expect(siteHostOf('http://127.0.0.1:81/')).not.toBe(siteHostOf('http://127.0.0.1:82/'))
})

test('what an old system names its pages by is kept, what orders or prints them is not', () => {
  expect(canonicalPageUrl('/index.php?view=article&option=com_content&id=5&Itemid=12&print=1', BASE)).toBe(
    'https://exemple.fr/index.php?Itemid=12&id=5&option=com_content&view=article',
  )
  expect(canonicalPageUrl('HTTPS://EXEMPLE.fr:443/liste/?sort=prix&dir=asc#haut', BASE)).toBe(
    'https://exemple.fr/liste/',
  )
})

test('a link that says better what a waiting page is for moves it forward', () => {
  const frontier = createFrontier({ siteHost: 'exemple.fr', maxDepth: 3 })
  for (const one of [link('/x7'), link('/equipe', 'team'), link('/x7', 'contact')]) frontier.add(one, BASE, 1)
  expect(drain(frontier)).toEqual(['/x7', '/equipe'])
})

test('a contact page is followed though its link says nofollow', () => {
  const frontier = createFrontier({ siteHost: 'exemple.fr', maxDepth: 3 })
  frontier.add({ ...link('/contact', 'contact'), nofollow: true }, BASE, 1)
  expect(drain(frontier)).toEqual(['/contact'])
})

test('an endless list does not crowd out the pages of a purpose', () => {
  const frontier = createFrontier({ siteHost: 'exemple.fr', maxDepth: 3 })
  const name = (n: number) => n.toString(36).replace(/\d/g, (digit) => 'ghijklmnop'[Number(digit)]!)
  for (let n = 0; n < 5_000; n++) frontier.add(link(`/page${name(n)}`), BASE, 1)
  expect(frontier.size()).toBeLessThanOrEqual(1_500)
  frontier.add(link('/nous-ecrire', 'contact'), BASE, 1)
  expect(frontier.take()?.url).toBe('https://exemple.fr/nous-ecrire')
})
