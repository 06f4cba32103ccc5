import { afterAll, describe, expect, test } from 'bun:test'
import { and, desc, eq } from 'drizzle-orm'
import { createApp } from '#src/app.ts'
import { companies, companyChanges } from '#src/companies/schema.ts'
import { facts } from '#src/crawl/schema.ts'
import { ensureQueues } from '#src/jobs.ts'
import { silentLog } from '#src/lib/log.ts'
import { openQueue } from '#src/queue/open-queue.ts'
import { startThreads } from '#src/threads.ts'
import { authDeps, PASSWORD, testUser } from '#tests/auth/small-app.ts'
import { insertCompanies } from '#tests/companies/insert-companies.ts'
import { testDatabase } from '#tests/support/database.ts'
import { browserOf } from '#tests/support/sign-in.ts'
import { doubtful, RICH_URL, richSite, richSiteLater } from './rich-site.ts'
import { saveCrawl } from './save-crawl.ts'

const database = await testDatabase()
const { db, sql } = database
const queue = openQueue({ db, sql, log: silentLog })
const threads = startThreads(1)
const deps = { ...authDeps(database, { log: silentLog }), queue, threads }
await ensureQueues(deps)
const { app } = createApp(deps)
const browser = browserOf(app)
await testUser(deps, 'anne@example.org', 'admin')
await browser.signIn('anne@example.org', PASSWORD)
await browser.get('/settings')
afterAll(() => threads.close())

const newCompany = async (): Promise<number> => {
  const [id] = await insertCompanies(db, [
    { name: 'Ferronnerie Weber', website: RICH_URL, siteKey: 'atelier-vauban.fr', siret: '73282932000074' },
  ])
  await saveCrawl(db, id!, '2026-03-01T09:00:00Z', richSite(), doubtful)
  return id!
}
const factId = async (companyId: number, value: string): Promise<number> => {
  const [fact] = await db
    .select({ id: facts.id })
    .from(facts)
    .where(and(eq(facts.companyId, companyId), eq(facts.value, value)))
  return fact!.id
}
const company = async (id: number) => (await db.select().from(companies).where(eq(companies.id, id)))[0]!
const lastDetail = async (id: number) => {
  const [change] = await db
    .select()
    .from(companyChanges)
    .where(and(eq(companyChanges.companyId, id), eq(companyChanges.kind, 'fact')))
    .orderBy(desc(companyChanges.id))
    .limit(1)
  return change
}
const panel = async (path: string, form: Record<string, string> = {}) => {
  const answer = await browser.post(path, form, { 'hx-request': 'true' })
  return { status: answer.status, text: await answer.text() }
}
const read = async (path: string) => (await browser.get(path)).text()

const TYPO = 'contcat@atelier-vauban.fr'
const GUESS = 'karim.haddad@atelier-vauban.fr'

