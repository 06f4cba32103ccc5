import { describe, expect, test } from 'bun:test'
import { and, eq } from 'drizzle-orm'
import { companies } from '#src/companies/schema.ts'
import { addContact } from '#src/crawl/contacts/add-contact.ts'
import { applyCorrection } from '#src/crawl/contacts/apply-correction.ts'
import { correctFact, restoreFact } from '#src/crawl/contacts/correct-fact.ts'
import { groupContacts } from '#src/crawl/contacts/group-contacts.ts'
import { judgeFact } from '#src/crawl/contacts/judge-fact.ts'
import { mergePeople, splitPerson } from '#src/crawl/contacts/merge-people.ts'
import { listFacts, moveFacts, moveFactsBack } from '#src/crawl/contacts/queries-facts.ts'
import { judgedFacts, replaceFacts } from '#src/crawl/queries-save.ts'
import { factRows } from '#src/crawl/fact-rows.ts'
import { crawls, facts } from '#src/crawl/schema.ts'
import { insertCompanies } from '#tests/companies/insert-companies.ts'
import { testDatabase } from '#tests/support/database.ts'
import { email, person, phone, site } from '#tests/support/site-record.ts'
import { saveCrawl } from './save-crawl.ts'

const { db } = await testDatabase()
const FIRST = '2026-03-01T09:00:00.000Z'
const SECOND = '2026-04-01T09:00:00.000Z'
const THIRD = '2026-05-01T09:00:00.000Z'
const nobody = { userId: null }

const newCompany = async (): Promise<number> => {
  const website = site().url
  const [id] = await insertCompanies(db, [
    { name: 'Menuiserie Morel', website, siteKey: 'menuiserie-arbois.fr' },
  ])
  return id!
}
const factOf = async (companyId: number, kind: 'email' | 'phone' | 'person' | 'address', value: string) => {
  const [fact] = await db
    .select()
    .from(facts)
    .where(and(eq(facts.companyId, companyId), eq(facts.kind, kind), eq(facts.value, value)))
  return fact!
}
const values = async (companyId: number, kind: 'email' | 'phone' | 'person') =>
  (await listFacts(db, companyId, [kind])).map((fact) => applyCorrection(fact).value).toSorted()
const company = async (id: number) => (await db.select().from(companies).where(eq(companies.id, id)))[0]!
const info = email('info@menuiserie-arbois.fr', 'role')
const wrong = email('contcat@menuiserie-arbois.fr', 'role')
const right = email('contact@menuiserie-arbois.fr', 'role')

