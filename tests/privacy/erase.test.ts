import { beforeEach, expect, test } from 'bun:test'
import { openDatabase } from '#src/db/open.ts'
import { erasePerson } from '#src/privacy/erase-person.ts'
import { exportPerson } from '#src/privacy/export-person.ts'
import { searchPeople } from '#src/privacy/queries-person.ts'
import { eraseExpired } from '#src/privacy/retain.ts'
import { testDatabase } from '#tests/support/database.ts'

const { sql, db: keyless, connection, beforeClose } = await testDatabase()
const { db, close } = openDatabase(connection, { suppressionKey: Buffer.alloc(32, 3) })
beforeClose(close)
const sqlWithKey = db.$client
const now = new Date('2026-11-22T10:00:00Z')
const ANNE = 'anne.martin@garage.fr'

beforeEach(async () => {
  await sql`TRUNCATE companies, messages, campaigns, mail_accounts, suppressions, suppression_removals, consent_withdrawals,
    tracking_events, imports, privacy_log, inbound_mails RESTART IDENTITY CASCADE`
})

const one = async (query: Promise<readonly unknown[]>): Promise<number> =>
  ((await query)[0] as { id: number }).id

/** A person in every table that may hold her, and a colleague beside her. */
const fill = async (): Promise<{ company: number; person: number }> => {
  const list =
    await one(sql`INSERT INTO imports (file_name, format, state, sample) VALUES ('a.csv', 'csv', 'done',
    ${JSON.stringify([{ row: 2, cells: ['Garage', ANNE] }])}) RETURNING id`)
  const company =
    await one(sql`INSERT INTO companies (name, site_key, email, contact_name, contact_email, contact_person,
      contact_role, notes, import_id, score_points)
    VALUES ('Garage Martin', 'garage.fr', ${ANNE}, 'Anne Martin', ${ANNE}, 'Anne Martin', 'Gérante', ${`Écrire à ${ANNE}.`},
      ${list}, ${JSON.stringify([{ points: 5, reason: 'contact', params: {}, evidence: ANNE }])}) RETURNING id`)
  await sql`INSERT INTO import_rows (import_id, row, outcome, company_id, cells)
    VALUES (${list}, 2, 'created', ${company}, ${JSON.stringify(['Garage', ANNE.toUpperCase()])})`
  const crawl =
    await one(sql`INSERT INTO crawls (company_id, url, state, started_at, finished_at, duration_ms, changes)
    VALUES (${company}, 'https://garage.fr/', 'done', now(), now(), 1,
      ${JSON.stringify({ added: [{ kind: 'email', value: ANNE }], removed: [], changed: [] })}) RETURNING id`)
  await sql`INSERT INTO crawl_pages (crawl_id, url, status, depth, bytes, record)
    VALUES (${crawl}, 'https://garage.fr/', 200, 0, 1, ${JSON.stringify({ text: `Contact ${ANNE}` })})`
  const fact = (kind: string, key: string, value: string, data: object, snippet: string, seen = now) =>
    one(sql`INSERT INTO facts (company_id, crawl_id, kind, key, value, data, page_url, method, snippet, confidence, first_seen_at)
      VALUES (${company}, ${crawl}, ${kind}, ${key}, ${value}, ${JSON.stringify(data)}, 'https://garage.fr/equipe', 'text', ${snippet}, 1,
        ${seen.toISOString()}) RETURNING id`)
  await fact(
    'email',
    ANNE,
    'Anne.Martin@garage.fr',
    { kind: 'person', person: 'Anne Martin' },
    `Anne : ${ANNE}`,
  )
  await fact('email', 'paul@garage.fr', 'paul@garage.fr', { kind: 'person' }, `paul@garage.fr, ${ANNE}`)
  const person = await fact('person', 'anne martin', 'Anne Martin', { email: ANNE }, 'Anne Martin, gérante')
  await sql`INSERT INTO company_changes (company_id, kind, detail) VALUES (${company}, 'written', ${JSON.stringify({ to: ANNE })})`
  const message =
    await one(sql`INSERT INTO messages (token, company_id, recipient, subject, html, text, opens, clicks, state)
    VALUES ('t1', ${company}, ${ANNE}, ${`Pour ${ANNE}`}, ${Bun.gzipSync('<p>Bonjour Anne</p>')}, ${Bun.gzipSync('Bonjour Anne')},
      'off', 'individual', 'sent') RETURNING id`)
  await sql`INSERT INTO tracking_events (event_id, at, type, message_id, facts)
    VALUES (gen_random_uuid(), now(), 'click', ${message}, ${JSON.stringify({ ip: '198.51.100.7' })})`
  const campaign = await one(
    sql`INSERT INTO campaigns (name, audience, recipients) VALUES ('Essai', '{}', '{}') RETURNING id`,
  )
  const step = await one(
    sql`INSERT INTO campaign_steps (campaign_id, position) VALUES (${campaign}, 0) RETURNING id`,
  )
  const variant = await one(
    sql`INSERT INTO campaign_variants (step_id, label, subject, html) VALUES (${step}, 'A', 's', 'h') RETURNING id`,
  )
  const account = await one(sql`INSERT INTO mail_accounts (slug, label, sender_address, host, port, tls)
    VALUES ('a', 'a', 'moi@atelier.fr', 'localhost', 25, 'none') RETURNING id`)
  await sql`INSERT INTO campaign_messages (campaign_id, step_id, variant_id, company_id, account_id, address, contact_name, provider,
      state, due_at, message_id, reply)
    VALUES (${campaign}, ${step}, ${variant}, ${company}, ${account}, ${ANNE}, 'Anne Martin', 'garage.fr', 'planned', now(),
      ${message}, ${`250 ok ${ANNE}`})`
  await sql`INSERT INTO inbound_mails (account_id, folder, uid_validity, uid, kind, reason, matched_by, message_id, company_id,
      recipient, from_address, from_name, subject, text, received_at)
    VALUES (${account}, 'INBOX', 1, 1, 'reply', 'reply', 'message_id', ${message}, ${company}, ${ANNE}, ${ANNE}, 'Anne Martin', 'Re',
      ${Bun.gzipSync('Merci')}, now())`
  await sql`INSERT INTO campaign_results (campaign_id, numbers, counted_at, took_ms)
    VALUES (${campaign}, ${JSON.stringify({ leads: [{ address: ANNE, contactName: 'Anne Martin' }] })}, now(), 1)`
  await sql`INSERT INTO consent_withdrawals (address) VALUES (${ANNE})`
  await sql`INSERT INTO suppressions (address, scope, source, reason) VALUES (${ANNE}, 'all', 'page', 'assez')`
  return { company, person }
}