describe('each decision', () => {
  test('corrects an address, in the list and the history, with who did it', async () => {
    const id = await newCompany()
    const path = `/companies/${id}/facts/${await factId(id, TYPO)}`
    const done = await panel(`${path}/correct`, {
      value: 'contact@atelier-vauban.fr',
      kind: 'role',
      person: '',
    })
    expect(done.status).toBe(200)
    expect(done.text).toStartWith('<div id="contacts"')
    expect(done.text).toContain('Corrigé : contact@atelier-vauban.fr')
    expect(done.text).toContain(`Le site dit : ${TYPO}`)
    expect(await lastDetail(id)).toMatchObject({
      userId: expect.any(Number),
      detail: {
        action: 'corrected',
        fact: 'email',
        changes: { value: [TYPO, 'contact@atelier-vauban.fr'] },
      },
    })
    expect(await read(`/companies/${id}/history`)).toContain(`valeur : ${TYPO} → contact@atelier-vauban.fr`)
    expect((await panel(`${path}/restore`)).text).toContain(`Repris du site : ${TYPO}`)
    expect((await panel(`${path}/restore`)).status).toBe(404)
  })

  test('gives an address to a person and takes it away again', async () => {
    const id = await newCompany()
    const path = `/companies/${id}/facts/${await factId(id, TYPO)}/correct`
    const form = { value: TYPO, kind: 'person', person: 'karim haddad' }
    await panel(path, form)
    expect((await lastDetail(id))!.detail).toMatchObject({
      changes: { kind: ['role', 'person'], person: [null, 'Karim Haddad'] },
    })
    await panel(path, { ...form, person: '' })
    expect((await lastDetail(id))!.detail).toMatchObject({ changes: { person: ['Karim Haddad', null] } })
    expect((await panel(path, { ...form, person: 'nobody at all' })).status).toBe(422)
  })

  test('corrects a phone, a person and an address', async () => {
    const id = await newCompany()
    const correct = async (value: string, form: Record<string, string>) =>
      (await panel(`/companies/${id}/facts/${await factId(id, value)}/correct`, form)).text
    expect(await correct('+33387000001', { value: '03 87 00 00 02', fax: '1' })).toContain('03 87 00 00 02')
    expect((await lastDetail(id))!.detail).toMatchObject({
      changes: { value: ['+33387000001', '+33387000002'], type: ['fixed', 'fax'] },
    })
    const person = { value: 'Karim Addad', role: 'Responsable d’atelier', roleKind: 'manager' }
    expect(await correct('Karim Haddad', person)).toContain('Karim Addad')
    const place = { street: '14 rue de Gaulle', postalCode: '57000', city: 'Metz', country: 'FR' }
    expect(await correct('14 rue du Général-de-Gaulle, 57000, Metz, FR', place)).toContain(
      '14 rue de Gaulle, 57000 Metz',
    )
  })

  test('merges two persons and separates them again', async () => {
    const id = await newCompany()
    const [short, whole] = [await factId(id, 'E. Marchand'), await factId(id, 'Élodie Marchand-Le Goff')]
    const merged = await panel(`/companies/${id}/facts/${short}/merge`, {
      other: String(whole),
      keep: 'other',
    })
    expect(merged.text).toContain('Aussi connu comme : E. Marchand')
    expect((await lastDetail(id))!.detail).toMatchObject({
      action: 'merged',
      changes: { value: ['E. Marchand', 'Élodie Marchand-Le Goff'] },
    })
    expect((await company(id)).contactPhone).toBe('+33611223344')
    const split = await panel(`/companies/${id}/facts/${short}/split`)
    expect(split.text).not.toContain('Aussi connu comme')
    expect((await panel(`/companies/${id}/facts/${short}/merge`, { other: String(short) })).status).toBe(422)
  })

  test('makes a guessed address usable, and says who confirmed it', async () => {
    const id = await newCompany()
    const karim = await factId(id, 'Karim Haddad')
    await panel(`/companies/${id}/facts/${karim}`, { verdict: 'confirmed' })
    await panel(`/companies/${id}/facts/${await factId(id, 'Élodie Marchand-Le Goff')}`, {
      verdict: 'rejected',
    })
    expect((await company(id)).contactEmail).not.toBe(GUESS)
    const done = await panel(`/companies/${id}/facts/${await factId(id, GUESS)}`, { verdict: 'confirmed' })
    expect(done.text).toContain('Supposée, puis confirmée par anne@example.org')
    expect(await company(id)).toMatchObject({ contactEmail: GUESS, contactPerson: 'Karim Haddad' })
    expect((await lastDetail(id))!.detail).toMatchObject({ action: 'suggestion_confirmed' })
    await panel(`/companies/${id}/facts/${await factId(id, GUESS)}`, { verdict: 'none' })
    expect((await company(id)).contactEmail).not.toBe(GUESS)
  })

  test('adds a contact by hand and removes it', async () => {
    const id = await newCompany()
    const added = await panel(`/companies/${id}/facts`, {
      add: 'person',
      value: 'Ada Roux',
      roleKind: 'owner',
    })
    expect(added.text).toContain('Ajouté : Ada Roux')
    const refused = await panel(`/companies/${id}/facts`, { add: 'person', value: 'ada roux' })
    expect([refused.status, refused.text.includes('Déjà dans la liste')]).toEqual([422, true])
    await panel(`/companies/${id}/facts`, {
      add: 'email',
      value: 'ada@roux.fr',
      kind: 'person',
      person: 'ada roux',
    })
    expect(await company(id)).toMatchObject({ contactEmail: 'ada@roux.fr', contactPerson: 'Ada Roux' })
    const email = await factId(id, 'ada@roux.fr')
    expect((await panel(`/companies/${id}/facts/${email}/remove`)).text).toContain('Retiré : ada@roux.fr')
    expect((await panel(`/companies/${id}/facts/${email}/remove`)).status).toBe(404)
    expect((await panel(`/companies/${id}/facts/${await factId(id, TYPO)}/remove`)).status).toBe(404)
  })

  test('a personal address added by hand is that of the one person it names', async () => {
    const id = await newCompany()
    await panel(`/companies/${id}/facts`, { add: 'person', value: 'Ada Roux', roleKind: 'owner' })
    const add = (value: string, kind: string) =>
      panel(`/companies/${id}/facts`, { add: 'email', value, kind, person: '' })
    await add('accueil@roux.fr', 'role')
    await add('ada.roux@roux.fr', 'person')
    expect(await company(id)).toMatchObject({ contactEmail: 'ada.roux@roux.fr', contactPerson: 'Ada Roux' })
  })

  test('works without scripts too, and brings the reader back', async () => {
    const id = await newCompany()
    const fact = await factId(id, TYPO)
    const answer = await browser.post(`/companies/${id}/facts/${fact}`, { verdict: 'rejected' })
    expect([answer.status, answer.headers.get('location')]).toEqual([
      303,
      `/companies/${id}/contacts#fact-${fact}`,
    ])
    expect(await read(`/companies/${id}/contacts?correct=${await factId(id, '+33387000001')}`)).toContain(
      'value="03 87 00 00 01"',
    )
  })
})

