import { expect, test } from 'bun:test'
import { randomBytes } from 'node:crypto'
import { createApp } from '#src/app.ts'
import { linkKeys, newMessageKey, signToken } from '#src/tracking/token.ts'
import { authDeps } from '#tests/auth/small-app.ts'
import { testDatabase } from '#tests/support/database.ts'
import { cameFrom } from '#tests/support/sign-in.ts'
import { KEYS, NOW, testEdge } from './test-edge.ts'

const old = 'o'.repeat(43)
const GOOD = 'https://exemple.fr/offre'
const signed = signToken(
  KEYS,
  { kind: 'click', subject: { mode: 'individual', message: newMessageKey() }, locale: 'fr', target: GOOD },
  NOW,
)!
const [kid = '', body = '', mac = ''] = signed.split('.')
const withTarget = (target: string) =>
  `${kid}.${Buffer.concat([Buffer.from(body, 'base64url').subarray(0, 19), Buffer.from(target)]).toString('base64url')}.${mac}`

const EVIL = [
  'https://evil.example',
  'https://evil.example/',
  '//evil.example',
  '///evil.example',
  '////evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '\\/evil.example',
  'https:evil.example',
  'https:/evil.example',
  'https:///evil.example',
  'https:\\\\evil.example',
  'HtTpS://evil.example',
  'http://evil.example:80',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java\tscript:alert(1)',
  ' javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:msgbox(1)',
  'file:///etc/passwd',
  'ftp://evil.example',
  'blob:https://evil.example/x',
  'https://exemple.fr@evil.example/offre',
  'https://exemple.fr:443@evil.example/offre',
  'https://exemple.fr%40evil.example/offre',
  'https://exemple.fr.evil.example/offre',
  'https://exemple.fr\\@evil.example/offre',
  'https://evil.example\\@exemple.fr/offre',
  'https://evil.example#@exemple.fr/offre',
  'https://evil.example?@exemple.fr/offre',
  'https://evil.example/https://exemple.fr/offre',
  'https://exemple.fr/offre@evil.example',
  'https://exemple.fr/offre/../..//evil.example',
  'https://exemple.fr/offre?next=https://evil.example',
  'https://exemple.fr/offre#https://evil.example',
  'https://exemple.fr/offre/',
  'https://exemple.fr//offre',
  'https://exemple.fr/Offre',
  'HTTPS://exemple.fr/offre',
  'https://EXEMPLE.fr/offre',
  'https://exemple.fr./offre',
  'https://exemple.fr:443/offre',
  'http://exemple.fr/offre',
  'https://exemple.fr/offre%00',
  'https://exemple.fr/offre%20',
  'https://exemple.fr/offre\u0000.evil.example',
  'https://exemple.fr/offre\r\nLocation: https://evil.example',
  'https://exemple.fr/offre%0d%0aLocation:%20https://evil.example',
  'https://exemple.fr/offre\nSet-Cookie: a=b',
  'https://exemple。fr/offre',
  'https://ｅｘｅｍｐｌｅ.fr/offre',
  'https://еxemple.fr/offre',
  'https://xn--exemple-9y.fr/offre',
  'https://[::ffff:192.0.2.1]/offre',
  'https://0x7f000001/offre',
  'https://2130706433/offre',
  'https://evil.example%2f@exemple.fr/offre',
  'https://evil.example%5c@exemple.fr/offre',
  '%68ttps://evil.example',
  'https%3A%2F%2Fevil.example',
  'https%253A%252F%252Fevil.example',
  'https://exemple.fr/offre%',
  // One escape more or fewer, overlong and invisible letters, and forms that some normalisation makes equal.
  'https://exemple.fr/%6fffre',
  'https://exemple.fr/o%66fre',
  'https://exemple.fr/%256fffre',
  'https://exemple.fr%2foffre',
  'https://exemple.fr%252foffre',
  'https://exemple.fr%c0%afoffre',
  'https://exemple.fr/offre%E2%80%8B',
  'https://exemple.fr/offre\u200b',
  'https://exemple.fr/offre\u202e',
  'https://exemple.fr/\uff4fffre',
  'https://exemple.\u24d5r/offre',
  'https://exemple.fr\u2044offre',
  'https://exemple.fr\uff0foffre',
  '\u3000https://exemple.fr/offre',
  '\ufeffhttps://exemple.fr/offre',
  'https://exemple.fr/offre\u2028Location: https://evil.example',
  'https://exemple.fr/offre%E5%98%8A%E5%98%8DLocation:%20https://evil.example',
  'https://exemple.fr\t/offre',
  'h\nttps://exemple.fr/offre',
  'https://@exemple.fr/offre',
  'https://:@exemple.fr/offre',
  'https://a:b@exemple.fr/offre',
  'https://evil.example:443#@exemple.fr/offre',
  'https://exemple.fr;@evil.example/offre',
  'https://exemple.fr&@evil.example/offre',
  'https://exemple.fr/offre;https://evil.example',
  'https://exemple.fr/offre,https://evil.example',
  'https://exemple.fr/offre https://evil.example',
  'https://exemple.fr/./offre',
  'https://exemple.fr/x/../offre',
  'https://exemple.fr/x/%2e%2e/offre',
  'https://exemple.fr\\offre',
  '.',
  '..',
  '',
]