/** Every value of every table that still holds a text. */
const placesOf = async (text: string): Promise<string[]> => {
  const columns = await sql`SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name IN (SELECT relname FROM pg_class WHERE relkind IN ('r', 'p'))`
  const found: string[] = []
  for (const { table_name: table, column_name: column } of columns) {
    const [row] =
      await sql`SELECT count(*)::int AS count FROM ${sql(table)} WHERE ${sql(column)}::text ILIKE ${`%${text}%`}`
    if (row!['count'] > 0) found.push(`${table}.${column}`)
  }
  return found
}

/** Which of these texts still stand anywhere. */
const stillHeld = async (texts: string[]): Promise<string[]> => {
  const columns = await sql`SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name IN (SELECT relname FROM pg_class WHERE relkind IN ('r', 'p'))`
  const found = new Set<string>()
  for (const { table_name: table, column_name: column } of columns)
    for (const { wanted } of await sql`SELECT wanted.wanted FROM unnest(${texts}::text[]) AS wanted (wanted)
      WHERE EXISTS (SELECT FROM ${sql(table)} WHERE ${sql(column)}::text ILIKE '%' || wanted.wanted || '%')`)
      found.add(wanted as string)
  return texts.filter((text) => found.has(text))
}

test('an erased person stands in no table any more, her colleague does', async () => {
  await fill()
  expect((await placesOf(ANNE)).length).toBeGreaterThan(15)
  const counts = await erasePerson(db, { address: ANNE.toUpperCase() }, { kind: 'erase', userId: null, now })
  expect(counts).toMatchObject({ contacts: 2, messages: 1, campaigns: 1, received: 1 })
  expect(await placesOf(ANNE)).toEqual([])
  expect(await placesOf('198.51.100.7')).toEqual([])
  expect((await placesOf('Anne Martin')).filter((place) => !place.startsWith('campaigns.'))).toEqual([])
  const [row] = await sql`SELECT value, snippet FROM facts WHERE kind = 'email'`
  expect({ ...row }).toEqual({ value: 'paul@garage.fr', snippet: 'paul@garage.fr, [effacé]' })
  const [mail] = await sql`SELECT state, reason FROM campaign_messages`
  expect({ ...mail }).toEqual({ state: 'skipped', reason: 'suppressed' })
})

