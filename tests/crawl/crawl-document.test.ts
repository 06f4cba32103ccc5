import { expect, test } from 'bun:test'
import { crawlDocument } from '#src/crawl/crawl-document.ts'
import { email, form, person, phone, site } from '#tests/support/site-record.ts'

const record = site({
  emails: [email('claire@menuiserie-arbois.fr', 'person')],
  phones: [phone('+33387001122')],
  people: [person({})],
  forms: [form()],
  images: [
    { src: 'https://a.fr/a.jpg', alt: 'Atelier', width: null, height: null, pageUrl: 'https://a.fr/' },
  ],
  externalLinks: [
    { url: 'https://b.fr/', text: 'Réalisation B', rel: null, credit: true, pageUrl: 'https://a.fr/' },
  ],
})

test('every fact of the document says where, how and how surely it was seen', () => {
  const facts = Object.entries(crawlDocument(record)).flatMap(([kind, value]) =>
    Array.isArray(value) && kind !== 'pages' && kind !== 'errors'
      ? value.map((fact) => ({ kind, names: Object.keys(fact) }))
      : [],
  )
  expect(new Set(facts.map(({ kind }) => kind))).toContain('externalLinks')
  for (const { kind, names } of facts)
    expect([kind, ...names]).toEqual(
      expect.arrayContaining([kind, 'pageUrl', 'method', 'snippet', 'confidence']),
    )
})

test('the document holds what was agreed with other programs, and pages in short', () => {
  const document = crawlDocument(record)
  expect(document).not.toHaveProperty('tls')
  expect(Object.keys(document.pages[0] ?? {})).toEqual(['url', 'status', 'title', 'depth', 'bytes'])
  for (const key of ['suggestedEmails', 'addresses', 'companyIds', 'socials', 'technologies', 'openGraph'])
    expect(document).toHaveProperty(key)
})
