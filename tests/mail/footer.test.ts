import { expect, test } from 'bun:test'
import { footerOf } from '#src/mail/footer.ts'
import { originKey, readOrigins } from '#src/mail/queries-origins.ts'
import { testDatabase } from '#tests/support/database.ts'

const { db, sql } = await testDatabase()
const identity = { organisation: 'Atelier Rive <b>', contactLine: '3 rue du Pont, 57000 Metz' }
const unsubscribeUrl = 'https://suivi.exemple.fr/track/unsubscribe/abc?a=1&b=2'

test('a mail says who writes, where the address stood and how to object', () => {
  const origin = {
    how: 'site',
    pageUrl: 'https://garage.fr/contact?a=1&b=2',
    at: new Date('2026-03-12T09:00:00Z'),
  } as const
  const { html, text } = footerOf(identity, { origin, locale: 'fr', unsubscribeUrl })
  expect(html).toContain('Atelier Rive &lt;b&gt; — 3 rue du Pont, 57000 Metz')
  expect(html).toContain(
    'publiée sur https://garage.fr/contact?a=1&amp;b=2, où nous l’avons lue le 12 mars 2026',
  )
  expect(html).toContain('href="https://suivi.exemple.fr/track/unsubscribe/abc?a=1&amp;b=2"')
  expect(text).toContain(`Ne plus recevoir ces messages : ${unsubscribeUrl}`)
})

test('where an address comes from: the site, the list, or by hand', async () => {
  const [list] =
    await sql`INSERT INTO imports (file_name, format, state, created_at) VALUES ('a.csv', 'csv', 'done', '2026-01-05') RETURNING id`
  const [company] = await sql`
    INSERT INTO companies (name, email, import_id, created_at) VALUES ('Garage', 'Info@garage.fr', ${list!['id']}, '2026-01-05') RETURNING id`
  const companyId = company!['id'] as number
  const seen = (value: string, verdict: string | null) => sql`
    INSERT INTO facts (company_id, kind, key, value, data, page_url, method, snippet, confidence, verdict, first_seen_at)
    VALUES (${companyId}, 'email', ${value}, ${value}, '{}', 'https://garage.fr/contact', 'text', '', 1, ${verdict}, '2026-03-12')`
  await seen('anne@garage.fr', null)
  await seen('info@garage.fr', 'rejected')
  const asked = ['Anne@garage.fr', 'info@garage.fr', 'paul@garage.fr'].map((address) => ({
    companyId,
    address,
  }))
  const origins = await readOrigins(db, asked)
  expect(asked.map((one) => origins.get(originKey(one))?.how)).toEqual(['site', 'list', 'hand'])
})

test('no style sheet of the mail hides the footer or its link', () => {
  const { html } = footerOf(
    { organisation: 'Atelier', contactLine: 'Metz' },
    { origin: { how: 'hand', at: null }, locale: 'fr', unsubscribeUrl: 'https://suivi.exemple.fr/u' },
  )
  for (const tag of [/<p style="([^"]*)"/, /<a [^>]*style="([^"]*)"/])
    expect(tag.exec(html)?.[1]).toMatch(
      /display:(block|inline)!important;visibility:visible!important;opacity:1!important/,
    )
})
