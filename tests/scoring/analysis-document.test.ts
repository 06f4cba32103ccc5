import { expect, test } from 'bun:test'
import { email, NOW, person, site } from '#tests/support/site-record.ts'
import { analysisDocument } from '#src/scoring/analysis-document.ts'

const record = site({
  tls: { ...site().tls, state: 'none', validTo: null },
  emails: [email('claire@menuiserie-arbois.fr', 'person')],
  people: [person({ email: 'claire@menuiserie-arbois.fr' })],
})

test('the document is the crawl’s with findings and an explained score', () => {
  const document = analysisDocument(record, NOW)
  expect(document.pages[0]).toEqual({
    url: 'https://www.menuiserie-arbois.fr/',
    status: 200,
    title: 'Menuiserie sur mesure à Arbois – Atelier Jura',
    depth: 0,
    bytes: 24_000,
  })
  expect(document.emails).toEqual(record.emails)
  expect(document.findings.map((finding) => finding.id)).toEqual(['tls-none'])
  expect(document.score.points.reduce((sum, line) => sum + line.points, 0)).toBe(document.score.value)
  expect(document.score.points.map((line) => line.reason)).toEqual([
    'No secure connection (https)',
    'Business address of a decision-maker',
    'A phone number as well',
  ])
  expect(JSON.parse(JSON.stringify(document))).toEqual(document)
})
