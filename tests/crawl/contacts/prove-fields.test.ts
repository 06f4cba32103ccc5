import { expect, test } from 'bun:test'
import { proveFields } from '#src/crawl/contacts/prove-fields.ts'
import type { AddressFact, CompanyIdFact } from '#src/crawl/site-record.ts'

const seen = { pageUrl: 'https://morel.fr/ml', method: 'text', snippet: '', confidence: 0.9 }
const id = (kind: CompanyIdFact['kind'], value: string): CompanyIdFact => ({ kind, value, ...seen })
const address = (over: Partial<AddressFact> = {}): AddressFact => ({
  street: '3 rue des Tanneurs',
  postalCode: '39600',
  city: 'Arbois',
  country: 'FR',
  ...seen,
  ...over,
})
const empty = {
  siren: null,
  siret: null,
  address1: null,
  postalCode: null,
  city: null,
  editedFields: [] as string[],
  hasBranches: false,
}
const prove = (
  site: { companyIds?: CompanyIdFact[]; addresses?: AddressFact[] },
  company: Partial<Parameters<typeof proveFields>[1]> = {},
  rejected: string[] = [],
) =>
  proveFields(
    { companyIds: [], addresses: [], ...site },
    { ...empty, ...company },
    { rejected: new Set(rejected), correctedAddresses: new Map() },
  )

const siret = id('siret', '73282932000074')
const place = { address1: '3 rue des Tanneurs', postalCode: '39600', city: 'Arbois' }

test('empty fields take the one number and the one address of the site', () => {
  expect(prove({ companyIds: [siret], addresses: [address()] })).toEqual({
    siren: '732829320',
    siret: '73282932000074',
    ...place,
  })
  expect(prove({ companyIds: [id('vat', 'FR44732829320')] })).toEqual({})
})

test('two of a kind prove nothing', () => {
  expect(prove({ companyIds: [siret, id('siren', '404833048')] })).toEqual({})
  expect(prove({ addresses: [address(), address({ street: '1 place Faramand' })] })).toEqual({})
})

test('what is known or was edited by hand is never overwritten', () => {
  expect(prove({ companyIds: [siret] }, { siren: '404833048' })).toEqual({})
  expect(prove({ addresses: [address()] }, { postalCode: '39600' })).toEqual({
    address1: place.address1,
    city: 'Arbois',
  })
  expect(prove({ addresses: [address()] }, { city: 'ARBOIS' })).not.toHaveProperty('city')
  expect(prove({ addresses: [address()] }, { postalCode: '25000' })).toEqual({})
  expect(prove({ addresses: [address()] }, { editedFields: ['address1', 'city'] })).toEqual({
    postalCode: '39600',
  })
})

test('a site of several branches proves only what they share', () => {
  expect(prove({ companyIds: [siret], addresses: [address()] }, { hasBranches: true })).toEqual({
    siren: '732829320',
  })
})

test('what a person judged wrong proves nothing', () => {
  expect(
    prove({ companyIds: [siret], addresses: [address()] }, {}, [
      'siret:73282932000074',
      '3 rue des tanneurs, 39600, arbois, fr',
    ]),
  ).toEqual({})
})