describe('a corrected address', () => {
  const corrected = async () => {
    const id = await newCompany()
    await saveCrawl(db, id, FIRST, { emails: [wrong] })
    const fact = await factOf(id, 'email', wrong.value)
    const form = { value: ` Mailto:${right.value} `, kind: 'role' }
    expect(await correctFact(db, { companyId: id, factId: fact.id, ...nobody, values: form })).toMatchObject({
      ok: true,
    })
    return { id, fact }
  }

  test('is the one in the list at once', async () => {
    const { id } = await corrected()
    expect((await company(id)).contactEmail).toBe(right.value)
  })

  test('is not undone by a crawl that finds the old one again', async () => {
    const { id, fact } = await corrected()
    await saveCrawl(db, id, SECOND, { emails: [wrong] })
    expect(await values(id, 'email')).toEqual([right.value])
    expect((await company(id)).contactEmail).toBe(right.value)
    const again = await factOf(id, 'email', wrong.value)
    expect([again.id, again.firstSeenAt.toISOString(), again.lastSeenAt.toISOString()]).toEqual([
      fact.id,
      FIRST,
      SECOND,
    ])
  })

  test('is not doubled by a crawl that finds the new one, which then proves it', async () => {
    const { id, fact } = await corrected()
    const elsewhere = { ...right, pageUrl: 'https://www.menuiserie-arbois.fr/nouveau' }
    await saveCrawl(db, id, SECOND, { emails: [elsewhere] })
    expect(await values(id, 'email')).toEqual([right.value])
    expect(await factOf(id, 'email', wrong.value)).toMatchObject({
      id: fact.id,
      pageUrl: elsewhere.pageUrl,
      lastSeenAt: new Date(SECOND),
    })
    await saveCrawl(db, id, THIRD, { emails: [elsewhere, wrong] })
    expect(await values(id, 'email')).toEqual([right.value])
  })

  test('stays when neither is found', async () => {
    const { id } = await corrected()
    await saveCrawl(db, id, SECOND, { emails: [info] })
    expect(await values(id, 'email')).toEqual([right.value, info.value])
    const kept = await factOf(id, 'email', wrong.value)
    expect(kept.lastSeenAt).toEqual(new Date(FIRST))
  })

  test('wins over the same wrong address in the import', async () => {
    const { id, fact } = await corrected()
    await db.update(companies).set({ email: wrong.value }).where(eq(companies.id, id))
    await saveCrawl(db, id, SECOND, { emails: [wrong] })
    expect((await company(id)).contactEmail).toBe(right.value)
    await judgeFact(db, { companyId: id, factId: fact.id, verdict: 'rejected', ...nobody })
    expect((await company(id)).contactEmail).toBeNull()
  })

  test('taken back, shows at once where the old one was seen', async () => {
    const { id, fact } = await corrected()
    const elsewhere = { ...right, pageUrl: 'https://www.menuiserie-arbois.fr/nouveau', method: 'text' }
    await saveCrawl(db, id, SECOND, { emails: [elsewhere] })
    await saveCrawl(db, id, THIRD, { emails: [elsewhere] })
    await restoreFact(db, { companyId: id, factId: fact.id, ...nobody })
    const restored = await factOf(id, 'email', wrong.value)
    expect(restored).toMatchObject({ pageUrl: wrong.pageUrl, method: wrong.method, snippet: wrong.snippet })
    expect(restored.lastSeenAt).toEqual(new Date(FIRST))
    expect(restored.data).toEqual(fact.data)
  })

  test('can be taken back', async () => {
    const { id, fact } = await corrected()
    await restoreFact(db, { companyId: id, factId: fact.id, ...nobody })
    expect((await company(id)).contactEmail).toBe(wrong.value)
    await saveCrawl(db, id, SECOND, { emails: [right] })
    expect(await values(id, 'email')).toEqual([right.value])
  })
})

describe('what stood on a page that a crawl cannot read', () => {
  const notice = 'https://www.menuiserie-arbois.fr/mentions'
  const told = { ...info, pageUrl: notice }
  const failing = (code: string) => ({ emails: [right], errors: [{ url: notice, code, message: '' }] })
  const changesOf = async (id: number) =>
    (await db.select().from(crawls).where(eq(crawls.id, id)))[0]!.changes

  test.each(['timeout', 'status_503'])('stays as not seen since, and is no news later (%s)', async (code) => {
    const id = await newCompany()
    await saveCrawl(db, id, FIRST, { emails: [right, told] })
    const second = await saveCrawl(db, id, SECOND, failing(code))
    await saveCrawl(db, id, '2026-04-20T09:00:00.000Z', failing(code))
    expect(await values(id, 'email')).toEqual([right.value, told.value])
    expect((await factOf(id, 'email', told.value)).lastSeenAt).toEqual(new Date(FIRST))
    const third = await saveCrawl(db, id, THIRD, { emails: [right, told] })
    for (const crawl of [second, third])
      expect(await changesOf(crawl)).toEqual({ added: [], removed: [], changed: [] })
  })

  test('goes once the page is read without it, and is told then', async () => {
    const id = await newCompany()
    await saveCrawl(db, id, FIRST, { emails: [right, told] })
    await saveCrawl(db, id, SECOND, failing('timeout'))
    const third = await saveCrawl(db, id, THIRD, { emails: [right] })
    expect(await values(id, 'email')).toEqual([right.value])
    expect((await changesOf(third))?.removed).toEqual([{ kind: 'email', value: told.value }])
  })

  test.each(['status_404', 'status_410'])('goes with a page that is gone (%s)', async (code) => {
    const id = await newCompany()
    await saveCrawl(db, id, FIRST, { emails: [right, told] })
    await saveCrawl(db, id, SECOND, failing(code))
    expect(await values(id, 'email')).toEqual([right.value])
  })
})

