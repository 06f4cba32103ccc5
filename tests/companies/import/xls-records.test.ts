import { describe, expect, test } from 'bun:test'
import { createStringReader, readRecords } from '#src/companies/import/tables/xls-records.ts'

const block = (...parts: (number | string)[]): Uint8Array =>
  new Uint8Array(
    parts.flatMap((part) => (typeof part === 'number' ? [part] : [...Buffer.from(part, 'latin1')])),
  )
const wide = (text: string): string => Buffer.from(text, 'utf16le').toString('latin1')

describe('strings of old workbooks', () => {
  test('a string cut between two records goes on in the other width', () => {
    const blocks = [block(6, 0, 0, 'Caf'), block(1, wide('é東!')), block(0)]
    expect(createStringReader(blocks, 0).readAll(1)).toEqual(['Café東!'])
  })

  test('a string whose characters all stand in the next record is read', () => {
    expect(createStringReader([block(2, 0, 0), block(0, 'ab', 1, 0, 0, 'c')], 0).readAll(2)).toEqual([
      'ab',
      'c',
    ])
  })

  test('formatting runs and pronunciations are passed over, also across records', () => {
    const rich = block(2, 0, 8 | 4, 1, 0, 3, 0, 0, 0, 'ab', 9, 9)
    expect(createStringReader([rich, block(9, 9, 9, 9, 9, 1, 0, 0, 'c')], 0).readAll(2)).toEqual(['ab', 'c'])
  })

  test('an empty string at the very end is empty', () => {
    expect(createStringReader([block(0, 0)], 0).read(2)).toBe('')
    expect(createStringReader([block(0, 0, 0)], 0).readAll(5)).toEqual([''])
  })

  test('a string longer than its records is damage, not an endless read', () => {
    expect(() => createStringReader([block(255, 255, 0, 'ab')], 0).read(2)).toThrow('cut short')
  })

  test('records that go on are handed over together and a cut last one is kept short', () => {
    const records = [...readRecords(block(1, 0, 1, 0, 'a', 0x3c, 0, 2, 0, 'bc', 2, 0, 9, 0, 'x'), 0)]
    expect(records.map(({ id, blocks }) => [id, blocks.map((bytes) => bytes.length)])).toEqual([
      [1, [1, 2]],
      [2, [1]],
    ])
  })
})
