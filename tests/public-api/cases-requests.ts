import { expect } from 'bun:test'
import type { ContractCase, World } from './contract-case.ts'

const analysed = async ({ sql }: World, host: string) => {
  const [company] = await sql`INSERT INTO companies (name, website, site_key)
    VALUES (${host}, ${`https://${host}`}, ${host}) RETURNING id`
  await sql`INSERT INTO crawls (company_id, url, state, started_at, finished_at, duration_ms)
    VALUES (${company!.id}, ${`https://${host}/`}, 'done', now(), now(), 1000)`
}

const GET = 'get /website-analysis'
const POST = 'post /website-analysis'
const onlyError = (body: object) => expect(Object.keys(body)).toEqual(['error'])
const later = (endpoint: string, path: string, json?: unknown): ContractCase => ({
  endpoint,
  name: 'it is not in this version, and says so',
  status: 501,
  request: { path, ...(json === undefined ? {} : { json }) },
  expect: (body) => expect(body).toEqual({ success: false, error: expect.any(String) }),
})
const report = { website: 'https://example.com', email: 'a@example.com' }
const EXPO = 'ExponentPushToken[xxxxxxxxxxxxxxxxxxxxxx]'

export const requestCases: ContractCase[] = [
  {
    endpoint: GET,
    name: 'a site that was analysed has its report',
    status: 200,
    arrange: (world) => analysed(world, 'rapport.example.com'),
    request: { path: '/website-analysis?website=www.rapport.example.com&full=1' },
    expect: (body) =>
      expect(body).toMatchObject({
        website: 'https://rapport.example.com',
        entreprise: { nom: 'rapport.example.com' },
        status: 'done',
        scraping: { status: 'done', count: 1 },
        technical: { status: 'done' },
        seo: { status: 'done' },
        screenshots: { status: 'never', latest: null },
        osint: { status: 'never', latest: null },
        pentest: { status: 'never', latest: null },
      }),
  },
  {
    endpoint: GET,
    name: 'without a website it asks for one',
    status: 400,
    request: { path: '/website-analysis' },
    expect: onlyError,
  },
  {
    endpoint: GET,
    name: 'a site that nobody knows is not found',
    status: 404,
    request: { path: '/website-analysis?website=inconnu.example.com' },
    expect: onlyError,
  },
  {
    endpoint: POST,
    name: 'who may not read companies is told of the site and not of its company',
    status: 200,
    scopes: ['audits:write'],
    arrange: (world) => analysed(world, 'discret.example.com'),
    request: { path: '/website-analysis', json: { website: 'discret.example.com' } },
    expect: (body) => expect(body).toMatchObject({ status: 'done', entreprise: null }),
  },
  {
    endpoint: POST,
    name: 'a site that was analysed is not analysed again',
    status: 200,
    arrange: (world) => analysed(world, 'connu.example.com'),
    request: { path: '/website-analysis', json: { website: 'https://connu.example.com' } },
    expect: ({ scraping }) => expect(scraping.status).toBe('done'),
  },
  {
    endpoint: POST,
    name: 'a site that nobody knows is asked for',
    status: 202,
    request: { path: '/website-analysis', json: { website: 'https://nouveau.example.com', max_pages: '3' } },
    expect: (body) => {
      expect(body).toMatchObject({ success: true, website: 'https://nouveau.example.com/' })
      expect(body.tasks.scraping_task_id).toMatch(/^[0-9a-f-]{36}-scraping$/)
    },
  },
  {
    endpoint: POST,
    name: 'what is no website is refused',
    status: 400,
    request: { path: '/website-analysis', json: { website: 'pas un site' } },
    expect: onlyError,
  },
  {
    endpoint: POST,
    name: 'a token has a quota',
    status: 429,
    arrange: async ({ sql, tokenId }) => {
      await sql`UPDATE api_tokens SET analyses_per_day = 0 WHERE id = ${tokenId}`
    },
    request: { path: '/website-analysis', json: { website: 'https://trop.example.com' } },
    expect: onlyError,
  },
  {
    endpoint: 'post /push/register',
    name: 'a phone is registered',
    status: 200,
    request: {
      path: '/push/register',
      json: { expo_push_token: EXPO, platform: 'android', installation_id: 'a1' },
    },
  },
  {
    endpoint: 'post /push/register',
    name: 'what is no Expo token is refused',
    status: 400,
    request: { path: '/push/register', json: { expo_push_token: 'toto', platform: 'android' } },
  },
  {
    endpoint: 'delete /push/register',
    name: 'a phone that nobody registered is gone already',
    status: 200,
    request: { path: '/push/register', json: { expo_push_token: EXPO } },
    expect: ({ removed }) => expect(removed).toBe(false),
  },
  {
    endpoint: 'delete /push/register',
    name: 'what is no Expo token cannot be forgotten',
    status: 400,
    request: { path: '/push/register', json: {} },
  },
  later('post /website-audit-report', '/website-audit-report', report),
  later('post /website-audit-report/complete', '/website-audit-report/complete', report),
  later('get /website-audit-report/complete/resume', '/website-audit-report/complete/resume?pending_id=1'),
  later('post /website-audit-report/complete/resume', '/website-audit-report/complete/resume', report),
  later('get /website-audit-report/:taskId', '/website-audit-report/abc'),
  later('get /entreprises/:id/landing-variants', '/entreprises/1/landing-variants'),
  later('get /landing-variants/runs/:runId', '/landing-variants/runs/1'),
]
