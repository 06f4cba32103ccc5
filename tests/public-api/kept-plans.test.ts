import { expect, test } from 'bun:test'
import { listCompanies } from '#src/public-api/endpoints/companies/queries-companies.ts'
import { listEmails } from '#src/public-api/endpoints/contacts/queries-contacts.ts'
import { testDatabase } from '#tests/support/database.ts'

const { sql } = await testDatabase()
const none = { secteur: null, statuts: null, opportunite: null, search: null }

// After five calls PostgreSQL decides whether a statement is worth a plan of its own each time, for each connection.
const CALLS = 7

test('lists are not planned anew for each call', async () => {
  await sql`INSERT INTO companies (name, sector, status, site_key)
    SELECT 'Garage ' || n, 'S' || n % 7, CASE WHEN n % 4 = 0 THEN 'Perdu' ELSE 'Nouveau' END, 'site-' || n || '.fr'
    FROM generate_series(1, 8000) AS n`
  await sql`INSERT INTO facts (company_id, kind, key, value, data, page_url, method, snippet, confidence)
    SELECT id, 'email', site_key, 'info@' || site_key, '{}', 'https://' || site_key, 'mailto', '', 1 FROM companies`
  await sql`ANALYZE companies, facts`
  const pages = [
    { limit: 20, offset: 0, before: undefined },
    { limit: 50, offset: 30, before: 6_000 },
    { limit: 100, offset: 300, before: undefined },
  ]
  const filters = [
    none,
    { ...none, statuts: ['Nouveau'] },
    { ...none, statuts: ['Perdu', 'Nouveau'] },
    { ...none, secteur: 'S3' },
    { ...none, search: 'garage 123' },
  ]
  await sql.reserve().then(async (one) => {
    for (const page of pages)
      for (let call = 0; call < CALLS; call++) {
        for (const filter of filters) await listCompanies(one, filter, page)
        await listEmails(one, null, page)
      }
    const plans = await one<{ statement: string; anew: string }[]>`
      SELECT statement, custom_plans AS anew FROM pg_prepared_statements WHERE statement LIKE '%list_version%'`
    expect(plans.length).toBeGreaterThanOrEqual(pages.length * 5)
    for (const { statement, anew } of plans) expect([statement, Number(anew) <= 5]).toEqual([statement, true])
    one.release()
  })
}, 20_000)
