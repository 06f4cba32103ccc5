import { expect, test } from 'bun:test'
import { readableAddress, readableCompanyId, readablePhone } from '#templates/companies/readable.ts'

test.each([
  ['+33387001122', '03 87 00 11 22'],
  ['+3225021111', '+32 2 502 11 11'],
  ['03.87.00.11.22 (le matin)', '03.87.00.11.22 (le matin)'],
  ['+33', '+33'],
])('the phone %p is read as %p', (phone, expected) => {
  expect(readablePhone(phone)).toBe(expected)
})

test.each([
  ['siret:73282932000074', 'SIRET 732 829 320 00074'],
  ['siren:732829320', 'SIREN 732 829 320'],
  ['vat:FR44732829320', 'TVA FR44732829320'],
  ['rcs:Metz B 732 829 320', 'RCS Metz B 732 829 320'],
  ['rcs:Saint-Malo 732829320', 'RCS Saint-Malo 732 829 320'],
])('the company id %p is read as %p', (id, expected) => {
  expect(readableCompanyId('fr', id)).toBe(expected)
})

test('a VAT number has the name of the language', () => {
  expect(readableCompanyId('en', 'vat:FR44732829320')).toBe('VAT FR44732829320')
})

test.each([
  ['3 place Guérin, 29200, Brest, FR', '3 place Guérin, 29200 Brest'],
  ['29200, Brest, FR', '29200 Brest'],
  ['Carrer Major, 26, 17002, Girona, ES', 'Carrer Major, 26, 17002 Girona, Espagne'],
  ['Mill Lane, OX26 4QT, Bicester, GB', 'Mill Lane, OX26 4QT, Bicester, Royaume-Uni'],
  ['Brest', 'Brest'],
])('the address %p is read as %p', (address, expected) => {
  expect(readableAddress('fr', address)).toBe(expected)
})
