import { expect, test } from 'bun:test'
import { statuses } from '#src/companies/statuses.ts'
import { SCOPES } from '#src/public-api/endpoint.ts'
import { expandStatus, STATUS_ROUTES } from '#src/public-api/endpoints/companies/statuses.ts'
import { scoreRequested } from '#src/scoring/queries.ts'
import { testDatabase } from '#tests/support/database.ts'
import { apiApp, givenToken } from './api-app.ts'
import { givenCompany, givenFact } from './given-company.ts'
import { givenMessage } from './given-message.ts'

const { db, sql } = await testDatabase()
const { ask } = apiApp(sql)
const token = await givenToken(sql)
const NOBODY = 2_147_483_646

const post = (path: string, json: unknown = {}, text = token.text) =>
  ask(`/entreprises/${path}`, { method: 'POST', token: text, json })
const companyOf = async (id: number) => (await sql`SELECT * FROM companies WHERE id = ${id}`)[0]!
const changesOf = async (id: number) =>
  (
    await sql`SELECT kind, detail::text AS detail FROM company_changes WHERE company_id = ${id} ORDER BY id`
  ).map(({ kind, detail }) => ({ kind, detail: JSON.parse(detail) }))
const suppressed = async (address: string) =>
  (await sql`SELECT reason, source, scope FROM suppressions WHERE address = ${address}`)[0]
const codeOf = (query: Promise<unknown>) =>
  query.then(
    () => 'done',
    (error: { code?: string }) => error.code,
  )

test('the statuses of the API are those of the product, in its order', async () => {
  const rows = await sql`SELECT statut, suppression FROM api_statuses ORDER BY position`
  expect(rows.map(({ statut }) => statut)).toEqual(statuses.map(({ value }) => value))
  const known = new Set<string>(statuses.map(({ value }) => value))
  for (const { statut } of STATUS_ROUTES) expect(known).toContain(statut)
  for (const level of ['Gagné', 'Perdu', 'Relance'])
    for (const statut of expandStatus(level)) expect(known).toContain(statut)
  expect(expandStatus('constructor')).toEqual(['constructor'])
})

test('a change of status is in the history of the company with the name of the token', async () => {
  const id = await givenCompany(sql)
  await post(`${id}/statut`, { statut: 'Relance' })
  await post(`${id}/statut`, { statut: 'Relance' })
  expect(await changesOf(id)).toEqual([
    { kind: 'edited', detail: { status: ['Nouveau', 'Relance'], api: 'test' } },
  ])
})

test('notes grow by a line each time, are marked as edited by hand and stay within their limit', async () => {
  const id = await givenCompany(sql, { notes: 'Un\n' })
  await post(`${id}/callback`, { note: ' Deux ' })
  await post(`${id}/callback`, { note: 'Trois\r\nquatre' })
  await post(`${id}/callback`, { note: '   ' })
  await post(`${id}/callback`, { note: { not: 'a text' } })
  expect(await companyOf(id)).toMatchObject({ notes: 'Un\nDeux\nTrois\nquatre', edited_fields: ['notes'] })
  await sql`UPDATE companies SET notes = ${'x'.repeat(19_999)} WHERE id = ${id}`
  await post(`${id}/callback`, { note: 'y'.repeat(9_000) })
  expect((await companyOf(id)).notes.length).toBe(20_000)
})

test('a status that forbids writing suppresses every address of the company, once', async () => {
  const reasons = {
    unsubscribe: 'unsubscribe',
    'spam-complaint': 'spam-complaint',
    'do-not-contact': 'do-not-contact',
  }
  for (const [path, reason] of Object.entries(reasons)) {
    const [email, contact] = [`Info@${path}.example`, `claire@${path}.example`]
    const id = await givenCompany(sql, { email, contact_email: contact })
    for (let time = 0; time < 2; time++) expect((await post(`${id}/${path}`)).status).toBe(200)
    expect(await suppressed(email.toLowerCase())).toEqual({ reason, source: 'api', scope: 'all' })
    expect(await suppressed(contact)).toMatchObject({ reason })
  }
  const other = await givenCompany(sql, { email: 'reste@autre.example' })
  for (const path of ['bounce', 'negative-reply', 'positive-reply', 'callback'])
    await post(`${other}/${path}`)
  expect(await suppressed('reste@autre.example')).toBeUndefined()
})

test('addresses found on the site of such a company and those it was written to are suppressed too', async () => {
  const id = await givenCompany(sql, { email: null })
  await givenFact(sql, id, { kind: 'email', value: 'Trouvee@suivie.example' })
  await givenFact(sql, id, { kind: 'email', value: 'agence@autre.example', data: { kind: 'agency' } })
  await givenMessage(sql, { company_id: id, recipient: 'ecrite@suivie.example' })
  await post(`${id}/unsubscribe`)
  expect(await suppressed('trouvee@suivie.example')).toMatchObject({ reason: 'unsubscribe' })
  expect(await suppressed('ecrite@suivie.example')).toMatchObject({ reason: 'unsubscribe' })
  expect(await suppressed('agence@autre.example')).toBeUndefined()
})

