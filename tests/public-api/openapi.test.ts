import { expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { openapiDocument } from '#src/public-api/document/openapi.ts'
import { shapeText } from '#src/public-api/document/shape-text.ts'
import { ENDPOINTS } from '#src/public-api/endpoints/all.ts'
import { publicApiDocsRoutes } from '#src/public-api/docs-routes.tsx'
import frenchSummaries from '#templates/public-api/summaries.fr.data.json'
import { testEdge } from '#tests/edge/test-edge.ts'

type Operation = {
  operationId: string
  parameters: { name: string; in: string; required: boolean; schema: object }[]
  responses: Record<string, { description: string; headers?: object }>
  security: object[]
}
const document = openapiDocument() as {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: { headers: Record<string, unknown> }
}
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
)

test('every endpoint is in the document, with every status it may answer', () => {
  expect(document.openapi).toBe('3.1.0')
  expect(operations.length).toBe(ENDPOINTS.length)
  for (const { operation } of operations) {
    const statuses = Object.keys(operation.responses)
    expect(statuses).toEqual(expect.arrayContaining(['401', '403', '429', '503']))
    expect(statuses.filter((status) => operation.responses[status]?.description === status)).toEqual([])
  }
})

test('every name of an operation is its own', () => {
  const names = operations.map(({ operation }) => operation.operationId)
  expect(names).toEqual([...new Set(names)])
})

test('every parameter of a path is described, and no other is said to be in it', () => {
  for (const { path, operation } of operations) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? '')
    const described = operation.parameters.filter((each) => each.in === 'path').map(({ name }) => name)
    expect([path, described.sort()]).toEqual([path, inPath.sort()])
  }
})

test('every reference leads somewhere', () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(
    (found) => found[1] ?? '',
  )
  expect(references.length).toBeGreaterThan(0)
  const wrong = references.filter((reference) => {
    const name = /^#\/components\/headers\/(.+)$/.exec(reference)?.[1]
    return name === undefined || !(name in document.components.headers)
  })
  expect(wrong).toEqual([])
})

test('nothing that is sent or answered is documented as anything at all', () => {
  const vague = operations.flatMap(({ path, method, operation }) =>
    operation.parameters
      .filter(({ schema }) => Object.keys(schema).length === 0)
      .map(({ name }) => `${method} ${path} ${name}`),
  )
  expect(vague).toEqual([])
})

test('document and page are public, on the edge as well, and a page may only have its own style', async () => {
  const { app } = testEdge()
  const asJson = await app.request('/api/public/openapi.json')
  expect([asJson.status, asJson.headers.get('content-type')]).toEqual([
    200,
    'application/json; charset=utf-8',
  ])
  expect(await asJson.json()).toEqual(document as never)
  const page = await app.request('/api/public/docs')
  const text = await page.text()
  expect(page.status).toBe(200)
  expect(text).toContain('<html lang="fr">')
  expect(text).not.toMatch(/<script|\sstyle=|\son\w+=|src=/)
  const style = /<style>([\s\S]*)<\/style>/.exec(text)?.[1] ?? ''
  const hash = createHash('sha256').update(style).digest('base64')
  expect(page.headers.get('content-security-policy')).toContain(`style-src 'sha256-${hash}'`)
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
  for (const { path } of ENDPOINTS)
    expect(text).toContain(`/api/public${path.replace(/:([^/]+)/g, '{$1}')}</code>`)
})

test('the French page says of every endpoint in French what it does, and of none that is gone', () => {
  const names = ENDPOINTS.map(({ method, path }) => `${method} ${path}`)
  expect(Object.keys(frenchSummaries).sort()).toEqual(names.sort())
})

test('the page speaks the language that is asked for, and is not sent twice', async () => {
  const routes = publicApiDocsRoutes()
  const english = await routes.request('/docs?lang=en', { headers: { 'accept-language': 'fr' } })
  expect(await english.text()).toContain('<html lang="en">')
  const browser = await routes.request('/docs', { headers: { 'accept-language': 'en-GB' } })
  expect(browser.headers.get('content-language')).toBe('en')
  const etag = browser.headers.get('etag') ?? ''
  const again = await routes.request('/docs', {
    headers: { 'accept-language': 'en', 'if-none-match': `"other", W/${etag}` },
  })
  expect([again.status, await again.text()]).toEqual([304, ''])
})

test('a schema is readable', () => {
  const schema = {
    type: 'object',
    required: ['success', 'data'],
    properties: {
      success: { const: true },
      data: { type: 'array', items: { anyOf: [{ type: 'string' }, { type: 'null' }] } },
      note: { type: 'object', additionalProperties: { type: 'integer' } },
    },
  }
  expect(shapeText(schema)).toBe(
    '{\n  success: true\n  data: (string | null)[]\n  note?: { [name]: integer }\n}',
  )
})

test('parameters without which an endpoint answers 400 are told to be required', () => {
  const required = (path: string) =>
    document.paths[path]?.['get']?.parameters.filter((one) => one.required).map(({ name }) => name)
  expect(required('/entreprises/proches')).toEqual(['latitude', 'longitude'])
  expect(required('/entreprises/by-email')).toEqual(['email'])
  expect(required('/entreprises/by-phone')).toEqual(['phone'])
  expect(required('/entreprises/by-website')).toEqual(['website'])
  expect(required('/entreprises')).toEqual([])
})
