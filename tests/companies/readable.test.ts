import { expect, test } from 'bun:test'
import { readableCompanyId, readablePhone } from '#templates/companies/readable.ts'

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
  ['vat:FR44732829320', 'VAT FR44732829320'],
  ['rcs:Metz B 732 829 320', 'RCS Metz B 732 829 320'],
])('the company id %p is read as %p', (id, expected) => {
  expect(readableCompanyId(id)).toBe(expected)
})
