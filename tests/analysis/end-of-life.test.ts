import { expect, test } from 'bun:test'
import { NOW, page, site, siteWithHome } from '#tests/support/site-record.ts'
import { supportOf } from '#src/analysis/end-of-life.ts'
import { softwareOf } from '#src/analysis/software.ts'
import endOfLife from '#src/analysis/end-of-life.data.json'
import software from '#src/analysis/software.data.json'
import technologies from '#src/crawl/extract/technologies.data.json'

const since = (product: string, version: string, now = NOW) => {
  const support = supportOf(product, version, now)
  return support.state === 'ended' ? support.since : support.state
}

test('a version belongs to its own release, not to one whose number begins alike', () => {
  expect(since('php', '8.1.27')).toBe('2025-12-31')
  expect(since('nginx', '1.2.9')).toBe('2013-04-24')
  expect(since('nginx', '1.29.3')).toBe('2026-05-13')
  expect(since('openssl', '1.0.2')).toBe('2019-12-31')
  expect(since('drupal', '7.98')).toBe('2025-01-05')
})

test('support that ends later than today has not ended', () => {
  expect(since('php', '8.2.20')).toBe('supported')
  expect(since('php', '8.2.20', new Date('2027-01-02T00:00:00Z'))).toBe('2026-12-31')
})

test('a version given in part has ended only when all it may be has ended', () => {
  expect(since('drupal', '9')).toBe('2023-11-01')
  expect(since('drupal', '10')).toBe('unknown')
  expect(since('php', '8')).toBe('unknown')
  expect(since('php', '7')).toBe('2022-11-28')
})

test('a version older than the list ended by the day its oldest release did', () => {
  expect(supportOf('joomla', '1.5', NOW)).toEqual({
    state: 'ended',
    title: 'Joomla!',
    since: '2023-08-17',
    atLatest: true,
  })
  expect(since('php', '4.4.9')).toBe('2005-09-05')
})

test('a version newer than the list, an unknown product and nonsense are unknown', () => {
  expect(since('wordpress', '7.2')).toBe('unknown')
  expect(since('wordpress', '6.10')).toBe('unknown')
  expect(since('php', '9.1')).toBe('unknown')
  expect(since('prestashop', '1.6')).toBe('unknown')
  expect(since('php', 'abc')).toBe('unknown')
  expect(since('constructor', '1')).toBe('unknown')
})

test('a release ended without a known day is ended', () => {
  expect(supportOf('jquery', '1.12.4', NOW)).toMatchObject({ state: 'ended', since: null })
  expect(since('jquery', '3.7.1')).toBe('supported')
})

const versions = (record: Parameters<typeof softwareOf>[0]) =>
  softwareOf(record).map((software) => `${software.product ?? software.name} ${software.version}`)

test('servers, languages and systems are read from headers and generators as sites write them', () => {
  const told = (headers: Record<string, string>, generator: string | null = null) =>
    versions(siteWithHome({ headers, generator }))
  expect(told({ server: 'Apache/2.4.6 (CentOS) OpenSSL/1.0.2k-fips PHP/5.4.16' })).toEqual([
    'apache-http-server 2.4.6',
    'openssl 1.0.2',
    'php 5.4.16',
    'centos 7',
  ])
  expect(told({ server: 'Microsoft-IIS/8.5', 'x-powered-by': 'ASP.NET' })).toEqual(['windows-server 2012-r2'])
  expect(told({ server: 'Apache/2.4.29 (Ubuntu)' })).toEqual(['apache-http-server 2.4.29', 'ubuntu 18.04'])
  expect(told({ server: 'Apache/2.4.62 (CentOS Stream)' })).toEqual(['apache-http-server 2.4.62'])
  expect(told({ server: 'cloudflare' })).toEqual([])
  expect(told({ 'x-generator': 'Drupal 7 (http://drupal.org)' })).toEqual(['drupal 7'])
  expect(told({}, 'Joomla! 3.9 - Open Source Content Management')).toEqual(['joomla 3.9'])
  expect(told({}, 'TYPO3 CMS 9.5')).toEqual(['typo3 9.5'])
  expect(told({}, 'concrete5 - 8.5.2')).toEqual(['concrete-cms 8.5.2'])
  expect(told({}, 'WordPress 6.4.2')).toEqual(['wordpress 6.4.2'])
  expect(told({}, 'Powered by Slider Revolution 6.5.8 - responsive')).toEqual([
    'Powered by Slider Revolution 6.5.8',
  ])
})

