import { describe, expect, test } from 'bun:test'
import { classifyHits } from '#src/tracking/classify-hits.ts'
import { readTraffic } from '#src/tracking/traffic-document.ts'

const SENT = Date.UTC(2026, 2, 19, 9)
const HOME = '90.12.34.56'
const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Safari/537.36'
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:148.0) Gecko/20100101 Firefox/148.0'
const OLD =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/97.0.4692.71 Safari/537.36'
const PAGE = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'
const IMAGE = 'image/avif,image/webp,image/*,*/*;q=0.8'

const complete = (agent: string, kind: string) => ({
  'user-agent': agent,
  accept: kind === 'pixel' ? IMAGE : PAGE,
  'accept-language': 'fr-FR,fr;q=0.9',
  'accept-encoding': 'gzip, deflate, br',
  'sec-fetch-dest': kind === 'pixel' ? 'image' : 'document',
  'sec-fetch-mode': kind === 'pixel' ? 'no-cors' : 'navigate',
  'sec-fetch-site': 'cross-site',
  ...(agent.includes('Chrome/') ? { 'sec-ch-ua': `"Chromium";v="${/Chrome\/(\d+)/.exec(agent)?.[1]}"` } : {}),
})

type Given = {
  s: number
  kind?: string
  link?: string
  ip?: string
  agent?: string
  method?: string
  headers?: Record<string, string>
}

const hitOf = ({
  s,
  kind = 'click',
  link = '/a',
  ip = HOME,
  agent = CHROME,
  method = 'GET',
  headers,
}: Given) => ({
  at: new Date(SENT + s * 1_000).toISOString(),
  kind,
  ...(kind === 'click' ? { link: `https://x.example${link}` } : {}),
  method,
  ip,
  headers: headers ?? complete(agent, kind),
})

const LINKS = ['/a', '/b', '/c', '/d', '/e'].map((path) => `https://x.example${path}`)

const judged = (given: Given[], links: unknown[] = LINKS) => {
  const read = readTraffic({ sentAt: new Date(SENT).toISOString(), links, hits: given.map(hitOf) })
  if (!read.ok) throw new Error(read.problem.message)
  return classifyHits(read.value).map(({ verdict, reason }) => `${verdict} ${reason}`)
}
const verdicts = (given: Given[]) => judged(given).map((text) => text.split(' ')[0])

describe('one hit alone', () => {
  const cases: [string, Given, string][] = [
    ['a complete browser', { s: 400 }, 'human whole_browser'],
    ['HEAD', { s: 400, method: 'HEAD' }, 'machine method'],
    [
      'a page loaded ahead',
      { s: 400, headers: { ...complete(CHROME, 'click'), 'Sec-Purpose': 'prefetch' } },
      'machine prefetch_header',
    ],
    ['no agent', { s: 400, headers: { accept: '*/*' } }, 'machine no_agent'],
    [
      'a scanner by its name',
      { s: 400, headers: { 'user-agent': 'Acme-URLProtect/2.1' } },
      'machine scanner_agent',
    ],
    ['a robot of the web', { s: 400, headers: { 'user-agent': 'AhrefsBot/7.0' } }, 'machine bot_agent'],
    [
      'a browser of the shape of Chrome without language or page',
      { s: 400, headers: { 'user-agent': CHROME, accept: '*/*' } },
      'machine no_language',
    ],
    [
      'an old Chrome from Azure, half a minute after',
      { s: 30, ip: '20.72.1.2', headers: { 'user-agent': OLD, accept: PAGE, 'accept-encoding': 'gzip' } },
      'machine no_language',
    ],
    [
      'a script in a browser',
      {
        s: 3,
        headers: {
          ...complete(CHROME, 'click'),
          'sec-fetch-dest': 'empty',
          'sec-ch-ua': '"Chromium";v="120"',
        },
      },
      'machine false_browser',
    ],
    [
      'an unsubscribe by POST from a scanner',
      { s: 1, kind: 'unsubscribe', method: 'POST', headers: { 'user-agent': 'curl/8' } },
      'human unsubscribe_post',
    ],
    [
      'Gmail',
      {
        s: 1,
        kind: 'pixel',
        ip: '66.249.93.1',
        headers: {
          'user-agent':
            'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)',
        },
      },
      'human gmail_proxy',
    ],
    [
      'Gmail loading ahead',
      {
        s: 1,
        kind: 'pixel',
        headers: {
          'user-agent':
            'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0',
        },
      },
      'machine gmail_prefetch',
    ],
    [
      'Yahoo',
      { s: 1, kind: 'pixel', headers: { 'user-agent': 'YahooMailProxy; https://help.yahoo.com/' } },
      'human yahoo_proxy',
    ],
    [
      'Apple’s relay',
      { s: 900, kind: 'pixel', ip: '172.225.1.2', headers: { 'user-agent': 'Mozilla/5.0' } },
      'machine apple_privacy',
    ],
    [
      'Outlook on a desk',
      {
        s: 900,
        kind: 'pixel',
        headers: { 'user-agent': 'Mozilla/4.0 (compatible; ms-office; MSOffice 16)', accept: '*/*' },
      },
      'human mail_program',
    ],
    [
      'a mail program nobody has listed',
      { s: 900, kind: 'pixel', headers: { 'user-agent': 'LaPosteMail/4.2' } },
      'human mail_program',
    ],
    [
      'an old browser over plain http',
      { s: 900, headers: { 'user-agent': OLD, accept: PAGE, 'accept-language': 'fr' } },
      'human no_evidence',
    ],
    ['an office that leaves by a cloud', { s: 900, ip: '52.58.1.2' }, 'human whole_browser'],
    [
      'a text browser',
      {
        s: 900,
        headers: {
          'user-agent': 'w3m/0.5.3',
          accept: 'text/html',
          'accept-language': 'fr',
          'accept-encoding': 'gzip',
        },
      },
      'human no_evidence',
    ],
  ]
  for (const [name, given, expected] of cases)
    test(`${name}: ${expected}`, () => {
      expect(judged([given])).toEqual([expected])
    })
})

