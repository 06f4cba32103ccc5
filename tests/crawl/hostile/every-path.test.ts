import { afterAll, describe, expect, test } from 'bun:test'
import { createFetchMemory } from '#src/lib/fetch-memory.ts'
import { startThreads } from '#src/threads.ts'
import {
  crawlWorld,
  expectUntouched,
  OTHER_ADDRESS,
  sendHtml,
  sendNothing,
  sendTo,
  SITE_ADDRESS,
  startWorld,
} from './outside-world.ts'
import { privateUrls, resolving, UNFETCHABLE_URLS, withPort } from './private-places.ts'

const threads = startThreads(2)
afterAll(() => threads.close())
const world = await startWorld()
const { port } = world
const HOME = `http://site.test:${port}/`
const EMAIL = 'bonjour@atelier-noel.fr'
const NAMES = {
  'site.test': [SITE_ADDRESS],
  'other.test': [OTHER_ADDRESS],
  // The site's own names as far as the crawl can tell, led inside by their owner.
  'www.site.test': ['127.0.0.1'],
  'site.test.': ['127.0.0.1'],
}
const resolve = resolving(NAMES)
const CONTACT = `<h1>Contact</h1><p>${EMAIL}</p>`

type Told = { outcome: Awaited<ReturnType<typeof crawlWorld>>['outcome'] }
const readSite = ({ outcome }: Told) => {
  if (!outcome.ok) throw new Error(`${outcome.error.code}: ${outcome.error.message}`)
  expect(outcome.site.emails.map((email) => email.value)).toContain(EMAIL)
  return outcome.site
}

describe('the start of a crawl', () => {
  test('is refused wherever it is private', async () => {
    const urls = privateUrls(port).filter((url) => URL.canParse(url))
    for (const url of urls) {
      const { outcome, addresses } = await crawlWorld(url, { threads, resolve })
      expect([url, outcome.ok ? 'ok' : outcome.error.code]).toEqual([url, 'refused_address'])
      expectUntouched(world, addresses)
    }
    expect(urls.length).toBeGreaterThan(60)
  })

  test('is refused where it is no web address', async () => {
    for (const url of UNFETCHABLE_URLS.map((one) => withPort(one, port)).filter((one) => URL.canParse(one))) {
      const { outcome, addresses } = await crawlWorld(url, { threads, resolve })
      expect(outcome.ok).toBe(false)
      expectUntouched(world, addresses)
    }
  })
})

const STATUSES = [301, 302, 303, 307, 308]
const letters = (index: number) => String.fromCharCode(97 + Math.floor(index / 26), 97 + (index % 26))

/** A site in which each page but the contact redirects to one of the targets. */
const redirecting = (targets: string[]) =>
  world.serve(({ url }, response) => {
    if (url === '/') {
      const links = targets.map((_, index) => `<a href="/vers-${letters(index)}">${letters(index)}</a>`)
      return sendHtml(response, `<h1>Atelier</h1>${links.join('')}<a href="/contact">Contact</a>`)
    }
    if (url === '/contact') return sendHtml(response, CONTACT)
    const index = targets.findIndex((_, at) => url === `/vers-${letters(at)}`)
    if (index === -1) return sendNothing(response)
    sendTo(response, targets[index]!, STATUSES[index % STATUSES.length])
  })