test('what was rejected or confirmed stays, what nobody judged goes, with the changes noted', async () => {
  const id = await newCompany()
  const first = await saveCrawl(db, id, FIRST, { emails: [info, right, wrong], phones: [] })
  const rejected = await factOf(id, 'email', info.value)
  const confirmed = await factOf(id, 'email', right.value)
  await judgeFact(db, { companyId: id, factId: rejected.id, verdict: 'rejected', ...nobody })
  await judgeFact(db, { companyId: id, factId: confirmed.id, verdict: 'confirmed', ...nobody })
  const second = await saveCrawl(db, id, SECOND, { emails: [email('neu@x.fr', 'role')], phones: [] })
  expect(await values(id, 'email')).toEqual([right.value, info.value, 'neu@x.fr'])
  const third = await saveCrawl(db, id, THIRD, { emails: [info], phones: [] })
  expect((await factOf(id, 'email', info.value)).verdict).toBe('rejected')
  const noted = await db
    .select({ id: crawls.id, changes: crawls.changes })
    .from(crawls)
    .where(eq(crawls.companyId, id))
    .orderBy(crawls.id)
  const unseen = { kind: 'email', value: 'neu@x.fr' }
  expect(noted).toEqual([
    { id: first, changes: null },
    {
      id: second,
      changes: {
        added: [unseen],
        removed: [
          { kind: 'email', value: right.value },
          { kind: 'email', value: wrong.value },
        ],
        changed: [],
      },
    },
    // The rejected one is no news.
    { id: third, changes: { added: [], removed: [unseen], changed: [] } },
  ])
})

test('another website is not compared with the one before', async () => {
  const id = await newCompany()
  await saveCrawl(db, id, FIRST, {})
  const other = await saveCrawl(db, id, SECOND, { url: 'https://autre.fr/', emails: [info] })
  const [row] = await db.select().from(crawls).where(eq(crawls.id, other))
  expect(row!.changes).toBeNull()
})