test('neither a crawl nor an import brings an erased person back, and nothing is sent to her', async () => {
  const { company } = await fill()
  await erasePerson(db, { address: ANNE }, { kind: 'erase', userId: null, now })
  const [crawl] = await sql`SELECT id FROM crawls`
  await sqlWithKey`INSERT INTO facts (company_id, crawl_id, kind, key, value, data, page_url, method, snippet, confidence)
    SELECT ${company}, ${crawl!['id']}, kind, key, value, '{}', 'https://garage.fr', 'text', '', 1
    FROM (VALUES ('email', ${ANNE}, ${ANNE}), ('person', 'anne martin', 'Anne Martin'), ('person', 'zoe petit', 'Zoé Petit')) AS seen (kind, key, value)`
  expect([...(await sql`SELECT value FROM facts WHERE kind = 'person'`)]).toEqual([{ value: 'Zoé Petit' }])
  await sqlWithKey`INSERT INTO companies (name, email) VALUES ('Encore', ${ANNE})`
  expect(await placesOf(ANNE)).toEqual([])
  const [asked] = await sqlWithKey`SELECT suppression_reason(${ANNE}, NULL, NULL) AS reason`
  expect(asked!['reason']).not.toBeNull()
})

test.each(['claimed', 'sending', 'unknown'])(
  'nothing is sent to whom was erased while a mail was %s, whatever becomes of it',
  async (state) => {
    await fill()
    await sql`UPDATE campaign_messages SET state = ${state}, claimed_by = 'a node', claimed_at = now()`
    await erasePerson(db, { address: ANNE }, { kind: 'retention', userId: null, now })
    const [row] = await sql`SELECT state, reason, address FROM campaign_messages`
    if (state === 'claimed') expect({ ...row }).toMatchObject({ state: 'skipped', reason: 'suppressed' })
    // The node may plan it again, a person decide to.
    const [asked] = await sqlWithKey`SELECT suppression_reason(${row!['address']}, NULL, NULL) AS reason`
    expect(asked!['reason']).toBe('erasure')
  },
)

test('without the key nothing is erased, as nothing could keep her out', async () => {
  await fill()
  expect(erasePerson(keyless, { address: ANNE }, { kind: 'erase', userId: null, now })).rejects.toThrow(
    'suppression list',
  )
  expect((await placesOf(ANNE)).length).toBeGreaterThan(15)
})

test('what is known of a person goes into one document, with source, basis and when it ends', async () => {
  const { person } = await fill()
  const document = await exportPerson(db, { factId: person }, { userId: null, now })
  expect(document).toMatchObject({
    addresses: [ANNE],
    names: ['Anne Martin'],
    contacts: [{ page_url: 'https://garage.fr/equipe', import_file: 'a.csv' }, { kind: 'person' }],
    messages: [{ text: 'Bonjour Anne', html: '<p>Bonjour Anne</p>' }],
    received: [{ text: 'Merci' }],
    suppressions: [{ source: 'page' }],
  })
  expect(JSON.stringify(document)).not.toContain('"paul@garage.fr"')
})

test('the next one known is the contact of the company, and its score rests on nothing of who is gone', async () => {
  const { company } = await fill()
  await sql`UPDATE facts SET correction = '{"kind": "role"}' WHERE value = 'paul@garage.fr'`
  await sql`UPDATE companies SET website = 'https://garage.fr/', crawl_state = 'done', score = 90 WHERE id = ${company}`
  await erasePerson(db, { address: ANNE }, { kind: 'erase', userId: null, now })
  const [row] =
    await sql`SELECT contact_email, contact_person, score, score_points FROM companies WHERE id = ${company}`
  expect(row).toMatchObject({ contact_email: 'paul@garage.fr', contact_person: null })
  expect(row!['score']).toBeLessThan(90)
  expect(JSON.stringify(row!['score_points'])).not.toContain('effacé')
})

