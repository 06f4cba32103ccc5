import { expect, test } from 'bun:test'
import { newMessageKey, signToken, type Subject, type Token, type TokenKind } from '#src/tracking/token.ts'
import { KEYS, NOW, testEdge } from './test-edge.ts'

const message = newMessageKey()
const individual: Subject = { mode: 'individual', message }
const aggregate: Subject = { mode: 'aggregate', campaign: 12 }
const sign = (kind: TokenKind, subject: Subject = individual, rest: Partial<Token> = {}) =>
  signToken(KEYS, { kind, subject, locale: 'fr', target: '', ...rest }, NOW)!
const clickOn = (target: string, subject: Subject = individual) => sign('click', subject, { target })

const BROWSER = { 'User-Agent': 'Mozilla/5.0 (X11)', 'Accept-Language': 'fr', 'X-Secret': 'not kept' }

test.each([
  ['', 'image/png', '\u0089PNG'],
  ['.png', 'image/png', '\u0089PNG'],
  ['.gif', 'image/gif', 'GIF89a'],
])('a pixel%s is a %s that nothing stores, and an open of its message', async (suffix, type, magic) => {
  const { app, hits } = testEdge()
  const answer = await app.request(`/track/pixel/${sign('pixel')}${suffix}`, { headers: BROWSER })
  const body = Buffer.from(await answer.arrayBuffer()).toString('latin1')
  expect([answer.status, answer.headers.get('content-type'), body.startsWith(magic)]).toEqual([
    200,
    type,
    true,
  ])
  expect(answer.headers.get('cache-control')).toContain('no-store')
  expect(answer.headers.get('cross-origin-resource-policy')).toBe('cross-origin')
  expect(hits).toMatchObject([
    {
      type: 'open',
      message,
      campaign_id: null,
      at: NOW.toISOString(),
      facts: {
        method: 'GET',
        ip: '203.0.113.0',
        headers: { 'user-agent': 'Mozilla/5.0 (X11)', 'accept-language': 'fr' },
      },
    },
  ])
  expect(JSON.stringify(hits)).not.toContain('not kept')
})

test('an aggregate hit keeps the campaign, and nothing of who it was', async () => {
  const { app, hits } = testEdge()
  const headers = { ...BROWSER, 'Sec-Purpose': 'prefetch', Referer: 'https://mail.example/' }
  await app.request(`/track/pixel/${sign('pixel', aggregate)}`, { headers })
  await app.request(`/track/click/${clickOn('https://exemple.fr/', aggregate)}`, { headers })
  await app.request(`/track/pixel/${sign('pixel', { mode: 'aggregate', campaign: null })}`)
  expect(hits.map((hit) => [hit.type, hit.message, hit.campaign_id, hit.link, hit.facts])).toEqual([
    ['open', null, 12, null, { method: 'GET', headers: { 'sec-purpose': 'prefetch' } }],
    ['click', null, 12, 'https://exemple.fr/', { method: 'GET', headers: { 'sec-purpose': 'prefetch' } }],
    ['open', null, null, null, { method: 'GET', headers: {} }],
  ])
  expect(hits.map(({ verdict, reason }) => [verdict, typeof reason])).toContainEqual(['machine', 'string'])
  expect(hits.filter(({ verdict }) => verdict === undefined)).toEqual([])
})

test.each([
  'x',
  '',
  '.png',
  sign('click', individual, { target: 'https://exemple.fr/' }),
  'a'.repeat(20_000),
  '%00',
  '%',
])('whatever the token, a pixel is an image and nothing is kept: %.40s', async (token) => {
  const { app, hits, asked } = testEdge()
  for (const method of ['GET', 'HEAD']) {
    const answer = await app.request(`/track/pixel/${token || 'x.y.z'}`, { method })
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/png'])
  }
  expect([hits, asked]).toEqual([[], []])
})

test.each([
  'https://exemple.fr',
  'https://exemple.fr/a%2525b?x=%25&y=%252F#z',
  'https://exemple.fr/?next=https%3A%2F%2Fevil.example',
  'http://exemple.fr:8080/caf%C3%A9',
])('a click leads to its signed target, letter by letter: %s', async (target) => {
  const { app, hits, asked } = testEdge()
  const answer = await app.request(`/track/click/${clickOn(target)}?url=https://evil.example/`)
  expect([answer.status, answer.headers.get('location')]).toEqual([302, target])
  expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
  expect([hits.length, hits[0]?.link, asked]).toEqual([1, target, []])
})

