import { expect, test } from 'bun:test'
import { checkCompanyId } from '#src/crawl/contacts/check-company-id.ts'

const record = { siren: '732829320', siret: '73282932000074' }
const empty = { siren: null, siret: null }

test.each([
  ['siret:73282932000074', record, { checksum: true, record: 'same' }],
  ['siret:73282932000082', record, { checksum: true, record: 'differs' }],
  ['siret:73282932000075', empty, { checksum: false, record: null }],
  ['siren:732829320', { siren: null, siret: '73282932000074' }, { checksum: true, record: 'same' }],
  ['siren:552100554', record, { checksum: true, record: 'differs' }],
  ['vat:FR44732829320', record, { checksum: true, record: 'same' }],
  ['vat:FR45732829320', record, { checksum: false, record: 'same' }],
  ['vat:DE123456789', record, { checksum: null, record: null }],
  ['rcs:Metz B 732 829 320', record, { checksum: true, record: 'same' }],
  ['nonsense', record, { checksum: null, record: null }],
] as const)('%s is checked by its digits and against the record', (id, known, check) => {
  expect(checkCompanyId(id, known)).toEqual(check)
})