test('who is the contact beside a colleague of a list gets nothing of theirs, nor their source', async () => {
  const { person } = await fill()
  await sql`UPDATE companies SET email = 'paul@garage.fr', contact_name = 'Paul Roy'`
  const { companies } = await exportPerson(db, { factId: person }, { userId: null, now })
  expect(companies).toMatchObject([
    {
      email: null,
      contact_name: null,
      contact_email: ANNE,
      contact_person: 'Anne Martin',
      import_file: null,
    },
  ])
})

test('what a rehearsal only played is not told as sent or received', async () => {
  const { person } = await fill()
  await sql`UPDATE campaigns SET kind = 'rehearsal'`
  await sql`UPDATE messages SET campaign_id = (SELECT max(id) FROM campaigns)`
  expect(await exportPerson(db, { factId: person }, { userId: null, now })).toMatchObject({
    messages: [],
    hits: [],
    campaigns: [],
    received: [],
  })
})

test('people are found by address or name, however it is written', async () => {
  const { person } = await fill()
  const byName = await searchPeople(db, 'ÀNNE MAR', 20)
  expect(byName.map(({ factId }) => factId)).toContain(person)
  expect((await searchPeople(db, 'anne.martin@', 20)).length).toBeGreaterThan(0)
  expect(await searchPeople(db, 'personne', 20)).toEqual([])
})

test('a contact is erased three years after its last own action, a shared address is not', async () => {
  await fill()
  await sql`UPDATE facts SET first_seen_at = '2023-10-01'`
  await sql`UPDATE inbound_mails SET received_at = '2024-06-01'`
  await sql`INSERT INTO facts (company_id, kind, key, value, data, page_url, method, snippet, confidence, first_seen_at)
    SELECT id, 'email', 'contact@garage.fr', 'contact@garage.fr', '{"kind": "role"}', 'https://garage.fr', 'text', '', 1, '2020-01-01' FROM companies`
  expect(await eraseExpired(db, now)).toBe(1)
  expect(await placesOf('paul@garage.fr')).toEqual([])
  expect((await sql`SELECT value FROM facts WHERE kind = 'person'`).length).toBe(1)
  expect(await eraseExpired(db, new Date('2027-07-01T00:00:00Z'))).toBeGreaterThan(0)
  expect((await sql`SELECT value FROM facts`).map(({ value }) => value)).toEqual(['contact@garage.fr'])
  expect((await sql`SELECT kind FROM privacy_log`).every(({ kind }) => kind === 'retention')).toBe(true)
})

test('who is erased in one go with others takes nothing of a namesake in their companies along', async () => {
  const seen = '2020-01-05T00:00:00Z'
  const known = async (site: string, name: string, given: string | null) => {
    const address = `${name.toLowerCase().replace(' ', '.')}@${site}`
    const company = await one(sql`INSERT INTO companies (name, site_key, email, contact_name, created_at)
      VALUES (${site}, ${site}, ${`contact@${site}`}, ${given}, now()) RETURNING id`)
    await sql`INSERT INTO facts (company_id, kind, key, value, data, page_url, method, snippet, confidence, first_seen_at)
      VALUES (${company}, 'person', ${name.toLowerCase()}, ${name}, ${JSON.stringify({ email: address })}, '', 'text', '', 1, ${seen})`
  }
  await known('garage.fr', 'Paul Martin', 'Paul Martin')
  await known('salon.fr', 'Anne Durand', 'Paul Martin')
  expect(await eraseExpired(db, now)).toBe(2)
  const left = await sql`SELECT site_key, contact_name FROM companies ORDER BY id`
  expect(left.map((row) => [row['site_key'], row['contact_name']])).toEqual([
    ['garage.fr', null],
    ['salon.fr', 'Paul Martin'],
  ])
})