test('HEAD on a click answers as GET does, and is kept as HEAD', async () => {
  const { app, hits } = testEdge()
  const answer = await app.request(`/track/click/${clickOn('https://exemple.fr/')}`, { method: 'HEAD' })
  expect([answer.status, answer.headers.get('location'), await answer.text()]).toEqual([
    302,
    'https://exemple.fr/',
    '',
  ])
  expect(hits[0]?.facts.method).toBe('HEAD')
})

test('a click leads on when the event is lost or shed', async () => {
  for (const outcome of ['lost', 'shed'] as const) {
    const { app } = testEdge({ outcome })
    expect((await app.request(`/track/click/${clickOn('https://exemple.fr/')}`)).status).toBe(302)
  }
})

test('an old-form link is followed only to what stands in that very message', async () => {
  const old = 'o'.repeat(43)
  const links = ['https://exemple.fr/offre?a=1&b=%25', 'https://exemple.fr/100%25']
  const { app, hits, asked } = testEdge({ oldLinks: { [old]: links } })
  for (const link of links) {
    const answer = await app.request(`/track/click/${old}?url=${encodeURIComponent(link)}`)
    expect([answer.status, answer.headers.get('location')]).toEqual([302, link])
  }
  expect(hits.map(({ type, message, link }) => [type, message, link])).toEqual(
    links.map((link) => ['click', old, link]),
  )
  const foreign = await app.request(
    `/track/click/${old}?url=${encodeURIComponent('https://evil.example/<b>')}`,
  )
  const text = await foreign.text()
  expect([foreign.status, foreign.headers.get('location'), text.includes('<b>')]).toEqual([404, null, false])
  expect(
    (await app.request(`/track/click/${'n'.repeat(43)}?url=${encodeURIComponent(links[0]!)}`)).status,
  ).toBe(404)
  expect(asked.length).toBe(4)
})

test('an old-form link while the database is away is a plain page', async () => {
  const { app } = testEdge()
  const tracking = {
    clock: { now: () => NOW },
    keys: () => KEYS,
    record: async () => 'stored' as const,
    findOldLink: () => Promise.reject(new Error('connection refused')),
    addressOf: () => null,
  }
  const away = testEdge({ tracking }).app
  const answer = await away.request(`/track/click/${'o'.repeat(43)}?url=https%3A%2F%2Fexemple.fr%2F`)
  expect([answer.status, (await answer.text()).includes('https://exemple.fr/')]).toEqual([404, true])
  expect((await app.request('/track/click/x')).status).toBe(404)
})

const page = async (answer: Response) => ({ status: answer.status, text: await answer.text() })

test('the unsubscribe page is the same for every token, changes nothing, runs nothing', async () => {
  const { app, hits, asked } = testEdge()
  const path = `/track/unsubscribe/${sign('unsubscribe')}`
  const real = await app.request(path)
  const policy = real.headers.get('content-security-policy')
  const shown = await page(real)
  expect(shown).toEqual(await page(await app.request('/track/unsubscribe/made.up.token')))
  expect(shown.status).toBe(200)
  expect(shown.text).toContain('lang="fr"')
  expect(shown.text).not.toMatch(/<script|<img|https?:/)
  expect(policy).toMatch(/default-src 'none'; style-src 'sha256-/)
  expect((await app.request(path, { method: 'HEAD' })).status).toBe(200)
  const english = await app.request(`/track/unsubscribe/${sign('unsubscribe', individual, { locale: 'en' })}`)
  expect(await english.text()).toContain('lang="en"')
  expect([hits, asked]).toEqual([[], []])
})

test.each<[string, RequestInit, object]>([
  [
    'one click of a mail program',
    { body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) },
    { source: 'one-click', scope: 'all' },
  ],
  [
    'one click, as multipart',
    {
      body: '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
      headers: { 'Content-Type': 'multipart/form-data; boundary=x' },
    },
    { source: 'one-click', scope: 'all' },
  ],
  ['no body at all', {}, { source: 'page', scope: 'all' }],
  ['an endless body', { body: 'x'.repeat(60_000) }, { source: 'page', scope: 'all' }],
  [
    'the page, with all its fields',
    {
      body: new URLSearchParams({ scope: 'campaign', consent: 'withdraw', reason: ' trop\u0000 de mails ' }),
    },
    { source: 'page', scope: 'campaign', reason: 'trop  de mails', withdrawConsent: true },
  ],
])('a POST unsubscribes at once: %s', async (_, init, detail) => {
  const { app, hits } = testEdge()
  const answer = await app.request(`/track/unsubscribe/${sign('unsubscribe')}`, { method: 'POST', ...init })
  expect(answer.status).toBe(200)
  expect(hits).toMatchObject([{ type: 'unsubscribe', message, detail }])
})