describe('a wrong value', () => {
  test.each([
    ['email', TYPO, { value: 'pas une adresse' }, 'n’est pas une adresse e-mail'],
    ['email', TYPO, { value: '' }, 'À remplir'],
    ['email', TYPO, { value: 'elodie.marchand@atelier-vauban.fr' }, 'Déjà dans la liste'],
    ['email', TYPO, { value: 'a@b.fr', kind: 'boss' }, 'Choix inconnu'],
    ['phone', '+33387000001', { value: '12' }, 'n’est pas un numéro'],
    ['person', 'Karim Haddad', { value: ' \u0007 ' }, 'À remplir'],
    ['person', 'Karim Haddad', { value: 'x'.repeat(500) }, 'Trop long'],
    ['address', '2 zone artisanale des Prés, 54000, Nancy, FR', { street: '' }, 'À remplir'],
  ])('of a %s is refused beside its field, and nothing is stored', async (_kind, value, form, problem) => {
    const id = await newCompany()
    const path = `/companies/${id}/facts/${await factId(id, value)}/correct`
    const refused = await panel(path, form as Record<string, string>)
    expect(refused.status).toBe(422)
    expect(refused.text).toContain(problem)
    expect(refused.text).toContain('is-invalid')
    const whole = await browser.post(path, form as Record<string, string>)
    expect([whole.status, (await whole.text()).includes('<!DOCTYPE html>')]).toEqual([422, true])
    expect(await lastDetail(id)).toBeUndefined()
  })
})

test('nothing is decided for another company, a deleted one, or without the form’s token', async () => {
  const [id, other, deleted] = [await newCompany(), await newCompany(), await newCompany()]
  await db.update(companies).set({ deletedAt: new Date() }).where(eq(companies.id, deleted))
  const actions = ['', '/correct', '/restore', '/merge', '/split', '/remove']
  const form = { verdict: 'confirmed', value: 'a@b.fr', other: '1' }
  const fact = await factId(id, TYPO)
  for (const action of actions) {
    const status = async (path: string, more: Record<string, string> = {}) =>
      (await browser.post(`${path}${action}`, { ...form, ...more })).status
    expect([action, await status(`/companies/${id}/facts/${fact}`, { csrf: 'wrong' })]).toEqual([action, 403])
    // A person of another company is refused as the choice it is; anything else is simply not there.
    const foreign = await status(`/companies/${other}/facts/${fact}`)
    expect([action, foreign]).toEqual([action, action === '/merge' ? 422 : 404])
    expect([action, await status(`/companies/${deleted}/facts/${await factId(deleted, TYPO)}`)]).toEqual([
      action,
      404,
    ])
  }
  expect((await browser.post(`/companies/${deleted}/facts`, { add: 'email', value: 'a@b.fr' })).status).toBe(
    404,
  )
  expect((await browser.post(`/companies/${id}/facts`, { add: 'image', value: 'a' })).status).toBe(404)
  for (const one of [id, other, deleted]) expect(await lastDetail(one)).toBeUndefined()
  expect(await read(`/companies/${deleted}/contacts?correct=${await factId(deleted, TYPO)}`)).not.toContain(
    '/facts/',
  )
})