test('a name that only a list gave is erased three years after the import, or after what was heard of its company last', async () => {
  const given = async (name: string, more: { email?: string; personal?: boolean } = {}) => {
    const list =
      await one(sql`INSERT INTO imports (file_name, format, state, created_at, sample) VALUES ('l.csv', 'csv', 'done', '2022-01-10',
        ${JSON.stringify([{ row: 2, cells: [name] }])}) RETURNING id`)
    const email = more.email ?? null
    const id =
      await one(sql`INSERT INTO companies (name, contact_name, contact_person, contact_role, email, contact_email,
        contact_email_kind, import_id, created_at)
      VALUES ('Société', ${name}, ${name}, 'Gérant', ${email}, ${email}, ${more.personal ? 'person' : 'role'}, ${list}, '2022-01-10')
      RETURNING id`)
    await sql`INSERT INTO import_rows (import_id, row, outcome, company_id, cells)
      VALUES (${list}, 2, 'created', ${id}, ${JSON.stringify([name])})`
    await sql`INSERT INTO company_changes (company_id, kind, at, detail)
      VALUES (${id}, 'imported', '2022-01-10', ${JSON.stringify({ contactName: [null, name] })})`
    return id
  }
  await given('Ancien Oublié', { email: 'contact@oublie.fr' })
  await given('Ancienne Seule', { email: 'ancienne.seule@societe.fr', personal: true })
  const [seen, answered, again, moved] = [
    await given('Vue Page'),
    await given('Qui Répond'),
    await given('Redonné Liste'),
    await given('Nouvelle Adresse', { email: 'nouvelle.adresse@societe.fr', personal: true }),
  ]
  await sql`INSERT INTO facts (company_id, kind, key, value, data, page_url, method, snippet, confidence)
    VALUES (${seen}, 'person', 'vue page', 'Vue Page', '{}', 'https://vue.fr', 'text', '', 1)`
  const account = await one(sql`INSERT INTO mail_accounts (slug, label, sender_address, host, port, tls)
    VALUES ('b', 'b', 'moi@atelier.fr', 'localhost', 25, 'none') RETURNING id`)
  await sql`INSERT INTO inbound_mails (account_id, folder, uid_validity, uid, kind, reason, matched_by, company_id, received_at)
    VALUES (${account}, 'INBOX', 1, 1, 'reply', 'answer', 'recipient', ${answered}, '2025-01-01')`
  await sql`INSERT INTO company_changes (company_id, kind, at, detail)
    VALUES (${again}, 'imported', '2025-01-01', ${JSON.stringify({ contactName: ['Autre', 'Redonné Liste'] })})`
  await sql`INSERT INTO company_changes (company_id, kind, at, detail)
    VALUES (${moved}, 'imported', '2025-01-01', ${JSON.stringify({ email: ['contact@societe.fr', 'nouvelle.adresse@societe.fr'] })})`
  expect(await eraseExpired(db, new Date('2025-01-09T00:00:00Z'))).toBe(0)
  expect(await eraseExpired(db, now)).toBe(2)
  for (const gone of ['Ancien Oublié', 'Ancienne Seule', 'ancienne.seule@societe.fr'])
    expect(await placesOf(gone)).toEqual([])
  const left =
    await sql`SELECT contact_name, email FROM companies WHERE contact_name IS NOT NULL ORDER BY contact_name`
  expect(left.map((row) => row['contact_name'])).toEqual([
    'Nouvelle Adresse',
    'Qui Répond',
    'Redonné Liste',
    'Vue Page',
  ])
  expect((await sql`SELECT FROM companies WHERE email = 'contact@oublie.fr'`).length).toBe(1)
  expect(await eraseExpired(db, now)).toBe(0)
})