test('the company that was changed is scored anew', async () => {
  const id = await givenCompany(sql, {
    website: null,
    site_key: null,
    phone: '0387001122',
    contact_phone: '+33387001122',
  })
  await scoreRequested(db)
  await post(`${id}/do-not-contact`)
  expect(await scoreRequested(db)).toBe(1)
  expect(await companyOf(id)).toMatchObject({ score: 0, score_level: 'excluded' })
  expect(await scoreRequested(db)).toBe(0)
})

test('a deleted company is in the bin, and nothing of it is found any more', async () => {
  const id = await givenCompany(sql, {
    name: 'À jeter',
    email: 'jeter@jeter.example',
    phone: '03 87 11 00 99',
    phone_e164: '+33387110099',
  })
  const answer = await ask(`/entreprises/${id}`, { method: 'DELETE', token: token.text })
  expect(await answer.json()).toMatchObject({ success: true, deleted_id: id })
  expect((await companyOf(id)).deleted_at).not.toBeNull()
  expect(await changesOf(id)).toEqual([{ kind: 'deleted', detail: { api: 'test' } }])
  const paths = [
    `${id}`,
    `${id}/emails`,
    `${id}/phones`,
    `${id}/gallery`,
    `${id}/campagnes`,
    'by-email?email=jeter@jeter.example',
    'by-phone?phone=0387110099',
  ]
  for (const path of paths)
    expect([path, (await ask(`/entreprises/${path}`, { token: token.text })).status]).toEqual([path, 404])
  expect((await post(`${id}/bounce`)).status).toBe(404)
  expect((await ask(`/entreprises/${id}`, { method: 'DELETE', token: token.text })).status).toBe(404)
})

test('the functions refuse a token without the right, revoked, expired or unknown, whoever calls them', async () => {
  const id = await givenCompany(sql)
  const reader = await givenToken(sql, { scopes: SCOPES.filter((scope) => !/write|delete/.test(scope)) })
  const expired = await givenToken(sql, { expiresAt: new Date(Date.now() - 1_000) })
  const revoked = await givenToken(sql)
  await sql`UPDATE api_tokens SET revoked_at = now() WHERE id = ${revoked.id}`
  for (const wrong of [reader.id, expired.id, revoked.id, NOBODY, null]) {
    expect(await codeOf(sql`SELECT api_set_status(${wrong}::int, ${id}::int, 'Perdu', NULL)`)).toBe('PL403')
    expect(await codeOf(sql`SELECT api_delete_company(${wrong}::int, ${id}::int)`)).toBe('PL403')
  }
  expect(await companyOf(id)).toMatchObject({ status: 'Nouveau', deleted_at: null })
  const writer = await givenToken(sql, { scopes: ['companies:write'] })
  expect(await codeOf(sql`SELECT api_delete_company(${writer.id}, ${id})`)).toBe('PL403')
  expect((await post(`${id}/bounce`, {}, writer.text)).status).toBe(200)
})

test('who may write but not read is told what was changed, and nothing else of the company', async () => {
  const id = await givenCompany(sql, { notes: 'Entre nous' })
  const writer = await givenToken(sql, { scopes: ['companies:write'] })
  const given = [
    post(`${id}/statut`, { statut: 'Relance' }, writer.text),
    post(`${id}/bounce`, {}, writer.text),
  ]
  const answers = await Promise.all(given.map(async (answer) => (await answer).json()))
  expect(answers).toEqual([
    { success: true, data: { id, statut: 'Relance' } },
    { success: true, data: { id, statut: 'Bounce' } },
  ])
})

test('what is known of the site of a deleted company is in no view', async () => {
  const id = await givenCompany(sql)
  await givenFact(sql, id, { kind: 'technology', value: 'PHP' })
  const seen = async () =>
    (
      await sql`SELECT (SELECT count(*) FROM api_site_technologies WHERE entreprise_id = ${id})::int
      + (SELECT count(*) FROM api_site_fact_counts WHERE entreprise_id = ${id})::int AS rows`
    )[0]?.['rows']
  expect(await seen()).toBe(2)
  await ask(`/entreprises/${id}`, { method: 'DELETE', token: token.text })
  expect(await seen()).toBe(0)
})

test('many changes of one company at once leave one history without a gap', async () => {
  const id = await givenCompany(sql)
  const wanted = ['Relance', 'Perdu', 'Gagné', 'À rappeler', 'Bounce', 'À qualifier', 'Relance', 'Perdu']
  await Promise.all(wanted.map((statut, n) => post(`${id}/statut`, { statut, note: `note ${n}` })))
  const statusChanges = (await changesOf(id)).flatMap(({ detail }) => (detail.status ? [detail.status] : []))
  let before = 'Nouveau'
  for (const [from, to] of statusChanges) {
    expect(from).toBe(before)
    before = to
  }
  const { status, notes } = await companyOf(id)
  expect(status).toBe(before)
  expect(notes.split('\n').toSorted()).toEqual(wanted.map((_, n) => `note ${n}`))
})