test('refusing to be measured is no unsubscribe', async () => {
  const { app, hits } = testEdge()
  const body = new URLSearchParams({ only: 'consent' })
  await app.request(`/track/unsubscribe/${sign('unsubscribe')}`, { method: 'POST', body })
  expect(hits).toMatchObject([{ type: 'consent', detail: { withdrawConsent: true } }])
})

test('an unsubscribe that cannot be kept is never called done; one of a made-up token says nothing', async () => {
  const { app, hits } = testEdge({ outcome: 'lost' })
  const lost = await app.request(`/track/unsubscribe/${sign('unsubscribe')}`, { method: 'POST' })
  const forged = await app.request('/track/unsubscribe/made.up.token', { method: 'POST' })
  expect([lost.status, forged.status, hits.length]).toEqual([503, 200, 1])
  expect(await forged.text()).toContain('C’est fait')
})

test('a landing page reports how long it was read', async () => {
  const { app, hits } = testEdge()
  const path = `/track/read_time/${sign('read')}`
  const sent = [
    await app.request(path, { method: 'POST', body: '12.6' }),
    await app.request(`${path}?t=3`),
    await app.request(path, { method: 'POST', body: '9999999' }),
    await app.request(path, { method: 'POST', body: '<script>' }),
    await app.request(path),
    await app.request(`${path}?t=3`, { method: 'HEAD' }),
    await app.request('/track/read_time/made.up.token', { method: 'POST', body: '5' }),
  ]
  expect(new Set(sent.map(({ status }) => status))).toEqual(new Set([204]))
  expect(hits.map(({ type, detail }) => [type, detail?.seconds])).toEqual([
    ['read_time', 13],
    ['read_time', 3],
  ])
  const script = await app.request('/track/read.js')
  expect(script.headers.get('content-type')).toContain('javascript')
  new Bun.Transpiler().transformSync(await script.text())
})

test('health and metrics tell of a spool in trouble; metrics only with the token and from the local network', async () => {
  const metricsToken = 'a-token-for-tests'
  const { app } = testEdge({ spoolState: { shedding: 'opens', shedOpens: 3 }, metricsToken })
  const health = await app.request('/healthz')
  expect([health.status, await health.json()]).toMatchObject([503, { spool: { shedding: 'opens' } }])
  const ask = (address: string, headers: Record<string, string>) =>
    app.request('/metrics', { headers }, { requestIP: () => ({ address }) })
  const bearer = { Authorization: `Bearer ${metricsToken}` }
  expect(await (await ask('127.0.0.1', bearer)).text()).toContain('shed_total{type="open"} 3')
  expect((await ask('127.0.0.1', {})).status).toBe(404)
  expect((await ask('203.0.113.9', bearer)).status).toBe(404)
  expect((await ask('127.0.0.1', { ...bearer, 'X-Forwarded-For': '203.0.113.9' })).status).toBe(404)
  const without = testEdge().app
  const answer = await without.request(
    '/metrics',
    { headers: bearer },
    { requestIP: () => ({ address: '127.0.0.1' }) },
  )
  expect(answer.status).toBe(404)
})

test('a full disk and a database that is away are told by health', async () => {
  const { app } = testEdge({ spoolState: { disk: 'failing', lost: 2 } })
  const answer = await app.request('/healthz')
  expect([answer.status, await answer.json()]).toMatchObject([503, { spool: { disk: 'failing', lost: 2 } }])
})