test('an address of a person that a list gave without a name is erased three years after, shared addresses are not', async () => {
  const given = async (email: string, more: { chosen?: string; personal?: boolean } = {}) => {
    const list =
      await one(sql`INSERT INTO imports (file_name, format, state, created_at, sample) VALUES ('l.csv', 'csv', 'done', '2022-01-10',
        ${JSON.stringify([{ row: 2, cells: [email] }])}) RETURNING id`)
    const id =
      await one(sql`INSERT INTO companies (name, site_key, email, contact_email, contact_email_kind, import_id, created_at)
      VALUES ('Société', 'societe.fr', ${email}, ${more.chosen ?? email}, ${more.personal ? 'person' : 'role'}, ${list}, '2022-01-10')
      RETURNING id`)
    await sql`INSERT INTO import_rows (import_id, row, outcome, company_id, cells)
      VALUES (${list}, 2, 'created', ${id}, ${JSON.stringify([email])})`
    return id
  }
  const mail = async (company: number | null, recipient: string) =>
    one(sql`INSERT INTO messages (token, company_id, recipient, subject, opens, clicks, state, created_at)
      VALUES (${recipient}, ${company}, ${recipient}, 'x', 'off', 'individual', 'sent', '2022-02-01') RETURNING id`)
  await given('Jean.Dupont@societe.fr')
  await given('contact@societe.fr', { chosen: 'julie.morel@societe.fr' })
  await given('jdurand@societe.fr', { personal: true })
  await given('lucie.petit@gmail.com')
  await mail(null, 'marie.blanc@ailleurs.fr')
  await mail(null, 'info@ailleurs.fr')
  const moved = await given('accueil@societe.fr')
  await sql`INSERT INTO company_changes (company_id, kind, at, detail) VALUES (${moved}, 'edited', '2022-05-01',
    ${JSON.stringify({ email: ['denis.roche@societe.fr', 'accueil@societe.fr'] })})`
  const kept = [
    'paul.seen@societe.fr',
    'paul.clicked@societe.fr',
    'paul.wrote@societe.fr',
    'paul.again@societe.fr',
  ]
  const [seen, clicked, , again] = [
    await given(kept[0]!),
    await given(kept[1]!),
    await given(kept[2]!),
    await given(kept[3]!),
  ]
  await sql`INSERT INTO facts (company_id, kind, key, value, data, page_url, method, snippet, confidence)
    VALUES (${seen}, 'email', ${kept[0]!}, ${kept[0]!}, '{"kind": "person"}', 'https://societe.fr', 'text', '', 1)`
  await sql`INSERT INTO tracking_events (event_id, at, type, message_id, facts, verdict, judged_at)
    VALUES (gen_random_uuid(), '2025-02-01', 'click', ${await mail(clicked, kept[1]!)}, '{}', 'human', now())`
  const account = await one(sql`INSERT INTO mail_accounts (slug, label, sender_address, host, port, tls)
    VALUES ('c', 'c', 'moi@atelier.fr', 'localhost', 25, 'none') RETURNING id`)
  await sql`INSERT INTO inbound_mails (account_id, folder, uid_validity, uid, kind, reason, matched_by, from_address, received_at)
    VALUES (${account}, 'INBOX', 1, 1, 'reply', 'answer', 'recipient', 'Paul.Wrote@societe.fr', '2025-01-01')`
  await sql`INSERT INTO company_changes (company_id, kind, at, detail) VALUES (${again}, 'imported', '2025-01-01',
    ${JSON.stringify({ email: ['a@societe.fr', kept[3]] })})`
  const rejected = await one(sql`INSERT INTO imports (file_name, format, state, created_at)
    VALUES ('r.csv', 'csv', 'done', '2022-01-10') RETURNING id`)
  await sql`INSERT INTO import_rows (import_id, row, outcome, reason, cells)
    VALUES (${rejected}, 2, 'rejected', 'no_name', ${JSON.stringify(['', 'zoe.rejetee@societe.fr'])})`
  expect(await eraseExpired(db, new Date('2025-01-09T00:00:00Z'))).toBe(0)
  expect(await eraseExpired(db, now)).toBe(6)
  const gone = [
    'jean.dupont',
    'julie.morel',
    'jdurand',
    'lucie.petit',
    'marie.blanc',
    'denis.roche',
    'zoe.rejetee',
  ]
  const staying = ['contact@societe.fr', 'info@ailleurs.fr', 'accueil@societe.fr', ...kept]
  expect(await stillHeld([...gone, ...staying])).toEqual(staying)
  expect(await eraseExpired(db, now)).toBe(0)
})
