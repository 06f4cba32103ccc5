import { beforeAll, expect, test } from 'bun:test'
import { Hono } from 'hono'
import { draftFor } from '#src/campaigns/audience/draft-for.ts'
import { audienceRoutes } from '#src/campaigns/audience/routes.tsx'
import { segmentRoutes } from '#src/campaigns/audience/segment-routes.tsx'
import type { AppEnv } from '#src/http-env.ts'
import { AppError } from '#src/lib/errors.ts'
import { insertCompanies } from '#tests/companies/insert-companies.ts'
import { testDatabase } from '#tests/support/database.ts'

const { db, sql } = await testDatabase()
const deps = { db, clock: { now: () => new Date('2026-03-02T09:00:00Z') } }
const app = new Hono<AppEnv>()
let flash = ''
app.use(async (c, next) => {
  c.set('page', { locale: 'fr', theme: 'auto', user: null, csrf: 'token', path: c.req.path, flash: null })
  await next()
  flash = c.get('nextFlash')?.text ?? ''
})
app.route('/audience', audienceRoutes(deps, draftFor(db)))
app.route('/segments', segmentRoutes(deps, draftFor(db)))
app.onError((error, c) => {
  if (error instanceof AppError) return c.text(error.code, error.status)
  throw error
})

type Form = Record<string, string> | [string, string][]
const answer = async (response: Response | Promise<Response>) => {
  const { status, headers, text } = await Promise.resolve(response).then((one) => ({
    status: one.status,
    headers: one.headers,
    text: one.text(),
  }))
  return { status, location: headers.get('location') ?? '', text: await text }
}
const get = (path: string) => answer(app.request(path))
const post = (path: string, form: Form = {}) =>
  answer(app.request(path, { method: 'POST', body: new URLSearchParams(form) }))

let ids: number[] = []
beforeAll(async () => {
  ids = await insertCompanies(db, [
    {
      name: 'Garage <b>Léger</b>',
      city: 'Metz',
      email: 'contact@leger.fr',
      siteKey: 'leger.fr',
      website: 'https://leger.fr/',
    },
    { name: 'Parti', city: 'Metz', email: 'contact@parti.fr', siteKey: 'parti.fr', status: 'Désabonné' },
    { name: 'Ailleurs', city: 'Lyon', email: 'contact@ailleurs.fr', siteKey: 'ailleurs.fr' },
  ])
})

test('the count says how many, who is left aside and why, and shows whom', async () => {
  const { status, text } = await post('/audience/count', { mode: 'filter', place: 'Metz' })
  expect(status).toBe(200)
  expect(text).toContain('1 message à 1 entreprise')
  expect(text).toContain('statut Désabonné')
  expect(text).toContain('Garage &lt;b&gt;Léger&lt;/b&gt;')
  const who = await post('/audience/excluded', { mode: 'filter', place: 'Metz', reason: 'status' })
  expect(who.text).toContain('Parti')
  expect(who.text).not.toContain('Ailleurs')
  expect((await post('/audience/excluded', { reason: 'nothing' })).status).toBe(400)
})

test('an audience of nobody says what to do', async () => {
  expect((await post('/audience/count', { place: 'Brest' })).text).toContain('Aucune entreprise ne répond')
  const none = await post('/audience/count', { mode: 'picked', companyIds: String(ids[1]) })
  expect(none.text).toContain('laissées de côté, pour les raisons')
})

