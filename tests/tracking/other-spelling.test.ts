import { expect, test } from 'bun:test'
import { domainToASCII, domainToUnicode } from 'node:url'
import { testDatabase } from '#tests/support/database.ts'

const { sql } = await testDatabase()
const spelling = async (address: string): Promise<string | null> =>
  (await sql`SELECT other_spelling(${address}) AS other`)[0]!['other'] as string | null

test.each([
  'café.fr',
  'hôtel-métropole.fr',
  'bücher.example.co.uk',
  'straße.de',
  'été.à-côté.fr',
  '例え.テスト',
  'пример.рф',
  'παράδειγμα.ελ',
  'münchen-ost.xn--p1ai.de'.replace('xn--p1ai', 'рф'),
  'a😀b.fr',
  'ليهمابتكلموشعربي.example',
  'ü.fr',
])('%s is found in letters and as name servers know it', async (letters) => {
  const ascii = domainToASCII(letters)
  expect(domainToUnicode(ascii)).toBe(letters)
  expect(await spelling(`anne@${letters}`)).toBe(`anne@${ascii}`)
  expect(await spelling(`anne@${ascii}`)).toBe(`anne@${letters}`)
  expect(await spelling(`@${letters}`)).toBe(`@${ascii}`)
})

test.each([
  'anne@exemple.fr',
  'é@exemple.fr',
  'anne@xn--.fr\u0007',
  'anne@xn--a-ü.fr',
  'anne@xn--999999999999.fr',
  'anne@xn--a_b-%%.fr',
  '',
  '@',
])('%j has one spelling, or none that can be read', async (address) => {
  const other = await spelling(address)
  expect(other === null || other !== address).toBe(true)
})