describe('redirects of pages', () => {
  const crawlRedirects = async (targets: string[]): Promise<Map<string, string>> => {
    redirecting(targets)
    const limits = { pages: 100, fruitlessPages: 1_000 }
    const told = await crawlWorld(HOME, { threads, resolve, limits })
    expectUntouched(world, told.addresses)
    const { errors } = readSite(told)
    return new Map(errors.map(({ url, code }) => [targets[indexOf(url)]!, code]))
  }
  const indexOf = (url: string): number => {
    const [high, low] = [url.at(-2)!, url.at(-1)!].map((letter) => letter.charCodeAt(0) - 97) as [
      number,
      number,
    ]
    return high * 26 + low
  }

  test('to private places are refused, whatever their status and spelling, and the site goes on', async () => {
    const targets = privateUrls(port)
    for (let at = 0; at < targets.length; at += 40) {
      const group = targets.slice(at, at + 40)
      const codes = await crawlRedirects(group)
      const unlike = group.filter((url) => codes.get(url) !== 'refused_address')
      // With other slashes, or a tab, it is a path of the site itself where there is a base.
      expect(unlike.filter((url) => !/^http:(?:\\\\|\/\/\/)|\t/.test(url))).toEqual([])
    }
  })

  test('to what is no web address lead nowhere', async () => {
    const codes = await crawlRedirects(UNFETCHABLE_URLS.map((url) => withPort(url, port)))
    expect([...codes.values()]).toEqual(UNFETCHABLE_URLS.map(() => 'bad_url'))
  })

  test('over another site, in a circle or without end lead nowhere', async () => {
    let step = 0
    world.serve(({ url, host }, response) => {
      if (url === '/contact') return sendHtml(response, CONTACT)
      if (url === '/' && host.startsWith('site.'))
        return sendHtml(response, `<a href="/a">a</a><a href="/b">b</a><a href="/contact">c</a>`)
      if (url.endsWith('robots.txt') || url.includes('sitemap')) return sendNothing(response)
      const others = [`http://other.test:${port}/`, HOME]
      const inside = `http://127.0.0.1:${port}/`
      const location = url === '/a' ? others[0] : url === '/' ? inside : `${others[step % 2]}x${step++}`
      sendTo(response, location!)
    })
    const told = await crawlWorld(HOME, { threads, resolve })
    expectUntouched(world, told.addresses)
    expect(
      readSite(told)
        .errors.map(({ code }) => code)
        .toSorted(),
    ).toEqual(['refused_address', 'too_many_redirects'])
    expect(world.asked.length).toBeLessThan(40)
  })
})

// Where a page can name an address. `followed`: a crawl goes there when the name is the site's own.
const WAYS: [
  name: string,
  followed: boolean,
  page: (url: string) => string | [string, Record<string, string>],
][] = [
  ['a link', true, (url) => `<a href="${url}">x</a>`],
  ['a link for contact', true, (url) => `<a href="${url}contact">Contact</a>`],
  ['a link with a line end', true, (url) => `<a href=" ${url.replace('http', 'ht\ntp')} ">x</a>`],
  ['an area', true, (url) => `<map><area href="${url}"></map>`],
  ['a link without scripts', true, (url) => `<noscript><a href="${url}">x</a></noscript>`],
  ['a base', true, (url) => `<base href="${url}"><a href="plus">x</a>`],
  ['a meta refresh', true, (url) => `<meta http-equiv="refresh" content="0; url=${url}">`],
  ['a meta refresh in quotes', true, (url) => `<meta http-equiv=refresh content='0;URL="${url}"'>`],
  [
    'a page in another language',
    true,
    (url) =>
      `<link rel="alternate" hreflang="en" href="${HOME}"><link rel="alternate" hreflang="fr" href="${url}">`,
  ],
  ['a business card', true, (url) => `<a href="${url}paul.vcf">vCard</a>`],
  ['a PDF', false, (url) => `<a href="${url}plaquette.pdf">PDF</a>`],
  ['a feed', false, (url) => `<link rel="alternate" type="application/rss+xml" href="${url}feed.xml">`],
  ['a canonical address', false, (url) => `<link rel="canonical" href="${url}">`],
  ['a script that goes there', false, (url) => `<script>location.href = '${url}'</script>`],
  [
    'a pop-up',
    false,
    (url) => `<a href="javascript:window.open('${url}')">x</a><b onclick="location='${url}'">`,
  ],
  ['a form to get', false, (url) => `<form action="${url}"><input name="email"><button>ok</button></form>`],
  [
    'a form to post',
    false,
    (url) => `<form method="post" action="${url}"><input type="email" name="e"></form>`,
  ],
  [
    'a picture',
    false,
    (url) => `<img src="${url}a.png" srcset="${url}b.png 2x"><picture><source srcset="${url}c.png">`,
  ],
  [
    'an icon',
    false,
    (url) => `<link rel="icon" href="${url}favicon.ico"><link rel="apple-touch-icon" href="${url}a.png">`,
  ],
  ['a manifest', false, (url) => `<link rel="manifest" href="${url}manifest.json">`],
  [
    'a style sheet',
    false,
    (url) =>
      `<link rel="stylesheet" href="${url}a.css"><style>@import url(${url}b.css); p { background: url(${url}c.png) }</style>`,
  ],
  [
    'a script',
    false,
    (url) => `<script src="${url}a.js"></script><script type="module">import '${url}b.js'</script>`,
  ],
  [
    'an object',
    false,
    (url) => `<object data="${url}"></object><embed src="${url}"><video src="${url}" poster="${url}">`,
  ],
  [
    'a hint',
    false,
    (url) =>
      `<link rel="preconnect" href="${url}"><link rel="dns-prefetch" href="${url}"><link rel="preload" as="font" href="${url}"><link rel="prefetch" href="${url}">`,
  ],
  ['a ping', false, (url) => `<a href="/contact-us" ping="${url}">x</a>`],
  [
    'metadata',
    false,
    (url) =>
      `<meta property="og:url" content="${url}"><meta property="og:image" content="${url}a.png"><meta itemprop="url" content="${url}">`,
  ],
  [
    'JSON-LD',
    false,
    (url) =>
      `<script type="application/ld+json">{"@type":"Organization","url":"${url}","logo":"${url}a.png","sameAs":["${url}"],"@context":"${url}"}</script>`,
  ],
  ['a widget', false, (url) => `<div data-href="${url}" data-src="${url}" data-url="${url}"></div>`],
  [
    'a header',
    false,
    (url) => [
      '',
      {
        refresh: `0; url=${url}`,
        link: `<${url}>; rel=canonical`,
        'content-location': url,
        'report-to': url,
        'x-pingback': url,
      },
    ],
  ],
]