describe('two names of one person', () => {
  const claire = person({ name: 'Claire Morel', email: 'claire@menuiserie-arbois.fr' })
  const short = person({ name: 'C. Morel', role: null, roleKind: null, phone: '+33611223344' })
  const read = {
    people: [claire, short],
    emails: [email('claire@menuiserie-arbois.fr', 'person')],
    phones: [phone('+33611223344', { type: 'mobile' })],
  }
  const merged = async () => {
    const id = await newCompany()
    await saveCrawl(db, id, FIRST, read)
    const [from, into] = [await factOf(id, 'person', short.name), await factOf(id, 'person', claire.name)]
    const merge = { companyId: id, factId: from.id, intoId: into.id, ...nobody }
    expect(await mergePeople(db, merge)).toMatchObject({ ok: true })
    return { id, from, into }
  }
  const groups = async (id: number) =>
    groupContacts(await listFacts(db, id, ['email', 'phone', 'person'])).people.map((group) => [
      group.person.value,
      ...[...group.emails, ...group.phones].map(({ value }) => value),
    ])
  const one = [['Claire Morel', 'claire@menuiserie-arbois.fr', '+33611223344']]

  test('stay one through crawls, with the addresses and numbers of both', async () => {
    const { id } = await merged()
    expect(await groups(id)).toEqual(one)
    await saveCrawl(db, id, SECOND, read)
    expect(await groups(id)).toEqual(one)
    expect(await company(id)).toMatchObject({
      contactPerson: 'Claire Morel',
      contactEmail: 'claire@menuiserie-arbois.fr',
      contactPhone: '+33611223344',
    })
  })

  test('stay one when the site names only the other, or neither', async () => {
    const { id } = await merged()
    await saveCrawl(db, id, SECOND, { ...read, people: [short] })
    expect((await groups(id))[0]![0]).toBe('Claire Morel')
    await saveCrawl(db, id, THIRD, { ...read, people: [] })
    expect(await groups(id)).toHaveLength(1)
  })

  test('are two again after a split, and a name written otherwise is somebody new', async () => {
    const { id, from } = await merged()
    await saveCrawl(db, id, SECOND, { ...read, people: [claire, { ...short, name: 'Mme Claire M.' }] })
    expect((await groups(id)).map(([name]) => name)).toEqual(['Claire Morel', 'Mme Claire M.'])
    await splitPerson(db, { companyId: id, factId: from.id, ...nobody })
    expect((await groups(id)).map(([name]) => name).toSorted()).toEqual([
      'C. Morel',
      'Claire Morel',
      'Mme Claire M.',
    ])
  })

  test('cannot be merged in a circle, with themselves or with someone of another company', async () => {
    const { id, from, into } = await merged()
    const merge = (factId: number, intoId: number) =>
      mergePeople(db, { companyId: id, factId, intoId, ...nobody })
    expect(await merge(into.id, from.id)).toMatchObject({ problem: 'same' })
    expect(await merge(into.id, into.id)).toMatchObject({ problem: 'same' })
    const other = await merged()
    expect(await merge(into.id, other.into.id)).toMatchObject({ problem: 'gone' })
    expect(await merge(other.into.id, into.id)).toBeNull()
  })

  test('go to another company with what was decided, and back', async () => {
    const { id, from } = await merged()
    const to = await newCompany()
    await saveCrawl(db, to, FIRST, { ...read, people: [claire], emails: [wrong] })
    const mail = await factOf(id, 'email', 'claire@menuiserie-arbois.fr')
    const form = { value: 'c.morel@menuiserie-arbois.fr', kind: 'person', person: 'claire morel' }
    await correctFact(db, { companyId: id, factId: mail.id, ...nobody, values: form })
    const ids = await db.transaction((tx) => moveFacts(tx, id, to))
    expect((await groups(to))[0]).toEqual(['Claire Morel', 'c.morel@menuiserie-arbois.fr', '+33611223344'])
    await db.transaction((tx) => moveFactsBack(tx, id, ids))
    expect((await groups(id))[0]).toEqual(['Claire Morel', 'c.morel@menuiserie-arbois.fr', '+33611223344'])
    expect((await factOf(id, 'person', from.value)).mergedIntoId).not.toBeNull()
    expect((await groups(to))[0]).toEqual(['Claire Morel'])
  })

  test('a decision goes to the company that has the same fact, and back', async () => {
    const [a, b] = [await newCompany(), await newCompany()]
    await saveCrawl(db, a, FIRST, { emails: [wrong] })
    await saveCrawl(db, b, FIRST, { emails: [wrong] })
    const fact = await factOf(a, 'email', wrong.value)
    await correctFact(db, {
      companyId: a,
      factId: fact.id,
      ...nobody,
      values: { value: right.value, kind: 'role' },
    })
    const ids = await db.transaction((tx) => moveFacts(tx, a, b))
    expect(await values(b, 'email')).toEqual([right.value])
    await db.transaction((tx) => moveFactsBack(tx, a, ids))
    expect([await values(a, 'email'), await values(b, 'email')]).toEqual([[right.value], [wrong.value]])
  })
})

test('the address guessed for a person goes with the person who is rejected', async () => {
  const id = await newCompany()
  const guess = { ...email('ada.roux@menuiserie-arbois.fr', 'person'), person: 'Ada Roux' }
  await saveCrawl(db, id, FIRST, { people: [person({ name: 'Ada Roux' })], suggestedEmails: [guess] })
  const suggested = async () =>
    groupContacts(await listFacts(db, id, ['person', 'suggested_email'])).suggested.length
  expect(await suggested()).toBe(1)
  const { id: factId } = await factOf(id, 'person', 'Ada Roux')
  await judgeFact(db, { companyId: id, factId, verdict: 'rejected', ...nobody })
  expect(await suggested()).toBe(0)
})