test('the pages show everything hostile harmlessly, and what changed, in both languages', async () => {
  const id = await newCompany()
  await saveCrawl(db, id, '2026-04-01T09:00:00Z', richSiteLater(), doubtful)
  const contacts = await read(`/companies/${id}/contacts`)
  for (const path of ['', '/contacts', '/site', '/history']) {
    const text = await read(`/companies/${id}${path}`)
    expect(text).not.toMatch(/<img src=x|\u202e/u)
    expect(text.length).toBeLessThan(200_000)
  }
  expect(contacts).toContain('&lt;img src=x onerror=alert(1)&gt; rehcetam')
  expect(contacts).toContain('<mark>elodie.marchand [at] atelier-vauban [point] fr</mark>')
  expect(contacts).toContain('<mark>06.11.22.33.44</mark>')
  expect(contacts).toContain('SIRET </bdi><mark>732 829 320 00074</mark>')
  expect(contacts).toContain('clé de contrôle juste')
  expect(await read(`/companies/${id}`)).toContain('+2 contacts, WordPress 5.2 → 6.7, 1 téléphone disparu')
  expect(await read(`/companies/${id}/site`)).toContain('n’est plus maintenu depuis le 28 nov. 2022')
  await sql`INSERT INTO crawls (company_id, url, state, error_code, started_at, finished_at, duration_ms)
    VALUES (${id}, ${RICH_URL}, 'failed', 'timeout', '2026-05-01', '2026-05-01', 1)`
  expect(await read(`/companies/${id}`)).toContain('n’a pas pu lire le site : rien n’a été changé ici')
})

test('an empty page says what to do next', async () => {
  const [never, none, pending, failed] = (await insertCompanies(db, [
    { name: 'Jamais', website: 'https://jamais.fr/' },
    { name: 'Sans site' },
    { name: 'En cours', website: 'https://encours.fr/', crawlState: 'running' },
    { name: 'Illisible', website: 'https://illisible.fr/', crawlState: 'failed' },
  ])) as [number, number, number, number]
  await sql`INSERT INTO crawls (company_id, url, state, error_code, started_at, finished_at, duration_ms)
    VALUES (${failed}, 'https://illisible.fr/', 'failed', 'dns', now(), now(), 1)`
  const texts = await Promise.all(
    [never, none, pending, failed].map((id) => read(`/companies/${id}/contacts`)),
  )
  expect(texts[0]).toContain('n’a pas encore été visité')
  expect(texts[0]).toContain(`action="/companies/${never}/crawls"`)
  expect(texts[1]).toContain('Ajouter l’adresse du site')
  for (const tab of ['site', 'pages', 'technical', 'seo', 'security']) {
    expect(await read(`/companies/${none}/${tab}`)).toContain('Ajouter l’adresse du site')
    expect(await read(`/companies/${never}/${tab}`)).not.toContain('Ajouter l’adresse du site')
  }
  expect(texts[2]).toContain('La visite est en cours')
  expect(texts[3]).toContain('Le nom du site n’existe pas. Visitez-le à nouveau plus tard')
})

test('an English reader reads English', async () => {
  const id = await newCompany()
  await saveCrawl(db, id, '2026-04-01T09:00:00Z', richSiteLater(), doubtful)
  await panel(`/companies/${id}/facts/${await factId(id, TYPO)}/correct`, { value: 'a@b.fr', kind: 'role' })
  await testUser(deps, 'bob@example.org')
  const english = browserOf(app)
  await sql`UPDATE users SET locale = 'en' WHERE email = 'bob@example.org'`
  await english.signIn('bob@example.org', PASSWORD)
  const text = async (path: string) => (await english.get(`/companies/${id}${path}`)).text()
  expect(await text('/history')).toContain(`value: ${TYPO} → a@b.fr`)
  expect(await text('/contacts')).toContain('How: spelt out (at, dot)')
  expect(await text('')).toContain('In disagreement: Name (“Ferronnerie Weber” in the record')
  expect(await text('/site')).toContain('no longer maintained since Nov 28, 2022')
  expect(await text('')).toContain('+2 contacts, WordPress 5.2 → 6.7, 1 phone gone')
})