test.each(WAYS)('%s leads nowhere private', async (_, followed, page) => {
  const places = [
    `http://www.site.test:${port}/interne/`,
    `http://site.test.:${port}/privé/`,
    `http://127.0.0.1:${port}/`,
    `http://[::1]:${port}/`,
    `//0x7f.1:${port}/`,
  ]
  world.serve(({ url }, response) => {
    if (url === '/contact-us') return sendHtml(response, CONTACT)
    if (!/^\/(?:lieu-[a-e])?$/.test(url)) return sendNothing(response)
    const place = places[url.charCodeAt(6) - 97] ?? places[0]!
    const given = page(place)
    const [body, headers = {}] = typeof given === 'string' ? [given] : given
    const links = places.map((_place, index) => `<a href="${HOME}lieu-${'abcde'[index]}">x</a>`).join('')
    sendHtml(response, `${links}<a href="${HOME}contact-us">Contact</a>${body}`, headers)
  })
  const told = await crawlWorld(HOME, { threads, resolve, limits: { fruitlessPages: 50 } })
  expectUntouched(world, told.addresses)
  const { errors, pages } = readSite(told)
  expect(pages.length).toBeGreaterThan(1)
  const refused = errors
    .filter(({ code }) => code === 'refused_address')
    .map(({ url }) => new URL(url).hostname)
  if (followed) expect(refused).toContain('www.site.test')
  expect(refused.every((name) => name === 'www.site.test' || name === 'site.test.')).toBe(true)
  // Pictures, scripts, styles, icons and forms of the site itself are not asked for either.
  expect(
    world.asked.filter(
      (line) => !/\/(?:lieu-[a-e]|contact-us|robots\.txt|\w*-?sitemap\w*\.xml)?$/.test(line),
    ),
  ).toEqual([])
})