test('links asked for faster than a hand can are a machine’s, however complete its browser and though an image came before', () => {
  const sweep = LINKS.map((_, i) => ({ s: 60 + i * 0.4, link: `/${'abcde'[i]}` }))
  expect(verdicts([{ s: 20, kind: 'pixel' }, ...sweep])).toEqual(['human', ...sweep.map(() => 'machine')])
})

test('a sweep from as many addresses as links is a machine’s', () => {
  const sweep = LINKS.map((_, i) => ({
    s: 60 + i * 0.3,
    link: `/${'abcde'[i]}`,
    ip: `81.${i}.2.3`,
    headers: { ...complete(CHROME, 'click'), 'sec-fetch-dest': '' },
  }))
  expect(new Set(verdicts(sweep))).toEqual(new Set(['machine']))
})

test('a sweep from two addresses next to each other is one actor’s; two readers far apart stay persons', () => {
  const sweep = (ips: string[], step: number) =>
    LINKS.slice(0, 4).map((_, i) => ({ s: 60 + i * step, link: `/${'abcd'[i]}`, ip: ips[i % ips.length]! }))
  expect(new Set(verdicts(sweep(['81.2.3.4', '81.2.3.77'], 0.5)))).toEqual(new Set(['machine']))
  expect(new Set(verdicts(sweep(['81.2.3.4', '92.7.8.9'], 2.5)))).toEqual(new Set(['human']))
})

test('a reader who opens the links of a mail in tabs, clicks twice or comes back stays a person', () => {
  const tabs = ['/a', '/b', '/c', '/d'].map((link, i) => ({ s: 300 + i * 2.2, link }))
  const again = [{ s: 320 }, { s: 320.4 }, { s: 90_000 }]
  expect(new Set(verdicts([{ s: 290, kind: 'pixel' }, ...tabs, ...again]))).toEqual(new Set(['human']))
})

test('a person opens two links while a scanner takes them all from elsewhere', () => {
  const scanner = LINKS.map((_, i) => ({
    s: 60 + i * 0.2,
    link: `/${'abcde'[i]}`,
    ip: '40.94.1.2',
    headers: { 'user-agent': OLD, accept: PAGE },
  }))
  const reader = [
    { s: 55, kind: 'pixel' },
    { s: 60.5, link: '/a' },
  ]
  expect(verdicts([...scanner, ...reader])).toEqual([...scanner.map(() => 'machine'), 'human', 'human'])
})

test('a reader at the office whose appliance sweeps at that moment is still a person', () => {
  const sweep = LINKS.map((_, i) => ({
    s: 600 + i * 0.2,
    link: `/${'abcde'[i]}`,
    headers: { 'user-agent': OLD, accept: PAGE },
  }))
  const reader = [
    { s: 500, kind: 'pixel' },
    { s: 600.5, link: '/b' },
  ]
  expect(verdicts([...sweep, ...reader])).toEqual([...sweep.map(() => 'machine'), 'human', 'human'])
})

test('of the same link asked for twice at once, the poorer browser is the check and the better the person', () => {
  const check = {
    s: 500,
    ip: '40.107.1.2',
    headers: { 'user-agent': OLD, accept: PAGE, 'accept-language': 'en-US' },
  }
  expect(verdicts([check, { s: 500.8, agent: FIREFOX }])).toEqual(['machine', 'human'])
  expect(verdicts([{ s: 499.5, agent: FIREFOX }, check])).toEqual(['human', 'machine'])
})

test('what follows an invisible link is a machine’s, and what it did at that moment', () => {
  const links = [...LINKS, { url: 'https://x.example/trap', honeypot: true }]
  const poor = { 'user-agent': FIREFOX, accept: PAGE, 'accept-language': 'fr' }
  const hits = ['/a', '/trap', '/b'].map((link, i) => ({ s: 100 + i * 4, link, headers: poor }))
  expect(judged(hits, links).map((text) => text.split(' ')[0])).toEqual(['machine', 'machine', 'machine'])
  expect(judged(hits, links)[1]).toBe('machine honeypot')
})

test('thirty readers behind one proxy of Gmail are thirty readers', () => {
  const gmail = {
    'user-agent': 'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)',
  }
  const hits = Array.from({ length: 30 }, (_, i) => ({
    s: i / 10,
    kind: 'pixel',
    ip: '66.249.93.1',
    headers: gmail,
  }))
  expect(new Set(judged(hits))).toEqual(new Set(['human gmail_proxy']))
})

test('a page the reader’s own browser loads ahead says nothing against the click', () => {
  const ahead = { ...complete(CHROME, 'click'), 'sec-purpose': 'prefetch;prerender' }
  expect(verdicts([{ s: 300, headers: ahead }, { s: 301 }])).toEqual(['machine', 'human'])
})
