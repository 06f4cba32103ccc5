import { describe, expect, test } from 'bun:test'
import { zipSync } from 'fflate'
import { writeXlsx } from 'hucre'
import { bytesOf, ods, textRow, xlsx } from './make-files.ts'
import { HEADER, csv, fixture, problem, read } from './read-file.ts'

describe('the content decides, not the name', () => {
  test('an .xlsx that is text and a .csv that is a workbook are read, with a warning', async () => {
    const text = await read(bytesOf('Nom;Ville\nA;B\n'), 'liste.xlsx')
    expect([text.format, text.warnings]).toEqual(['csv', { wrong_extension: 1 }])
    const book = await read(await fixture('entreprises.xlsx'), 'liste.csv')
    expect([book.format, book.warnings.wrong_extension]).toEqual(['xlsx', 1])
  })

  test('a file without an extension is no mistake', async () => {
    expect((await read(bytesOf('Nom;Ville\nA;B\n'), 'liste')).warnings).toEqual({})
  })

  const others: [string, Uint8Array, string][] = [
    ['a web page called .xls', bytesOf('<html><table><tr><td>Nom</td></tr></table></html>'), 'not_a_table'],
    ['a PDF', bytesOf('%PDF-1.7\n%âãÏÓ'), 'not_a_table'],
    [
      'a picture',
      new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, ...new Uint8Array(200)]),
      'not_a_table',
    ],
    ['JSON', bytesOf('[{"name":"Paul"}]'), 'not_a_table'],
    ['an ordinary archive', zipSync({ 'list.csv': bytesOf('Nom\nA') }), 'not_a_table'],
    [
      'a Word document',
      zipSync({ '[Content_Types].xml': bytesOf('<Types/>'), 'word/document.xml': bytesOf('<w/>') }),
      'not_a_table',
    ],
    ['nothing at all', new Uint8Array(), 'empty'],
    ['spaces only', bytesOf(' \r\n\t\n'), 'empty'],
    [
      'a workbook cut in half',
      xlsx({ sheets: [{ name: 'S', data: HEADER }] }).subarray(0, 300),
      'unreadable',
    ],
    [
      'an empty old workbook',
      new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ...new Uint8Array(2000)]),
      'unreadable',
    ],
    ['a workbook without rows', xlsx({ sheets: [{ name: 'S', data: '' }] }), 'empty'],
  ]
  for (const [what, bytes, code] of others) {
    test(`${what} is refused as ${code}`, async () => expect(await problem(bytes, 'liste.xls')).toBe(code))
  }

  test('a header without rows is a table of no rows', async () => {
    expect((await csv('Nom;Ville\n')).rows).toEqual([])
  })

  test('a sheet that does not exist is named as the problem', async () => {
    expect(await problem(await fixture('entreprises.ods'), 'a.ods', { sheet: 'X' })).toBe('unknown_sheet')
  })
})