describe('sitemaps and robots.txt', () => {
  const serveMachine = (robots: string, sitemap: (path: string) => string | null) =>
    world.serve(({ url }, response) => {
      if (url === '/') return sendHtml(response, '<h1>Atelier</h1><a href="/contact">Contact</a>')
      if (url === '/contact') return sendHtml(response, CONTACT)
      if (url === '/robots.txt') return response.send(robots)
      const text = sitemap(url)
      if (text === null) return sendNothing(response)
      if (!text.startsWith('<')) return sendTo(response, text)
      response.send(text)
    })
  const urls = privateUrls(port).filter((url) => !/[\\\t]/.test(url))
  const own = [`http://www.site.test:${port}/interne/`, `http://site.test.:${port}/secret/`]
  const locations = (tag: string) =>
    [...own, ...urls].map((url) => `<${tag}><loc>${url}</loc></${tag}>`).join('')
  const crawl = async () => {
    const told = await crawlWorld(HOME, { threads, resolve, limits: { fruitlessPages: 100, pages: 100 } })
    expectUntouched(world, told.addresses)
    return readSite(told)
  }

  test('the places robots.txt names as sitemaps are not asked when private', async () => {
    serveMachine([...own, ...urls].map((url) => `Sitemap: ${url}sitemap.xml`).join('\n'), () => null)
    await crawl()
    serveMachine(own.map((url) => `Sitemap: ${url}sitemap.xml`).join('\n'), () => null)
    await crawl()
  })

  test('an index leads nowhere private', async () => {
    serveMachine(`Sitemap: ${HOME}sitemap.xml`, () => `<sitemapindex>${locations('sitemap')}</sitemapindex>`)
    expect((await crawl()).sitemap.found).toBe(true)
  })

  test('the pages a sitemap names are refused when private', async () => {
    serveMachine(`Sitemap: ${HOME}sitemap.xml`, (path) =>
      path === '/sitemap.xml' ? `<urlset>${locations('url')}</urlset>` : null,
    )
    expect((await crawl()).errors.map(({ code }) => code)).toContain('refused_address')
  })

  test('a sitemap that redirects leads nowhere private', async () => {
    for (const target of [
      ...own,
      `http://127.0.0.1:${port}/s.xml`,
      `//[::1]:${port}/`,
      'http://169.254.169.254/',
    ]) {
      serveMachine('', (path) => (path.includes('sitemap') ? target : null))
      await crawl()
    }
  })

  test('a robots.txt that redirects there forbids the site, as one that cannot be read', async () => {
    for (const url of [...own, ...urls.filter((_, index) => index % 8 === 0)]) {
      world.serve((request, response) => {
        if (request.url !== '/robots.txt') return sendHtml(response, CONTACT)
        sendTo(response, url)
      })
      const { outcome, addresses } = await crawlWorld(HOME, { threads, resolve })
      expectUntouched(world, addresses)
      expect(outcome.ok ? 'ok' : outcome.error.code).toBe('robots')
    }
  })
})

describe('a name that changes its address', () => {
  test('between two requests gains nothing', async () => {
    for (const inside of ['127.0.0.1', '::1', '10.0.0.5', '::ffff:127.0.0.1'])
      for (const honest of [1, 2, 3, 4, 5]) {
        let answers = 0
        redirecting([])
        const rebinding = resolving({
          'site.test': () => [answers++ < honest ? SITE_ADDRESS : inside],
        })
        // Nothing remembered: the name is asked for anew each time.
        const fetchOptions = () => ({ memory: createFetchMemory() })
        const { addresses } = await crawlWorld(HOME, { threads, resolve: rebinding, fetchOptions })
        expect(answers).toBeGreaterThan(honest)
        expectUntouched(world, addresses)
      }
  })

  test('between its first and a later crawl is refused as a whole', async () => {
    redirecting([])
    readSite(await crawlWorld(HOME, { threads, resolve }))
    const later = resolving({ 'site.test': [OTHER_ADDRESS, '127.0.0.1'] })
    const { outcome, addresses } = await crawlWorld(HOME, { threads, resolve: later })
    // Of several addresses an allowed network's may be used, never the other.
    expectUntouched(world, addresses)
    expect(outcome.ok).toBe(true)
  })
})