test('there are at least sixty attacks', () => {
  expect(EVIL.length).toBeGreaterThanOrEqual(60)
})

test.each(EVIL)('nothing leads to %j', async (target) => {
  const { app, hits } = testEdge({ oldLinks: { [old]: [GOOD] } })
  const encoded = encodeURIComponent(target.toWellFormed())
  const attacks = [
    `${old}?url=${encoded}`,
    `${old}?url=${encodeURIComponent(encoded)}`,
    `${old}?url=${encoded}&url=${encoded}`,
    `${old}?URL=${encoded}&target=${encoded}&redirect=${encoded}&next=${encoded}`,
    `x?url=${encoded}`,
    `${withTarget(target)}?url=${encoded}`,
    `${signed}x?url=${encoded}`,
    encodeURIComponent(`${signed} ${target}`),
    `${body}.${mac}?url=${encoded}`,
  ]
  for (const attack of attacks)
    for (const method of ['GET', 'HEAD']) {
      const answer = await app.request(`/track/click/${attack}`, { method })
      expect([attack, answer.status, answer.headers.get('location')]).toEqual([attack, 404, null])
      expect(answer.headers.get('refresh')).toBeNull()
      const shown = await answer.text()
      expect(shown).not.toMatch(/<a\b|<meta[^>]*refresh|<script/i)
    }
  expect(hits).toEqual([])
})

test.each(EVIL)('beside a good token %j changes nothing', async (target) => {
  const { app } = testEdge()
  const encoded = encodeURIComponent(target.toWellFormed())
  const headers = {
    'X-Forwarded-Host': 'evil.example',
    'X-Original-URL': '/evil',
    Referer: 'https://evil.example/',
  }
  const answer = await app.request(`/track/click/${signed}?url=${encoded}`, { headers })
  expect([answer.status, answer.headers.get('location')]).toEqual([302, GOOD])
})

const PATHS = ['pixel', 'click', 'read_time', 'unsubscribe']
const EXPECTED: Record<string, number[]> = {
  pixel: [200],
  click: [404],
  read_time: [204],
  unsubscribe: [200],
}

test('made-up tokens, of any shape, get the agreed answers and cost no question to the database', async () => {
  const { app, hits, asked } = testEdge()
  const shapes = [
    ...Array.from({ length: 300 }, () => {
      const cut = Math.floor(Math.random() * signed.length)
      const noise = randomBytes(1 + Math.floor(Math.random() * 40)).toString(
        Math.random() < 0.5 ? 'base64url' : 'hex',
      )
      return signed.slice(0, cut) + noise + signed.slice(cut + Math.floor(Math.random() * 8))
    }),
    ...Array.from({ length: 100 }, () => `${kid}.${randomBytes(30).toString('base64url')}.${mac}`),
    '.',
    '..',
    '...',
    `${kid}..`,
    `.${body}.`,
    `${kid}.${body}`,
    `__proto__.${body}.${mac}`,
    `constructor.a.b`,
    '%00',
    '%E0%A4%A',
    '%F0%9F%98%80',
    'x'.repeat(5000),
    `${kid}.${'A'.repeat(4000)}.${mac}`,
    '%2e%2e%2f',
  ].filter((shape) => shape !== signed)
  const wrong: unknown[] = []
  for (const shape of shapes)
    for (const path of PATHS) {
      const answer = await app.request(`/track/${path}/${shape}`)
      const isOther = answer.status === 404 && /^\.{1,3}$|^%2e/i.test(shape)
      if (!isOther && !EXPECTED[path]!.includes(answer.status)) wrong.push([path, shape, answer.status])
    }
  expect(wrong).toEqual([])
  expect([hits, asked]).toEqual([[], []])
})

test('the server answers the Internet as the edge does, and asks the database nothing for made-up tokens', async () => {
  const { db, sql } = await testDatabase()
  const deps = authDeps({ db, sql }, { environment: { DATA_DIR: '/nonexistent/never-made' } })
  const broken = new Proxy(sql, {
    apply: () => {
      throw new Error('the database was asked')
    },
  })
  const { app } = createApp({ ...deps, sql: broken })
  const outside = cameFrom('203.0.113.9')
  const ask = (path: string, init: RequestInit = {}) => app.request(path, init, outside)
  const key = linkKeys(deps.keys.links)
  const token = signToken(
    key,
    { kind: 'click', subject: { mode: 'aggregate', campaign: null }, locale: 'fr', target: GOOD },
    deps.clock.now(),
  )!
  const answers = [
    await ask('/track/pixel/x.png'),
    await ask(`/track/click/${token}x`),
    await ask('/track/unsubscribe/x'),
    await ask('/track/unsubscribe/x', {
      method: 'POST',
      body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
    }),
    await ask('/track/read_time/x', { method: 'POST', body: '4' }),
    await ask('/companies'),
  ]
  expect(answers.map(({ status }) => status)).toEqual([200, 404, 200, 200, 204, 403])
  expect(answers[0]?.headers.get('cross-origin-resource-policy')).toBe('cross-origin')
  expect(answers[2]?.headers.get('content-security-policy')).toContain("style-src 'sha256-")
})