describe('hostile files', () => {
  const sheetOf = (data: string, more = {}) => xlsx({ sheets: [{ name: 'S', data }], ...more })

  test('a zip that declares a thousand times its size is refused before it is unpacked', async () => {
    const bomb = sheetOf(HEADER + `<row r="2"><c r="A2"><v>${'0'.repeat(40 * 1024 * 1024)}</v></c></row>`)
    expect(bomb.length).toBeLessThan(100_000)
    expect(await problem(bomb)).toBe('zip_bomb')
  })

  test('a zip that lies about its size is stopped while it is unpacked', async () => {
    const bomb = sheetOf(
      HEADER + textRow(2, 'A') + `<row r="3"><c r="A3"><v>${'0'.repeat(40 * 1024 * 1024)}</v></c></row>`,
    )
    const view = new DataView(bomb.buffer, bomb.byteOffset)
    let lied = 0
    for (let at = 0; at + 46 < bomb.length; at++) {
      if (view.getUint32(at, true) !== 0x02014b50) continue
      view.setUint32(at + 24, 500, true)
      lied++
    }
    expect(lied).toBe(5)
    expect(['zip_bomb', 'unreadable']).toContain(await problem(bomb))
  })

  test('a bomb of empty rows is stopped by what it really unpacks to', async () => {
    const bomb = sheetOf(HEADER + '<row></row>'.repeat(4_000_000))
    expect(await problem(bomb)).toBe('zip_bomb')
  })

  test('nested entities are not expanded', async () => {
    const table = await read(
      xlsx({
        sheets: [{ name: 'S', data: HEADER + textRow(2, 'A &lol9; B') }],
        extra: {},
      }),
    )
    expect(table.cells[0]![0]).toBe('A &lol9; B')
    const dtd =
      '<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
    const content = `<?xml version="1.0"?>${dtd}<d><table:table table:name="S"><table:table-row><table:table-cell><text:p>Nom</text:p></table:table-cell></table:table-row><table:table-row><table:table-cell><text:p>&lol2;&x;</text:p></table:table-cell></table:table-row></table:table></d>`
    expect((await read(ods(content), 'a.ods')).cells).toEqual([['&lol2;&x;']])
  })

  test('a million nested tags and a tag without an end cost nothing', async () => {
    expect(await problem(sheetOf(HEADER + '<a>'.repeat(1_000_000)))).toBe('none')
    expect(await problem(sheetOf(HEADER + `<row ${'x'.repeat(3_000_000)}`))).toBe('unreadable')
    expect(await problem(sheetOf(HEADER + `<row a="${'>'.repeat(900_000)}`))).toBe('unreadable')
  })

  test('a row number and a column beyond any sheet are harmless', async () => {
    const data =
      HEADER +
      '<row r="99999999"><c r="ZZZZZZ1"><v>1</v></c><c r="A9" t="inlineStr"><is><t>A</t></is></c></row>'
    expect((await read(sheetOf(data))).rows).toEqual([{ row: 99_999_999, cells: ['A', '', ''] }])
  })

  test('a value repeated down a million rows stops at the row limit', async () => {
    const content =
      '<d><table:table table:name="S"><table:table-row><table:table-cell><text:p>Nom</text:p></table:table-cell></table:table-row><table:table-row table:number-rows-repeated="1048575"><table:table-cell><text:p>A</text:p></table:table-cell></table:table-row></table:table></d>'
    expect(await problem(ods(content), 'a.ods')).toBe('too_many_rows')
  })

  test('100,000 rows are read and one more is refused', async () => {
    const text = `Nom;Ville\n${'Paul;Metz\n'.repeat(100_000)}`
    expect((await csv(text)).rows).toHaveLength(100_000)
    expect(await problem(bytesOf(`${text}Luc;Toul\n`), 'a.csv')).toBe('too_many_rows')
  })

  test('a file over the size limit is refused unread', async () => {
    expect(await problem(bytesOf('Nom\nA'), 'a.csv', { limits: { bytes: 3 } })).toBe('too_large')
  })

  test('an encrypted workbook and an encrypted zip entry say that a password is in the way', async () => {
    const sheets = [{ name: 'S', rows: [['Nom'], ['Paul']] }]
    expect(await problem(await writeXlsx({ sheets, encryption: { password: 'x', spinCount: 10 } }))).toBe(
      'encrypted',
    )
    const old = Buffer.from(await fixture('entreprises.xls'))
    const start = old.indexOf(Buffer.from([0x09, 0x08, 0x10, 0x00, 0x00, 0x06, 0x05, 0x00]))
    old.writeUInt16LE(0x2f, start + 20)
    expect(await problem(new Uint8Array(old), 'a.xls')).toBe('encrypted')
    const locked = sheetOf(HEADER)
    const view = new DataView(locked.buffer, locked.byteOffset)
    for (let at = 0; at + 46 < locked.length; at++) {
      if (view.getUint32(at, true) === 0x02014b50) view.setUint16(at + 8, 1, true)
    }
    expect(await problem(locked)).toBe('encrypted')
    const manifest = { 'META-INF/manifest.xml': bytesOf('<m><manifest:encryption-data/></m>') }
    expect(await problem(ods('x', manifest), 'a.ods')).toBe('encrypted')
  })

  test('damaged bytes anywhere in a real file never throw', async () => {
    for (const format of ['xlsx', 'ods', 'xls']) {
      const good = await fixture(`entreprises.${format}`)
      for (let seed = 1; seed <= 60; seed++) {
        const bytes = good.slice()
        for (let i = 0; i < 12; i++)
          bytes[(seed * 7919 + i * 104_729) % bytes.length] = (seed * 31 + i * 17) & 255
        expect(typeof (await problem(bytes, `a.${format}`))).toBe('string')
      }
    }
  })

  test('thousands of stray quotes do not make reading slow', async () => {
    const text = `Nom;Ville\n${'"Paul;Metz\n'.repeat(30_001)}`
    const table = await csv(text)
    expect(table.rows.length).toBeGreaterThan(29_000)
  })
})