test('a segment is made, renamed, changed, copied and deleted', async () => {
  expect((await get('/segments')).text).toContain('Aucun segment')
  const form = await get('/segments/new?q=garage&status=Relance')
  expect(form.text).toContain('value="garage"')
  expect(form.text).toMatch(/name="status" value="Relance" checked/)

  expect((await post('/segments', { name: ' ', place: 'Metz' })).text).toContain('Donnez un nom')
  expect((await post('/segments', { name: 'Moselle', place: 'Metz' })).location).toBe('/segments')
  const again = await post('/segments', { name: 'MOSELLE', place: 'Lyon' })
  expect([again.status, again.text.includes('porte déjà ce nom')]).toEqual([422, true])
  expect(again.text).toContain('value="Lyon"')

  const [row] = await sql`SELECT id, audience FROM segments`
  expect(row!.audience).toMatchObject({ mode: 'filter', filter: 'place=Metz' })
  const path = `/segments/${row!.id}`
  expect((await get(`${path}/count`)).text).toContain('1 message')
  await post(path, {
    name: 'Rhône',
    description: 'Lyon',
    mode: 'objective',
    objective: 'best',
    place: 'Lyon',
  })
  expect(await sql`SELECT name, audience FROM segments`).toMatchObject([
    { name: 'Rhône', audience: { mode: 'objective', objective: 'best', filter: 'place=Lyon' } },
  ])
  expect((await post(path, { name: 'Rhône', mode: 'objective' })).text).toContain('Choisissez un objectif')

  const copy = await post(`${path}/duplicate`)
  expect((await get(copy.location)).text).toContain('Rhône (copie)')
  expect((await post(`${path}/duplicate`)).status).toBe(303)
  expect(await sql`SELECT name FROM segments ORDER BY id`).toMatchObject([
    { name: 'Rhône' },
    { name: 'Rhône (copie)' },
    { name: 'Rhône (copie) 2' },
  ])
  expect((await post(`${path}/delete`)).location).toBe('/segments')
  expect((await get(path)).status).toBe(404)
  expect((await post(`${path}/delete`)).status).toBe(404)
})

test('a segment is never made of another one', async () => {
  await post('/segments', { name: 'De segment', mode: 'segment', segmentId: '1', place: 'Metz' })
  const [row] = await sql`SELECT audience FROM segments WHERE name = 'De segment'`
  expect(row!.audience).toMatchObject({ mode: 'filter', segmentId: null, filter: 'place=Metz' })
})

test('a segment becomes a campaign, and is kept while that campaign has yet to ask it', async () => {
  await post('/segments', { name: 'Utile', place: 'Metz' })
  const [row] = await sql`SELECT id FROM segments WHERE name = 'Utile'`
  const made = await post(`/segments/${row!.id}/campaign`)
  expect(made.location).toMatch(/^\/campaigns\/\d+$/)
  const id = Number(made.location.split('/').at(-1))
  expect(await sql`SELECT state, audience FROM campaigns WHERE id = ${id}`).toMatchObject([
    { state: 'draft', audience: { mode: 'segment', segmentId: row!.id } },
  ])
  await post(`/segments/${row!.id}/delete`)
  expect(flash).toContain('sert encore à une campagne')
  expect(await sql`SELECT id FROM segments WHERE id = ${row!.id}`).toHaveLength(1)
  await sql`UPDATE campaigns SET state = 'completed'`
  await post(`/segments/${row!.id}/delete`)
  expect(await sql`SELECT id FROM segments WHERE id = ${row!.id}`).toHaveLength(0)
})

test('what is ticked on the list, or all that it shows, becomes a campaign', async () => {
  const audienceOf = async (location: string) => {
    const [row] =
      await sql`SELECT audience, locale, name FROM campaigns WHERE id = ${Number(location.split('/').at(-1))}`
    return row!
  }
  const ticked = await post('/audience/campaign', [
    ['ids', String(ids[0])],
    ['ids', String(ids[2])],
  ])
  expect(await audienceOf(ticked.location)).toMatchObject({
    locale: 'fr',
    audience: { mode: 'picked', companyIds: [ids[0], ids[2]] },
  })
  const all = await post('/audience/campaign', { all: '1', filter: 'status=Relance&level=high&page=3' })
  expect((await audienceOf(all.location))['audience']).toMatchObject({
    mode: 'filter',
    filter: 'status=Relance&level=high',
  })
  const none = await post('/audience/campaign', { filter: 'level=high' })
  expect(none.location).toBe('/companies?level=high')
  expect(flash).toContain('Cochez au moins une entreprise')
})