test('a contact added by hand stays, and takes its source from the crawl that finds it', async () => {
  const id = await newCompany()
  await saveCrawl(db, id, FIRST, { people: [person({})], phones: [] })
  const added = await addContact(db, {
    companyId: id,
    ...nobody,
    at: new Date(FIRST),
    kind: 'phone',
    values: { value: '06 11 22 33 44', person: 'claire morel' },
  })
  expect(added).toMatchObject({ ok: true, fact: { value: '+33611223344', method: 'manual' } })
  await saveCrawl(db, id, SECOND, { people: [], phones: [phone('+33387000009')] })
  expect((await company(id)).contactPhone).toBe('+33611223344')
  expect(await values(id, 'phone')).toEqual(['+33387000009', '+33611223344'])
  expect(await values(id, 'person')).toEqual(['Claire Morel'])
  await saveCrawl(db, id, THIRD, { people: [person({})], phones: [phone('+33611223344')] })
  expect(await factOf(id, 'phone', '+33611223344')).toMatchObject({ method: 'text', verdict: 'confirmed' })
  const [group] = groupContacts(await listFacts(db, id, ['person', 'phone'])).people
  expect(group!.phones.map(({ value }) => value)).toEqual(['+33611223344'])
})

test('a corrected address changes what a crawl had filled in, and proves the next', async () => {
  const id = await newCompany()
  const place = { street: '3 rue des Taneurs', postalCode: '39600', city: 'Arbois', country: 'FR' }
  const seen = { pageUrl: site().url, method: 'text', snippet: '', confidence: 0.9 }
  await saveCrawl(db, id, FIRST, { addresses: [{ ...place, ...seen }] })
  await db
    .update(companies)
    .set({ address1: place.street, postalCode: '39600', city: 'Arbois', editedFields: ['city'] })
    .where(eq(companies.id, id))
  const [fact] = await listFacts(db, id, ['address'])
  const form = { street: '5 rue des Tanneurs', postalCode: '39600', city: 'ARBOIS', country: 'FR' }
  await correctFact(db, { companyId: id, factId: fact!.id, ...nobody, values: form })
  expect(await company(id)).toMatchObject({ address1: '5 rue des Tanneurs', city: 'Arbois' })
  const judged = await judgedFacts(db, id)
  expect([...judged.correctedAddresses.values()]).toMatchObject([{ street: '5 rue des Tanneurs' }])
})

test('doubles within a crawl and two crawls at once leave each fact once', async () => {
  const id = await newCompany()
  const crawlId = await saveCrawl(db, id, FIRST, { emails: [info] })
  const rows = factRows(site({ emails: [info, right] }))
  const replace = () =>
    db.transaction((tx) =>
      replaceFacts(tx, { companyId: id, crawlId, rows: [...rows, ...rows], errors: [], at: new Date() }),
    )
  await Promise.all([replace(), saveCrawl(db, id, SECOND, { emails: [info, wrong] }), replace()])
  const all = await listFacts(db, id, ['email'])
  expect(new Set(all.map(({ key }) => key)).size).toBe(all.length)
})

test('a number said to be the company’s own after all is one to call', async () => {
  const id = await newCompany()
  await saveCrawl(db, id, FIRST, { phones: [phone('+33387000001', { kind: 'agency' })] })
  expect((await company(id)).contactPhone).toBeNull()
  const fact = await factOf(id, 'phone', '+33387000001')
  const values = { value: '03 87 00 00 01', kind: '' }
  await correctFact(db, { companyId: id, factId: fact.id, ...nobody, values })
  expect((await company(id)).contactPhone).toBe('+33387000001')
})
