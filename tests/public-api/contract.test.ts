import { describe, expect, test } from 'bun:test'
import { ENDPOINTS } from '#src/public-api/endpoints/all.ts'
import { documentedAnswers } from '#src/public-api/document/documented-answers.ts'
import { SCOPES, type Endpoint } from '#src/public-api/endpoint.ts'
import { testDatabase } from '#tests/support/database.ts'
import { apiApp, givenToken, type Call } from './api-app.ts'
import { CASES } from './cases-all.ts'
import type { ContractCase } from './contract-case.ts'

const { db, sql } = await testDatabase()
const { ask } = apiApp(sql)
const nameOf = ({ method, path }: Endpoint) => `${method} ${path}`
const filled = (path: string) => path.replace(/:[^/]+/g, '1')
const namesIn = ({ path }: Endpoint) => [...path.matchAll(/:(\w+)/g)].map((found) => found[1] ?? '')
const methodOf = (endpoint: Endpoint) => endpoint.method.toUpperCase()

const bodyOf = async (answer: Response): Promise<any> => {
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
  return answer.json()
}

/** The answer has this status, and its body is what the documentation of this status says. */
const expectDocumented = async (
  endpoint: Endpoint,
  status: number,
  answer: Response,
  schema = documentedAnswers(endpoint).get(status),
): Promise<any> => {
  const text = await answer.clone().text()
  expect([answer.status, answer.status === status ? '' : text]).toEqual([status, ''])
  const body = await bodyOf(answer)
  const read = schema?.safeParse(body)
  expect([status, read?.success ?? 'not documented', read?.error?.issues ?? []]).toEqual([status, true, []])
  return body
}

test('every documented answer of an endpoint has a case', () => {
  const missing = ENDPOINTS.flatMap((endpoint) =>
    Object.keys(endpoint.answers)
      .filter(
        (status) =>
          !CASES.some((each) => each.endpoint === nameOf(endpoint) && each.status === Number(status)),
      )
      .map((status) => `${nameOf(endpoint)} ${status}`),
  )
  expect(missing).toEqual([])
})

test('every case is one of an endpoint', () => {
  const known = new Set(ENDPOINTS.map(nameOf))
  expect(CASES.map(({ endpoint }) => endpoint).filter((name) => !known.has(name))).toEqual([])
})

const run = async (endpoint: Endpoint, given: ContractCase): Promise<void> => {
  const token = await givenToken(sql, { scopes: given.scopes ?? SCOPES })
  const world = { db, sql, tokenId: token.id }
  await given.arrange?.(world)
  const request = typeof given.request === 'function' ? await given.request(world) : given.request
  const call: Call = { method: methodOf(endpoint), token: token.text }
  if (request.json !== undefined) call.json = request.json
  if (request.headers) call.headers = request.headers
  const own = endpoint.answers[given.status as keyof Endpoint['answers']]
  const body = await expectDocumented(endpoint, given.status, await ask(request.path, call), own)
  given.expect?.(body)
}

for (const endpoint of ENDPOINTS)
  describe(nameOf(endpoint), () => {
    for (const given of CASES.filter((each) => each.endpoint === nameOf(endpoint)))
      test(`${given.status}: ${given.name}`, () => run(endpoint, given))

    const path = filled(endpoint.path)
    const method = methodOf(endpoint)
    const withBody = endpoint.body ? { json: {} } : {}

    test('401 without a token', async () => {
      await expectDocumented(endpoint, 401, await ask(path, { method, ...withBody }))
    })
    for (const scope of endpoint.scopes)
      test(`403 without ${scope}`, async () => {
        const { text } = await givenToken(sql, { scopes: SCOPES.filter((each) => each !== scope) })
        const answer = await ask(path, { method, token: text, ...withBody })
        const body = await expectDocumented(endpoint, 403, answer)
        expect(body.error).toBe('Permission API insuffisante')
      })
    test('429 after more than the token is allowed', async () => {
      const { text } = await givenToken(sql, { perMinute: 1, scopes: [] })
      const call = { method, token: text, ...withBody }
      await ask(path, call)
      const answer = await ask(path, call)
      await expectDocumented(endpoint, 429, answer)
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    })
    test('503 while the database is away', async () => {
      const away = apiApp(sql, { sql: () => null })
      const { text } = await givenToken(sql)
      const answer = await away.ask(path, { method, token: text, ...withBody })
      await expectDocumented(endpoint, 503, answer)
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    })
    if (
      endpoint.params &&
      !endpoint.params.safeParse(Object.fromEntries(namesIn(endpoint).map((name) => [name, '\u0000'])))
        .success
    )
      test('404 for a path that cannot be', async () => {
        const { text } = await givenToken(sql)
        const wrong = endpoint.path.replace(/:[^/]+/g, '%00')
        await expectDocumented(endpoint, 404, await ask(wrong, { method, token: text, ...withBody }))
      })
    if (endpoint.body)
      test('400 and 413 for a body that cannot be read', async () => {
        const { text } = await givenToken(sql)
        const headers = { 'content-type': 'application/json' }
        const broken = await ask(path, { method, token: text, headers, body: '{"a":' })
        await expectDocumented(endpoint, 400, broken)
        const body = JSON.stringify({ note: 'x'.repeat(70_000) })
        await expectDocumented(endpoint, 413, await ask(path, { method, token: text, headers, body }))
      })
  })