test('libraries are recognised by their own file names, not by plug-ins or cache numbers', () => {
  const named = (...scripts: string[]) => versions(siteWithHome({ scripts }))
  expect(named('https://code.jquery.com/jquery-1.11.3.min.js')).toEqual(['jquery 1.11.3'])
  expect(named('https://ajax.googleapis.com/ajax/libs/jquery/2.2.4/jquery.min.js')).toEqual(['jquery 2.2.4'])
  expect(named('https://cdn.jsdelivr.net/npm/jquery@3.7.1/dist/jquery.min.js')).toEqual(['jquery 3.7.1'])
  expect(named('https://maxcdn.bootstrapcdn.com/bootstrap/3.3.7/js/bootstrap.min.js')).toEqual([
    'bootstrap 3.3.7',
  ])
  expect(named('/js/jquery.fancybox-1.3.4.js', '/js/app.js?v=1.2.3', '/js/jquery.min.js?v=1')).toEqual([])
})

test('a flood of headers and scripts is read within bounds', () => {
  const flood = page({
    headers: { server: 'Apache/2.2 '.repeat(50_000) },
    scripts: Array.from({ length: 50_000 }, () => '/a.js'),
  })
  const started = performance.now()
  softwareOf(site({ pages: Array.from({ length: 500 }, () => flood) }))
  expect(performance.now() - started).toBeLessThan(2_000)
})

const plain = (name: string): string =>
  name
    .toLowerCase()
    .replace(/ cms$|\.js$|^microsoft /, '')
    .replace(/[^a-z0-9+]/g, '')
const productKeys = new Map(
  Object.entries(endOfLife.products).flatMap(([key, { title }]) => [
    [plain(key), key],
    [plain(title), key],
  ]),
)

test('every technology of ours that the source of dates knows is held against it', () => {
  // A system's release is told by the package of its server (`distributions`), never by a fact with a version.
  const known = technologies.rules.flatMap(({ name, category }) => {
    const key = category === 'operating-system' ? undefined : productKeys.get(plain(name))
    return key === undefined ? [] : [{ name, key }]
  })
  expect(known.length).toBeGreaterThan(35)
  const fact = {
    category: '',
    version: '1.2.3',
    pageUrl: 'https://x.fr/',
    method: '',
    snippet: '',
    confidence: 1,
  }
  const wrong = known.filter(({ name, key }) => {
    const [told] = softwareOf(site({ technologies: [{ ...fact, name }] }))
    return told?.product !== key
  })
  expect(wrong).toEqual([])
})

test('every product that is judged has dates and a rule, and dates have their source', () => {
  const judged = [...new Set([...Object.values(software.aliases), ...Object.keys(software.distributions)])]
  expect(judged.filter((key) => !Object.hasOwn(endOfLife.products, key))).toEqual([])
  expect(judged.filter((key) => !Object.hasOwn(software.rules, key))).toEqual([])
  expect(endOfLife.source).toContain('endoflife.date')
  expect(endOfLife.licence).toContain('MIT')
})

test('PrestaShop has no source of dates, so no version of it is called unsupported', () => {
  const [told] = versions(siteWithHome({ generator: 'PrestaShop 1.6' }))
  expect(told).toBe('PrestaShop 1.6')
  expect(since('prestashop', '1.6')).toBe('unknown')
})

test('the number of Tomcat’s connector is not taken for that of Tomcat', () => {
  expect(versions(siteWithHome({ headers: { server: 'Apache-Coyote/1.1' } }))).toEqual(['Apache-Coyote 1.1'])
})
