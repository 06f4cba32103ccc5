import { expect, setDefaultTimeout, test } from 'bun:test'
import { companies } from '#src/companies/schema.ts'
import { createLog } from '#src/lib/log.ts'
import type { Endpoint } from '#src/public-api/endpoint.ts'
import { ENDPOINTS } from '#src/public-api/endpoints/all.ts'
import { openapiDocument } from '#src/public-api/document/openapi.ts'
import { testDatabase } from '#tests/support/database.ts'
import { apiApp, givenToken, type Call } from './api-app.ts'

setDefaultTimeout(60_000)

const GARBAGE = [
  '',
  '\u0000',
  '\u0007\u001b[31m\ufffe\u202e',
  '\ud800',
  '-1',
  '0',
  '1e309',
  'NaN',
  'Infinity',
  '2147483648',
  '99999999999999999999',
  '48.85',
  `'; DROP TABLE companies; --`,
  '%',
  '_%\\',
  '{"a":[1]}',
  '[null,null,null]',
  'WyJhIiwxXQ',
  '2026-13-45',
  '../../etc/passwd',
  'javascript:fuzz()',
  'https://exa mple.fr',
  'http://127.0.0.1:1/',
  'anne@example.fr',
  '+33 1 23 45 67 89',
  'x'.repeat(3000),
  '😀é\u0301'.repeat(200),
]
const STRANGE_IDS = [
  '0',
  '-1',
  '1.5',
  'abc',
  '2147483648',
  '99999999999999999999',
  '%00',
  '%E0%A4%A',
  '1%27--',
  '..%2f1',
  '%F0%9F%98%80',
]

const { db, sql } = await testDatabase()
const failures: string[] = []
const log = createLog((line) => void (/\berror\b/.test(line) && failures.push(line)))
const { ask } = apiApp(sql, { log })
const { text: token } = await givenToken(sql, { perMinute: 1_000_000 })
await db.insert(companies).values({ name: `Garage '"><script>` })

const paths = (
  openapiDocument() as {
    paths: Record<string, Record<string, { parameters: { name: string; in: string }[] }>>
  }
).paths
const queryNames = ({ path, method }: Endpoint): string[] =>
  (paths[path.replace(/:([^/]+)/g, '{$1}')]?.[method]?.parameters ?? [])
    .filter((each) => each.in === 'query')
    .map(({ name }) => name)
const bodyNames = ({ body }: Endpoint): string[] =>
  body && 'shape' in body ? Object.keys(body.shape as object) : ['note', 'statut', 'website', 'email']

const filled = (path: string, value = '1') => path.replace(/:[^/]+/g, value)
const failed: string[] = []

const note = async (endpoint: Endpoint, what: string, path: string, call: Call = {}): Promise<void> => {
  const answer = await ask(path, { method: endpoint.method.toUpperCase(), token, ...call })
  const isJson = answer.headers.get('content-type') === 'application/json; charset=utf-8'
  const readable =
    isJson &&
    (await answer.json().then(
      () => true,
      () => false,
    ))
  if (answer.status >= 500 && answer.status !== 501)
    failed.push(`${endpoint.method} ${path.slice(0, 120)} ${what}: ${answer.status}`)
  if (!readable) failed.push(`${endpoint.method} ${path.slice(0, 120)}: no JSON`)
}

const expectNoFailures = () => {
  expect(failed).toEqual([])
  expect(failures).toEqual([])
}

test('no query breaks an endpoint, nor takes it out of its shape', async () => {
  for (const endpoint of ENDPOINTS.filter(({ method }) => method === 'get'))
    for (const name of queryNames(endpoint))
      for (const value of GARBAGE)
        await note(endpoint, '', `${filled(endpoint.path)}?${new URLSearchParams([[name, value]])}`)
  expectNoFailures()
})

test('no query string in a form nobody sends breaks an endpoint', async () => {
  for (const endpoint of ENDPOINTS)
    for (const query of [
      '%',
      '=&=&',
      'limit=1&limit=2',
      '%E0%A4%A=%C3%28',
      '[]=1&__proto__=2&constructor=3',
      `a=${'b'.repeat(9000)}`,
    ])
      await note(endpoint, '', `${filled(endpoint.path)}?${query}`)
  expectNoFailures()
})

test('no path breaks an endpoint', async () => {
  for (const endpoint of ENDPOINTS.filter(({ path }) => path.includes(':')))
    for (const id of STRANGE_IDS)
      await note(endpoint, id, filled(endpoint.path, id), endpoint.body ? { json: {} } : {})
  expectNoFailures()
})

test('no body breaks an endpoint', async () => {
  const deep = `${'['.repeat(30_000)}${']'.repeat(30_000)}`
  const strange: [string, BodyInit][] = [
    ['application/json', '{'],
    ['application/json', 'null'],
    ['application/json', '[1]'],
    ['application/json', deep],
    ['application/json', `{"note":${deep}}`],
    ['application/json', '{"__proto__":{"a":1},"constructor":1}'],
    [
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="note"; filename="a\u0000"\r\n\r\n',
    ],
    ['multipart/form-data', 'nothing'],
    ['application/x-www-form-urlencoded', '%%%=%E0%A4%A&__proto__=1'],
    ['text/xml', '<a/>'],
    ['', new Uint8Array([0, 255, 254, 128])],
  ]
  for (const endpoint of ENDPOINTS.filter(({ method }) => method !== 'get')) {
    const path = filled(endpoint.path)
    for (const [type, body] of strange)
      await note(endpoint, type, path, { body, headers: { 'content-type': type } })
    for (const name of bodyNames(endpoint))
      for (const value of [...GARBAGE, null, 0, -1, 1.5, true, [], {}, { a: [1] }, [[]]])
        await note(endpoint, `${name}=${JSON.stringify(value)?.slice(0, 50)}`, path, {
          json: { [name]: value },
        })
  }
  expectNoFailures()
})

test('no token breaks anything, wherever it stands', async () => {
  const tokens = [
    ...GARBAGE.map((each) => each.replace(/[^\u0020-\u007e]/g, '')),
    'a'.repeat(64),
    `pl_${'a'.repeat(64)}`,
  ]
  const [endpoint] = ENDPOINTS
  if (!endpoint) throw new Error('there are no endpoints')
  for (const text of tokens) {
    for (const authorization of [text, `Bearer ${text}`, `Basic ${text}`, `Bearer ${text} ${text}`])
      await note(endpoint, 'header', '/token/info', { token: null, headers: { authorization } })
    await note(endpoint, 'query', `/token/info?${new URLSearchParams({ api_token: text })}`, { token: null })
  }
  for (const header of ['*', '"', ',,,', 'W/', 'x'.repeat(5000)])
    await note(endpoint, 'etag', '/token/info?a', {
      headers: { 'if-none-match': header === '*' ? '' : header, origin: header },
    })
  expectNoFailures()
})
